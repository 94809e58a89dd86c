use super::{
    begin_log, block_on,
    signals::asked_to_end,
    tasks::{turn, Again},
    BALANCES_EVERY,
};
use crate::{
    chain::{Destination, Origin},
    config::{self, Config},
    evm::Evm,
    http::{self, Pulse, Reports, Served},
    journal::Journal,
    metadata::Witnesses,
    metrics::Metrics,
    pensum::{self, Pensum},
    route::{pause_after, Follower, Lane, Step},
    status::{Names, Status},
    time::Millis,
    tree::Tree,
    Error, Fault,
};
use hyperlane_primitives::Domain;
use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// Carries messages until asked to end.
pub fn run(path: &Path) -> Result<(), Error> {
    let config = Config::load(path)?;
    begin_log(config.log);
    block_on(async move {
        tokio::select! {
            ended = carry(config) => ended,
            asked = asked_to_end() => asked,
        }
    })
}

/// What `/status` and `/metrics` are told.
struct Report {
    journal: Arc<Journal>,
    names: Names,
    metrics: Arc<Metrics>,
}

impl Report {
    fn read(&self) -> Result<Status, Error> {
        Status::read(&self.journal, &self.names, true, Millis::now())
    }
}

impl Reports for Report {
    fn status(&self) -> Result<serde_json::Value, Error> {
        Ok(serde_json::json!(self.read()?))
    }

    fn refresh(&self) -> Result<(), Error> {
        self.metrics.routes(&self.read()?);
        Ok(())
    }
}

/// An origin with what belongs to it.
struct Source {
    name: String,
    origin: Arc<dyn Origin>,
    tree: Arc<Tree>,
    poll: Duration,
}

/// A destination with what belongs to it.
struct Goal {
    name: String,
    destination: Arc<dyn Destination>,
    lane: config::Lane,
    origins: Vec<u32>,
}

async fn carry(config: Config) -> Result<(), Error> {
    let (path, home) = config.for_run()?;
    let metrics = Arc::new(Metrics::new()?);
    let journal = Arc::new(Journal::open(path)?);
    let listener = http::bind(config.listen).await?;
    let pensum = Arc::new(Pensum::new(home, metrics.clone())?);
    let mut chains = Vec::new();
    for chain in &config.evm {
        let key = match (&chain.key_file, chain.from_pensum) {
            (Some(file), true) => Some(config::evm_key(file)?),
            _ => None,
        };
        let evm = Evm::new(chain.clone(), Domain(home.domain), key, metrics.clone())?;
        journal.claim_chain(chain.domain, &evm.identity())?;
        chains.push(Arc::new(evm));
    }

    let (sources, goals) = ends(&config, home, &journal, &pensum, &chains)?;
    let names = sources.iter().map(|source| format!("follow {}", source.name));
    let names = names.chain(goals.iter().map(|goal| format!("deliver to {}", goal.name)));
    let pulse = Arc::new(Pulse::new(names));
    let served = Served {
        metrics: metrics.clone(),
        reports: Arc::new(Report {
            journal: journal.clone(),
            names: Names::of(&config),
            metrics: metrics.clone(),
        }),
        pulse: pulse.clone(),
    };
    let mut tasks = JoinSet::new();
    tasks.spawn(http::serve(listener, served, std::future::pending()));
    // The journal must not be mixed with another chain's, so nothing is read before the node has said which it is.
    let mut failures = 0;
    loop {
        match pensum.identity().await {
            Ok(identity) => break journal.claim_chain(home.domain, &identity)?,
            Err(Fault::Fatal(error)) => return Err(error),
            Err(fault) => {
                tracing::warn!(%fault, "waiting for the Pensum node");
                tokio::time::sleep(pause_after(failures)).await;
                failures += 1;
            }
        }
    }
    let witnesses: BTreeMap<u32, Witnesses> = sources
        .iter()
        .map(|source| {
            let witnesses = Witnesses {
                origin: source.origin.clone(),
                tree: source.tree.clone(),
                folders: config.folders.clone(),
                journal: journal.clone(),
                metrics: metrics.clone(),
            };
            (source.origin.domain().0, witnesses)
        })
        .collect();
    for source in sources {
        tasks.spawn(follow(source, journal.clone(), metrics.clone(), pulse.clone()));
    }
    for goal in goals {
        let of_goal = goal
            .origins
            .iter()
            .filter_map(|origin| Some((*origin, witnesses.get(origin)?.clone())))
            .collect();
        tasks.spawn(watch_balance(
            goal.name.clone(),
            goal.destination.clone(),
            metrics.clone(),
        ));
        let lane = Lane::new(
            goal.name,
            goal.destination,
            of_goal,
            journal.clone(),
            (config.retry, goal.lane.max_in_flight),
            metrics.clone(),
        );
        tasks.spawn(deliver(lane, goal.lane.poll, pulse.clone()));
    }
    ended(tasks).await
}

