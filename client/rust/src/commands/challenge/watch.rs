//! `pensum challenge --watch`

use super::report::Report;
use crate::terminal::{answer::Answer, context::Context, progress::Wait};
use pensum_client::{
    dispute::{Finding, Proof},
    gateway::Gateway,
    view::TaskEvent,
    BlockNumber, Chain, Error, Key, Kind, TaskId,
};
use pensum_primitives::task::ClaimView;
use serde_json::json;
use sp_core::crypto::Ss58Codec;
use std::{collections::BTreeMap, time::Duration};
use subxt::rpcs::client::RpcSubscription;
use tokio::{
    signal::ctrl_c,
    sync::watch::{channel, Receiver},
    time::sleep,
};

/// How often the node is asked for claims even if it tells of none: a subscription can miss events.
const ASK_EVERY: Duration = Duration::from_secs(6);
/// How long until a node that went away is looked for again.
const RECONNECT_AFTER: Duration = Duration::from_secs(2);

/// Follows the chain and challenges what is wrong, until it is interrupted.
pub async fn run(context: &Context, gateway: &Gateway) -> Result<Answer, Error> {
    let key = context.key()?;
    let mut chain = context.chain().await?;
    let mut stop = interrupted();
    let mut watcher = Watcher {
        context,
        gateway,
        key,
        known: Known::default(),
        tally: BTreeMap::new(),
        wait: context.wait(None, "watching"),
    };
    watcher.introduce(&chain).await?;
    while let Err(error) = watcher.follow(&chain, &mut stop).await {
        if error.kind != Kind::Unreachable {
            return Err(error);
        }
        watcher.tell("lost", &error);
        match watcher.reconnect(&mut stop).await? {
            Some(again) => chain = again,
            None => break,
        }
    }
    let Watcher { tally, wait, .. } = watcher;
    drop(wait);
    let counts: Vec<String> = tally
        .iter()
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    let text = match counts.is_empty() {
        true => "No claim came.".into(),
        false => counts.join(", ").replace('_', " "),
    };
    Ok(Answer::new(json!({ "verdicts": tally }), text))
}

/// Turns true when the process is interrupted.
fn interrupted() -> Receiver<bool> {
    let (tell, stop) = channel(false);
    tokio::spawn(async move {
        if ctrl_c().await.is_ok() {
            tell.send(true).ok();
        }
    });
    stop
}

struct Watcher<'a> {
    context: &'a Context,
    gateway: &'a Gateway,
    key: Key,
    known: Known,
    tally: BTreeMap<&'static str, u64>,
    wait: Wait,
}

