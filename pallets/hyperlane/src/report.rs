//! Checkpoints that a validator signed and the chain never had.

use crate::{
    crypto::{address_of, Host},
    types::{Evidence, Truth},
    Config, Dispatches, Error, Event, Pallet, ProofOf, Tree,
};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_support::{
    dispatch::{DispatchResultWithPostInfo, Pays},
    ensure,
    traits::{Get, KeyOwnerProofSystem},
};
use hyperlane_primitives::{tree::ZERO_HASHES, Checkpoint, MessageId, Proof, H256};
use pensum_primitives::{
    bridge::{checkpoint_key::KEY_TYPE, MERKLE_TREE_HOOK},
    AccountId,
};
use sp_runtime::Perbill;
use sp_session::{GetSessionNumber, GetValidatorCount};
use sp_staking::{
    offence::{Kind, Offence, ReportOffence},
    SessionIndex,
};

/// A validator signed a checkpoint that this chain never had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadCheckpoint<Offender> {
    /// The session in which the key was proven to be the validator's.
    pub session_index: SessionIndex,
    /// How many validators that session had.
    pub validator_set_count: u32,
    /// The validator.
    pub offender: Offender,
    /// What it signed.
    pub digest: H256,
    /// How much of its stake it loses.
    pub slash: Perbill,
}

impl<Offender: Clone> Offence<Offender> for BadCheckpoint<Offender> {
    const ID: Kind = *b"pensum:badchkpnt";

    /// A signature does not say when it was made, so it counts in every session in which its key vouched for messages, once in each.
    /// Were it counted once altogether, the offender would report itself for the session in which it had the least at stake.
    type Slot = (SessionIndex, H256);

    fn offenders(&self) -> Vec<Offender> {
        vec![self.offender.clone()]
    }

    fn session_index(&self) -> SessionIndex {
        self.session_index
    }

    fn validator_set_count(&self) -> u32 {
        self.validator_set_count
    }

    fn slot(&self) -> Self::Slot {
        (self.session_index, self.digest)
    }

    /// The same for one as for many: each of them alone helps to forge messages.
    fn slash_fraction(&self, _: u32) -> Perbill {
        self.slash
    }
}

impl<T: Config> Pallet<T> {
    /// Convicts, if the evidence does.
    pub(crate) fn do_report(
        reporter: AccountId,
        evidence: &Evidence,
        proof: ProofOf<T>,
    ) -> DispatchResultWithPostInfo {
        let Evidence {
            checkpoint,
            signature,
            key,
            truth,
        } = evidence;
        ensure!(checkpoint.origin == Self::local(), Error::<T>::NotThisDomain);
        Self::ensure_never_was(checkpoint, truth.as_ref())?;
        let digest = checkpoint.digest::<Host>();
        let address = address_of(key).ok_or(Error::<T>::NotThisKey)?;
        let signer = signature.signer::<Host>(&digest).ok();
        ensure!(signer == Some(address), Error::<T>::NotThisKey);
        let (session_index, validator_set_count) = (proof.session(), proof.validator_count());
        let offender =
            T::KeyOwners::check_proof((KEY_TYPE, key.clone()), proof).ok_or(Error::<T>::NoKeyOwner)?;
        let offence = BadCheckpoint {
            session_index,
            validator_set_count,
            offender,
            digest,
            slash: T::BadCheckpointSlash::get(),
        };
        T::Offences::report_offence(vec![reporter.clone()], offence)
            .map_err(|_| Error::<T>::AlreadyReported)?;
        Self::deposit_event(Event::BadCheckpointProven {
            validator: address,
            session: session_index,
            checkpoint: *checkpoint,
            reporter,
        });
        // Who is right pays nothing.
        Ok(Pays::No.into())
    }

    /// A checkpoint of this domain is true if the tree is this chain's only one, and had this root after this leaf at this index. A
    /// contract elsewhere believes a quorum whatever tree it names, so naming another one is as bad.
    fn ensure_never_was(checkpoint: &Checkpoint, truth: Option<&Truth>) -> Result<(), Error<T>> {
        if checkpoint.merkle_tree_hook != MERKLE_TREE_HOOK || checkpoint.index >= Tree::<T>::get().count() {
            return Ok(());
        }
        let was = match truth {
            Some(truth) => Self::proven(checkpoint.index, truth)?,
            None => Dispatches::<T>::get(checkpoint.index)
                .map(|dispatch| (dispatch.id, dispatch.root))
                .ok_or(Error::<T>::TruthMissing)?,
        };
        ensure!(
            was != (checkpoint.message_id, checkpoint.root),
            Error::<T>::TrueCheckpoint
        );
        Ok(())
    }

    /// The leaf at an index and the root right after it, from the leaf's proof in a later tree.
    fn proven(index: u32, truth: &Truth) -> Result<(MessageId, H256), Error<T>> {
        let later = Dispatches::<T>::get(truth.at).ok_or(Error::<T>::TreeNotKept)?;
        ensure!(
            index <= truth.at && truth.proof.root::<Host>(truth.leaf, index) == later.root,
            Error::<T>::WrongTruth
        );
        Ok((truth.leaf, root_right_after(truth.leaf, index, &truth.proof)))
    }

    /// Proves that a key belongs to a validator of this session.
    pub fn checkpoint_key_proof(key: pensum_primitives::bridge::CheckpointId) -> Option<Vec<u8>> {
        T::KeyOwners::prove((KEY_TYPE, key)).map(|proof| proof.encode())
    }
}

/// The root of the tree of which this was the last leaf, from the leaf's proof in a later tree. A sibling on the left is complete before
/// the leaf comes and never changes; one on the right was still empty.
fn root_right_after(leaf: MessageId, index: u32, later: &Proof) -> H256 {
    let mut siblings = ZERO_HASHES;
    for (level, (sibling, left)) in (0..u32::BITS).zip(siblings.iter_mut().zip(later.0)) {
        if index.checked_shr(level).unwrap_or(0) & 1 == 1 {
            *sibling = left;
        }
    }
    Proof(siblings).root::<Host>(leaf, index)
}
