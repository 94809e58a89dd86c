//! The world of one run: the chain, and what its people remember.

use crate::{
    block::Blocks,
    invariants,
    ledger::Ledger,
    tally::{self, Tally},
    violation::{hold, Checked, Violation},
};
use codec::Encode;
use frame_support::{
    dispatch::{extract_actual_weight, GetDispatchInfo},
    sp_runtime::{
        transaction_validity::TransactionValidityError, ApplyExtrinsicResult, DispatchError, StateVersion,
    },
    storage::{with_transaction, TransactionOutcome},
    traits::UnfilteredDispatchable,
};
use frame_system::offchain::CreateAuthorizedTransaction;
use pensum_primitives::{
    panel::{Ballot, Salt},
    task::Trace,
    AccountId, Balance, Digest, TaskId,
};
use pensum_runtime::{Balances, Executive, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System};
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

/// What people remember beside the chain.
#[derive(Default)]
pub struct Memory {
    /// Ballots, by what commits to them.
    pub ballots: BTreeMap<Digest, (Ballot, Salt)>,
    /// Bids, by what commits to them.
    pub bids: BTreeMap<Digest, (Balance, Salt)>,
    /// Traces that answers brought.
    pub traces: BTreeMap<TaskId, Trace>,
}

/// What came of what an operator sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sent {
    /// It is in the block.
    Included,
    /// The block is full.
    NoRoom,
    /// It was refused.
    Refused(TransactionValidityError),
}

/// The world.
#[derive(Default)]
pub struct World {
    /// Where the chain stands.
    pub blocks: Blocks,
    /// What people remember.
    pub memory: Memory,
    /// What the events have told.
    pub ledger: Ledger,
    /// What was seen to happen: a number for each outcome of each call with the kinds of its events.
    pub features: BTreeSet<u64>,
    /// What happened, in words, where somebody wants to read it.
    pub story: Option<Vec<String>>,
    /// What was called, and what happened.
    pub tally: Tally,
    /// Most weight that a block's hooks took.
    pub heaviest_hooks: u64,
    issuance: Balance,
    events: usize,
}

impl World {
    /// A world at the chain's beginning.
    pub fn new(blocks: Blocks, tells: bool) -> Self {
        Self {
            blocks,
            story: tells.then(Vec::new),
            issuance: Balances::total_issuance(),
            ..Self::default()
        }
    }

