//! Appeals: a jury decides whether an answer stands, and the loser may ask a larger one.

use crate::{
    acceptance::Submission,
    jury::{self, Appeal, Bond, Side},
    limits::JURY_ROUNDS,
    payment::{Purse, PAYEES},
    prepay::Prepay,
    settlement::Ground,
    types::{Batch, Part},
    weights::WeightInfo,
    Appeals, Batches, Config, Error, Event, HoldReason, Inputs, Pallet,
};
use alloc::vec::Vec;
use frame_support::{defensive, ensure, traits::fungibles::hold::Mutate};
use pensum_primitives::{
    panel::{Paid, PanelVerdict, Question, VOTE_STANDS},
    solver::Fault,
    traits::{Panels, Summons},
    verdict::Reason,
    AccountId, BatchId, BlockNumber, TaskId,
};
use sp_runtime::{traits::Get, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_appeal(who: &AccountId, task: TaskId) -> DispatchResult {
        let (id, place) = (task.batch(), task.place());
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotOpen)?;
        Self::ensure_for_requester(&batch)?;
        let part = batch
            .take_part(|part| !part.is_working() && part.task(place).is_some())
            .ok_or(Error::<T>::NotClaimed)?;
        ensure!(!part.is_overdue(Self::now()), Error::<T>::AppealTooLate);
        let mut appeal = Appeals::<T>::get(id).unwrap_or_default();
        ensure!(!appeal.sits && !appeal.is_final(), Error::<T>::AppealOpen);
        let by = appeal.loser();
        ensure!(
            who == side(by, &batch.requester, &part.solver),
            Error::<T>::NotLoser
        );

        let round = appeal.rounds();
        let (size, bond) = (jury::size::<T>(round), jury::bond::<T>(batch.max_reward, round));
        T::Currencies::hold(None, &HoldReason::Appeal.into(), who, bond)
            .map_err(|_| Error::<T>::CannotBond)?;
        let most_jurors = jury::most_jurors(size);
        let work = T::Panels::prepaid_weight(size, JURY_ROUNDS, 1)
            .saturating_add(T::WeightInfo::decide(1, most_jurors))
            .saturating_add(Self::extra_of_bills(batch.asset(), 1, PAYEES));
        T::Prepay::charge(who, work, None).map_err(|_| Error::<T>::CannotPrepay)?;
        T::Panels::summon(Summons {
            batch: id,
            requester: batch.requester.clone(),
            model: batch.model,
            tasks: part.tasks.iter().map(|task| (task.place, task.len)).collect(),
            question: Question::Stands,
            size,
            threshold: jury::threshold(size),
            rounds: JURY_ROUNDS,
            member_cap: bond.checked_div(most_jurors.into()).unwrap_or_default(),
            asset: None,
            min_reputation: batch.min_reputation,
            exclude: Self::barred(&batch, &part),
            // A vote is an opinion, and nobody is at fault for its own.
            slash_difference: false,
        })?;
        // There is room: the last round is final.
        appeal.bonds.force_push(Bond { by, left: bond });
        appeal.sits = true;
        Appeals::<T>::insert(id, appeal);
        Self::strike(id, &batch, &part);
        // Whatever becomes of the jury, the appeal ends.
        let until = Self::now().saturating_add(T::Panels::longest(JURY_ROUNDS));
        Self::schedule(id, &mut batch, part, until);
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::AppealOpened {
            task,
            appellant: who.clone(),
            bond,
            round: round as u8,
        });
        Ok(())
    }

    /// Who may not judge: the two sides, and those that failed the batch.
    fn barred(batch: &Batch, part: &Part) -> Vec<AccountId> {
        let mut barred = batch.excluded();
        barred.extend([batch.requester.clone(), part.solver.clone()]);
        barred
    }

    /// Takes the verdict of a jury: pays it, and ends the appeal or waits whether the loser goes on.
    pub(crate) fn decide_appeal(id: BatchId, verdict: Option<PanelVerdict>) {
        let Some(mut appeal) = Appeals::<T>::get(id).filter(|appeal| appeal.sits) else {
            return;
        };
        let Some(mut batch) = Batches::<T>::get(id) else {
            return;
        };
        let Ok(submission) = Self::take_submission(id, &mut batch) else {
            defensive!("an appealed task is claimed");
            return;
        };
        appeal.sits = false;
        let task = id.task(submission.task.place);
        match verdict {
            Some(PanelVerdict::Agreed {
                output,
                members,
                evidence,
            }) => {
                appeal.stands = output.as_slice() == [VOTE_STANDS];
                appeal.evidence = Some(evidence);
                let jurors = Self::pay_jurors(&batch, &submission.part, &mut appeal, members);
                let appeal_by =
                    (!appeal.is_final()).then(|| Self::now().saturating_add(T::AppealWindow::get()));
                Self::deposit_event(Event::JuryDecided {
                    task,
                    stands: appeal.stands,
                    jurors,
                    appeal_by,
                });
                match appeal_by {
                    Some(until) => {
                        Appeals::<T>::insert(id, appeal);
                        Self::schedule(id, &mut batch, submission.part, until);
                    }
                    None => Self::end_appeal(id, &batch, submission, appeal),
                }
            }
            Some(PanelVerdict::Inconclusive) | None => {
                Self::deposit_event(Event::JuryUndecided { task });
                if let Some(bond) = appeal.bonds.last_mut() {
                    let owner = side(bond.by, &batch.requester, &submission.part.solver);
                    Self::give_back(Purse::bond(owner), core::mem::take(&mut bond.left));
                }
                if appeal.is_decided() {
                    Self::end_appeal(id, &batch, submission, appeal);
                } else {
                    Self::end_undecided(id, &batch, submission);
                }
            }
        }
        Self::put(id, batch);
    }

    /// Ends an appeal that nobody took further, or whose jury has not spoken in its time. False if there is none to end.
    pub(crate) fn expire_appeal(id: BatchId, batch: &Batch, now: BlockNumber) -> bool {
        let overdue = Self::ensure_for_requester(batch).is_ok()
            && batch
                .parts
                .iter()
                .any(|part| !part.is_working() && part.is_overdue(now));
        let Some(appeal) = overdue.then(|| Appeals::<T>::get(id)).flatten() else {
            return false;
        };
        if appeal.sits {
            T::Panels::dismiss(id);
            Self::decide_appeal(id, None);
            return true;
        }
        let mut batch = batch.clone();
        let Ok(submission) = Self::take_submission(id, &mut batch) else {
            return false;
        };
        Self::end_appeal(id, &batch, submission, appeal);
        Self::put(id, batch);
        true
    }

    /// Pays the jurors of the majority out of the bond of this round, and says what each got.
    fn pay_jurors(batch: &Batch, part: &Part, appeal: &mut Appeal, members: Vec<Paid>) -> Vec<Paid> {
        let Some(bond) = appeal.bonds.last_mut() else {
            return Vec::new();
        };
        let purse = Purse::bond(side(bond.by, &batch.requester, &part.solver));
        let mut paid = Vec::with_capacity(members.len());
        for (juror, price) in members {
            let price = price.min(bond.left);
            bond.left = bond.left.saturating_sub(price);
            Self::pay_solver(purse, &juror, price);
            paid.push((juror, price));
        }
        paid
    }

    /// Ends an appeal about which no jury ever decided. Jurors that stay away must not let a wrong answer stand, nor cost an
    /// honest solver its stake: the requester has its escrow back, and the solver its stake.
    fn end_undecided(id: BatchId, batch: &Batch, submission: Submission) {
        Appeals::<T>::remove(id);
        let Submission { task, claimed, part } = submission;
        Self::release_stake(&part.solver, &part, &[task], batch.max_reward);
        Self::end_claim(id.task(task.place), &claimed);
        Self::refund_all(id, batch, &Inputs::<T>::get(id), &[task], Reason::NoQuorum);
    }

    /// Ends an appeal as decided last: the loser's bonds go to the winner, and the task settles or is refunded.
    pub(crate) fn end_appeal(id: BatchId, batch: &Batch, submission: Submission, appeal: Appeal) {
        Appeals::<T>::remove(id);
        let task = id.task(submission.task.place);
        let winner = appeal.winner();
        let winner_account = side(winner, &batch.requester, &submission.part.solver);
        for bond in &appeal.bonds {
            let owner = side(bond.by, &batch.requester, &submission.part.solver);
            if bond.by == winner {
                Self::give_back(Purse::bond(owner), bond.left);
            } else if bond.left > 0 {
                Self::pay_share(Purse::bond(owner), winner_account, bond.left);
                Self::deposit_event(Event::AppealBondLost {
                    task,
                    from: owner.clone(),
                    to: winner_account.clone(),
                    amount: bond.left,
                });
            }
        }
        let evidence = appeal
            .evidence
            .map_or(Ground::WindowPassed, Ground::Jury)
            .digest();
        if appeal.stands {
            Self::settle_submission(id, batch, submission, evidence);
            return;
        }
        let Submission { task, claimed, part } = submission;
        Self::report(id, batch, &part, &task, Fault::Rejected, evidence);
        Self::end_claim(id.task(task.place), &claimed);
        Self::refund_all(id, batch, &Inputs::<T>::get(id), &[task], Reason::Rejected);
    }
}

/// The account of a side.
pub(crate) fn side<'a>(side: Side, requester: &'a AccountId, solver: &'a AccountId) -> &'a AccountId {
    match side {
        Side::Requester => requester,
        Side::Solver => solver,
    }
}