impl Watcher<'_> {
    /// Says who watches, and whether it can pay a bond.
    async fn introduce(&self, chain: &Chain) -> Result<(), Error> {
        let bond = chain.challenge_bond().await?;
        let at = chain.best().await?;
        let spendable = chain.spendable(&at, self.key.public()).await?;
        let account = self.key.account().to_ss58check();
        let url = self.gateway.url();
        let line = match self.context.json {
            true => json!({ "watching": { "account": account, "bond": bond, "spendable": spendable, "gateway": url } })
                .to_string(),
            false => {
                let warning = match spendable < bond {
                    true => ". That is too little: add funds",
                    false => "",
                };
                format!("watching as {account} with {url}; a challenge holds {bond}, and {spendable} can be spent{warning}")
            }
        };
        self.wait.line(&line);
        Ok(())
    }

    fn tell(&self, what: &str, error: &Error) {
        let line = match self.context.json {
            true => json!({ what: { "code": error.code, "fact": error.fact } }).to_string(),
            false => format!("{what}: {}", error.fact),
        };
        self.wait.line(&line);
    }

    /// Looks at every claim until it is stopped, or the node goes away.
    async fn follow(&mut self, chain: &Chain, stop: &mut Receiver<bool>) -> Result<(), Error> {
        let mut events = chain.rpc.follow_all().await?;
        loop {
            let claims = chain.rpc.claims().await?;
            self.known.forget_all_but(&claims);
            for claim in &claims {
                if *stop.borrow() {
                    return Ok(());
                }
                if self.known.is_new(claim) {
                    let report = self.look(chain, claim).await?;
                    self.log(claim, &report);
                }
            }
            tokio::select! {
                _ = stop.changed() => return Ok(()),
                heard = next_claim(&mut events, chain.rpc.url()) => heard?,
                _ = sleep(ASK_EVERY) => (),
            }
        }
    }

    async fn reconnect(&self, stop: &mut Receiver<bool>) -> Result<Option<Chain>, Error> {
        loop {
            tokio::select! {
                _ = stop.changed() => return Ok(None),
                _ = sleep(RECONNECT_AFTER) => (),
            }
            match self.context.chain().await {
                Ok(chain) => return Ok(Some(chain)),
                Err(error) if error.kind == Kind::Unreachable => (),
                Err(error) => return Err(error),
            }
        }
    }

    fn log(&mut self, claim: &ClaimView, report: &Report) {
        let verdict = report.verdict();
        // One line a claim, however often it must be tried.
        if !self.known.note(claim, verdict) {
            return;
        }
        *self.tally.entry(verdict).or_default() += 1;
        self.wait.line(&match self.context.json {
            true => json!({ "claim": report }).to_string(),
            false => report.line(),
        });
    }

    /// Recomputes one claim. Only a node that went away is an error.
    async fn look(&mut self, chain: &Chain, claim: &ClaimView) -> Result<Report, Error> {
        let report = Report::of(claim);
        if claim.trace.is_none() {
            return Ok(report.because("skipped", "its requester judges it"));
        }
        if claim.solver == self.key.account() {
            return Ok(report.because("skipped", "it is this account's own answer"));
        }
        let traced = match chain.rpc.claim(claim.task).await {
            Ok(traced) => traced,
            Err(error) if error.kind == Kind::Unreachable => return Err(error),
            Err(error) => return Ok(report.failed("skipped", &error)),
        };
        match traced.recompute(self.gateway).await {
            Ok(Finding::Right) => Ok(report.says("right")),
            Ok(Finding::Wrong(proof)) => self.file(chain, claim, &proof).await,
            Err(error) if may_pass(&error) => Ok(report.failed("waits", &error)),
            Err(error) => Ok(report.failed("skipped", &error)),
        }
    }

    /// Files a proof, unless one may be on its way already: that is sent again only once neither chain nor pool hold it.
    async fn file(&mut self, chain: &Chain, claim: &ClaimView, proof: &Proof) -> Result<Report, Error> {
        let report = Report::of(claim);
        let (used, next) = chain.nonces(&self.key).await?;
        match fate(self.known.sent_before(claim), used, next) {
            Fate::Unsent => self.known.send(claim, next),
            Fate::Pooled => {
                return Ok(report.because("waits", "the pool holds a transaction of this account"))
            }
            Fate::Included => {
                return Ok(report.because("filed", "the connection broke before the chain's word came"))
            }
        }
        let patience = self.context.patience;
        match chain.challenge(&self.key, claim.task, proof, patience).await {
            Ok(challenged) => Ok(report.challenged(&challenged)),
            Err(error) if error.kind == Kind::Unreachable => Err(error),
            Err(error) if error.kind == Kind::TimedOut || is_pooled(&error) => {
                Ok(report.failed("waits", &error))
            }
            Err(error) => Ok(report.failed("failed", &error)),
        }
    }
}

/// Where a proof is that may have been sent before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// Nowhere: it was not sent, or was lost.
    Unsent,
    /// In the pool.
    Pooled,
    /// In a block, or something else of this account is under its nonce.
    Included,
}

/// What is in the pool and not remembered may be a proof that an earlier run of this command sent, so that it counts as one.
///
/// `sent` is the nonce under which a proof was sent, `used` the nonces that the chain has used, `next` those that the pool has too.
fn fate(sent: Option<u64>, used: u64, next: u64) -> Fate {
    match sent {
        Some(sent) if sent < used => Fate::Included,
        Some(sent) if sent < next => Fate::Pooled,
        None if used < next => Fate::Pooled,
        _ => Fate::Unsent,
    }
}

/// Whether a gateway may do later what it cannot do now.
fn may_pass(error: &Error) -> bool {
    let busy = ["gateway.busy", "gateway.stopping", "gateway.queue_full"];
    error.kind == Kind::Unreachable || busy.contains(&error.code.as_str())
}

/// Whether the pool holds a transaction of this nonce.
fn is_pooled(error: &Error) -> bool {
    ["pool.AlreadyKnown", "pool.PriorityTooLow"].contains(&error.code.as_str())
}

