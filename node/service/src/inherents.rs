//! The inherents of a block: its slot and the time.

use pensum_primitives::Block;
use sp_consensus_babe::{inherents::InherentDataProvider as SlotProvider, SlotDuration};
use sp_inherents::CreateInherentDataProviders;
use sp_runtime::traits::Block as BlockT;
use sp_timestamp::InherentDataProvider as TimeProvider;

/// Makes slot and timestamp from the clock. A type and not a closure, because the block import's type names it.
#[derive(Clone, Copy, Debug)]
pub struct SlotInherents {
    slot_duration: SlotDuration,
}

impl SlotInherents {
    /// For a chain with this slot duration.
    pub fn new(slot_duration: SlotDuration) -> Self {
        Self { slot_duration }
    }
}

#[async_trait::async_trait]
impl CreateInherentDataProviders<Block, ()> for SlotInherents {
    type InherentDataProviders = (SlotProvider, TimeProvider);

    async fn create_inherent_data_providers(
        &self,
        _parent: <Block as BlockT>::Hash,
        _extra: (),
    ) -> Result<Self::InherentDataProviders, Box<dyn std::error::Error + Send + Sync>> {
        let time = TimeProvider::from_system_time();
        let slot = SlotProvider::from_timestamp_and_slot_duration(*time, self.slot_duration);
        Ok((slot, time))
    }
}
