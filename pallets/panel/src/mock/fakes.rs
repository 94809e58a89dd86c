//! Solvers, a market and randomness that are as simple as their traits allow, and take notes of what they are told.

use super::{now, MODEL, REQUESTER};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{parameter_types, storage_alias, Twox64Concat};
use market_math::selection::weighted_index;
use pensum_primitives::{
    model::{InputSchema, ModelEntry, ModelKind, ModelState},
    operator::{OperatorId, OperatorPair},
    panel::{PanelVerdict, Question},
    solver::Fault,
    step::{Executed, NodeInfo, Step},
    task::{Input, Output},
    traits::{
        Assignment, BlockRandomness, BookQuery, Cases, Engagement, FaultReport, Models, NoOffer, NotReady,
        PanelQuery, Replayed, Seat, Solvers, Standing,
    },
    AccountId, AssetId, Balance, BatchId, Digest, ModelId, SlashId, TaskId,
};
use sp_core::Pair;
use sp_runtime::{DispatchError, Permill};

/// A solver's stake.
#[derive(Clone, Default, Debug, Encode, Decode, MaxEncodedLen)]
pub struct Stake {
    pub free: Balance,
    pub locked: Balance,
    pub in_flight: u32,
}

#[storage_alias]
pub type Stakes = StorageMap<Fake, Twox64Concat, AccountId, Stake>;
#[storage_alias]
pub type Operators = StorageMap<Fake, Twox64Concat, OperatorId, AccountId>;

/// What the solvers were told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    Agreed(u8, u32, Balance),
    Released(u8, u32, Balance, bool),
    Fault(u8, Fault, u32, Balance, TaskId),
}

parameter_types! {
    pub static Notes: Vec<Told> = vec![];
    pub static Verdicts: Vec<(BatchId, Vec<(u8, PanelVerdict)>)> = vec![];
    /// Whether the market still has the inputs.
    pub static HasInputs: bool = true;
    /// Changes the draws of all blocks.
    pub static Salt: u64 = 0;
}

/// Empties the notes.
pub fn forget() {
    Notes::set(vec![]);
    Verdicts::set(vec![]);
}

/// The only verdicts that were given, by place.
pub fn verdicts() -> Vec<(u8, PanelVerdict)> {
    let all = Verdicts::get();
    assert_eq!(all.len(), 1, "verdicts were given so often");
    all[0].1.clone()
}

