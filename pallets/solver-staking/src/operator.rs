//! Operator keys: one key serves one solver.

use crate::{Config, Error, Event, Operators, Pallet, Solvers};
use frame_support::{ensure, pallet_prelude::*};
use frame_system::pallet_prelude::BlockNumberFor;
use pensum_primitives::{
    operator::{ownership_payload, OperatorId, OperatorSignature},
    AccountId,
};
use sp_runtime::{traits::Zero, RuntimeAppPublic};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_operator(
        who: AccountId,
        operator: OperatorId,
        proof: OperatorSignature,
    ) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        Self::ensure_operator(&who, &operator, &proof)?;
        Operators::<T>::remove(&solver.operator);
        Operators::<T>::insert(&operator, &who);
        solver.operator = operator.clone();
        Solvers::<T>::insert(&who, solver);
        Self::deposit_event(Event::OperatorSet {
            solver: who,
            operator,
        });
        Ok(())
    }

    /// Checks that the key serves nobody yet and that its holder agrees to serve `stash` on this chain.
    pub(crate) fn ensure_operator(
        stash: &AccountId,
        operator: &OperatorId,
        proof: &OperatorSignature,
    ) -> DispatchResult {
        ensure!(!Operators::<T>::contains_key(operator), Error::<T>::OperatorTaken);
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        let payload = ownership_payload(genesis, stash);
        ensure!(operator.verify(&payload, proof), Error::<T>::BadOperatorProof);
        Ok(())
    }
}
