//! Invariants, checked after every test, in the property tests and by `try-runtime`.

use crate::{
    types::{Panel, Progress, Seat, Stage},
    Agenda, AgendaCursor, Ballots, Config, Decided, Pallet, Panels, Seats,
};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use pensum_primitives::{
    traits::{Panels as _, Solvers},
    AccountId, BatchId,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// 1. Nothing can be stuck: every panel stands in the agenda once, at a block that is still to come, or that the chain is behind
    ///    with; and nothing else stands there.
    /// 2. Nobody sits twice: the members of a panel ascend, each has one seat with a price and a bond for each task, and there
    ///    are no other seats.
    /// 3. The counts are those of the seats: nobody has revealed before commitments were closed, and only those who revealed
    ///    have a ballot, besides the majority of a panel that waits for late members.
    /// 4. Nothing is left behind: ballots and decided tasks belong to a panel.
    /// 5. A panel that goes on can still decide: it has enough members, unless this block's excuses made it hopeless, and a
    ///    panel that has decided waits for somebody.
    /// 6. Every solver has at least as much stake locked, and as many tasks in flight, as its seats want.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut seats = BTreeSet::new();
        let mut agenda = 0usize;
        let first_block = AgendaCursor::<T>::get().unwrap_or(Self::now().saturating_add(1));
        for (batch, panel) in Panels::<T>::iter() {
            ensure!(panel.due >= first_block, "a panel is due in a block that is done");
            ensure!(
                Agenda::<T>::contains_key(panel.due, batch),
                "a panel is not in the agenda"
            );
            agenda = agenda.saturating_add(1);
            Self::check_panel(batch, &panel)?;
            for member in &panel.members {
                seats.insert((member.clone(), batch));
            }
        }
        ensure!(
            Agenda::<T>::iter_keys().count() == agenda,
            "the agenda names what is no panel, or a panel twice"
        );
        ensure!(
            Seats::<T>::iter_keys().count() == seats.len(),
            "somebody without a panel has a seat"
        );
        for batch in Decided::<T>::iter_keys() {
            ensure!(
                Panels::<T>::contains_key(batch),
                "decided tasks outlived their panel"
            );
        }
        for (batch, _) in Ballots::<T>::iter_keys() {
            ensure!(Panels::<T>::contains_key(batch), "a ballot outlived its panel");
        }
        for (solver, bond, tasks) in Self::locked() {
            ensure!(
                T::Solvers::locked(&solver) >= bond && T::Solvers::in_flight(&solver) >= tasks,
                "a seat has no stake behind it"
            );
        }
        Ok(())
    }

    fn check_panel(batch: BatchId, panel: &Panel) -> Result<(), TryRuntimeError> {
        ensure!(
            panel.members.is_sorted_by(|one, next| one < next),
            "members do not ascend"
        );
        ensure!(
            !panel.tasks.is_empty() && panel.tasks.is_sorted_by(|(one, _), (next, _)| one < next),
            "tasks do not ascend"
        );
        ensure!(panel.round < panel.rounds, "there is no such round");
        let (mut committed, mut revealed) = (0u32, 0u32);
        let mut voters = BTreeSet::<AccountId>::new();
        for member in &panel.members {
            let seat: Seat = Seats::<T>::get(member, batch).ok_or("a member has no seat")?;
            let tasks = panel.tasks.len();
            ensure!(
                seat.bonds.len() == tasks && seat.prices.len() == tasks,
                "a seat is not for the panel's tasks"
            );
            match seat.progress {
                Progress::Drawn => {}
                Progress::Committed(_) => committed = committed.saturating_add(1),
                Progress::Revealed => {
                    revealed = revealed.saturating_add(1);
                    voters.insert(member.clone());
                }
            }
        }
        ensure!(revealed == panel.revealed, "reveals are miscounted");
        let decided = Decided::<T>::get(batch);
        let everybody_committed = committed.saturating_add(revealed) == panel.count();
        match panel.stage {
            Stage::Drawing => ensure!(panel.members.is_empty(), "members sit before the draw"),
            Stage::Committing => {
                ensure!(committed == panel.committed, "commitments are miscounted");
                ensure!(revealed == 0, "a member revealed while others could commit");
                ensure!(
                    !panel.is_hopeless() || panel.due <= Self::now().saturating_add(1),
                    "a panel goes on that cannot decide"
                );
            }
            Stage::Revealing => {
                ensure!(everybody_committed, "a member sits on without having committed");
                ensure!(!panel.is_hopeless(), "a panel goes on that cannot decide");
            }
            Stage::Closing => {
                ensure!(everybody_committed, "a member sits on without having committed");
                ensure!(!panel.members.is_empty(), "a panel waits for nobody");
                ensure!(
                    decided
                        .iter()
                        .map(|task| task.place)
                        .eq(panel.tasks.iter().map(|(place, _)| *place)),
                    "a panel that decided has tasks without a verdict"
                );
                voters.extend(
                    Ballots::<T>::iter_key_prefix(batch).filter(|voter| !panel.members.contains(voter)),
                );
            }
        }
        ensure!(
            Ballots::<T>::iter_key_prefix(batch).collect::<BTreeSet<_>>() == voters,
            "the ballots are not those of the members that revealed"
        );
        Ok(())
    }
}
