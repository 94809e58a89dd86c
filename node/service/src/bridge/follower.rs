//! Copies final messages before they leave the state.

use super::{messages::Progress, Messages};
use crate::chain::{BlockRef, Chain, Read};
use pensum_primitives::bridge::Dispatched;

/// Messages that are read at once: the most that the runtime gives.
const BATCH: u32 = 256;

/// Every how many messages a long catch-up says how far it is.
const PROGRESS_EVERY: u32 = 10_000;

/// Copies all messages up to those of the final block `to`.
pub async fn catch_up(messages: &Messages, chain: &dyn Chain, to: BlockRef) -> Read<()> {
    let count = chain.bridge(to.hash)?.count;
    let mut progress = messages.progress();
    while progress.next < count {
        let first = progress.next;
        let batch = read(chain, &progress, to)?;
        if batch.first > first {
            tell_gap(first, batch.first);
            progress.next = batch.first;
            // What this node's own tree misses now, nobody can tell it any more but the runtime.
            progress.tree = chain.message_tree(batch.at.hash)?;
        }
        for message in &batch.messages {
            messages.add(&mut progress, message);
        }
        progress.block = batch.at.number;
        messages.save(&progress);
        if first / PROGRESS_EVERY != progress.next / PROGRESS_EVERY {
            log::info!("Bridge: at message {} of {count}", progress.next);
        }
        // Lets the node stop in the middle of a long catch-up.
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Messages one after the other, and the block in whose state they were read.
struct Batch {
    at: BlockRef,
    messages: Vec<Dispatched>,
    /// The first of them, or, where the state has none, the first that is still to come.
    first: u32,
}

impl Batch {
    /// Reads messages from `from` on in the state of a block.
    fn read(chain: &dyn Chain, at: BlockRef, from: u32) -> Read<Self> {
        let mut messages = chain.dispatched(at.hash, from, BATCH)?;
        let first = match messages.first() {
            Some(message) => message.index,
            None => chain.bridge(at.hash)?.count.max(from),
        };
        let in_order = messages
            .iter()
            .zip(first..)
            .take_while(|(message, number)| message.index == *number && *number >= from);
        let in_order = in_order.count();
        messages.truncate(in_order);
        Ok(Self { at, messages, first })
    }
}

/// The next messages: from the state of `to`, or, if they have left it, from that of an earlier block that still has them.
fn read(chain: &dyn Chain, progress: &Progress, to: BlockRef) -> Read<Batch> {
    let latest = Batch::read(chain, to, progress.next)?;
    if latest.first == progress.next {
        return Ok(latest);
    }
    let earliest = earliest(chain, progress, to)?;
    let Some(mut found) = earliest.filter(|found| found.first < latest.first) else {
        return Ok(latest);
    };
    // A later block has more of them, as long as it still has the first.
    let mut step = 1;
    while (found.messages.len() as u32) < BATCH {
        let Some(block) = at(chain, found.at.number.saturating_add(step), to)? else {
            break;
        };
        let later = Batch::read(chain, block, found.first)?;
        if later.first != found.first {
            break;
        }
        found = later;
        step = step.saturating_mul(2);
    }
    Ok(found)
}

/// What the first block says that counts `progress.next` and whose state this node still has.
fn earliest(chain: &dyn Chain, progress: &Progress, to: BlockRef) -> Read<Option<Batch>> {
    // The state of the lower one does not count the message or is gone, that of the higher one is there and counts it.
    let (mut low, mut high) = (progress.block, to.number);
    while high.saturating_sub(low) > 1 {
        let middle = low + (high - low) / 2;
        let counts = match at(chain, middle, to)? {
            Some(block) => chain
                .bridge(block.hash)
                .is_ok_and(|bridge| bridge.count > progress.next),
            None => false,
        };
        if counts {
            high = middle;
        } else {
            low = middle;
        }
    }
    match at(chain, high, to)? {
        Some(block) => Batch::read(chain, block, progress.next).map(Some),
        None => Ok(None),
    }
}

/// The final block of this number, before `to`.
fn at(chain: &dyn Chain, number: u32, to: BlockRef) -> Read<Option<BlockRef>> {
    if number >= to.number {
        return Ok(None);
    }
    Ok(chain.hash(number)?.map(|hash| BlockRef { number, hash }))
}

fn tell_gap(first: u32, next: u32) {
    log::warn!(
        "Bridge: messages {first} to {} left the chain's state before this node copied them: it was off or synced past them. It \
         shows neither them nor proofs of later ones; a node with `--sync full --state-pruning archive` can",
        next.saturating_sub(1)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bridge::{messages::Disagreement, MessagesError},
        index::fixture::{storage, FakeChain},
    };
    use pensum_primitives::Digest;

    /// A chain whose block `n` dispatches one message, for each of the blocks.
    fn chain(blocks: u32) -> FakeChain {
        let chain = FakeChain::new(blocks + 5, blocks);
        for block in 1..=blocks {
            chain.bridge.lock().dispatch(block);
        }
        chain
    }

    fn all(chain: &FakeChain) -> Vec<Dispatched> {
        chain.bridge.lock().messages.clone()
    }

    #[tokio::test]
    async fn final_messages_are_copied_and_later_ones_are_not() {
        let (chain, messages) = (chain(600), Messages::new(storage()));
        catch_up(&messages, &chain, chain.block(590)).await.unwrap();
        assert_eq!(messages.next(), 590);
        let copied: Vec<_> = (0..590)
            .map(|index| messages.get(index).unwrap().unwrap())
            .collect();
        assert_eq!(copied, all(&chain)[..590]);
        assert_eq!(messages.disagreement(), None);
        assert!(messages.prove(3, 589).unwrap().is_some());
    }

    #[tokio::test]
    async fn a_message_of_a_block_that_was_given_up_is_never_copied() {
        let (chain, messages) = (chain(5), Messages::new(storage()));
        catch_up(&messages, &chain, chain.block(5)).await.unwrap();
        chain.bridge.lock().dispatch(6);
        // Block 6 gives way to another one with another message.
        chain.bridge.lock().messages.pop();
        let other = chain.bridge.lock().dispatch_body(6, b"other");
        catch_up(&messages, &chain, chain.block(6)).await.unwrap();
        assert_eq!(messages.list(5, 9).unwrap(), vec![other]);
    }

    #[tokio::test]
    async fn a_restart_goes_on_where_it_stopped() {
        let (chain, shared) = (chain(20), storage());
        let messages = Messages::new(shared.clone());
        catch_up(&messages, &chain, chain.block(8)).await.unwrap();
        let messages = Messages::new(shared);
        assert_eq!(messages.next(), 8);
        catch_up(&messages, &chain, chain.block(20)).await.unwrap();
        assert_eq!(messages.list(0, 256).unwrap(), all(&chain));
    }

    #[tokio::test]
    async fn what_left_the_last_state_is_read_from_earlier_ones() {
        let (chain, messages) = (chain(900), Messages::new(storage()));
        chain.bridge.lock().window = 10;
        catch_up(&messages, &chain, chain.block(40)).await.unwrap();
        assert_eq!(messages.next(), 40);
        catch_up(&messages, &chain, chain.block(900)).await.unwrap();
        for (index, expected) in all(&chain).into_iter().enumerate() {
            assert_eq!(messages.get(index as u32), Ok(Some(expected)));
        }
        assert!(messages.prove(0, 899).unwrap().is_some());
    }

    #[tokio::test]
    async fn a_gap_is_an_error_and_never_wrong_data() {
        let (chain, messages) = (chain(100), Messages::new(storage()));
        catch_up(&messages, &chain, chain.block(10)).await.unwrap();
        {
            let mut bridge = chain.bridge.lock();
            bridge.window = 20;
            // The node was off, and only these states came with the sync.
            bridge.pruned = 60;
        }
        catch_up(&messages, &chain, chain.block(100)).await.unwrap();
        // Block 60 was the first whose state was there: it had the messages from 40 on.
        for index in 10..40 {
            assert_eq!(messages.get(index), Err(MessagesError::Lost(index)));
        }
        let expected = all(&chain);
        assert_eq!(messages.list(80, 256).unwrap(), expected[80..]);
        assert_eq!(messages.list(0, 256).unwrap(), expected[..10]);
        assert_eq!(messages.prove(0, 99), Err(MessagesError::LeavesLost { have: 10 }));
        assert!(messages.prove(0, 9).unwrap().is_some());
    }

    #[tokio::test]
    async fn after_a_gap_the_nodes_own_tree_goes_on_from_the_runtimes() {
        let (chain, messages) = (chain(50), Messages::new(storage()));
        {
            let mut bridge = chain.bridge.lock();
            bridge.window = 5;
            bridge.pruned = 50;
        }
        catch_up(&messages, &chain, chain.block(50)).await.unwrap();
        assert_eq!(messages.next(), 50);
        chain.bridge.lock().dispatch(51);
        catch_up(&messages, &chain, chain.block(51)).await.unwrap();
        assert_eq!(messages.disagreement(), None);
        let own = chain.bridge.lock().dispatch(52).root;
        let told = Digest::repeat_byte(1);
        chain.bridge.lock().messages[51].root = told;
        catch_up(&messages, &chain, chain.block(52)).await.unwrap();
        let index = 51;
        assert_eq!(messages.disagreement(), Some(Disagreement { index, own, told }));
    }

    #[tokio::test]
    async fn a_state_without_any_message_left_is_a_gap_too() {
        let (chain, messages) = (chain(9), Messages::new(storage()));
        {
            let mut bridge = chain.bridge.lock();
            bridge.window = 0;
            bridge.pruned = 9;
        }
        catch_up(&messages, &chain, chain.block(9)).await.unwrap();
        assert_eq!(messages.next(), 9);
        assert_eq!(messages.get(8), Err(MessagesError::Lost(8)));
    }

    #[tokio::test]
    async fn an_unreadable_state_changes_nothing() {
        let (chain, messages) = (chain(9), Messages::new(storage()));
        chain.bridge.lock().pruned = 10;
        assert!(catch_up(&messages, &chain, chain.block(9)).await.is_err());
        assert_eq!(messages.next(), 0);
    }
}
