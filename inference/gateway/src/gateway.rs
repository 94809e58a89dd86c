//! Starting and stopping.

use crate::{
    config::{Config, ConfigError},
    engine::{Engine, GraphEngine},
    execute::Executor,
    http::{self, Service},
    journal::{Journal, JournalError},
    metrics::Metrics,
    runs::Runs,
    store::Store,
    token::Token,
    watch::{OpenWatch, Watch},
};
use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, thread::JoinHandle};
use tokio::{net::TcpListener, sync::oneshot, task};

/// The gateway did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings do not fit together.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The models folder cannot be read.
    #[error(
        "The models folder {folder} cannot be read ({source}). Create it, or name another with --models-dir."
    )]
    Models {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The data folder cannot be used.
    #[error("The data folder {folder} cannot be used ({source}). Let this user write there, or name another with --data-dir.")]
    Data {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on ({source}). Give another address with --listen, or port 0 for a free one.")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system gave no thread.
    #[error("No thread could be started ({0}). Give fewer with --threads, or raise the system's limit.")]
    Threads(io::Error),
}

/// Starts gateways.
#[derive(Clone, Copy, Debug)]
pub struct Gateway;

impl Gateway {
    /// Starts a gateway with the engines of this crate: `graph`. Must be called inside a tokio runtime.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        config.check()?;
        let folder = config.models_dir.clone();
        let engine = blocking(move || {
            GraphEngine::open(folder.clone()).map_err(|source| StartError::Models { folder, source })
        })
        .await?;
        Self::start_with(config, vec![Arc::new(engine)]).await
    }

    /// Starts a gateway with other engines; a run goes to the first that holds its weights.
    pub async fn start_with(config: Config, engines: Vec<Arc<dyn Engine>>) -> Result<Running, StartError> {
        config.check()?;
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|source| StartError::Listen {
                address: config.listen,
                source,
            })?;
        let address = listener.local_addr().map_err(|source| StartError::Listen {
            address: config.listen,
            source,
        })?;
        let Config {
            token,
            threads,
            blob_limit,
            ..
        } = config.clone();
        let (service, handles, watch) = blocking(move || {
            let data = |source| StartError::Data {
                folder: config.data_dir.clone(),
                source,
            };
            std::fs::create_dir_all(&config.data_dir).map_err(data)?;
            let (journal, again) = Journal::open(
                &config.data_dir.join("journal.redb"),
                config.keep_runs,
                config.keep_for,
            )?;
            let store = Store::open(&config.data_dir, config.blob_limit, config.store_limit).map_err(data)?;
            let names = engines.iter().map(|engine| engine.name());
            let (store, metrics) = (Arc::new(store), Arc::new(Metrics::of(names)));
            if !again.is_empty() {
                tracing::info!(runs = again.len(), "taking up the runs that were not over");
            }
            let executor = Executor {
                engines: engines.clone(),
                store: store.clone(),
            };
            let watch = config
                .watch
                .map(|watch| Watch::open(watch, &config.data_dir, executor.clone()))
                .transpose()?;
            let runs = Arc::new(Runs::new(
                journal,
                again,
                executor,
                metrics.clone(),
                config.queue_limit,
            ));
            let handles = runs.spawn(threads).map_err(|error| {
                runs.stop();
                StartError::Threads(error)
            })?;
            let watch = watch.map(OpenWatch::spawn).transpose().map_err(|error| {
                runs.stop();
                StartError::Threads(error)
            })?;
            let board = watch.as_ref().map(|watch| watch.board.clone());
            Ok((Service::new(runs, store, metrics, engines, board), handles, watch))
        })
        .await?;

        let runs = service.runs.clone();
        let router = http::router(service, blob_limit, http::Guard::new(address, token.clone()));
        let (stop, stopped) = oneshot::channel::<()>();
        // A dropped sender stops the server as well: no connection outlives `Running`.
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let server = task::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the gateway's server ended");
            }
        });
        tracing::info!(%address, threads, "the gateway listens");
        Ok(Running {
            address,
            token,
            runs,
            stop: Some(stop),
            server,
            handles,
            watch,
        })
    }
}

/// A gateway that runs until it is shut down or dropped.
///
/// Dropping is abrupt: it does not wait for the run at which an engine is, which is run again at the next start.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    token: Option<Token>,
    runs: Arc<Runs>,
    stop: Option<oneshot::Sender<()>>,
    server: task::JoinHandle<()>,
    handles: Vec<JoinHandle<()>>,
    watch: Option<Watch>,
}

impl Running {
    /// Where it listens, with the port that was free.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What clients put before `/v1/runs`, without a slash at the end. A gateway that listens on every address is named by
    /// the loopback one.
    pub fn url(&self) -> String {
        let mut address = self.address;
        match address {
            SocketAddr::V4(v4) if v4.ip().is_unspecified() => address.set_ip([127, 0, 0, 1].into()),
            SocketAddr::V6(v6) if v6.ip().is_unspecified() => {
                address.set_ip(std::net::Ipv6Addr::LOCALHOST.into())
            }
            _ => {}
        }
        format!("http://{address}")
    }

    /// What clients must show, if anything.
    pub fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    /// Takes no more runs, ends those at which an engine is, and closes. Queued runs stay in the journal for the next
    /// start.
    pub async fn shutdown(mut self) {
        self.halt();
        self.stop.take();
        if let Err(error) = (&mut self.server).await {
            tracing::error!(%error, "the gateway's server broke down");
        }
        let (runs, mut handles) = (self.runs.clone(), std::mem::take(&mut self.handles));
        handles.extend(self.watch.as_mut().and_then(Watch::take_thread));
        drop(self);
        let ended = task::spawn_blocking(move || {
            let mut whole = true;
            for handle in handles {
                whole &= handle.join().is_ok();
            }
            if whole {
                runs.mark_clean()
            } else {
                tracing::error!("a thread of the gateway broke down");
                Ok(())
            }
        });
        match ended.await {
            Ok(Ok(())) => tracing::info!("the gateway has stopped"),
            Ok(Err(error)) => tracing::error!(%error, "the journal could not be closed"),
            Err(error) => tracing::error!(%error, "the gateway broke down while stopping"),
        }
    }
}

impl Running {
    fn halt(&self) {
        self.runs.stop();
        if let Some(watch) = &self.watch {
            watch.stop();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.halt();
    }
}

/// Runs what blocks where it may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> Result<T, StartError> {
    match task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(StartError::Threads(io::Error::other(error))),
    }
}
