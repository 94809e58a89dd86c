//! What the chain has still to do, and when: so that time can leap over the blocks in which nothing is.

use pensum_primitives::BlockNumber;
use pensum_runtime::Runtime;

/// The first block from which a hook of the project's pallets has something to do; none if it never has. Block `now` is done.
pub fn next(now: BlockNumber) -> Option<BlockNumber> {
    if is_behind() {
        return Some(now);
    }
    let agendas = pallet_task_market::Agenda::<Runtime>::iter_keys()
        .map(|(block, _)| block)
        .chain(pallet_auction::Agenda::<Runtime>::iter_keys().map(|(block, _)| block))
        .chain(pallet_panel::Agenda::<Runtime>::iter_keys().map(|(block, _)| block))
        .chain(pallet_dispute::DueAt::<Runtime>::iter_keys())
        .chain(pallet_solver_staking::SlashAgenda::<Runtime>::iter_keys().map(|(block, _)| block));
    agendas.min()
}

/// Whether work waits for a block with room, or simply for the next one.
fn is_behind() -> bool {
    let workflows = pallet_workflow::QueueSpan::<Runtime>::get();
    workflows.first < workflows.next
        || !pallet_dispute::Queue::<Runtime>::get().is_empty()
        || pallet_task_market::AgendaCursor::<Runtime>::exists()
        || pallet_auction::AgendaCursor::<Runtime>::exists()
        || pallet_panel::AgendaCursor::<Runtime>::exists()
        || pallet_solver_staking::AgendaCursor::<Runtime>::exists()
}

/// Blocks from which somebody can do what it could not do before: take out stake, leave jail, reclaim a deposit, charge more.
pub fn permissions(now: BlockNumber) -> Vec<BlockNumber> {
    let mut blocks = Vec::new();
    for solver in pallet_solver_staking::Solvers::<Runtime>::iter_values() {
        blocks.extend(solver.unbonding.iter().map(|chunk| chunk.withdrawable_from));
        blocks.extend(solver.jailed_until);
        let raise = solver.pool.and_then(|pool| pool.commission.announced(now));
        blocks.extend(raise.map(|(_, from)| from));
    }
    for delegation in pallet_solver_staking::Delegations::<Runtime>::iter_values() {
        blocks.extend(delegation.leaving.iter().map(|chunk| chunk.withdrawable_from));
    }
    for (id, entry) in pallet_attestation_registry::Models::<Runtime>::iter() {
        blocks.extend(match entry.state {
            pensum_primitives::model::ModelState::Active { from } => Some(from),
            pensum_primitives::model::ModelState::Retired { at } => {
                let bound = pallet_attestation_registry::Deposits::<Runtime>::get(id);
                bound
                    .is_some_and(|deposit| deposit.graph > 0)
                    .then(|| at.saturating_add(pensum_runtime::constants::model::RECLAIM_DELAY))
            }
            pensum_primitives::model::ModelState::Flagged => None,
        });
    }
    for listing in pallet_rates::Listings::<Runtime>::get() {
        blocks.extend(listing.rate.map(|rate| rate.settles_at));
    }
    blocks.retain(|block| *block > now);
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}
