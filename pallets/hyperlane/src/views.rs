//! What `BridgeApi` asks for.

use crate::{
    crypto::Host, types::Direction, Announcements, Call, Config, Delivered, Dispatches, LocalDomain, Oldest,
    Outbox, Pallet, Paused, PendingIsms, Signatures, Tree, Validators,
};
use alloc::{string::String, vec::Vec};
use hyperlane_primitives::{Checkpoint, Domain, IncrementalTree, MessageId, SignatureBytes, H160};
use pensum_primitives::{
    bridge::{BridgeView, CheckpointId, CheckpointSignature, CheckpointView, Dispatched, IsmView, Locations},
    Balance, BlockNumber, Digest,
};

/// Most items that one question returns.
pub const MAX_VIEWS: u32 = 256;

impl<T: Config> Pallet<T> {
    /// The bridge as a whole.
    pub fn bridge() -> BridgeView {
        let tree = Tree::<T>::get();
        BridgeView {
            domain: LocalDomain::<T>::get(),
            count: tree.count(),
            root: tree.root::<Host>(),
            outbound_paused: Paused::<T>::contains_key(Direction::Outbound),
            inbound_paused: Paused::<T>::contains_key(Direction::Inbound),
        }
    }

    /// The tree of dispatched messages.
    pub fn tree() -> IncrementalTree {
        Tree::<T>::get()
    }

    /// Messages from `first` on that still lie in the state, in order; at most `limit`, itself at most 256.
    pub fn dispatched(first: u32, limit: u32) -> Vec<Dispatched> {
        (first.max(Oldest::<T>::get())..=u32::MAX)
            .take(limit.min(MAX_VIEWS) as usize)
            .map_while(|index| {
                let dispatch = Dispatches::<T>::get(index)?;
                Some(Dispatched {
                    index,
                    id: dispatch.id.0,
                    root: dispatch.root,
                    block: dispatch.block,
                    message: Outbox::<T>::get(index)?.into_inner(),
                })
            })
            .collect()
    }

    /// The checkpoint at a message that still lies in the state, with the signatures that validators have published.
    pub fn checkpoint(index: u32) -> Option<CheckpointView> {
        let dispatch = Dispatches::<T>::get(index)?;
        Some(CheckpointView {
            index,
            root: dispatch.root,
            message_id: dispatch.id.0,
            signatures: Signatures::<T>::get(index)
                .into_iter()
                .map(|signed| CheckpointSignature {
                    validator: signed.validator,
                    signature: signed.signature.0,
                })
                .collect(),
        })
    }

    /// The validators' keys for checkpoints now, and the addresses by which contracts know them.
    pub fn checkpoint_validators() -> Vec<(CheckpointId, H160)> {
        Validators::<T>::get()
            .into_iter()
            .map(|validator| (validator.key, validator.address))
            .collect()
    }

    /// Which checkpoints in the state are the validator's to publish, in order; at most `limit`, itself at most 256.
    pub fn unsigned_checkpoints(validator: CheckpointId, limit: u32) -> Vec<Checkpoint> {
        let Some(validator) = Self::validator(|known| known.key == validator) else {
            return Vec::new();
        };
        (validator.due.max(Oldest::<T>::get())..=u32::MAX)
            .map_while(Self::checkpoint_at)
            .filter(|checkpoint| !Self::has_published(validator.address, checkpoint.index))
            .take(limit.min(MAX_VIEWS) as usize)
            .collect()
    }

    /// The call that publishes these signatures, in order of their checkpoints. None where there are none or too many, one has not 65
    /// bytes, or a checkpoint is named twice.
    pub fn checkpoints_call(signatures: Vec<(u32, Vec<u8>)>) -> Option<Call<T>> {
        let mut signatures = signatures
            .into_iter()
            .map(|(index, bytes)| Some((index, SignatureBytes::try_from(bytes).ok()?)))
            .collect::<Option<Vec<_>>>()?;
        signatures.sort_unstable_by_key(|(index, _)| *index);
        let ascending = signatures.is_sorted_by(|(one, _), (next, _)| one < next);
        if signatures.is_empty() || !ascending {
            return None;
        }
        let signatures = signatures.try_into().ok()?;
        Some(Call::publish_checkpoints { signatures })
    }

    /// The block in which a message from elsewhere was processed, if it was.
    pub fn delivered(message: Digest) -> Option<BlockNumber> {
        Delivered::<T>::get(MessageId(message))
    }

    /// Whom messages from a domain are believed in the block that is being made, and from when on somebody else.
    pub fn ism(domain: u32) -> Option<IsmView> {
        let domain = Domain(domain);
        let pending = PendingIsms::<T>::get(domain).filter(|pending| pending.from > Self::now());
        let ism = Self::ism_in_force(domain)?;
        Some(IsmView {
            module_type: ism.kind.module_type(),
            validators: ism.validators.into_inner(),
            threshold: ism.threshold,
            pending: pending.map(|pending| {
                let ism = pending.ism;
                (pending.from, ism.validators.into_inner(), ism.threshold)
            }),
        })
    }

    /// Where these validators say that their checkpoints can be read, in their order, the newest last; the first 256 of them.
    pub fn announced(validators: Vec<H160>) -> Vec<Locations> {
        validators
            .into_iter()
            .take(MAX_VIEWS as usize)
            .map(|validator| {
                Announcements::<T>::get(validator)
                    .into_iter()
                    .filter_map(|location| String::from_utf8(location.into_inner()).ok())
                    .collect()
            })
            .collect()
    }

    /// What delivering a message with that much gas costs, in PEN; none where nobody quotes for the domain.
    pub fn gas_quote(domain: u32, gas_limit: u64) -> Option<Balance> {
        Self::quoted(Domain(domain), gas_limit)
    }
}
