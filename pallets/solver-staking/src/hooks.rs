//! What happens in every block, and what the constants must keep to.

use frame_support::pallet_macros::pallet_section;

/// The hooks.
#[pallet_section]
mod hooks {
    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::apply_due_slashes(now.saturated_into())
        }

        fn integrity_test() {
            assert!(T::MaxSlashesPerBlock::get() > 0, "slashes would never be applied");
            assert!(T::MaxCandidates::get() > 0, "nobody would ever be assigned");
            assert!(T::MaxUnbonding::get() > 0, "nobody could ever leave");
            assert!(
                T::JailThreshold::get() > 1,
                "the first fault, however small, would jail"
            );
            assert!(
                T::MinDelegation::get() > 0,
                "a delegation of nothing could be stored"
            );
            assert!(
                T::MaxDelegationFactor::get() > 0,
                "no delegated stake would ever count"
            );
            assert!(
                T::CommissionNotice::get() >= T::UnbondingPeriod::get(),
                "a raised commission would hold before delegators can leave"
            );
        }
    }
}
