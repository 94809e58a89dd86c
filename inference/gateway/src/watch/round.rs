//! Rounds: looking at the chain, and telling what was found.

use super::{
    board::{counted, Board},
    chain::{Chain, Head},
    check::{claim_id, Why},
    journal::{Filed, Verdict, WatchJournal},
    key::ChallengerKey,
    node::NodeError,
    runtime::{Runtime, RuntimeError},
    walk::Misfit,
};
use crate::{digest::Digest, execute::Executor, journal::JournalError, wire::WatchState};
use pensum_primitives::{task::ClaimView, BlockNumber};
use std::{
    collections::{HashMap, HashSet},
    sync::{atomic::AtomicBool, Arc},
    time::{Duration, Instant},
};

/// When a runtime that does not fit is read again.
const READ_AGAIN: Duration = Duration::from_secs(60);

/// Watches a chain.
pub(crate) struct Watcher {
    pub(super) chain: Chain,
    pub(super) executor: Executor,
    pub(super) key: ChallengerKey,
    pub(super) journal: WatchJournal,
    pub(super) board: Arc<Board>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) runtime: Option<Runtime>,
    /// Why there is no runtime, and when to read it again.
    unfit: Option<(RuntimeError, Instant)>,
    /// As in the journal.
    pub(super) judged: HashMap<Digest, Verdict>,
    pub(super) filed: HashMap<Digest, Filed>,
    /// Open answers without a verdict.
    pub(super) waiting: HashMap<Digest, Waiting>,
    /// Open answers that are wrong.
    pub(super) wrong: HashSet<Digest>,
    /// The block of the last whole round.
    seen: Option<Head>,
    /// Final blocks up to this one were searched for challenges.
    pub(super) read_to: BlockNumber,
}

/// An open answer without a verdict.
pub(super) struct Waiting {
    claimed_at: BlockNumber,
    /// Why, and when to look again; nothing if nobody has looked yet.
    pub(super) why: Option<(Why, Instant)>,
}

/// What interrupts the watch.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Trouble {
    pub(super) fn state(&self) -> WatchState {
        match self {
            Self::Node(_) => WatchState::NodeUnreachable,
            Self::Journal(_) => WatchState::JournalBroken,
        }
    }
}

impl Watcher {
    pub(super) fn new(
        chain: Chain,
        executor: Executor,
        key: ChallengerKey,
        journal: WatchJournal,
        board: Arc<Board>,
        stop: Arc<AtomicBool>,
    ) -> Result<Self, JournalError> {
        let (judged, filed) = (journal.judged()?, journal.filed()?);
        Ok(Self {
            chain,
            executor,
            key,
            journal,
            board,
            stop,
            runtime: None,
            unfit: None,
            judged,
            filed,
            waiting: HashMap::new(),
            wrong: HashSet::new(),
            seen: None,
            read_to: 0,
        })
    }

    /// Looks at the chain, at what was filed and at every answer that has no verdict.
    pub(super) fn round(&mut self) -> Result<(), Trouble> {
        let looked = self.look();
        if matches!(looked, Err(Trouble::Node(_))) {
            // What answers next may be another chain.
            (self.runtime, self.unfit, self.seen) = (None, None, None);
        }
        looked
    }

    fn look(&mut self) -> Result<(), Trouble> {
        let head = self.chain.best()?;
        if self.seen == Some(head) && self.filed.is_empty() && !self.is_any_due() {
            return Ok(());
        }
        self.meet()?;
        let claims = self.chain.claims()?;
        let open: HashMap<Digest, ClaimView> = claims
            .into_iter()
            .filter(|claim| claim.trace.is_some())
            .map(|claim| (claim_id(&claim), claim))
            .collect();
        self.forget_all_but(&open)?;
        self.follow(head, &open)?;
        let whole = self.judge(head, &open)?;
        self.seen = whole.then_some(head);
        self.tell(head, &open)
    }

    fn is_any_due(&self) -> bool {
        let now = Instant::now();
        self.waiting.values().any(|waiting| waiting.is_due(now))
    }

