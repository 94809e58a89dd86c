//! Changes of what is stored, from one version of the pallet to the next. The runtime names those that its next upgrade runs.

mod unchecked {
    use crate::{Config, IsmDelay};
    use core::marker::PhantomData;
    use frame_support::{
        traits::{Get, UncheckedOnRuntimeUpgrade},
        weights::Weight,
    };
    use pensum_primitives::BlockNumber;

    /// Whatever version there is: only for the versioned migration, which looks.
    pub struct DelayIntoState<T, Delay>(PhantomData<(T, Delay)>);

    impl<T: Config, Delay: Get<BlockNumber>> UncheckedOnRuntimeUpgrade for DelayIntoState<T, Delay> {
        fn on_runtime_upgrade() -> Weight {
            IsmDelay::<T>::put(Delay::get());
            T::DbWeight::get().writes(1)
        }
    }
}

/// From version 1, in which the delay of security modules was a constant of the runtime, to version 2, in which it lies in the state. A
/// chain keeps the `Delay` that it had: without this it would have none, and a stolen governance key could change whom the bridge believes and
/// use that in the same block.
pub type DelayIntoState<T, Delay> = frame_support::migrations::VersionedMigration<
    1,
    2,
    unchecked::DelayIntoState<T, Delay>,
    crate::Pallet<T>,
    <T as frame_system::Config>::DbWeight,
>;