    /// Adds to the story.
    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            story.push(line());
        }
    }

    /// Begins the next block.
    pub fn begin_block(&mut self, entropy: u8) -> Checked {
        self.blocks.begin(entropy);
        let number = self.blocks.number();
        self.tell(|| format!("  block {number}"));
        self.events = 0;
        invariants::check_hooks(self)?;
        // Cursors and deadlines move with the blocks, whatever else happens.
        let depth = match self.blocks.made().is_multiple_of(8) {
            true => invariants::Depth::Whole,
            false => invariants::Depth::IfAnythingHappened,
        };
        self.observe("block", &(), depth)
    }

    /// Ends the block.
    pub fn end_block(&mut self) -> Checked {
        self.blocks.end();
        self.observe("end", &(), invariants::Depth::IfAnythingHappened)
    }

    /// Dispatches a call of somebody, without its fee. Says whether it succeeded.
    pub fn signed(&mut self, who: &AccountId, call: RuntimeCall) -> Checked<bool> {
        self.dispatch(RuntimeOrigin::signed(who.clone()), call)
    }

    /// Dispatches a call of governance.
    pub fn root(&mut self, call: RuntimeCall) -> Checked<bool> {
        self.dispatch(RuntimeOrigin::root(), call)
    }

    fn dispatch(&mut self, origin: RuntimeOrigin, call: RuntimeCall) -> Checked<bool> {
        let name = name_of(&call);
        let info = call.get_dispatch_info();
        let root = state_root();
        let result = call.dispatch_bypass_filter(origin);
        let actual = extract_actual_weight(&result, &info);
        hold(actual.all_lte(info.call_weight), || {
            format!(
                "{name:?} weighs {actual:?}, more than the {:?} it is charged for",
                info.call_weight
            )
        })?;
        let outcome = result.map(|_| ()).map_err(|failed| failed.error);
        self.tell(|| format!("      {name:?}: {outcome:?}"));
        if outcome.is_err() {
            hold(state_root() == root, || {
                format!("{name:?} failed with {outcome:?} and yet changed the state")
            })?;
        }
        let why = outcome.err().map(|error| match error {
            DispatchError::Module(module) => module.message.unwrap_or("unnamed").to_string(),
            other => format!("{other:?}"),
        });
        self.tally.call(&name, why);
        let depth = match outcome {
            Ok(()) => invariants::Depth::Whole,
            Err(_) => invariants::Depth::Nothing,
        };
        self.observe(&name, &outcome, depth)?;
        Ok(outcome.is_ok())
    }

    /// Applies a general transaction that an operator authorised, as a block's author would.
    pub fn authorised(&mut self, call: RuntimeCall) -> Checked<Sent> {
        let name = name_of(&call);
        let transaction =
            <Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(call);
        let applied = with_transaction(
            || -> TransactionOutcome<Result<ApplyExtrinsicResult, DispatchError>> {
                match Executive::apply_extrinsic(transaction) {
                    Err(refused) => TransactionOutcome::Rollback(Ok(Err(refused))),
                    included => TransactionOutcome::Commit(Ok(included)),
                }
            },
        )
        .map_err(|error| Violation(format!("no transaction could be opened: {error:?}")))?;
        self.tell(|| format!("      {name:?}: {applied:?}"));
        let sent = match applied {
            Ok(Ok(())) => Sent::Included,
            Ok(Err(error)) => {
                return Err(Violation(format!(
                    "{name:?} was authorised, is free, and fails: {error:?}"
                )))
            }
            Err(refused) if refused.exhausted_resources() => Sent::NoRoom,
            Err(refused) => Sent::Refused(refused),
        };
        let why = match sent {
            Sent::Included => None,
            Sent::NoRoom => Some("NoRoom".into()),
            Sent::Refused(why) => Some(format!("{why:?}")),
        };
        self.tally.call(&name, why);
        let depth = match sent {
            Sent::Included => invariants::Depth::Whole,
            _ => invariants::Depth::Nothing,
        };
        self.observe(&name, &sent_code(sent), depth)?;
        Ok(sent)
    }

    /// Takes in the events since the last time and checks all that must be true.
    pub fn observe(
        &mut self,
        name: &(impl Hash + ?Sized),
        outcome: &(impl Encode + ?Sized),
        depth: invariants::Depth,
    ) -> Checked {
        let events: Vec<RuntimeEvent> = System::read_events_no_consensus()
            .skip(self.events)
            .map(|record| record.event)
            .collect();
        self.events += events.len();
        let mut kinds = BTreeSet::new();
        for event in &events {
            // The time of every block tells nothing.
            if !matches!(event, RuntimeEvent::System(_)) {
                self.tell(|| format!("          {event:?}"));
            }
            self.tally.event(tally::Kind::of(event));
            kinds.insert(kind_of(event));
        }
        let hash = |content: &dyn Fn(&mut DefaultHasher)| {
            let mut hasher = DefaultHasher::new();
            name.hash(&mut hasher);
            content(&mut hasher);
            hasher.finish()
        };
        self.features
            .insert(hash(&|hasher| (outcome.encode(), &kinds).hash(hasher)));
        for kind in &kinds {
            self.features.insert(hash(&|hasher| kind.hash(hasher)));
        }
        let quiet = events
            .iter()
            .all(|event| matches!(event, RuntimeEvent::System(_)));
        let whole = match depth {
            invariants::Depth::Nothing => return Ok(()),
            invariants::Depth::IfAnythingHappened => !quiet,
            invariants::Depth::Whole => true,
        };
        if whole {
            invariants::learn(self);
        }
        for event in &events {
            self.ledger.note(event)?;
        }
        self.check_issuance()?;
        match whole {
            true => invariants::check(self),
            false => Ok(()),
        }
    }

    /// Compares the issuance with what the events say was burned.
    fn check_issuance(&mut self) -> Checked {
        let now = Balances::total_issuance();
        let (burned, era_paid) = self.ledger.take_burned();
        let expected = self.issuance.saturating_sub(burned);
        hold(now == expected || era_paid && now >= expected, || {
            format!(
                "{} was issued, {burned} burned with an event, and {now} is left",
                self.issuance
            )
        })?;
        self.issuance = now;
        Ok(())
    }
}

/// The state root, with everything that has changed.
fn state_root() -> Vec<u8> {
    sp_io::storage::root(StateVersion::V1)
}

/// A call's pallet and place in it.
fn name_of(call: &RuntimeCall) -> (String, String) {
    use frame_support::traits::GetCallMetadata;
    let metadata = call.get_call_metadata();
    (metadata.pallet_name.into(), metadata.function_name.into())
}

fn sent_code(sent: Sent) -> Vec<u8> {
    match sent {
        Sent::Included => vec![0],
        Sent::NoRoom => vec![1],
        Sent::Refused(refused) => refused.encode(),
    }
}

/// An event's pallet and kind, and for some what it says.
fn kind_of(event: &RuntimeEvent) -> Vec<u8> {
    let mut kind = event.encode();
    kind.truncate(2);
    match event {
        RuntimeEvent::TaskMarket(pallet_task_market::Event::TaskRefunded { reason, .. }) => {
            kind.extend(reason.encode());
        }
        RuntimeEvent::SolverStaking(pallet_solver_staking::Event::SlashScheduled { fault, .. }) => {
            kind.extend(fault.encode());
        }
        RuntimeEvent::Workflow(pallet_workflow::Event::StepEnded { state, .. }) => {
            // Without the task's number.
            kind.extend(state.encode().into_iter().take(2));
        }
        RuntimeEvent::Dispute(pallet_dispute::Event::ChallengeLost { flaw, .. }) => {
            kind.extend(flaw.encode())
        }
        _ => {}
    }
    kind
}
