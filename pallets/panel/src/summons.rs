//! What other pallets ask of this one.

use crate::{
    draw::MOST_DRAWS,
    types::{rule, Panel, Stage, MAX_SEATS},
    weights::WeightInfo,
    Agenda, Config, Error, Event, Pallet, Panels,
};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult, weights::Weight, BoundedVec};
use pensum_primitives::{
    panel::PanelDuty,
    task::MAX_OUTPUT,
    traits::{self, PanelView, Summons},
    AccountId, Balance, BatchId, BlockNumber,
};
use sp_runtime::traits::Get;

impl<T: Config> traits::Panels for Pallet<T> {
    /// An upper bound: every member commits, and reveals the longest ballot in a block of its own, every block
    /// tallies in vain, the last round ends with late reveals, and every seat ends with a fault. What follows from the verdicts is
    /// not in it: the market knows that, and prepays it.
    fn prepaid_weight(size: u8, rounds: u8, tasks: u32) -> Weight {
        let ballot = ballot_bytes(tasks);
        let mut prepaid = Weight::zero();
        let mut seats = u32::from(size);
        for round in 0..rounds {
            let member = T::WeightInfo::authorize(0)
                .saturating_add(T::WeightInfo::commit())
                .saturating_add(T::WeightInfo::authorize(ballot))
                .saturating_add(T::WeightInfo::reveal(ballot));
            let tally = T::WeightInfo::tally(seats, tasks, ballot.saturating_mul(seats));
            prepaid = prepaid
                .saturating_add(T::WeightInfo::draw(
                    seats,
                    if round == 0 { 1 } else { MOST_DRAWS },
                ))
                .saturating_add(member.saturating_mul(seats.into()))
                .saturating_add(T::WeightInfo::close_commitments(seats))
                .saturating_add(tally.saturating_mul(Self::most_tallies(seats)))
                .saturating_add(T::WeightInfo::settle(seats, tasks));
            seats = seats.saturating_mul(2);
        }
        let last = seats / 2;
        let late = T::WeightInfo::tally(last, tasks, ballot.saturating_mul(last));
        prepaid.saturating_add(late)
    }

    /// For each round the block that draws, those in which members commit, the block that opens reveals, those in which they
    /// reveal, and the block that tallies.
    fn longest(rounds: u8) -> BlockNumber {
        let windows = T::CommitWindow::get().saturating_add(T::RevealWindow::get());
        windows.saturating_add(3).saturating_mul(rounds.into())
    }

    fn summon(summons: Summons) -> DispatchResult {
        let batch = summons.batch;
        Self::forget_closing(batch);
        ensure!(!Panels::<T>::contains_key(batch), Error::<T>::AlreadySummoned);
        let panel = Self::check_summons(summons)?;
        Self::deposit_event(Event::PanelSummoned {
            batch,
            size: panel.size,
            threshold: panel.threshold,
            rounds: panel.rounds,
        });
        Self::put(batch, panel, Self::now().saturating_add(1));
        Ok(())
    }

    fn dismiss(batch: BatchId) {
        let Some(panel) = Panels::<T>::get(batch) else {
            return;
        };
        // A panel that has decided is no longer the market's; only late members still have a seat.
        if panel.stage == Stage::Closing {
            return;
        }
        Agenda::<T>::remove(panel.due, batch);
        Self::release_all(batch, &panel);
        Self::remove(batch);
        Self::deposit_event(Event::PanelDismissed { batch });
    }

    fn view(batch: BatchId) -> Option<PanelView> {
        Self::panel_view(batch)
    }

    fn duties(solver: &AccountId, limit: u32) -> Vec<PanelDuty> {
        Self::panel_duties(solver, limit)
    }

    fn locked() -> Vec<(AccountId, Balance, u32)> {
        Self::locked_by_seats()
    }
}

impl<T: Config> Pallet<T> {
    /// Checks a summons against what a panel can be; the panel that waits for its draw.
    fn check_summons(summons: Summons) -> Result<Panel, Error<T>> {
        let Summons {
            batch: _,
            requester,
            model,
            tasks,
            question,
            size,
            threshold,
            rounds,
            member_cap,
            asset,
            min_reputation,
            exclude,
            slash_difference,
        } = summons;
        let in_order = tasks.is_sorted_by(|(one, _), (next, _)| one < next);
        ensure!(!tasks.is_empty() && in_order, Error::<T>::TasksMalformed);
        let tasks = BoundedVec::try_from(tasks).map_err(|_| Error::<T>::TasksMalformed)?;
        ensure!(
            threshold <= size && u16::from(threshold).saturating_mul(2) > u16::from(size),
            Error::<T>::ThresholdNotMajority
        );
        let doublings = rounds.checked_sub(1).ok_or(Error::<T>::PanelTooLarge)?;
        let last_round = u32::from(size).saturating_mul(2u32.saturating_pow(doublings.into()));
        ensure!(last_round <= MAX_SEATS, Error::<T>::PanelTooLarge);
        ensure!(rule(&question).is_sound(), Error::<T>::PointerMalformed);
        Ok(Panel {
            requester,
            model,
            question,
            tasks,
            size,
            threshold,
            rounds,
            member_cap,
            asset,
            min_reputation,
            exclude: BoundedVec::try_from(exclude).map_err(|_| Error::<T>::TooManyExcluded)?,
            former: BoundedVec::new(),
            slash_difference,
            round: 0,
            drawn_at: 0,
            stage: Stage::Drawing,
            until: Self::now().saturating_add(1),
            due: 0,
            members: BoundedVec::new(),
            committed: 0,
            revealed: 0,
        })
    }

    /// Most tallies of one round: from the reveal on that completes a majority each block may see one more, and there are no more
    /// blocks than those in which members reveal.
    fn most_tallies(seats: u32) -> u64 {
        let from_majority_on = seats.div_ceil(2);
        let blocks = T::RevealWindow::get().saturating_add(1);
        from_majority_on.min(blocks).max(1).into()
    }
}

/// Most bytes of a ballot on so many tasks, encoded: each answer with its length and whether there is one.
fn ballot_bytes(tasks: u32) -> u32 {
    tasks
        .saturating_mul(MAX_OUTPUT.saturating_add(3))
        .saturating_add(1)
}
