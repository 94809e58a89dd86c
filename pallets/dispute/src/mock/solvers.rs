//! Solvers, of which this pallet only wants to know to whom an operator key belongs.

use super::{operator, solver};
use pensum_primitives::{
    operator::OperatorId,
    traits::{
        Assignment, BookQuery, Engagement, FaultReport, NoOffer, NotReady, PanelQuery, Seat, Solvers,
        Standing,
    },
    AccountId, AssetId, Balance, ModelId, SlashId,
};
use sp_core::Pair;

/// How many solvers there are, from 1 on.
pub const SOLVERS: u8 = 4;

/// Solvers 1 to `SOLVERS`; nobody among them takes work.
pub struct Staking;

impl Solvers for Staking {
    fn assign(_: BookQuery) -> Result<Assignment, NoOffer> {
        Err(NoOffer::NobodyOffers)
    }

    fn engage(_: &AccountId, _: Engagement) -> Result<Vec<Balance>, NotReady> {
        Err(NotReady::NotEligible)
    }

    fn draw(_: PanelQuery) -> Result<Vec<Seat>, NoOffer> {
        Err(NoOffer::NobodyOffers)
    }

    fn lock(_: &AccountId, _: Balance) -> bool {
        false
    }

    fn unlock(_: &AccountId, _: Balance) {}

    fn standing(_: &AccountId, _: &ModelId, _: Option<AssetId>) -> Option<Standing> {
        None
    }

    fn delegators_share(_: &AccountId, _: Option<AssetId>, _: Balance) -> Option<(AccountId, Balance)> {
        None
    }

    fn agreed(_: &AccountId, _: u32, _: Balance, _: Balance) {}

    fn released(_: &AccountId, _: u32, _: Balance, _: Balance, _: bool) {}

    fn fault(_: &AccountId, _: FaultReport) -> Option<SlashId> {
        None
    }

    fn name_rescuer(_: SlashId, _: &AccountId) {}

    fn of_operator(key: &OperatorId) -> Option<AccountId> {
        (1..=SOLVERS)
            .find(|number| operator(*number).public() == *key)
            .map(solver)
    }

    fn locked(_: &AccountId) -> Balance {
        0
    }

    fn in_flight(_: &AccountId) -> u32 {
        0
    }
}
