//! The pallet's face to the market.

use crate::{Config, Operators, Pallet, Solvers};
use alloc::vec::Vec;
use frame_support::traits::Get;
use market_math::reputation::Weight;
use pensum_primitives::{
    operator::OperatorId,
    traits::{
        Assignment, BookQuery, Engagement, FaultReport, NoOffer, NotReady, PanelQuery, Seat,
        Solvers as SolversTrait, Standing,
    },
    AccountId, AssetId, Balance, ModelId, SlashId,
};

impl<T: Config> SolversTrait for Pallet<T> {
    fn assign(query: BookQuery) -> Result<Assignment, NoOffer> {
        Self::do_assign(query)
    }

    fn engage(solver: &AccountId, engagement: Engagement) -> Result<Vec<Balance>, NotReady> {
        Self::do_engage(solver, engagement)
    }

    fn draw(query: PanelQuery) -> Result<Vec<Seat>, NoOffer> {
        Self::do_draw(query)
    }

    fn lock(solver: &AccountId, amount: Balance) -> bool {
        Self::do_lock(solver, amount)
    }

    fn unlock(solver: &AccountId, amount: Balance) {
        Self::do_unlock(solver, amount)
    }

    fn standing(solver: &AccountId, model: &ModelId, asset: Option<AssetId>) -> Option<Standing> {
        Self::standing_of(solver, model, asset)
    }

    fn delegators_share(
        solver: &AccountId,
        asset: Option<AssetId>,
        payment: Balance,
    ) -> Option<(AccountId, Balance)> {
        Self::share_of_delegators(solver, asset, payment)
    }

    fn agreed(solver: &AccountId, tasks: u32, bond: Balance, reward: Balance) {
        Solvers::<T>::mutate_extant(solver, |solver| {
            solver.unlock(tasks, bond);
            solver.reputation = solver
                .reputation
                .agreed_n(Self::verdict_weight(reward, tasks), tasks);
        });
    }

    fn released(solver: &AccountId, tasks: u32, bond: Balance, reward: Balance, declined: bool) {
        Solvers::<T>::mutate_extant(solver, |solver| {
            solver.unlock(tasks, bond);
            if declined {
                solver.reputation = solver
                    .reputation
                    .declined_n(Self::verdict_weight(reward, tasks), tasks);
            }
        });
    }

    fn fault(solver: &AccountId, report: FaultReport) -> Option<SlashId> {
        Self::do_fault(solver, report)
    }

    fn name_rescuer(slash: SlashId, rescuer: &AccountId) {
        Self::do_name_rescuer(slash, rescuer)
    }

    fn of_operator(operator: &OperatorId) -> Option<AccountId> {
        Operators::<T>::get(operator)
    }

    fn locked(solver: &AccountId) -> Balance {
        Solvers::<T>::get(solver).map_or(0, |solver| solver.locked)
    }

    fn in_flight(solver: &AccountId) -> u32 {
        Solvers::<T>::get(solver).map_or(0, |solver| solver.in_flight)
    }
}

impl<T: Config> Pallet<T> {
    /// What one of `tasks` verdicts counts that together decided over `reward`.
    pub(crate) fn verdict_weight(reward: Balance, tasks: u32) -> Weight {
        let each = reward.checked_div(tasks.into()).unwrap_or(0);
        Weight::of(each, T::HalfWeightReward::get())
    }
}