/// The ends of all routes.
fn ends(
    config: &Config,
    home: &config::Pensum,
    journal: &Journal,
    pensum: &Arc<Pensum>,
    chains: &[Arc<Evm>],
) -> Result<(Vec<Source>, Vec<Goal>), Error> {
    let mut sources = Vec::new();
    let mut goals = Vec::new();
    let mut to_pensum = Vec::new();
    let source = |name: &str, origin: Arc<dyn Origin>, poll| -> Result<Source, Error> {
        Ok(Source {
            name: name.into(),
            tree: Arc::new(Tree::load(journal, origin.domain(), origin.merkle_tree_hook())?),
            origin,
            poll,
        })
    };
    for (settings, chain) in config.evm.iter().zip(chains) {
        if settings.to_pensum {
            sources.push(source(&settings.name, chain.clone(), settings.lane.poll)?);
            to_pensum.push(settings.domain);
        }
        if settings.from_pensum {
            goals.push(Goal {
                name: settings.name.clone(),
                destination: chain.clone(),
                lane: settings.lane,
                origins: vec![home.domain],
            });
        }
    }
    if !goals.is_empty() {
        sources.push(source(pensum::NAME, pensum.clone(), home.lane.poll)?);
    }
    if !to_pensum.is_empty() {
        goals.push(Goal {
            name: pensum::NAME.into(),
            destination: pensum.clone(),
            lane: home.lane,
            origins: to_pensum,
        });
    }
    Ok((sources, goals))
}

async fn follow(
    source: Source,
    journal: Arc<Journal>,
    metrics: Arc<Metrics>,
    pulse: Arc<Pulse>,
) -> Result<(), Error> {
    let name = format!("follow {}", source.name);
    let poll = source.poll;
    let follower = Follower {
        name: source.name,
        origin: source.origin,
        tree: source.tree,
        journal,
        metrics,
    };
    let follower = &follower;
    turn(name, pulse, poll, || async move {
        Ok(match follower.step(Millis::now()).await? {
            Step::UpToDate => Again::Later,
            Step::More | Step::Rewound => Again::AtOnce,
        })
    })
    .await
}

async fn deliver(lane: Lane, poll: Duration, pulse: Arc<Pulse>) -> Result<(), Error> {
    /// Messages that are made due in one change.
    const AT_ONCE: usize = 1000;
    let name = format!("deliver to {}", lane.name);
    let (domain, now) = (lane.destination.domain().0, Millis::now());
    while lane.journal.hasten(domain, now, AT_ONCE)? {}
    let lane = &lane;
    turn(name, pulse, poll, || async move {
        lane.tick(Millis::now()).await?;
        Ok(Again::Later)
    })
    .await
}

async fn watch_balance(
    name: String,
    destination: Arc<dyn Destination>,
    metrics: Arc<Metrics>,
) -> Result<(), Error> {
    loop {
        match destination.balance().await {
            Ok(coins) => metrics.balance(&name, coins),
            Err(Fault::Fatal(error)) => return Err(error),
            Err(fault) => tracing::debug!(name, %fault, "the balance is not known"),
        }
        tokio::time::sleep(BALANCES_EVERY).await;
    }
}

/// The first task that ends takes the others with it: none of them ends by itself while all is well.
pub(super) async fn ended(mut tasks: JoinSet<Result<(), Error>>) -> Result<(), Error> {
    match tasks.join_next().await {
        Some(Ok(ended)) => ended,
        Some(Err(why)) => Err(Error::machine(
            format!("A part of this process died: {why}."),
            "Start again, and report what the log says.",
        )),
        None => Ok(()),
    }
}