/// Waits for news that there may be another claim.
async fn next_claim(events: &mut RpcSubscription<TaskEvent>, url: &str) -> Result<(), Error> {
    loop {
        match events.next().await {
            Some(Ok(event)) if ["claimed", "missed", "retracted"].contains(&event.kind.as_str()) => {
                return Ok(())
            }
            Some(Ok(_)) => (),
            Some(Err(_)) | None => {
                return Err(Error::unreachable(
                    "client.Unreachable",
                    format!("{url} tells of no more events."),
                    "See whether the node runs.",
                ))
            }
        }
    }
}

/// What was seen of the claims that are open now. The same task can be claimed anew, by another solver in a later block.
#[derive(Default)]
struct Known(BTreeMap<(TaskId, BlockNumber), Seen>);

#[derive(Default)]
struct Seen {
    /// What was told of it.
    told: Option<&'static str>,
    /// The nonce under which a proof was sent.
    sent: Option<u64>,
}

impl Known {
    fn id(claim: &ClaimView) -> (TaskId, BlockNumber) {
        (claim.task, claim.claimed_at)
    }

    /// Whether nothing final is known of it.
    fn is_new(&self, claim: &ClaimView) -> bool {
        let seen = self.0.get(&Self::id(claim));
        seen.and_then(|seen| seen.told).is_none_or(|told| told == "waits")
    }

    /// Notes what is told of it; false if that was told before.
    fn note(&mut self, claim: &ClaimView, verdict: &'static str) -> bool {
        let seen = self.0.entry(Self::id(claim)).or_default();
        seen.told.replace(verdict) != Some(verdict)
    }

    fn send(&mut self, claim: &ClaimView, nonce: u64) {
        self.0.entry(Self::id(claim)).or_default().sent = Some(nonce);
    }

    fn sent_before(&self, claim: &ClaimView) -> Option<u64> {
        self.0.get(&Self::id(claim)).and_then(|seen| seen.sent)
    }

    fn forget_all_but(&mut self, open: &[ClaimView]) {
        self.0
            .retain(|id, _| open.iter().any(|claim| Self::id(claim) == *id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pensum_client::Digest;

    fn claim(task: u64, claimed_at: BlockNumber) -> ClaimView {
        serde_json::from_value(json!({
            "task": task, "model": Digest::zero(), "weights": Digest::zero(),
            "solver": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "input": { "inline": "0x" },
            "output": "0x", "trace": null, "claimed_at": claimed_at, "until": 20,
        }))
        .unwrap()
    }

    #[test]
    fn a_claim_is_looked_at_until_something_final_is_known_of_it() {
        let (mut known, claim) = (Known::default(), claim(256, 8));
        assert!(known.is_new(&claim));
        assert!(known.note(&claim, "waits"));
        assert!(known.is_new(&claim), "what waits is tried again");
        assert!(!known.note(&claim, "waits"), "and told once");
        assert!(known.note(&claim, "right"));
        assert!(!known.is_new(&claim));
    }

    #[test]
    fn the_next_claim_to_the_same_task_is_another_one() {
        let mut known = Known::default();
        known.note(&claim(256, 8), "disproven");
        assert!(known.is_new(&claim(256, 12)));
        known.forget_all_but(&[claim(256, 12)]);
        assert!(known.0.is_empty(), "what is no longer open is forgotten");
    }

    #[test]
    fn a_proof_that_was_sent_is_remembered_with_its_nonce() {
        let mut known = Known::default();
        known.send(&claim(256, 8), 3);
        assert_eq!(known.sent_before(&claim(256, 8)), Some(3));
        assert!(known.is_new(&claim(256, 8)), "whether it arrived is not known");
        assert_eq!(known.sent_before(&claim(256, 12)), None);
    }

    #[test]
    fn a_proof_is_sent_again_only_once_nobody_holds_it() {
        assert_eq!(fate(None, 3, 3), Fate::Unsent);
        assert_eq!(fate(Some(3), 3, 4), Fate::Pooled);
        assert_eq!(fate(Some(3), 4, 4), Fate::Included);
        assert_eq!(fate(Some(3), 3, 3), Fate::Unsent, "the pool has lost it");
        assert_eq!(
            fate(None, 3, 4),
            Fate::Pooled,
            "a run before this one may have sent it"
        );
    }

    #[test]
    fn a_busy_gateway_is_asked_again_and_one_that_cannot_is_not() {
        let refused = |code: &str| Error::refused(code, "", "");
        assert!(may_pass(&refused("gateway.busy")));
        assert!(!may_pass(&refused("gateway.no_step")));
        assert!(is_pooled(&refused("pool.AlreadyKnown")));
        assert!(!is_pooled(&refused("Dispute.NotClaimed")));
    }
}
