//! What must be true after every operation and in every block, across all pallets.

use crate::{
    ledger::Posted,
    people::actor_of,
    violation::{hold, Checked, Violation},
    world::World,
};
use frame_support::traits::fungibles::InspectHold;
use pensum_primitives::{
    solver::Fault,
    traits::{Auctions, Duties, Panels},
    AccountId, AssetId, Balance, TaskId,
};
use pensum_runtime::{
    constants::block::MAX_REF_TIME, Assets, AssetsHolder, AttestationRegistry, Auction, Balances, Dispute,
    Hyperlane, Panel, Rates, Runtime, RuntimeEvent, RuntimeHoldReason, SolverStaking, System, TaskBridge,
    TaskMarket, Workflow,
};
use sp_runtime::TryRuntimeError;
use std::collections::BTreeMap;

/// Most weight of all pallets' hooks in a block, with the SDK's own: half of it, so that answers always find room.
pub const MAX_HOOKS: u64 = MAX_REF_TIME / 2;

/// When everything is checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// Now.
    Whole,
    /// If events tell that something happened.
    IfAnythingHappened,
    /// Not at all: the state is what it was when it was checked last.
    Nothing,
}

/// Checks everything.
pub fn check(world: &World) -> Checked {
    check_state()?;
    check_tasks(world)?;
    check_honesty(world)
}

/// Checks what can be told from the state alone, of any chain.
pub fn check_state() -> Checked {
    check_pallets()?;
    check_holds()?;
    check_assets()?;
    check_stake()?;
    check_views()
}

/// Notes what is posted, so that it is known when it ends.
pub fn learn(world: &mut World) {
    for (id, batch) in pallet_task_market::Batches::<Runtime>::iter() {
        let tasks = live(&batch).map(|place| id.task(place));
        let unknown: Vec<TaskId> = tasks
            .filter(|task| !world.ledger.known.contains_key(task))
            .collect();
        if unknown.is_empty() {
            continue;
        }
        let inputs = pallet_task_market::Inputs::<Runtime>::get(id);
        for task in unknown {
            if let Some(input) = inputs.get(usize::from(task.place())) {
                let posted = Posted {
                    model: batch.model,
                    input: input.clone(),
                    verification: batch.verification.clone(),
                };
                world.ledger.known.insert(task, posted);
            }
        }
    }
}

fn live(batch: &pallet_task_market::types::Batch) -> impl Iterator<Item = u8> + '_ {
    let held = batch.parts.iter().flat_map(|part| part.tasks.iter());
    held.chain(batch.waiting_tasks()).map(|task| task.place)
}

/// The work of a block's hooks is bounded. To be called when they have run and nothing else has.
pub fn check_hooks(world: &mut World) -> Checked {
    // The SDK charges the whole block for the block in which a session begins.
    let rotates =
        System::read_events_no_consensus().any(|record| matches!(record.event, RuntimeEvent::Session(_)));
    if rotates {
        return Ok(());
    }
    let weight = System::block_weight().total().ref_time();
    world.heaviest_hooks = world.heaviest_hooks.max(weight);
    hold(weight <= MAX_HOOKS, || {
        format!(
            "the hooks of a block weigh {weight} ps: block {}",
            System::block_number()
        )
    })
}

fn check_pallets() -> Checked {
    type Check = fn() -> Result<(), TryRuntimeError>;
    let checks: [(&str, Check); 10] = [
        ("rates", Rates::do_try_state),
        ("solver-staking", SolverStaking::do_try_state),
        ("attestation-registry", AttestationRegistry::do_try_state),
        ("task-market", TaskMarket::do_try_state),
        ("auction", Auction::do_try_state),
        ("panel", Panel::do_try_state),
        ("dispute", Dispute::do_try_state),
        ("workflow", Workflow::do_try_state),
        ("hyperlane", Hyperlane::do_try_state),
        ("task-bridge", TaskBridge::do_try_state),
    ];
    for (pallet, check) in checks {
        check().map_err(|error| Violation(format!("{pallet}: {error:?}")))?;
    }
    Ok(())
}

