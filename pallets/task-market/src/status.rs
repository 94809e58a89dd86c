//! Status: where live tasks stand and what happens next.

use crate::{
    jury::Appeal,
    limits::{MAX_HANDOVERS, MAX_SCAN, MAX_TASKS},
    opening::member_cap,
    settlement::digest_of,
    types::{Batch, Inputs as BatchInputs, OpenTask, Part},
    Appeals, Batches, ClaimedAnswers, Config, Inputs, Pallet,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use pensum_primitives::{
    task::{ClaimedOutput, TaskState, TaskStatus},
    traits::{AuctionView, Auctions, PanelView, Panels},
    verification::Verification,
    AccountId, Balance, BatchId, BlockNumber, ModelId, TaskId,
};
use sp_runtime::traits::Get;

/// A batch with all that tells about its tasks, read once for all of them.
struct Picture {
    id: BatchId,
    batch: Batch,
    inputs: BatchInputs,
    auction: Option<AuctionView>,
    panel: Option<PanelView>,
    appeal: Option<Appeal>,
}

/// What depends on where a task stands.
struct Stage {
    state: TaskState,
    solver: Option<AccountId>,
    panel: Vec<AccountId>,
    price: Balance,
    claimed: Option<ClaimedOutput>,
    until: BlockNumber,
    next: String,
}

impl<T: Config> Pallet<T> {
    /// A live task; none for one that has ended or was never posted.
    pub fn task_status(task: TaskId) -> Option<TaskStatus> {
        let id = task.batch();
        let picture = Self::picture(id, Batches::<T>::get(id)?);
        Some(Self::status(&picture, picture.batch.task(task.place())?))
    }

    /// Live tasks after `after`, batch by batch in the order of the batches' keys; at most `limit`, itself at most 256. Stops
    /// after [`MAX_SCAN`] batches whatever it found.
    pub fn open_tasks(after: Option<TaskId>, model: Option<ModelId>, limit: u32) -> Vec<TaskStatus> {
        let limit = limit.min(MAX_TASKS) as usize;
        let rest_of_first = after
            .and_then(|after| Batches::<T>::get(after.batch()).map(|batch| (after.batch(), batch)))
            .into_iter();
        let others = match after {
            Some(after) => Batches::<T>::iter_from(Batches::<T>::hashed_key_for(after.batch())),
            None => Batches::<T>::iter(),
        };
        rest_of_first
            .chain(others)
            .take(MAX_SCAN)
            .filter(|(_, batch)| model.is_none_or(|model| batch.model == model))
            .flat_map(|(id, batch)| Self::statuses(Self::picture(id, batch)))
            .filter(|status| after.is_none_or(|after| status.batch != after.batch() || status.task > after))
            .take(limit)
            .collect()
    }

    fn statuses(picture: Picture) -> Vec<TaskStatus> {
        let held = picture.batch.parts.iter().flat_map(|part| &part.tasks);
        let mut statuses: Vec<TaskStatus> = held
            .chain(picture.batch.waiting_tasks())
            .map(|task| Self::status(&picture, task))
            .collect();
        statuses.sort_by_key(|status| status.task);
        statuses
    }

    fn picture(id: BatchId, batch: Batch) -> Picture {
        let (mut auction, mut panel, mut appeal) = (None, None, None);
        match batch.verification {
            Verification::Quorum { .. } => panel = T::Panels::view(id),
            Verification::Requester { .. } if batch.waiting.is_none() => {
                appeal = Appeals::<T>::get(id);
                panel = appeal.as_ref().and_then(|_| T::Panels::view(id));
            }
            _ if batch.waiting.is_some() => auction = T::Auctions::view(id),
            _ => (),
        }
        Picture {
            inputs: Inputs::<T>::get(id),
            id,
            batch,
            auction,
            panel,
            appeal,
        }
    }

    fn status(picture: &Picture, task: &OpenTask) -> TaskStatus {
        let Picture { id, batch, .. } = picture;
        let stage = match batch.part_with(task.place) {
            Some(part) if part.is_working() => Self::assigned(batch, part, task),
            Some(part) => Self::claimed(picture, part, task),
            None => Self::waiting(picture),
        };
        TaskStatus {
            task: id.task(task.place),
            batch: *id,
            model: batch.model,
            requester: batch.requester.clone(),
            state: stage.state,
            solver: stage.solver,
            panel: stage.panel,
            price: stage.price,
            max_reward: batch.max_reward,
            escrow: batch.each(),
            asset: batch.asset(),
            input: picture
                .inputs
                .get(usize::from(task.place))
                .map(digest_of)
                .unwrap_or_default(),
            matching: batch.matching,
            verification: batch.verification.clone(),
            claimed: stage.claimed,
            posted_at: batch.posted_at,
            answer_by: stage.until,
            deadline: batch.deadline,
            failed_solvers: batch.failed.len() as u32,
            next: stage.next,
        }
    }

    fn assigned(batch: &Batch, part: &Part, task: &OpenTask) -> Stage {
        Stage {
            state: TaskState::Assigned,
            solver: Some(part.solver.clone()),
            panel: Vec::new(),
            price: part.quote.price(task, batch.max_reward),
            claimed: None,
            until: part.answer_by,
            next: next_of_assigned(batch, part, Self::now(), T::MinDeadline::get()),
        }
    }

    fn waiting(picture: &Picture) -> Stage {
        let Picture { batch, .. } = picture;
        let mut stage = Stage {
            state: TaskState::Auctioned,
            solver: None,
            panel: Vec::new(),
            price: batch.max_reward,
            claimed: None,
            until: batch.deadline,
            next: format!("The escrow comes back when block {} has passed.", batch.deadline),
        };
        if let Verification::Quorum { solvers, .. } = batch.verification {
            stage.state = TaskState::Drawn;
            // What a first round costs at most: what each member really asks is known when it is paid.
            stage.price = member_cap(batch.max_reward, solvers).saturating_mul(solvers.into());
        }
        if let Some(panel) = &picture.panel {
            stage.state = panel.state;
            stage.panel = panel.members.clone();
            stage.until = panel.until;
            stage.next = panel.next.clone();
        }
        if let Some(auction) = &picture.auction {
            stage.price = auction.price;
            stage.until = auction.until;
            stage.next = auction.next.clone();
        }
        stage
    }

    fn claimed(picture: &Picture, part: &Part, task: &OpenTask) -> Stage {
        let Picture { id, batch, .. } = picture;
        let claimed = ClaimedAnswers::<T>::get(id.task(task.place));
        let until = match (&claimed, &picture.appeal) {
            (Some(claimed), None) => claimed.until,
            _ => part.answer_by,
        };
        let mut stage = Stage {
            state: TaskState::Claimed,
            solver: Some(part.solver.clone()),
            panel: Vec::new(),
            price: part.quote.price(task, batch.max_reward),
            claimed: claimed.map(|claimed| ClaimedOutput(claimed.output.into_inner())),
            until,
            next: match batch.verification.is_traced() {
                true => format!("The answer settles when block {until} has passed, unless it is proven wrong."),
                false => format!(
                    "The answer settles when block {until} has passed, unless the requester accepts it before or appeals."
                ),
            },
        };
        if let Some(appeal) = &picture.appeal {
            stage.state = TaskState::Appealed;
            stage.next = next_of_appeal(appeal, until);
            if let Some(panel) = &picture.panel {
                stage.panel = panel.members.clone();
                stage.until = panel.until;
                stage.next = panel.next.clone();
            }
        }
        stage
    }
}

/// What happens next to a task that a solver must answer, in one sentence.
fn next_of_assigned(batch: &Batch, part: &Part, now: BlockNumber, min_deadline: BlockNumber) -> String {
    let answer_by = part.answer_by;
    if part.is_overdue(now) {
        return format!(
            "The solver's time ran out at block {answer_by}; the task moves on within a few blocks."
        );
    }
    let may_move = batch.deadline >= answer_by.saturating_add(1).saturating_add(min_deadline);
    let otherwise = if may_move && batch.can_hand_over() {
        let left = (MAX_HANDOVERS as usize).saturating_sub(batch.failed.len());
        format!("is slashed and the task goes to the next solver (up to {left} more)")
    } else {
        String::from("is slashed and the escrow comes back")
    };
    format!("The solver answers by block {answer_by}, or it {otherwise}.")
}

/// What happens next to an answer under appeal, in one sentence.
fn next_of_appeal(appeal: &Appeal, until: BlockNumber) -> String {
    match (appeal.sits, appeal.stands) {
        (true, _) => "A jury decides whether the answer stands.".to_string(),
        (false, true) => {
            format!("A jury let the answer stand: it settles when block {until} has passed, unless the requester appeals again.")
        }
        (false, false) => format!(
            "A jury rejected the answer: the escrow comes back when block {until} has passed, unless the solver appeals."
        ),
    }
}
