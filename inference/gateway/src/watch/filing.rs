//! Challenges on their way: signed, sent, and followed into a final block.

use super::{
    chain::Head,
    check::Why,
    extrinsic::{Proof, Ticket},
    journal::{Filed, Verdict},
    node::NodeError,
    round::{Trouble, Watcher},
    word::Word,
};
use crate::digest::{Digest, HexBytes};
use pensum_primitives::{task::ClaimView, BlockNumber};
use std::collections::{HashMap, HashSet};

/// Most challenges on their way at once: what a block or two can hold of small ones.
const MAX_PENDING: usize = 64;
/// How deep a block must lie to count as final where finality stalls, and how many blocks one round searches.
const DEEP: BlockNumber = 32;
/// How deep the block lies that a challenge refers to: it must not be replaced while the challenge is on its way.
const BORN_BELOW: BlockNumber = 2;

impl Watcher {
    /// Signs a challenge, notes it and sends it. Why not, if not.
    pub(super) fn file(
        &mut self,
        head: Head,
        id: Digest,
        claim: &ClaimView,
        proof: &Proof,
    ) -> Result<Option<Why>, Trouble> {
        let Some(runtime) = &self.runtime else {
            return Ok(Some(Why::RuntimeUnfit));
        };
        if self.filed.len() >= MAX_PENDING {
            return Ok(Some(Why::Crowded));
        }
        let account = self.chain.account(&self.key.account())?;
        // A bond comes back at once, so that one covers any number of right challenges; the fee of each is less than a bond.
        if account.spendable() < runtime.needed(self.filed.len()) {
            return Ok(Some(Why::BondShort));
        }
        let number = head.number.saturating_sub(BORN_BELOW);
        let hash = self.chain.hash(number)?;
        let ticket = Ticket {
            nonce: self.free_nonce(account.nonce),
            born: Head { number, hash },
        };
        let extrinsic = match runtime.challenge(&self.key, &ticket, claim.task, proof) {
            Ok(extrinsic) => HexBytes(extrinsic),
            Err(misfit) => {
                let version = runtime.version.spec_version;
                self.is_unfit(version, misfit);
                return Ok(Some(Why::RuntimeUnfit));
            }
        };
        let filed = Filed {
            task: claim.task,
            node: proof.step.node,
            nonce: ticket.nonce,
            signed_at: head.number,
            dies_at: ticket.dies_at(),
            extrinsic,
        };
        self.journal.file(id, &filed)?;
        tracing::warn!(
            task = filed.task.0,
            node = filed.node,
            nonce = filed.nonce,
            "filing a proof"
        );
        self.board.note(|report| report.filed += 1);
        let sent = self.send(&filed);
        self.filed.insert(id, filed);
        sent.map(|()| None)
    }

    /// The lowest nonce that neither the chain nor a challenge on its way has. A challenge that died leaves a gap, which the next
    /// one fills, or those behind it would wait for ever.
    fn free_nonce(&self, used: u32) -> u32 {
        let taken: HashSet<u32> = self.filed.values().map(|filed| filed.nonce).collect();
        (used..).find(|nonce| !taken.contains(nonce)).unwrap_or(used)
    }

    /// Sends a challenge. What the pool refuses stays noted: another try may follow, and its death is certain in some blocks.
    fn send(&self, filed: &Filed) -> Result<(), Trouble> {
        match self.chain.submit(&filed.extrinsic) {
            Err(error @ NodeError::Unreachable(_)) => Err(error.into()),
            Err(error) => {
                tracing::warn!(task = filed.task.0, nonce = filed.nonce, message = %error, "the pool does not take a proof");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Looks for challenges in blocks that have become final, gives up those that died, and sends again what the pool has lost.
    pub(super) fn follow(&mut self, head: Head, open: &HashMap<Digest, ClaimView>) -> Result<(), Trouble> {
        let Some(first) = self.filed.values().map(|filed| filed.signed_at).min() else {
            return Ok(());
        };
        let last = self.filed.values().map(|filed| filed.dies_at).max();
        let settled = self.chain.finalized()?.max(head.number.saturating_sub(DEEP));
        let from = self.read_to.max(first);
        let to = settled
            .min(last.unwrap_or(settled))
            .min(from.saturating_add(DEEP));
        for number in from.saturating_add(1)..=to {
            self.search(number)?;
            self.read_to = number;
        }
        let dead: Vec<Digest> = self
            .filed
            .iter()
            .filter(|(_, filed)| filed.dies_at <= to)
            .map(|(id, _)| *id)
            .collect();
        for id in dead {
            self.end(id, None)?;
        }
        self.send_again(open)
    }

    /// Looks for challenges in one block.
    fn search(&mut self, number: BlockNumber) -> Result<(), Trouble> {
        let block = self.chain.hash(number)?;
        let extrinsics = self.chain.extrinsics(block)?;
        let place = |filed: &Filed| extrinsics.iter().position(|found| *found == filed.extrinsic);
        let found: Vec<(Digest, u32)> = self
            .filed
            .iter()
            .filter_map(|(id, filed)| Some((*id, u32::try_from(place(filed)?).ok()?)))
            .collect();
        for (id, place) in found {
            let word = self.word(block, place)?;
            self.end(id, Some(word))?;
        }
        Ok(())
    }

    fn word(&self, block: Digest, place: u32) -> Result<Word, Trouble> {
        let Some(runtime) = &self.runtime else {
            return Ok(Word::Untold);
        };
        match self.chain.events(block) {
            Ok(events) => Ok(runtime.word(&events, place).unwrap_or(Word::Untold)),
            Err(error @ NodeError::Unreachable(_)) => Err(error.into()),
            // The node has not kept the block's state.
            Err(_) => Ok(Word::Untold),
        }
    }

    /// Notes what came of a challenge; nothing if it died, so that another one can be filed while the window is open.
    fn end(&mut self, id: Digest, word: Option<Word>) -> Result<(), Trouble> {
        let verdict = word.as_ref().map(|_| Verdict::Challenged);
        self.journal.end(id, verdict)?;
        let Some(filed) = self.filed.remove(&id) else {
            return Ok(());
        };
        if let Some(verdict) = verdict {
            self.judged.insert(id, verdict);
        }
        let (task, nonce) = (filed.task.0, filed.nonce);
        let name = word.as_ref().map_or("died", Word::name);
        match &word {
            Some(Word::Lost) => {
                tracing::error!(task, nonce, "the chain found the answer right: the bond is lost. Compare this gateway's models with the chain's")
            }
            Some(Word::Refused(error)) => tracing::warn!(task, nonce, error, "a proof came to nothing"),
            None => tracing::warn!(task, nonce, "no block took a proof in time"),
            Some(_) => tracing::info!(task, nonce, end = name, "the chain has decided about a proof"),
        }
        self.board
            .note(|report| *report.ended.entry(name.into()).or_default() += 1);
        Ok(())
    }

    /// Sends again what the pool has lost and still concerns an open answer.
    fn send_again(&self, open: &HashMap<Digest, ClaimView>) -> Result<(), Trouble> {
        let mut concerned: Vec<&Filed> = self
            .filed
            .iter()
            .filter(|(id, _)| open.contains_key(id))
            .map(|(_, filed)| filed)
            .collect();
        if concerned.is_empty() {
            return Ok(());
        }
        concerned.sort_by_key(|filed| filed.nonce);
        let next = self.chain.next_nonce(&self.key.account())?;
        for filed in concerned.into_iter().filter(|filed| filed.nonce >= next) {
            self.send(filed)?;
        }
        Ok(())
    }
}