/// Every task that was posted lives or has ended, and never both.
fn check_tasks(world: &World) -> Checked {
    let mut alive = 0u64;
    for (id, batch) in pallet_task_market::Batches::<Runtime>::iter() {
        for task in live(&batch).map(|place| id.task(place)) {
            alive += 1;
            hold(!world.ledger.ended.contains(&task), || {
                format!("task {task} has ended and lives")
            })?;
        }
        let now = System::block_number();
        let behind = pallet_task_market::AgendaCursor::<Runtime>::get().is_some();
        hold(
            behind || batch.parts.iter().all(|part| part.answer_by >= now),
            || format!("a part of batch {id} is overdue"),
        )?;
    }
    let (posted, ended) = (world.ledger.posted, world.ledger.ended.len() as u64);
    hold(posted == alive + ended, || {
        format!("{posted} tasks were posted, {alive} live and {ended} have ended")
    })
}

/// Whatever is on hold has a reason that explains it, and all money is somebody's.
fn check_holds() -> Checked {
    use pallet_task_market::HoldReason as Market;
    let mut held: BTreeMap<Vec<u8>, Balance> = BTreeMap::new();
    for (_, holds) in pallet_balances::Holds::<Runtime>::iter() {
        for hold in holds {
            *held.entry(codec::Encode::encode(&hold.id)).or_default() += hold.amount;
        }
    }
    let mut explained = |name: &str, reason: RuntimeHoldReason, expected: Balance| {
        let found = held.remove(&codec::Encode::encode(&reason)).unwrap_or(0);
        hold(found == expected, || {
            format!("{found} is on hold as {name}, and {expected} should be")
        })
    };
    let escrow = pallet_task_market::Batches::<Runtime>::iter_values()
        .filter(|batch| batch.asset().is_none())
        .map(|batch| batch.each() * Balance::from(batch.tasks()))
        .sum();
    let appeals = pallet_task_market::Appeals::<Runtime>::iter_values()
        .map(|appeal| appeal.bonds.iter().map(|bond| bond.left).sum::<Balance>())
        .sum();
    let bonds = pallet_solver_staking::Solvers::<Runtime>::iter_values()
        .map(|solver| solver.total() + solver.delegated())
        .sum();
    let budgets = pallet_workflow::Workflows::<Runtime>::iter_values()
        .filter(|workflow| workflow.asset.is_none())
        .map(|workflow| workflow.budget)
        .sum();
    let deposits = pallet_attestation_registry::Deposits::<Runtime>::iter_values()
        .map(|deposit| deposit.total())
        .sum();
    explained("escrow", Market::Escrow.into(), escrow)?;
    explained("bonds of appeals", Market::Appeal.into(), appeals)?;
    explained("stake", pallet_solver_staking::HoldReason::Bond.into(), bonds)?;
    explained("budgets", pallet_workflow::HoldReason::Budget.into(), budgets)?;
    explained(
        "deposits",
        pallet_attestation_registry::HoldReason::ModelDeposit.into(),
        deposits,
    )?;
    explained(
        "bonds of challenges",
        pallet_dispute::HoldReason::Challenge.into(),
        0,
    )?;

    let owned: Balance = frame_system::Account::<Runtime>::iter_values()
        .map(|account| account.data.free + account.data.reserved)
        .sum();
    let issued = Balances::total_issuance();
    hold(owned == issued, || {
        format!("{owned} is owned by accounts and {issued} issued")
    })
}

