//! Solvers with stake, reputation and capacity, and nothing else.

use super::{model, operator, solver};
use codec::{Decode, Encode};
use frame_support::{storage_alias, Blake2_128Concat};
use pensum_primitives::{
    operator::OperatorId,
    solver::Fault,
    traits::{
        Assignment, BookQuery, Engagement, FaultReport, NoOffer, NotReady, PanelQuery, Seat, Solvers,
        Standing,
    },
    AccountId, AssetId, Balance, ModelId, SlashId,
};
use sp_core::Pair;

/// Stake of each solver.
pub const STAKE: Balance = 10_000;
/// Stake behind each task that a solver holds.
pub const TASK_BOND: Balance = 100;
/// Reputation of each solver.
pub const SCORE: u32 = 500_000;

#[derive(Clone, Debug, Encode, Decode)]
pub struct Person {
    pub operator: OperatorId,
    /// For the one model that it offers.
    pub model: ModelId,
    pub stake: Balance,
    /// Locked by bids.
    pub deposits: Balance,
    /// Locked by tasks.
    pub bonds: Balance,
    pub capacity: u32,
    pub in_flight: u32,
    pub reputation: u32,
    pub jailed: bool,
    /// The asset that it takes beside PEN.
    pub accepts: Option<AssetId>,
    /// Bids withheld, and how much that cost.
    pub withheld: (u32, Balance),
}

impl Person {
    pub fn free(&self) -> Balance {
        self.stake - self.deposits - self.bonds
    }

    fn is_eligible(&self, model: &ModelId, asset: Option<AssetId>) -> bool {
        !self.jailed && self.model == *model && (asset.is_none() || asset == self.accepts)
    }
}

#[storage_alias]
type People = StorageMap<FakeStaking, Blake2_128Concat, AccountId, Person>;

pub fn join(number: u8) {
    let person = Person {
        operator: operator(number).public(),
        model: model(),
        stake: STAKE,
        deposits: 0,
        bonds: 0,
        capacity: 10,
        in_flight: 0,
        reputation: SCORE,
        jailed: false,
        accepts: None,
        withheld: (0, 0),
    };
    People::insert(solver(number), person);
}

pub fn people() -> Vec<(AccountId, Person)> {
    People::iter().collect()
}

pub fn person(number: u8) -> Person {
    People::get(solver(number)).unwrap()
}

pub fn change(number: u8, change: impl FnOnce(&mut Person)) {
    People::mutate(solver(number), |person| change(person.as_mut().unwrap()));
}

/// What the last fault was reported with.
#[storage_alias]
pub type LastFault = StorageValue<FakeStaking, (u64, Balance, u32, Balance, AccountId)>;

pub struct Staking;

impl Staking {
    fn mutate<R>(who: &AccountId, change: impl FnOnce(&mut Person) -> R) -> R {
        People::mutate(who, |person| change(person.as_mut().unwrap()))
    }
}

impl Solvers for Staking {
    fn assign(_: BookQuery) -> Result<Assignment, NoOffer> {
        Err(NoOffer::NobodyOffers)
    }

    fn engage(solver: &AccountId, engagement: Engagement) -> Result<Vec<Balance>, NotReady> {
        let Engagement {
            model,
            prices,
            asset,
            min_reputation,
        } = engagement;
        let tasks = prices.len() as u32;
        let bond = TASK_BOND * Balance::from(tasks);
        Self::mutate(solver, |person| {
            if !person.is_eligible(model, asset) || person.reputation < min_reputation {
                return Err(NotReady::NotEligible);
            }
            if person.in_flight + tasks > person.capacity {
                return Err(NotReady::AtCapacity);
            }
            if person.free() < bond {
                return Err(NotReady::StakeTaken);
            }
            person.bonds += bond;
            person.in_flight += tasks;
            Ok(vec![TASK_BOND; prices.len()])
        })
    }

    fn draw(_: PanelQuery) -> Result<Vec<Seat>, NoOffer> {
        Err(NoOffer::NobodyOffers)
    }

    fn lock(solver: &AccountId, amount: Balance) -> bool {
        Self::mutate(solver, |person| {
            let fits = person.free() >= amount;
            if fits {
                person.deposits += amount;
            }
            fits
        })
    }

    fn unlock(solver: &AccountId, amount: Balance) {
        Self::mutate(solver, |person| person.deposits -= amount);
    }

    fn standing(solver: &AccountId, model: &ModelId, asset: Option<AssetId>) -> Option<Standing> {
        let person = People::get(solver)?;
        Some(Standing {
            free: person.free(),
            reputation: person.reputation,
            eligible: person.is_eligible(model, asset),
        })
    }

    fn delegators_share(_: &AccountId, _: Option<AssetId>, _: Balance) -> Option<(AccountId, Balance)> {
        None
    }

    fn agreed(solver: &AccountId, tasks: u32, bond: Balance, reward: Balance) {
        Self::released(solver, tasks, bond, reward, false);
    }

    fn released(solver: &AccountId, tasks: u32, bond: Balance, _: Balance, _: bool) {
        Self::mutate(solver, |person| {
            person.in_flight -= tasks;
            person.bonds -= bond;
        });
    }

    fn fault(solver: &AccountId, report: FaultReport) -> Option<SlashId> {
        assert_eq!(
            report.fault,
            Fault::BidWithheld,
            "an auction knows no other fault"
        );
        LastFault::put((
            report.task.0,
            report.bond,
            report.tasks,
            report.reward,
            report.harmed,
        ));
        Self::mutate(solver, |person| {
            person.deposits -= report.bond;
            person.stake -= report.bond;
            person.withheld.0 += 1;
            person.withheld.1 += report.bond;
        });
        Some(SlashId(report.task.0))
    }

    fn name_rescuer(_: SlashId, _: &AccountId) {}

    fn of_operator(operator: &OperatorId) -> Option<AccountId> {
        People::iter().find_map(|(who, person)| (person.operator == *operator).then_some(who))
    }

    fn locked(solver: &AccountId) -> Balance {
        People::get(solver).map_or(0, |person| person.deposits + person.bonds)
    }

    fn in_flight(solver: &AccountId) -> u32 {
        People::get(solver).map_or(0, |person| person.in_flight)
    }
}
