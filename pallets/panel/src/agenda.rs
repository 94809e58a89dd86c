//! The agenda: every panel stands in it at the block that looks at it next.

use crate::{
    types::{Panel, Stage},
    weights::WeightInfo,
    Agenda, AgendaCursor, Config, Pallet, Panels,
};
use frame_support::{traits::Defensive, weights::Weight};
use pensum_primitives::{BatchId, BlockNumber};
use sp_runtime::traits::Get;

/// Most blocks of the agenda that one block walks while it works off a backlog. More than one, so that the backlog shrinks.
const MAX_BLOCKS: u32 = 16;

impl<T: Config> Pallet<T> {
    /// Looks at the panels that are due, as far as a block's limit reaches.
    pub(crate) fn advance(now: BlockNumber) -> Weight {
        let behind = AgendaCursor::<T>::get();
        let mut block = behind.unwrap_or(now);
        let mut blocks = 0u32;
        let mut work = Weight::zero();
        let limit = T::MaxHookWeight::get().ref_time();
        while block <= now && blocks < MAX_BLOCKS {
            match Agenda::<T>::iter_key_prefix(block).next() {
                Some(_) if work.ref_time() >= limit => break,
                Some(batch) => work.saturating_accrue(Self::look_at(batch, block, now)),
                None => {
                    block = block.saturating_add(1);
                    blocks = blocks.saturating_add(1);
                }
            }
        }
        if block <= now {
            AgendaCursor::<T>::put(block);
        } else if behind.is_some() {
            AgendaCursor::<T>::kill();
        }
        T::WeightInfo::agenda(blocks).saturating_add(work)
    }

    fn look_at(batch: BatchId, block: BlockNumber, now: BlockNumber) -> Weight {
        Agenda::<T>::remove(block, batch);
        let Some(panel) = Panels::<T>::get(batch).defensive() else {
            return T::WeightInfo::agenda(1);
        };
        match panel.stage {
            Stage::Drawing => Self::draw(batch, panel, now),
            Stage::Committing => Self::close_commitments(batch, panel, now),
            Stage::Revealing => Self::tally(batch, panel, now),
            Stage::Closing => Self::close(batch, panel),
        }
    }

    /// Writes a panel that no block looks at yet, and has block `due` do so.
    pub(crate) fn put(batch: BatchId, mut panel: Panel, due: BlockNumber) {
        panel.due = due;
        Agenda::<T>::insert(due, batch, ());
        Panels::<T>::insert(batch, panel);
    }

    /// Writes a panel, and has block `due` look at it instead of the one that would have.
    pub(crate) fn move_to(batch: BatchId, panel: Panel, due: BlockNumber) {
        if panel.due == due {
            Panels::<T>::insert(batch, panel);
        } else {
            Agenda::<T>::remove(panel.due, batch);
            Self::put(batch, panel, due);
        }
    }
}
