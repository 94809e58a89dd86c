//! Verdicts of panels: agreed answers are paid, tasks without a majority come back.

use crate::{
    payment::Bill,
    settlement::Answered,
    types::{holds, Batch, OpenTask},
    Batches, ClaimedAnswers, Config, Event, Inputs, Pallet,
};
use alloc::vec::Vec;
use pensum_primitives::{
    panel::{PanelVerdict, Question},
    task::{Input, Output},
    traits::Cases,
    verdict::Reason,
    verification::Verification,
    BatchId, TaskId,
};

impl<T: Config> Cases for Pallet<T> {
    fn decided(id: BatchId, question: &Question, verdicts: Vec<(u8, PanelVerdict)>) {
        match question {
            Question::Answers(_) => Self::decide_answers(id, verdicts),
            Question::Stands => {
                Self::decide_appeal(id, verdicts.into_iter().next().map(|(_, verdict)| verdict))
            }
        }
    }

    fn input(task: TaskId) -> Option<Input> {
        Inputs::<T>::get(task.batch())
            .get(usize::from(task.place()))
            .cloned()
    }

    fn judged(task: TaskId) -> Option<Output> {
        ClaimedAnswers::<T>::get(task).map(|claimed| claimed.output)
    }
}

impl<T: Config> Pallet<T> {
    fn decide_answers(id: BatchId, verdicts: Vec<(u8, PanelVerdict)>) {
        let Some(mut batch) =
            Batches::<T>::get(id).filter(|batch| matches!(batch.verification, Verification::Quorum { .. }))
        else {
            return;
        };
        let inputs = Inputs::<T>::get(id);
        let tariff = Self::tariff(&batch.model);
        let mut bill = Bill::default();
        let mut ended: Vec<OpenTask> = Vec::new();
        for (place, verdict) in verdicts {
            let Some(task) = batch.task(place).filter(|_| !holds(&ended, place)) else {
                continue;
            };
            let input = inputs.get(usize::from(place));
            match verdict {
                PanelVerdict::Agreed {
                    output,
                    members,
                    evidence,
                } => {
                    let members = batch.costs(members);
                    let answered = Answered {
                        task,
                        input,
                        output: &output,
                        solvers: &members,
                        evidence,
                    };
                    Self::settle(id, &batch, answered, &tariff, &mut bill);
                    Self::deposit_event(Event::PanelPaid {
                        task: id.task(place),
                        members,
                    });
                }
                PanelVerdict::Inconclusive => {
                    Self::refund(id, &batch, input, task, Reason::NoQuorum, 0, &mut bill)
                }
            }
            ended.push(*task);
        }
        Self::pay(&batch, &tariff, bill);
        Self::drop_waiting(id, &mut batch, &ended);
        Self::put(id, batch);
    }

    /// Takes ended tasks out of those that wait. What is left, if a panel did not say something about all, waits for its deadline.
    fn drop_waiting(id: BatchId, batch: &mut Batch, ended: &[OpenTask]) {
        if let Some(mut waiting) = Self::take_waiting(id, batch) {
            waiting.tasks.retain(|task| !holds(ended, task.place));
            if !waiting.tasks.is_empty() {
                crate::Agenda::<T>::insert(batch.deadline, id, ());
                batch.waiting = Some(waiting);
            }
        }
    }
}
