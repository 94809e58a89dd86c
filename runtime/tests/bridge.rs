//! What a validator's word to other chains is worth: all of its stake.

mod chain;

use chain::{account, in_first_block, pass, Unsigned};
use codec::Decode as _;
use frame_support::assert_ok;
use hyperlane_primitives::{Checkpoint, MessageId, Signature, H256};
use pallet_hyperlane::{types::Evidence, Call, Host};
use pensum_primitives::bridge::MERKLE_TREE_HOOK;
use pensum_runtime::{
    constants::{bridge::domain, time},
    Hyperlane, Runtime, Staking,
};
use sp_core::{ecdsa, Pair as _};
use sp_keyring::Sr25519Keyring::{Alice, Bob};

/// Blocks of an era.
const ERA: u32 = time::EPOCH * time::SESSIONS_PER_ERA;

/// What Alice, the only validator, has at stake.
fn stake() -> u128 {
    Staking::ledger(account(Alice).into()).map_or(0, |ledger| ledger.total)
}

fn report(evidence: Evidence, proof: &[u8]) -> Call<Runtime> {
    Call::report_bad_checkpoint {
        evidence: Box::new(evidence),
        key_owner_proof: sp_session::MembershipProof::decode(&mut &proof[..]).expect("it was just made"),
    }
}

#[test]
fn a_validator_that_signed_what_never_was_loses_all_it_has_at_stake() {
    in_first_block(|| {
        // Until somebody was elected, nobody has staked anything for an era.
        pass(2 * ERA);
        let before = stake();
        assert!(before > 0);

        let key = ecdsa::Pair::from_string("//Alice", None).expect("a well-known key");
        let checkpoint = Checkpoint {
            origin: domain::DEVELOPMENT,
            merkle_tree_hook: MERKLE_TREE_HOOK,
            root: H256([1; 32]),
            index: 7,
            message_id: MessageId(H256([2; 32])),
        };
        let digest = checkpoint.digest::<Host>();
        let signature = Signature::from_recoverable(key.sign_prehashed(&digest.0).0).expect("it is one");
        let evidence = Evidence {
            checkpoint,
            signature,
            key: key.public().into(),
            truth: None,
        };
        let proof = Hyperlane::checkpoint_key_proof(key.public().into()).expect("Alice validates");
        let transaction = Unsigned::paid_in(None, report(evidence, &proof));
        assert_ok!(transaction.apply(Bob).expect("the pool takes it"));

        // Governance has time to cancel a slash.
        pass(ERA);
        assert_eq!(stake(), before);
        pass((time::SLASH_DEFER_ERAS + 1) * ERA);
        assert_eq!(stake(), 0);
    });
}
