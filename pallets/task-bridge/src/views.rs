//! What RPC asks for.

use crate::{
    types::{Batch, BatchState, Handed},
    Batches, Config, Endings, HandedOn, Pallet, Requests, Results,
};
use binary_merkle_tree::merkle_proof_raw;
use pensum_primitives::{
    bridge::{RequestView, ResultProof},
    Digest,
};
use sp_runtime::traits::Keccak256;

impl<T: Config> Pallet<T> {
    /// Where an intent from another chain stands, by the message that brought it; none for one that never came, or whose result was
    /// handed on so long ago that it has left the state.
    pub fn request(message: Digest) -> Option<RequestView> {
        match HandedOn::<T>::get(message) {
            Some(Handed::Direct { message }) => Some(RequestView::Sent { message }),
            Some(Handed::Batched { domain, batch, .. }) => match Batches::<T>::get(domain, batch)?.state {
                BatchState::Sent { message, .. } => Some(RequestView::Sent { message }),
                BatchState::Open | BatchState::Closed => Some(RequestView::Ended),
            },
            None => {
                let request = Requests::<T>::get(message)?;
                match request.task {
                    Some(task) if !Endings::<T>::contains_key(message) => Some(RequestView::Open { task }),
                    _ => Some(RequestView::Ended),
                }
            }
        }
    }

    /// A result that was sent in a batch, by the message that brought its intent, with its proof; none before the root was sent.
    pub fn result_proof(message: Digest) -> Option<ResultProof> {
        let Handed::Batched {
            domain,
            batch: number,
            index,
        } = HandedOn::<T>::get(message)?
        else {
            return None;
        };
        let batch = Batches::<T>::get(domain, number)?;
        let BatchState::Sent { root, .. } = batch.state else {
            return None;
        };
        let proof = batch.proof(index)?;
        Some(ResultProof {
            batch: number,
            domain: domain.0,
            root,
            result: Results::<T>::get(message)?.into_inner(),
            index,
            leaves: batch.leaves.len() as u32,
            proof,
        })
    }
}

impl Batch {
    /// The siblings of a leaf, from the leaf up; none where there is no such leaf.
    pub fn proof(&self, index: u32) -> Option<alloc::vec::Vec<Digest>> {
        self.leaves.get(index as usize)?;
        Some(merkle_proof_raw::<Keccak256, _>(self.leaves.to_vec(), index).proof)
    }
}
