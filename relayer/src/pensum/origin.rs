use super::{merkle_tree_hook, view, Pensum, NAME};
use crate::{
    chain::{Anchor, Batch, Cursor, Dispatched, Leaf, Origin, Reading},
    Fault,
};
use async_trait::async_trait;
use hyperlane_primitives::{Address, Domain, Message, MessageId, Native, Signature, H160};

/// Messages of one answer, which is the most that the node gives.
const PAGE: u32 = 256;

#[async_trait]
impl Origin for Pensum {
    fn domain(&self) -> Domain {
        self.domain
    }

    fn merkle_tree_hook(&self) -> Address {
        merkle_tree_hook()
    }

    async fn read(&self, cursor: &Cursor) -> Result<Reading, Fault> {
        let answer = self.page(cursor).await;
        self.noted(answer).await
    }

    async fn holds(&self, _: &Anchor) -> Result<bool, Fault> {
        // The node tells of final blocks only, and those stay.
        Ok(true)
    }

    async fn published(&self, index: u32) -> Result<Vec<Signature>, Fault> {
        let connection = self.connection().await?;
        let answer: Result<Option<view::Checkpoint>, _> = connection.ask("bridge_checkpoint", &[index]).await;
        let checkpoint = self.noted(answer).await?;
        let signatures = checkpoint.map_or_else(Vec::new, |checkpoint| checkpoint.signatures);
        Ok(signatures
            .into_iter()
            .filter_map(|signed| Some(Signature(signed.signature.0.try_into().ok()?)))
            .collect())
    }

    async fn announced(&self, validators: &[H160]) -> Result<Vec<Vec<String>>, Fault> {
        let connection = self.connection().await?;
        let answer = connection.ask("bridge_announced", &(validators,)).await;
        self.noted(answer).await
    }
}

impl Pensum {
    async fn page(&self, cursor: &Cursor) -> Result<Reading, Fault> {
        let connection = self.connection().await?;
        let info: view::Info = connection.ask("bridge_info", &()).await?;
        let first = cursor
            .next
            .map_or(Ok(0), u32::try_from)
            .map_err(|_| nonsense("The cursor is beyond every tree."))?;
        if first > info.count {
            return Err(nonsense(format!(
                "The node knows {} messages, of {first} that were read: it is still importing blocks.",
                info.count
            )));
        }
        let mut batch = Batch {
            cursor: Cursor {
                next: Some(first.into()),
                anchor: None,
            },
            ..Batch::default()
        };
        let behind = |read: u32| u64::from(info.count.saturating_sub(read));
        self.metrics.read(NAME, Some(info.block.number), behind(first));
        if first == info.count {
            return Ok(Reading::Batch(batch));
        }
        let messages: Vec<view::Message> = connection.ask("bridge_messages", &(first, PAGE)).await?;
        let read = first.saturating_add(u32::try_from(messages.len()).unwrap_or(u32::MAX));
        for (expected, found) in (first..).zip(messages) {
            if found.index != expected || MessageId::of::<Native>(&found.message.0).0 != found.id {
                return Err(nonsense(format!(
                    "The node's message {} is not message {expected}, or its id is not its hash.",
                    found.index
                )));
            }
            let message = Message::decode(&found.message.0).map_err(|why| nonsense(why.to_string()))?;
            batch.leaves.push(Leaf {
                index: found.index,
                id: found.id,
                block: found.block,
                root: Some(found.root),
            });
            batch.messages.push(Dispatched {
                id: found.id,
                nonce: message.nonce,
                destination: message.destination,
                block: found.block,
                bytes: found.message.0,
            });
        }
        batch.cursor.next = Some(read.into());
        batch.behind = behind(read);
        self.metrics.read(NAME, Some(info.block.number), batch.behind);
        Ok(Reading::Batch(batch))
    }
}

fn nonsense(what: impl Into<String>) -> Fault {
    Fault::Unreachable(what.into())
}