    /// Reads the runtime that is in force, if it is not the one that is known.
    fn meet(&mut self) -> Result<(), Trouble> {
        let version = self.chain.version()?;
        if self
            .runtime
            .as_ref()
            .is_some_and(|known| known.version == version)
        {
            return Ok(());
        }
        self.runtime = None;
        if matches!(self.unfit, Some((_, again)) if Instant::now() < again) {
            return Ok(());
        }
        match Runtime::read(&self.chain, version) {
            Ok(runtime) => {
                if self.journal.follow(runtime.genesis)? {
                    tracing::warn!(genesis = %runtime.genesis, "another chain than before; what was known of that one is forgotten");
                    self.judged.clear();
                    self.filed.clear();
                    self.waiting.clear();
                }
                self.board.note(|report| report.bond = runtime.bond.to_string());
                tracing::info!(version = version.spec_version, genesis = %runtime.genesis, "challenges can be filed in this runtime");
                (self.runtime, self.unfit) = (Some(runtime), None);
                Ok(())
            }
            Err(RuntimeError::Node(error)) => Err(error.into()),
            Err(unfit) => {
                self.give_up(unfit);
                Ok(())
            }
        }
    }

    fn give_up(&mut self, unfit: RuntimeError) {
        tracing::error!(message = %unfit, "challenges cannot be filed");
        self.runtime = None;
        self.unfit = Some((unfit, Instant::now() + READ_AGAIN));
    }

    /// Notes that the runtime takes challenges in another way than this one writes them.
    pub(super) fn is_unfit(&mut self, version: u32, Misfit(reason): Misfit) {
        self.give_up(RuntimeError::Unfit { version, reason });
    }

    /// Forgets claims that are no longer open, and counts those that ended without a verdict.
    fn forget_all_but(&mut self, open: &HashMap<Digest, ClaimView>) -> Result<(), Trouble> {
        let waited = self.waiting.len();
        self.wrong.retain(|id| open.contains_key(id));
        self.waiting.retain(|id, _| open.contains_key(id));
        let missed = waited - self.waiting.len();
        if missed > 0 {
            tracing::warn!(
                missed,
                "answers settled, or were convicted by others, before they had a verdict here"
            );
            self.board.note(|report| report.missed += missed as u64);
        }
        let gone: HashSet<Digest> = self
            .judged
            .keys()
            .filter(|id| !open.contains_key(id))
            .copied()
            .collect();
        self.judged.retain(|id, _| !gone.contains(id));
        Ok(self.journal.judge(&[], &gone)?)
    }

    /// Says how the watch does after a round.
    fn tell(&mut self, head: Head, open: &HashMap<Digest, ClaimView>) -> Result<(), Trouble> {
        let account = self.chain.account(&self.key.account())?;
        let reasons = self.waiting.values().filter_map(|waiting| waiting.why);
        let unknown = counted(reasons.map(|(why, _)| why));
        let oldest = self.waiting.values().filter(|waiting| waiting.is_owed());
        let oldest = oldest.map(|waiting| waiting.claimed_at).min();
        self.board.note(|report| {
            report.best = head.number;
            report.lag = oldest.map_or(0, |oldest| head.number.saturating_sub(oldest));
            report.open = open.len() as u64;
            report.unknown = unknown;
            report.pending = self.filed.len() as u64;
            report.spendable = account.spendable().to_string();
        });
        let needed = self.runtime.as_ref().map_or(0, |runtime| runtime.needed(0));
        let (state, message) = match &self.unfit {
            Some((unfit, _)) => (WatchState::RuntimeUnfit, Some(unfit.to_string())),
            None if account.spendable() < needed => {
                let spendable = account.spendable();
                let message = format!(
                    "A challenge takes up to {needed} for bond and fee, and the challenger can spend {spendable}. Add funds to its account."
                );
                (WatchState::BondShort, Some(message))
            }
            None => (WatchState::Watching, None),
        };
        if self.board.becomes(state, message.clone()) {
            tracing::info!(state = state.name(), message, "the watch goes on");
        }
        Ok(())
    }
}

impl Waiting {
    pub(super) fn of(claim: &ClaimView) -> Self {
        Self {
            claimed_at: claim.claimed_at,
            why: None,
        }
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.why.is_none_or(|(_, again)| again <= now)
    }

    /// Whether a verdict could be had and is not.
    fn is_owed(&self) -> bool {
        self.why.is_none_or(|(why, _)| !why.is_foreign())
    }
}

#[cfg(test)]
mod tests;
