//! How far the market is behind with what is due.

use super::runtime::key;
use crate::chain::{BlockRef, Chain, Read};
use codec::Decode;
use pensum_primitives::BlockNumber;

/// Blocks before this one whose agenda is not done.
pub(super) fn behind(chain: &dyn Chain, at: BlockRef) -> Read<BlockNumber> {
    let cursor = chain.storage(at.hash, &key("TaskMarket", "AgendaCursor"))?;
    let first = cursor.and_then(|bytes| BlockNumber::decode(&mut bytes.as_slice()).ok());
    Ok(first.map_or(0, |first| at.number.saturating_sub(first)))
}
