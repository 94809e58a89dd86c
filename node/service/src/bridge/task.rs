//! The bridge's task of a running node.

use super::{follower, Messages, Signer};
use crate::{
    chain::{BlockRef, Chain},
    metrics::Metrics,
};
use futures::{FutureExt, Stream, StreamExt};
use std::sync::Arc;

/// Copies the messages of all final blocks, those of before the start first, and lets the signer sign them, for as long as
/// `finality` goes on.
pub async fn run(
    messages: Messages,
    chain: Arc<dyn Chain>,
    mut signer: Option<Signer>,
    metrics: Metrics,
    finality: impl Stream<Item = BlockRef>,
) {
    let finality = finality.fuse();
    futures::pin_mut!(finality);
    let mut block = chain.finalized();
    let mut readable = true;
    loop {
        match follower::catch_up(&messages, chain.as_ref(), block).await {
            Ok(()) => {
                readable = true;
                metrics.bridge_messages(messages.next());
                if let Some(signer) = &mut signer {
                    signer.round(block);
                }
            }
            // The next final block brings us back here; one line is enough for a state that stays unreadable.
            Err(error) if readable => {
                readable = false;
                log::warn!(
                    "Bridge: the messages at block {} cannot be read ({error}). Trying again at every final block",
                    block.number
                );
            }
            Err(_) => {}
        }
        match newest(&mut finality).await {
            Some(newest) => block = newest,
            None => return,
        }
    }
}

/// The newest block there is, after waiting for one: after a long round the state of an older one may be gone.
async fn newest(finality: &mut (impl Stream<Item = BlockRef> + Unpin)) -> Option<BlockRef> {
    let mut block = finality.next().await?;
    while let Some(Some(newer)) = finality.next().now_or_never() {
        block = newer;
    }
    Some(block)
}
