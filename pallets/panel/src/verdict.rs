//! The end of a round, and of a panel.

use crate::{
    types::{Agreed, Members, OpenTasks, Panel, Stage, Verdicts},
    weights::WeightInfo,
    Config, Decided, Event, Pallet,
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::weights::Weight;
use pensum_primitives::{panel::PanelVerdict, traits::Cases, BatchId, BlockNumber};

impl<T: Config> Pallet<T> {
    /// Ends a round whose seats are settled, but for those of `late` members: a larger one follows for what is undecided, or
    /// the panel gives its verdicts.
    pub(crate) fn end_round(
        batch: BatchId,
        mut panel: Panel,
        agreed: Vec<Agreed>,
        undecided: OpenTasks,
        late: Members,
        now: BlockNumber,
    ) -> Weight {
        if undecided.is_empty() || !panel.has_next_round() {
            return Self::give_verdicts(batch, panel, agreed, undecided, late);
        }
        Self::deposit_event(Event::RoundUndecided {
            batch,
            round: panel.drawn_at,
            tasks: undecided.len() as u32,
        });
        if !agreed.is_empty() {
            // Tasks that were decided are not asked about again, so that all together are never too many.
            Decided::<T>::mutate(batch, |decided| {
                agreed
                    .into_iter()
                    .try_for_each(|task| decided.try_push(task))
                    .ok()
            });
        }
        Self::clear_ballots(batch);
        for member in panel.members.clone() {
            panel.retire(&member);
        }
        panel.tasks = undecided;
        panel.round = panel.round.saturating_add(1);
        panel.stage = Stage::Drawing;
        panel.until = now.saturating_add(1);
        panel.members = Members::new();
        panel.committed = 0;
        panel.revealed = 0;
        Self::put(batch, panel, now.saturating_add(1));
        Weight::zero()
    }

    /// Gives the verdicts on all tasks of the summons. The panel's own storage is done before the market hears of it.
    pub(crate) fn give_verdicts(
        batch: BatchId,
        mut panel: Panel,
        agreed: Vec<Agreed>,
        undecided: OpenTasks,
        late: Members,
    ) -> Weight {
        let earlier = Decided::<T>::get(batch);
        let question = panel.question.clone();
        let weight = T::WeightInfo::decided(
            panel.seats(),
            (earlier.len().saturating_add(panel.tasks.len())) as u32,
        );
        Self::deposit_event(Event::PanelDecided {
            batch,
            agreed: (earlier.len().saturating_add(agreed.len())) as u32,
            inconclusive: undecided.len() as u32,
        });
        if late.is_empty() {
            Self::remove(batch);
        } else {
            Decided::<T>::insert(batch, Verdicts::truncate_from(agreed.clone()));
            panel.stage = Stage::Closing;
            panel.members = late;
            panel.revealed = 0;
            let due = panel.until.saturating_add(1);
            Self::put(batch, panel, due);
        }
        let mut verdicts: BTreeMap<u8, PanelVerdict> = BTreeMap::new();
        for agreed in earlier.into_iter().chain(agreed) {
            verdicts.insert(agreed.place, agreed.into());
        }
        for (place, _) in undecided {
            verdicts.insert(place, PanelVerdict::Inconclusive);
        }
        T::Cases::decided(batch, &question, verdicts.into_iter().collect());
        weight
    }
}