/// The same of every asset: what is on hold is explained by tasks, workflows and what is stranded, and all of it is somebody's.
fn check_assets() -> Checked {
    let mut expected: BTreeMap<(AssetId, Vec<u8>), Balance> = BTreeMap::new();
    let mut add = |asset: Option<AssetId>, reason: RuntimeHoldReason, amount: Balance| {
        if let Some(asset) = asset.filter(|_| amount > 0) {
            *expected
                .entry((asset, codec::Encode::encode(&reason)))
                .or_default() += amount;
        }
    };
    let escrow: RuntimeHoldReason = pallet_task_market::HoldReason::Escrow.into();
    let budget: RuntimeHoldReason = pallet_workflow::HoldReason::Budget.into();
    for batch in pallet_task_market::Batches::<Runtime>::iter_values() {
        add(batch.asset(), escrow, batch.each() * Balance::from(batch.tasks()));
    }
    for ((_, _, asset), amount) in pallet_task_market::Stranded::<Runtime>::iter() {
        add(Some(asset), escrow, amount);
    }
    for workflow in pallet_workflow::Workflows::<Runtime>::iter_values() {
        add(workflow.asset, budget, workflow.budget);
    }
    for (_, asset, amount) in pallet_workflow::Stranded::<Runtime>::iter() {
        add(Some(asset), budget, amount);
    }
    let mut owned: BTreeMap<AssetId, Balance> = BTreeMap::new();
    let mut held: BTreeMap<(AssetId, Vec<u8>), Balance> = BTreeMap::new();
    for (asset, who, _) in pallet_assets::Account::<Runtime>::iter() {
        let on_hold = AssetsHolder::total_balance_on_hold(asset, &who);
        *owned.entry(asset).or_default() += Assets::balance(asset, &who) + on_hold;
        if on_hold > 0 {
            for reason in [escrow, budget] {
                let amount = AssetsHolder::balance_on_hold(asset, &reason, &who);
                if amount > 0 {
                    *held.entry((asset, codec::Encode::encode(&reason))).or_default() += amount;
                }
            }
        }
    }
    hold(held == expected, || {
        format!("of the assets {held:?} is on hold, and {expected:?} should be")
    })?;
    for (asset, details) in pallet_assets::Asset::<Runtime>::iter() {
        let owned = owned.remove(&asset).unwrap_or(0);
        hold(owned == details.supply, || {
            format!(
                "{owned} of asset {asset} is owned by accounts and {} issued",
                details.supply
            )
        })?;
    }
    Ok(())
}

/// Each solver's locked stake and tasks are those of its parts, seats and bids, down to nothing.
fn check_stake() -> Checked {
    let mut expected: BTreeMap<AccountId, (Balance, u32)> = BTreeMap::new();
    let mut add = |solver: AccountId, stake: Balance, tasks: u32| {
        let entry = expected.entry(solver).or_default();
        entry.0 += stake;
        entry.1 += tasks;
    };
    for batch in pallet_task_market::Batches::<Runtime>::iter_values() {
        for part in &batch.parts {
            add(part.solver.clone(), part.bond(), part.count());
        }
    }
    for (solver, stake, tasks) in <Panel as Panels>::locked() {
        add(solver, stake, tasks);
    }
    for (solver, stake) in <Auction as Auctions>::locked() {
        add(solver, stake, 0);
    }
    for (who, solver) in pallet_solver_staking::Solvers::<Runtime>::iter() {
        let wanted = expected.remove(&who).unwrap_or_default();
        let found = (solver.locked, solver.in_flight);
        hold(found == wanted, || {
            format!("solver {who} has {found:?} locked and in flight, and {wanted:?} is explained")
        })?;
    }
    hold(
        expected.values().all(|(stake, tasks)| (*stake, *tasks) == (0, 0)),
        || format!("work without a solver: {expected:?}"),
    )
}

/// An honest solver has no slash pending, but for what a lying majority of a panel brought upon it.
fn check_honesty(world: &World) -> Checked {
    for slash in pallet_solver_staking::Slashes::<Runtime>::iter_values() {
        if !actor_of(&slash.solver).is_some_and(|actor| actor.is_honest()) {
            continue;
        }
        let lies = world.ledger.lies.get(&slash.task.batch()).copied().unwrap_or(0);
        hold(
            lies >= 2 && matches!(slash.fault, Fault::Wrong | Fault::Rejected),
            || {
                format!(
                    "the honest solver {} is to be slashed for {:?}",
                    slash.solver, slash.fault
                )
            },
        )?;
    }
    Ok(())
}

/// What RPC and workers ask can be told of everything that lives.
fn check_views() -> Checked {
    for (id, batch) in pallet_task_market::Batches::<Runtime>::iter() {
        for task in live(&batch).take(1).map(|place| id.task(place)) {
            hold(TaskMarket::task_status(task).is_some(), || {
                format!("the live task {task} has no status")
            })?;
        }
        for part in batch.parts.iter().filter(|part| part.is_working()) {
            let duties = <TaskMarket as Duties>::duties(&part.solver, u32::MAX);
            hold(duties.iter().any(|duty| duty.batch == id), || {
                format!(
                    "solver {} holds a part of batch {id} and is not told",
                    part.solver
                )
            })?;
        }
    }
    Ok(())
}
