//! Panels and juries that a test drives.

use super::{Market, Staking, System, PANEL_BLOCKS};
use codec::{Decode, Encode};
use frame_support::{ensure, storage_alias, weights::Weight};
use pensum_primitives::{
    panel::{PanelDuty, PanelVerdict, Question},
    task::TaskState,
    traits::{Cases, PanelQuery, PanelView, Panels, Solvers, Summons},
    AccountId, AssetId, Balance, BatchId, BlockNumber, Digest, ModelId,
};
use sp_runtime::{DispatchError, DispatchResult};

/// What members and hook do for each member of a panel.
pub const SEAT_WEIGHT: Weight = Weight::from_parts(1_000_000_000, 0);

/// A seat: who has it, and for each task its price and the stake behind it.
pub type Seated = (AccountId, Vec<Balance>, Vec<Balance>);

/// A panel.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct Sitting {
    pub requester: AccountId,
    pub model: ModelId,
    pub tasks: Vec<(u8, u32)>,
    pub question: Question,
    pub size: u8,
    pub threshold: u8,
    pub rounds: u8,
    pub member_cap: Balance,
    pub asset: Option<AssetId>,
    pub min_reputation: u32,
    pub exclude: Vec<AccountId>,
    pub slash_difference: bool,
    pub seats: Vec<Seated>,
    pub reveals: bool,
    pub round: u8,
    pub until: BlockNumber,
}

#[storage_alias]
pub type Summoned = StorageMap<DrivenPanels, frame_support::Twox64Concat, BatchId, Sitting>;

/// The panels.
pub struct DrivenPanels;

impl Panels for DrivenPanels {
    fn prepaid_weight(size: u8, rounds: u8, _: u32) -> Weight {
        SEAT_WEIGHT.saturating_mul(u64::from(size) * u64::from(rounds))
    }

    fn longest(rounds: u8) -> BlockNumber {
        PANEL_BLOCKS * BlockNumber::from(rounds)
    }

    fn summon(summons: Summons) -> DispatchResult {
        ensure!(
            !Summoned::contains_key(summons.batch),
            DispatchError::Other("summoned already")
        );
        Summoned::insert(
            summons.batch,
            Sitting {
                requester: summons.requester,
                model: summons.model,
                tasks: summons.tasks,
                question: summons.question,
                size: summons.size,
                threshold: summons.threshold,
                rounds: summons.rounds,
                member_cap: summons.member_cap,
                asset: summons.asset,
                min_reputation: summons.min_reputation,
                exclude: summons.exclude,
                slash_difference: summons.slash_difference,
                seats: Vec::new(),
                reveals: false,
                round: 0,
                until: System::block_number() + PANEL_BLOCKS,
            },
        );
        Ok(())
    }

    fn dismiss(batch: BatchId) {
        if let Some(panel) = Summoned::take(batch) {
            dissolve(panel.seats);
        }
    }

    fn view(batch: BatchId) -> Option<PanelView> {
        Summoned::get(batch).map(|panel| PanelView {
            state: match (panel.seats.is_empty(), panel.reveals) {
                (true, _) => TaskState::Drawn,
                (false, false) => TaskState::Committing,
                (false, true) => TaskState::Revealing,
            },
            members: panel.seats.into_iter().map(|(member, _, _)| member).collect(),
            until: panel.until,
            round: panel.round,
            next: "The panel goes on.".into(),
        })
    }

    fn duties(_: &AccountId, _: u32) -> Vec<PanelDuty> {
        Vec::new()
    }

    fn locked() -> Vec<(AccountId, Balance, u32)> {
        Summoned::iter_values()
            .flat_map(|panel| panel.seats)
            .map(|(member, _, bonds)| (member, bonds.iter().sum(), bonds.len() as u32))
            .collect()
    }
}

/// Draws the panel's members; false if there are not enough, which ends it.
pub fn draw(batch: BatchId) -> bool {
    let mut panel = Summoned::get(batch).unwrap();
    let lens: Vec<u32> = panel.tasks.iter().map(|(_, len)| *len).collect();
    let drawn = Staking::draw(PanelQuery {
        model: &panel.model,
        input_lens: &lens,
        size: panel.size.into(),
        member_cap: panel.member_cap,
        asset: panel.asset,
        min_reputation: panel.min_reputation,
        exclude: &panel.exclude,
        seed: Digest::from(sp_io::hashing::blake2_256(
            &(batch, System::block_number()).encode(),
        )),
    });
    let Ok(seats) = drawn else {
        undecided(batch);
        return false;
    };
    panel.seats = seats
        .into_iter()
        .map(|seat| (seat.solver, seat.prices, seat.bonds))
        .collect();
    Summoned::insert(batch, panel);
    true
}

fn dissolve(seats: Vec<Seated>) {
    for (member, prices, bonds) in seats {
        let (reward, bond) = (prices.iter().sum(), bonds.iter().sum());
        Staking::released(&member, bonds.len() as u32, bond, reward, false);
    }
}

/// The members find no majority, and a larger panel is to be drawn.
pub fn next_round(batch: BatchId) {
    let panel = Summoned::get(batch).unwrap();
    dissolve(panel.seats);
    let next = Sitting {
        seats: Vec::new(),
        reveals: false,
        round: panel.round + 1,
        size: 2 * panel.size,
        ..panel
    };
    Summoned::insert(batch, next);
}

/// From now on the members reveal.
pub fn reveal(batch: BatchId) {
    Summoned::mutate(batch, |panel| panel.as_mut().unwrap().reveals = true);
}

/// The seats of a panel.
pub fn seats(batch: BatchId) -> Vec<Seated> {
    Summoned::get(batch).map_or_else(Vec::new, |panel| panel.seats)
}

/// What stands behind the verdicts of driven panels.
pub fn evidence() -> Digest {
    Digest::repeat_byte(0xe1)
}

/// All members agree on these answers, in order of the tasks; on none they find no majority.
pub fn agree(batch: BatchId, outputs: &[Option<Vec<u8>>]) {
    let panel = Summoned::take(batch).unwrap();
    for (member, prices, bonds) in &panel.seats {
        Staking::agreed(
            member,
            bonds.len() as u32,
            bonds.iter().sum(),
            prices.iter().sum(),
        );
    }
    let verdict = |index: usize, output: &Option<Vec<u8>>| match output {
        Some(output) => PanelVerdict::Agreed {
            output: output.clone().try_into().unwrap(),
            members: panel
                .seats
                .iter()
                .map(|(member, prices, _)| (member.clone(), prices[index]))
                .collect(),
            evidence: evidence(),
        },
        None => PanelVerdict::Inconclusive,
    };
    let verdicts = outputs
        .iter()
        .enumerate()
        .map(|(index, output)| (panel.tasks[index].0, verdict(index, output)))
        .collect();
    Market::decided(batch, &panel.question, verdicts);
}

/// The panel ends without a verdict.
pub fn undecided(batch: BatchId) {
    let panel = Summoned::get(batch).unwrap();
    DrivenPanels::dismiss(batch);
    let verdicts = panel
        .tasks
        .iter()
        .map(|(place, _)| (*place, PanelVerdict::Inconclusive))
        .collect();
    Market::decided(batch, &panel.question, verdicts);
}

/// All jurors vote alike.
pub fn vote(batch: BatchId, vote: u8) {
    agree(batch, &[Some(vec![vote])]);
}
