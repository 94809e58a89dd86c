//! Signatures of checkpoints that validators put on chain, so that a relayer needs nothing but a node.

use crate::{
    crypto::Host,
    types::{Published, Signed, Validator},
    Config, Dispatches, Event, Oldest, Pallet, Signatures,
};
use codec::Encode;
use frame_support::{pallet_prelude::TransactionValidityWithRefund, traits::Get, weights::Weight};
use hyperlane_primitives::{Checkpoint, Signature, SignatureBytes, H160};
use pensum_primitives::bridge::MERKLE_TREE_HOOK;
use sp_runtime::{
    transaction_validity::{InvalidTransaction, ValidTransaction},
    DispatchResult,
};

/// Blocks for which the pool keeps signatures: a minute. What was not included by then is signed for again, with whatever is due by then.
const LONGEVITY: u64 = 60;

/// Why the pool refuses signatures of checkpoints: the number in `InvalidTransaction::Custom`. They begin at 101, so that they are none of
/// `pensum_primitives::operator::Refusal`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CheckpointRefusal {
    /// There are no signatures, or their checkpoints are not in ascending order, each once. Sort them.
    Malformed = 101,
    /// One of the checkpoints does not lie in the state: its message was not dispatched, or so long ago that it is not kept. Ask for
    /// `unsigned_checkpoints` again.
    NotKept = 102,
    /// A signature is not by a validator of this session or the one before, or of another checkpoint than the chain has, or not of
    /// the form that contracts accept: low s, v of 27 or 28.
    NotByValidator = 103,
    /// The signatures are of several validators. Each publishes its own.
    SeveralValidators = 104,
    /// The validator has published one of the checkpoints already, or was no validator yet when its message was dispatched. Ask for
    /// `unsigned_checkpoints` again.
    NotDue = 105,
}

impl CheckpointRefusal {
    /// The number that `InvalidTransaction::Custom` carries.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn authorize_checkpoints(signatures: &Published) -> TransactionValidityWithRefund {
        Self::check_checkpoints(signatures)
            .map(|valid| (valid, Weight::zero()))
            .map_err(|refusal| InvalidTransaction::Custom(refusal.code()).into())
    }

    /// One recovery at most before it is known that a validator is at work: nobody else can make a node do more.
    fn check_checkpoints(
        signatures: &[(u32, SignatureBytes)],
    ) -> Result<ValidTransaction, CheckpointRefusal> {
        let ascending = signatures.is_sorted_by(|(one, _), (next, _)| one < next);
        let (Some((first, _)), Some((last, _)), true) = (signatures.first(), signatures.last(), ascending)
        else {
            return Err(CheckpointRefusal::Malformed);
        };
        let mut author: Option<Validator> = None;
        for (index, signature) in signatures {
            let checkpoint = Self::checkpoint_at(*index).ok_or(CheckpointRefusal::NotKept)?;
            let signer = Signature(*signature)
                .signer::<Host>(&checkpoint.digest::<Host>())
                .map_err(|_| CheckpointRefusal::NotByValidator)?;
            let validator = match &author {
                Some(validator) => validator,
                None => {
                    let found = Self::validator(|validator| validator.address == signer);
                    author.insert(found.ok_or(CheckpointRefusal::NotByValidator)?)
                }
            };
            if validator.address != signer {
                return Err(CheckpointRefusal::SeveralValidators);
            }
            if *index < validator.due || Self::has_published(signer, *index) {
                return Err(CheckpointRefusal::NotDue);
            }
        }
        let author = author.ok_or(CheckpointRefusal::Malformed)?;
        Ok(ValidTransaction::with_tag_prefix("pensum/checkpoints")
            .and_provides((author.address, first, last).encode())
            .priority(T::CheckpointPriority::get())
            .longevity(LONGEVITY)
            .propagate(true)
            .into())
    }

    /// Stores what was authorised in this very block: of one validator, none of them stored before.
    pub(crate) fn do_publish(signatures: &[(u32, SignatureBytes)]) -> DispatchResult {
        let Some(validator) = Self::author_of(signatures) else {
            return Err(crate::Error::<T>::NotTheValidator.into());
        };
        for (index, signature) in signatures {
            let signed = Signed {
                validator: validator.address,
                signature: Signature(*signature),
            };
            // There is room for each validator that can have a signature here, and none comes twice.
            if Signatures::<T>::try_append(index, signed).is_err() {
                log::error!(target: "pensum::hyperlane", "no room for another signature of checkpoint {index}");
            }
        }
        Self::move_due(&validator, signatures.len());
        Self::deposit_event(Event::CheckpointsPublished {
            validator: validator.address,
            indices: signatures
                .iter()
                .map(|(index, _)| *index)
                .collect::<alloc::vec::Vec<_>>()
                .try_into()
                .unwrap_or_default(),
        });
        Ok(())
    }

    fn author_of(signatures: &[(u32, SignatureBytes)]) -> Option<Validator> {
        let (index, signature) = signatures.first()?;
        let digest = Self::checkpoint_at(*index)?.digest::<Host>();
        let signer = Signature(*signature).signer::<Host>(&digest).ok()?;
        Self::validator(|validator| validator.address == signer)
    }

    /// Moves the validator's first due checkpoint on over what it has published without a gap. By two steps at most for each signature
    /// that it brought: one for itself, and one to catch up behind a gap that was closed.
    fn move_due(validator: &Validator, published: usize) {
        let first = validator.due.max(Oldest::<T>::get());
        let steps = published.saturating_mul(2);
        let due = (first..=u32::MAX)
            .take(steps)
            .find(|index| !Self::has_published(validator.address, *index))
            .unwrap_or_else(|| first.saturating_add(steps as u32));
        if due != validator.due {
            Self::set_due(validator.address, due);
        }
    }

    /// The checkpoint at a message that lies in the state.
    pub(crate) fn checkpoint_at(index: u32) -> Option<Checkpoint> {
        Dispatches::<T>::get(index).map(|dispatch| Checkpoint {
            origin: Self::local(),
            merkle_tree_hook: MERKLE_TREE_HOOK,
            root: dispatch.root,
            index,
            message_id: dispatch.id,
        })
    }

    pub(crate) fn has_published(validator: H160, index: u32) -> bool {
        Signatures::<T>::get(index)
            .iter()
            .any(|signed| signed.validator == validator)
    }
}
