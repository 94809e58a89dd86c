//! How many tasks have not ended: counted once, and followed from there.

use crate::chain::{Chain, Read};
use pensum_primitives::Digest;

/// Tasks asked for at once: the most that the runtime gives.
const PAGE: u32 = 256;
/// Most pages that are counted: 65 536 tasks. Of more, the rest is missing until they have ended.
const MAX_PAGES: u32 = 256;

/// Counts the tasks that live at a block.
pub(super) fn count(chain: &dyn Chain, at: Digest) -> Read<u64> {
    let (mut count, mut after) = (0u64, None);
    for _ in 0..MAX_PAGES {
        let page = chain.open_tasks(at, after, None, PAGE)?;
        count = count.saturating_add(page.len() as u64);
        after = page.last().map(|status| status.task);
        if page.len() < PAGE as usize {
            break;
        }
    }
    Ok(count)
}