pub fn solver(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

pub fn number(solver: &AccountId) -> u8 {
    AsRef::<[u8]>::as_ref(solver)[0]
}

pub fn operator(number: u8) -> OperatorPair {
    OperatorPair::from_seed_slice(&[number; 32]).unwrap()
}

/// What a task costs with a solver.
pub fn price(number: u8) -> Balance {
    100 + Balance::from(number)
}

/// Stake behind a task.
pub fn bond(number: u8) -> Balance {
    10 * price(number)
}

pub fn join(number: u8) {
    let stake = Stake {
        free: 1_000_000,
        ..Default::default()
    };
    Stakes::insert(solver(number), stake);
    Operators::insert(operator(number).public(), solver(number));
}

pub struct Staking;

impl Staking {
    fn give_back(solver: &AccountId, tasks: u32, bond: Balance, lost: bool) {
        Stakes::mutate(solver, |stake| {
            let stake = stake.as_mut().unwrap();
            stake.locked = stake
                .locked
                .checked_sub(bond)
                .expect("never more than was locked");
            stake.in_flight = stake
                .in_flight
                .checked_sub(tasks)
                .expect("never more than was taken");
            stake.free += if lost { 0 } else { bond };
        });
    }

    fn note(told: Told) {
        Notes::mutate(|notes| notes.push(told));
    }
}

impl Solvers for Staking {
    /// Of an asset that is not PEN, the id is the number of the last solver that accepts it.
    fn draw(query: PanelQuery) -> Result<Vec<Seat>, NoOffer> {
        assert_eq!(*query.model, MODEL);
        let tasks = query.input_lens.len();
        let mut ready: Vec<_> = Stakes::iter()
            .filter(|(solver, stake)| {
                let number = number(solver);
                !query.exclude.contains(solver)
                    && price(number) <= query.member_cap
                    && query.asset.is_none_or(|asset| u32::from(number) <= asset)
                    && stake.free >= bond(number) * tasks as Balance
            })
            .collect();
        ready.sort_by(|(one, _), (other, _)| one.cmp(other));
        if ready.len() < query.size as usize {
            return Err(NoOffer::NobodyFree);
        }
        let mut seats = vec![];
        for turn in 0..query.size {
            let weights: Vec<_> = ready.iter().map(|(_, stake)| stake.free).collect();
            let seed = sp_io::hashing::blake2_256(&(query.seed, turn).encode());
            let (solver, mut stake) = ready.remove(weighted_index(&weights, seed).unwrap());
            let number = number(&solver);
            let (prices, bonds) = (vec![price(number); tasks], vec![bond(number); tasks]);
            let bond: Balance = bonds.iter().sum();
            stake.free -= bond;
            stake.locked += bond;
            stake.in_flight += tasks as u32;
            Stakes::insert(&solver, stake);
            seats.push(Seat {
                solver,
                prices,
                bonds,
            });
        }
        Ok(seats)
    }

    fn agreed(solver: &AccountId, tasks: u32, bond: Balance, reward: Balance) {
        Self::give_back(solver, tasks, bond, false);
        Self::note(Told::Agreed(number(solver), tasks, reward));
    }

    fn released(solver: &AccountId, tasks: u32, bond: Balance, reward: Balance, declined: bool) {
        Self::give_back(solver, tasks, bond, false);
        Self::note(Told::Released(number(solver), tasks, reward, declined));
    }

    fn fault(solver: &AccountId, report: FaultReport) -> Option<SlashId> {
        assert_eq!(report.harmed, REQUESTER);
        Self::give_back(solver, report.tasks, report.bond, true);
        Self::note(Told::Fault(
            number(solver),
            report.fault,
            report.tasks,
            report.reward,
            report.task,
        ));
        Some(SlashId(number(solver).into()))
    }

    fn of_operator(operator: &OperatorId) -> Option<AccountId> {
        Operators::get(operator)
    }

    fn locked(solver: &AccountId) -> Balance {
        Stakes::get(solver).map_or(0, |stake| stake.locked)
    }

    fn in_flight(solver: &AccountId) -> u32 {
        Stakes::get(solver).map_or(0, |stake| stake.in_flight)
    }

    // What panels never ask for.

    fn assign(_: BookQuery) -> Result<Assignment, NoOffer> {
        Err(NoOffer::NobodyOffers)
    }

    fn engage(_: &AccountId, _: Engagement) -> Result<Vec<Balance>, NotReady> {
        Err(NotReady::NotEligible)
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

    fn name_rescuer(_: SlashId, _: &AccountId) {}
}

pub struct Market;

impl Cases for Market {
    fn decided(batch: BatchId, _question: &Question, verdicts: Vec<(u8, PanelVerdict)>) {
        Verdicts::mutate(|all| all.push((batch, verdicts)));
    }

    fn input(task: TaskId) -> Option<Input> {
        HasInputs::get().then(|| Input::Inline(task.encode().try_into().unwrap()))
    }

    fn judged(_: TaskId) -> Option<Output> {
        Some(Output::truncate_from(b"judged".to_vec()))
    }
}

pub struct Beacon;

impl BlockRandomness for Beacon {
    fn of_block() -> Digest {
        sp_io::hashing::blake2_256(&(now(), Salt::get()).encode()).into()
    }
}

pub struct Registry;

impl Models for Registry {
    fn usable(model: &ModelId, _: bool) -> Result<ModelEntry, DispatchError> {
        Self::entry(model).ok_or(DispatchError::Unavailable)
    }

    fn entry(model: &ModelId) -> Option<ModelEntry> {
        (*model == MODEL).then(entry)
    }

    fn replay(_: &ModelId, _: &[&[u8]]) -> Result<Vec<Replayed>, DispatchError> {
        Err(DispatchError::Unavailable)
    }

    fn nodes(_: &ModelId) -> Option<u16> {
        None
    }

    fn node(_: &ModelId, _: u16) -> Option<NodeInfo> {
        None
    }

    fn execute(_: &ModelId, _: &Step) -> Executed {
        Executed::Malformed
    }
}

/// Only its weights are asked for.
fn entry() -> ModelEntry {
    ModelEntry {
        kind: ModelKind::Graph,
        weights: Digest::repeat_byte(0x77),
        on_chain: false,
        input: InputSchema::Text { max_bytes: 4_096 },
        output_len: 1_024,
        cost_fixed: 0,
        cost_per_byte: 0,
        state: ModelState::Active { from: 0 },
        publisher: REQUESTER,
        royalty: Permill::zero(),
    }
}
