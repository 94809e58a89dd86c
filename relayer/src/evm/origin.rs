use super::{
    abi::{IMailbox, IMerkleTreeHook, IValidatorAnnounce},
    alloy_address, Evm,
};
use crate::{
    chain::{Anchor, Batch, Cursor, Dispatched, Leaf, Origin, Reading},
    Fault,
};
use alloy::{
    eips::BlockId,
    primitives::{B256, U256},
    providers::Provider as _,
    rpc::types::{Filter, Log},
    sol_types::SolEvent,
};
use async_trait::async_trait;
use hyperlane_primitives::{Address, Domain, Message, MessageId, Native, Signature, H160, H256};
use std::sync::atomic::Ordering;

#[async_trait]
impl Origin for Evm {
    fn domain(&self) -> Domain {
        Domain(self.config.domain)
    }

    fn merkle_tree_hook(&self) -> Address {
        self.config.merkle_tree_hook.into()
    }

    async fn read(&self, cursor: &Cursor) -> Result<Reading, Fault> {
        let head = self.last_final(self.config.finality).await?;
        if let Some(anchor) = &cursor.anchor {
            // A node that is behind says nothing about what it has not got.
            if head.number >= anchor.block && !self.holds(anchor).await? {
                return Ok(Reading::Reorganised);
            }
        }
        let first = cursor.next.unwrap_or(self.config.start_block);
        let range = self.range.load(Ordering::Relaxed).max(1);
        let last = head.number.min(first.saturating_add(range - 1));
        if first > last {
            self.metrics.read(self.name(), Some(head.number), 0);
            return Ok(Reading::Batch(Batch {
                cursor: *cursor,
                ..Batch::default()
            }));
        }
        let end = self.rpc.numbered(last).await?.ok_or_else(unfound)?;
        let batch = self.logs(first, last).await;
        self.adapt_range(range, batch.is_ok());
        let mut batch = batch?;
        // The logs must be of the chain that the end is of.
        if self.rpc.numbered(last).await? != Some(end) {
            return Err(unfound());
        }
        if last == head.number {
            batch.count = self.leaves_at(&end.anchor()).await?;
        }
        batch.cursor = Cursor {
            next: Some(last.saturating_add(1)),
            anchor: Some(end.anchor()),
        };
        batch.behind = head.number - last;
        self.metrics.read(self.name(), Some(head.number), batch.behind);
        Ok(Reading::Batch(batch))
    }

    async fn holds(&self, anchor: &Anchor) -> Result<bool, Fault> {
        let found = self.rpc.numbered(anchor.block).await?;
        Ok(found.is_some_and(|block| block.hash.0 == anchor.hash))
    }

    async fn published(&self, _: u32) -> Result<Vec<Signature>, Fault> {
        // No contract keeps signatures.
        Ok(Vec::new())
    }

    async fn announced(&self, validators: &[H160]) -> Result<Vec<Vec<String>>, Fault> {
        let question = IValidatorAnnounce::getAnnouncedStorageLocationsCall {
            validators: validators.iter().copied().map(alloy_address).collect(),
        };
        self.rpc
            .view(self.config.validator_announce, question, BlockId::latest())
            .await
    }
}

impl Evm {
    /// How many leaves there are at a recent block; none where the contract is not there yet or the node has no state of it.
    async fn leaves_at(&self, block: &Anchor) -> Result<Option<u32>, Fault> {
        match self.tree_at(block).await {
            Ok((_, count)) => Ok(Some(count)),
            Err(Fault::Refused(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Messages and leaves of a range of blocks, in their order.
    async fn logs(&self, first: u64, last: u64) -> Result<Batch, Fault> {
        let range = Filter::new().from_block(first).to_block(last);
        let dispatched = range
            .clone()
            .address(alloy_address(self.config.mailbox))
            .event_signature(IMailbox::Dispatch::SIGNATURE_HASH)
            .topic2(B256::from(U256::from(self.wanted.0)));
        let inserted = range
            .address(alloy_address(self.config.merkle_tree_hook))
            .event_signature(IMerkleTreeHook::InsertedIntoTree::SIGNATURE_HASH);
        let mut batch = Batch::default();
        for (block, event) in self
            .events::<IMerkleTreeHook::InsertedIntoTree>(&inserted)
            .await?
        {
            batch.leaves.push(Leaf {
                index: event.index,
                id: H256(event.messageId.0),
                block,
                root: None,
            });
        }
        for (block, event) in self.events::<IMailbox::Dispatch>(&dispatched).await? {
            match self.dispatched(block, &event.message) {
                Ok(message) => batch.messages.push(message),
                Err(why) => {
                    tracing::error!(
                        chain = self.name(),
                        block,
                        why,
                        "a message that cannot be carried is skipped"
                    )
                }
            }
        }
        Ok(batch)
    }

    async fn events<E: SolEvent>(&self, filter: &Filter) -> Result<Vec<(u64, E)>, Fault> {
        let mut logs: Vec<Log> = self
            .rpc
            .ask("logs", |node| {
                let filter = filter.clone();
                async move { node.get_logs(&filter).await }
            })
            .await?;
        logs.sort_by_key(|log| (log.block_number, log.log_index));
        let mut events = Vec::with_capacity(logs.len());
        for log in logs.into_iter().filter(|log| !log.removed) {
            let decoded = E::decode_log(&log.inner);
            let block = log.block_number;
            match (block, decoded) {
                (Some(block), Ok(event)) => events.push((block, event.data)),
                (_, Err(why)) => {
                    return Err(Fault::Unreachable(format!(
                        "A log is not what it says to be: {why}. Is this Hyperlane's contract?"
                    )))
                }
                (None, _) => return Err(Fault::Unreachable("A log is in no block.".into())),
            }
        }
        Ok(events)
    }

    fn dispatched(&self, block: u64, bytes: &[u8]) -> Result<Dispatched, String> {
        let message = Message::decode(bytes).map_err(|why| why.to_string())?;
        if message.origin.0 != self.config.domain {
            return Err(format!("It says to be of domain {}.", message.origin));
        }
        Ok(Dispatched {
            id: MessageId::of::<Native>(bytes).0,
            nonce: message.nonce,
            destination: message.destination,
            bytes: bytes.to_vec(),
            block,
        })
    }

    /// Asks for half as many blocks after a failure, and for twice as many after a success, up to what is configured.
    fn adapt_range(&self, range: u64, worked: bool) {
        let next = match worked {
            true => range.saturating_mul(2).min(self.config.range),
            false => (range / 2).max(1),
        };
        self.range.store(next, Ordering::Relaxed);
    }
}

fn unfound() -> Fault {
    Fault::Unreachable("The chain was reorganised while it was read.".into())
}
