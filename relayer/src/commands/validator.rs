use super::{
    begin_log, block_on,
    run::ended,
    signals::asked_to_end,
    tasks::{turn, Again},
};
use crate::{
    chain::Origin as _,
    config::{self, Config},
    evm::Evm,
    http::{self, Pulse, Reports, Served},
    journal::Journal,
    metrics::Metrics,
    route::{Follower, Step},
    time::Millis,
    tree::Tree,
    validator::{Announcing, Files, Signing, Witness},
    Error, Fault,
};
use hyperlane_primitives::Domain;
use std::{path::Path, sync::Arc};
use tokio::{sync::Mutex, task::JoinSet};

/// The name of the one loop.
const LOOP: &str = "sign";

/// Signs checkpoints until asked to end, or until the chain contradicts itself.
pub fn validator(path: &Path) -> Result<(), Error> {
    let config = Config::load(path)?;
    begin_log(config.log);
    block_on(async move {
        tokio::select! {
            ended = sign(config) => ended,
            asked = asked_to_end() => asked,
        }
    })
}

struct Report {
    signing: Arc<Signing>,
    origin: String,
    domain: u32,
}

impl Reports for Report {
    fn status(&self) -> Result<serde_json::Value, Error> {
        Ok(serde_json::json!({
            "origin": self.origin,
            "validator": self.signing.address(),
            "next_block": self.signing.journal.cursor(self.domain)?.next,
            "leaves": self.signing.journal.leaf_count(self.domain)?,
            "signed": self.signing.journal.next_to_sign()?,
        }))
    }

    fn refresh(&self) -> Result<(), Error> {
        Ok(())
    }
}

async fn sign(config: Config) -> Result<(), Error> {
    let (settings, chain) = config.for_validator()?;
    let metrics = Arc::new(Metrics::new()?);
    let key = config::evm_key(&settings.key_file)?;
    let payer = match settings.announce {
        true => Some(config::evm_key(&settings.announce_key_file)?),
        false => None,
    };
    let journal = Arc::new(Journal::open(&settings.journal)?);
    let listener = http::bind(settings.listen).await?;
    // A validator signs every leaf and carries none, so messages for nobody are asked for.
    let nobody = Domain(chain.domain);
    let evm = Arc::new(Evm::new(chain.clone(), nobody, payer, metrics.clone())?);
    journal.claim_chain(
        chain.domain,
        &format!("{} validator {}", evm.identity(), key.address()),
    )?;
    let tree = Arc::new(Tree::load(&journal, evm.domain(), evm.merkle_tree_hook())?);
    let files = Files::open(&settings.dir)?;
    let signing = Arc::new(Signing {
        key,
        tree: tree.clone(),
        journal: journal.clone(),
        files: files.clone(),
        metrics: metrics.clone(),
    });
    signing.check_flag()?;
    metrics.signed(journal.next_to_sign()?.checked_sub(1));
    let announcing = Announcing::begin(
        &signing,
        &files,
        (evm.domain(), chain.mailbox.into()),
        &settings.location,
        settings.announce,
    )?;
    tracing::info!(validator = ?signing.address(), origin = chain.name, "signing checkpoints");

    let pulse = Arc::new(Pulse::new([LOOP.into()]));
    let served = Served {
        metrics: metrics.clone(),
        reports: Arc::new(Report {
            signing: signing.clone(),
            origin: chain.name.clone(),
            domain: chain.domain,
        }),
        pulse: pulse.clone(),
    };
    let mut tasks = JoinSet::new();
    tasks.spawn(http::serve(listener, served, std::future::pending()));
    let follower = Follower {
        name: chain.name.clone(),
        origin: evm.clone(),
        tree,
        journal,
        metrics,
    };
    let poll = chain.lane.poll;
    tasks.spawn(async move {
        let announcing = Mutex::new(announcing);
        let (follower, signing, evm, announcing) = (&follower, &signing, &evm, &announcing);
        turn(LOOP.into(), pulse, poll, || async move {
            if let Err(fault) = announcing.lock().await.step(evm).await {
                match fault {
                    Fault::Fatal(error) => return Err(Fault::Fatal(error)),
                    // Signing does not wait for it.
                    other => tracing::warn!(fault = %other, "not announced yet"),
                }
            }
            step(follower, signing, evm).await
        })
        .await
    });
    ended(tasks).await
}

async fn step(follower: &Follower, signing: &Signing, evm: &Evm) -> Result<Again, Fault> {
    let domain = evm.domain().0;
    let step = follower.step(Millis::now()).await?;
    // Only when all has been read is there a block to ask the contract about.
    if step != Step::UpToDate {
        return Ok(Again::AtOnce);
    }
    let Some(anchor) = follower.journal.cursor(domain)?.anchor else {
        return Ok(Again::Later);
    };
    let (root, count) = evm.tree_at(&anchor).await?;
    let witness = Witness {
        block: anchor.block,
        root,
        count,
    };
    let fresh = signing.advance(&witness)?;
    if fresh > 0 {
        tracing::info!(fresh, count, block = anchor.block, "signed");
    }
    Ok(Again::Later)
}
