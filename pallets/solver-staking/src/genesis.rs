//! How the pallet starts.

use frame_support::pallet_macros::pallet_section;

/// What a chain begins with.
#[pallet_section]
mod genesis {
    /// How the pallet starts.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Whether faults put stake at risk. A public network starts without, until governance trusts the verdicts.
        pub slashing_enabled: bool,
        /// Has no bytes.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                slashing_enabled: true,
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            SlashingEnabled::<T>::put(self.slashing_enabled);
        }
    }
}
