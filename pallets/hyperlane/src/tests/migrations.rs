use crate::{migrations::DelayIntoState, mock::*, IsmDelay, Isms, PendingIsms};
use frame_support::{
    assert_ok,
    traits::{ConstU32, GetStorageVersion, OnRuntimeUpgrade, StorageVersion},
};
use hyperlane_primitives::IsmKind;

const KEPT: u32 = 60;

type Migration = DelayIntoState<Test, ConstU32<KEPT>>;

/// A chain of version 1: it has a module that waits, and no delay in its state.
fn version_one() {
    assert_ok!(set_ism(ABROAD, Some(module(IsmKind::MessageId, 3))));
    assert_ok!(set_ism(ABROAD, Some(module(IsmKind::MerkleRoot, 2))));
    IsmDelay::<Test>::kill();
    StorageVersion::new(1).put::<Hyperlane>();
}

#[test]
fn a_chain_keeps_the_delay_that_it_had() {
    on_chain(|| {
        version_one();
        let before = (Isms::<Test>::get(ABROAD), PendingIsms::<Test>::get(ABROAD));
        Migration::on_runtime_upgrade();
        assert_eq!(Hyperlane::on_chain_storage_version(), StorageVersion::new(2));
        assert_eq!(IsmDelay::<Test>::get(), KEPT);
        // What waits already waits as long as it was told to.
        assert_eq!(
            (Isms::<Test>::get(ABROAD), PendingIsms::<Test>::get(ABROAD)),
            before
        );
        assert_ok!(set_ism(ABROAD, Some(module(IsmKind::MessageId, 2))));
        assert_eq!(
            PendingIsms::<Test>::get(ABROAD).unwrap().from,
            System::block_number() + KEPT
        );
    });
}

#[test]
fn a_chain_of_this_version_is_left_as_it_is() {
    on_chain(|| {
        Migration::on_runtime_upgrade();
        assert_eq!(IsmDelay::<Test>::get(), DELAY);
        // A second run of the same upgrade.
        version_one();
        Migration::on_runtime_upgrade();
        IsmDelay::<Test>::put(KEPT + 1);
        Migration::on_runtime_upgrade();
        assert_eq!(IsmDelay::<Test>::get(), KEPT + 1);
    });
}
