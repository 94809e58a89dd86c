//! The pallet's face to the market and to solvers' nodes: [`Disputes`].

use crate::{
    types::{Opening, Tasks},
    weights::WeightInfo,
    AuditsOf, Config, Noted, Pallet, Queue,
};
use alloc::vec::Vec;
use frame_support::weights::Weight;
use market_math::ppm;
use pensum_primitives::{
    traits::{Audit, Claims, Disputes, Models},
    AccountId, BlockNumber, ModelId, TaskId,
};
use sp_runtime::traits::Get;

/// Most audits of one solver that are looked at to find the most urgent ones.
const MAX_LOOKED_AT: usize = 512;

impl<T: Config> Disputes for Pallet<T> {
    fn prepaid_weight(model: &ModelId) -> Weight {
        let Some(steps) = T::Models::steps(model) else {
            return Weight::zero();
        };
        let nodes = u32::from(steps.nodes);
        let bytes = u32::try_from(steps.bytes).unwrap_or(u32::MAX);
        let each = T::WeightInfo::audit()
            .saturating_add(T::WeightInfo::open(nodes, 0))
            .saturating_add(T::WeightInfo::authorize_open(nodes, 0));
        // The steps of all nodes together, and as often as there are nodes what each step takes whatever its length.
        let all = each
            .saturating_mul(nodes.into())
            .saturating_add(T::WeightInfo::execute(steps.cost))
            .saturating_add(T::WeightInfo::step_bytes(bytes));
        let share = ppm::times_rounded_up(all.ref_time().into(), T::AuditShare::get());
        T::WeightInfo::draw_task()
            .saturating_add(Weight::from_parts(u64::try_from(share).unwrap_or(u64::MAX), 0))
    }

    fn claimed(tasks: &[TaskId]) {
        let mut queue = Queue::<T>::get();
        for tasks in tasks.chunk_by(|one, next| one.batch() == next.batch()) {
            // A batch has no more tasks than fit.
            Noted::<T>::insert(queue.tail, Tasks::truncate_from(tasks.to_vec()));
            queue.tail = queue.tail.saturating_add(1);
        }
        Queue::<T>::put(queue);
    }

    fn ended(task: TaskId) {
        Self::drop_audits(task);
    }

    fn audits(solver: &AccountId, limit: u32) -> Vec<Audit> {
        let mut waiting: Vec<(BlockNumber, Opening)> = AuditsOf::<T>::iter_prefix(solver)
            .take(MAX_LOOKED_AT)
            .map(|(opening, until)| (until, opening))
            .collect();
        waiting.sort();
        let described = |(until, Opening { task, node }): (BlockNumber, Opening)| {
            let claim = T::Claims::claim(task)?;
            let weights = T::Models::entry(&claim.model)?.weights;
            Some(Audit {
                task,
                model: claim.model,
                weights,
                input: claim.input,
                node,
                until,
            })
        };
        waiting
            .into_iter()
            .filter_map(described)
            .take(limit as usize)
            .collect()
    }
}
