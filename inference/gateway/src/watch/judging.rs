//! Recomputing open answers, most urgent first.

use super::{
    chain::Head,
    check::{check, Finding, Why},
    journal::Verdict,
    node::NodeError,
    round::{Trouble, Waiting, Watcher},
};
use crate::digest::Digest;
use pensum_primitives::task::ClaimView;
use std::{
    collections::{HashMap, HashSet},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

/// The longest that one round recomputes before it looks which answers are open now.
const ROUND: Duration = Duration::from_secs(5);
/// When an answer without a verdict is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Verdicts that one write to the journal takes.
const JUDGED_AT_A_TIME: usize = 256;

impl Watcher {
    /// Recomputes what has no verdict, most urgent first; whether it got through.
    pub(super) fn judge(&mut self, head: Head, open: &HashMap<Digest, ClaimView>) -> Result<bool, Trouble> {
        let (now, mut verdicts) = (Instant::now(), Vec::new());
        let mut due: Vec<(&Digest, &ClaimView)> = open
            .iter()
            .filter(|(id, claim)| self.is_to_be_judged(id) && claim.until > head.number)
            .collect();
        due.sort_by_key(|(_, claim)| (claim.until, claim.task));
        for (id, claim) in &due {
            self.waiting.entry(**id).or_insert_with(|| Waiting::of(claim));
        }
        let mut whole = true;
        for (id, claim) in due {
            if self.stop.load(Ordering::Relaxed) || now.elapsed() > ROUND {
                whole = false;
                break;
            }
            if !self.waiting.get(id).is_some_and(|waiting| waiting.is_due(now)) {
                continue;
            }
            if let Some(verdict) = self.verdict(head, *id, claim)? {
                self.waiting.remove(id);
                self.judged.insert(*id, verdict);
                verdicts.push((*id, verdict));
            }
            if verdicts.len() >= JUDGED_AT_A_TIME {
                self.journal
                    .judge(&std::mem::take(&mut verdicts), &HashSet::new())?;
            }
        }
        self.journal.judge(&verdicts, &HashSet::new())?;
        Ok(whole)
    }

    fn is_to_be_judged(&self, id: &Digest) -> bool {
        !self.judged.contains_key(id) && !self.filed.contains_key(id)
    }

    /// Recomputes one answer; its verdict, if it has one now.
    fn verdict(&mut self, head: Head, id: Digest, claim: &ClaimView) -> Result<Option<Verdict>, Trouble> {
        if claim.solver == self.key.account() {
            return Ok(Some(Verdict::Own));
        }
        let task = claim.task.0;
        let why = match check(&self.executor, &self.chain, claim) {
            Ok(Finding::Right) => {
                self.board.note(|report| report.checked += 1);
                return Ok(Some(Verdict::Right));
            }
            Ok(Finding::Unprovable) => {
                self.found_wrong(id, claim);
                tracing::error!(task, "an answer is wrong, and no transaction can carry what proves it; tell the model's publisher");
                return Ok(Some(Verdict::Unprovable));
            }
            Ok(Finding::Wrong(proof)) => {
                self.found_wrong(id, claim);
                match self.file(head, id, claim, &proof)? {
                    None => {
                        self.waiting.remove(&id);
                        return Ok(None);
                    }
                    Some(why) => why,
                }
            }
            Ok(Finding::Unknown(why)) => why,
            Err(error @ NodeError::Unreachable(_)) => return Err(error.into()),
            // The answer has settled meanwhile, or the node has not kept its block.
            Err(_) => Why::TraceMissing,
        };
        if let Some(waiting) = self.waiting.get_mut(&id) {
            waiting.why = Some((why, Instant::now() + LOOK_AGAIN));
        }
        Ok(None)
    }

    fn found_wrong(&mut self, id: Digest, claim: &ClaimView) {
        if !self.wrong.insert(id) {
            return;
        }
        tracing::warn!(task = claim.task.0, solver = %claim.solver, "an answer is wrong");
        self.board.note(|report| {
            report.checked += 1;
            report.wrong += 1;
        });
    }
}
