//! What panels look like from outside: to requesters and to solvers' nodes.

use crate::{
    types::{Panel, Progress, Seat, Stage},
    Config, Pallet, Panels, Seats,
};
use alloc::{format, string::String, vec::Vec};
use pensum_primitives::{
    panel::{PanelDuty, Phase},
    task::{Input, TaskState},
    traits::{Cases, Models, PanelView},
    AccountId, BatchId, TaskId,
};

impl<T: Config> Pallet<T> {
    /// A panel that has decided is none any more, though late members may still have a seat.
    pub(crate) fn panel_view(batch: BatchId) -> Option<PanelView> {
        let panel = Panels::<T>::get(batch)?;
        let (state, next) = match panel.stage {
            Stage::Drawing => (TaskState::Drawn, drawing(&panel)),
            Stage::Committing => (TaskState::Committing, committing(&panel)),
            Stage::Revealing => (TaskState::Revealing, revealing(&panel)),
            Stage::Closing => return None,
        };
        Some(PanelView {
            members: panel.members.into_inner(),
            state,
            until: panel.until,
            round: panel.round,
            next,
        })
    }

    /// The duties of one solver, by its own seats, the soonest first.
    pub(crate) fn panel_duties(solver: &AccountId, limit: u32) -> Vec<PanelDuty> {
        let mut duties: Vec<PanelDuty> = Seats::<T>::iter_prefix(solver)
            .filter_map(|(batch, seat)| Self::duty(batch, &seat))
            .collect();
        duties.sort_by_key(|duty| (duty.until, duty.batch));
        let mut tasks = 0usize;
        let fits = |duty: &PanelDuty| {
            let is_first = tasks == 0;
            tasks = tasks.saturating_add(duty.tasks.len().max(1));
            is_first || tasks <= limit as usize
        };
        let mut fits = fits;
        duties.into_iter().take_while(|duty| fits(duty)).collect()
    }

    fn duty(batch: BatchId, seat: &Seat) -> Option<PanelDuty> {
        let panel = Panels::<T>::get(batch)?;
        let phase = match (panel.stage, seat.progress) {
            (Stage::Committing, Progress::Drawn) => Phase::Commit,
            (Stage::Revealing | Stage::Closing, Progress::Committed(commitment)) => {
                Phase::Reveal { commitment }
            }
            _ => return None,
        };
        // What is sent after this block is included in the next one at the earliest.
        if panel.until <= Self::now() {
            return None;
        }
        let ids: Vec<TaskId> = panel.tasks.iter().map(|(place, _)| batch.task(*place)).collect();
        // The tasks of a panel that has decided may be gone already.
        let tasks: Vec<(TaskId, Input)> = ids
            .iter()
            .filter_map(|task| Some((*task, T::Cases::input(*task)?)))
            .collect();
        Some(PanelDuty {
            batch,
            round: panel.drawn_at,
            weights: T::Models::entry(&panel.model)?.weights,
            model: panel.model,
            question: panel.question,
            phase,
            until: panel.until,
            tasks,
            judged: ids.into_iter().filter_map(T::Cases::judged).collect(),
        })
    }
}

fn drawing(panel: &Panel) -> String {
    format!(
        "Block {} draws {} members by its randomness.",
        panel.due,
        panel.seats()
    )
}

fn committing(panel: &Panel) -> String {
    format!(
        "{} of {} members have committed to their answers; the others have until block {}. Then they reveal.",
        panel.committed,
        panel.count(),
        panel.until,
    )
}

fn revealing(panel: &Panel) -> String {
    format!(
        "{} of {} members have revealed their answers; the others have until block {}. {} must agree.",
        panel.revealed,
        panel.count(),
        panel.until,
        panel.majority(),
    )
}
