//! What RPC tells about a solver.

use crate::{Books, Config, Pallet, Slashes, SlashingEnabled, Solvers};
use pensum_primitives::{
    solver::{SolverStatus, StringAmount},
    AccountId,
};

impl<T: Config> Pallet<T> {
    /// Everything about a solver, by its stash. Reads all pending slashes where the solver has one; for RPC, not for calls.
    pub fn solver_status(stash: &AccountId) -> Option<SolverStatus> {
        let solver = Solvers::<T>::get(stash)?;
        let offer = |model| {
            let entry = Books::<T>::get(model)
                .into_iter()
                .find(|entry| entry.solver == *stash)?;
            Some((model, entry.offer))
        };
        let offers = solver.offers.iter().copied().filter_map(offer).collect();
        let mut pending_slashes: alloc::vec::Vec<_> = if solver.at_risk == 0 {
            Default::default()
        } else {
            Slashes::<T>::iter()
                .filter(|(_, slash)| slash.solver == *stash)
                .map(|(id, slash)| (id, StringAmount(slash.amount), slash.fault, slash.apply_at))
                .collect()
        };
        pending_slashes.sort_by_key(|(id, ..)| *id);
        let now = Self::now();
        Some(SolverStatus {
            stash: stash.clone(),
            bonded: solver.bonded,
            locked: solver.locked,
            at_risk: solver.at_risk,
            delegated: solver.pool.map_or(0, |pool| pool.staked()),
            free: solver.free(),
            commission: solver.pool.map(|pool| pool.commission.at(now)),
            next_commission: solver.pool.and_then(|pool| pool.commission.announced(now)),
            accepts: solver.accepts.into_inner(),
            slashing: SlashingEnabled::<T>::get(),
            unbonding: solver
                .unbonding
                .iter()
                .map(|chunk| (StringAmount(chunk.amount), chunk.withdrawable_from))
                .collect(),
            in_flight: solver.in_flight,
            reputation: solver.reputation.score_ppm(),
            jailed_until: solver.jailed_until,
            operator: solver.operator,
            offers,
            pending_slashes,
        })
    }
}
