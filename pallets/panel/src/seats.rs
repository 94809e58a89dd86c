//! Seats: what becomes of the stake behind them.

use crate::{
    types::{Panel, Seat},
    Ballots, Config, Decided, Event, Pallet, Panels, Seats,
};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use codec::Encode;
use market_math::equivalence::Standing;
use pensum_primitives::{
    solver::Fault,
    traits::{FaultReport, Solvers},
    AccountId, Balance, BatchId, Digest, TaskId,
};

/// Some tasks of a seat.
#[derive(Default)]
struct Share {
    tasks: u32,
    bond: Balance,
    price: Balance,
    first: Option<u8>,
}

impl Share {
    fn add(&mut self, place: u8, bond: Balance, price: Balance) {
        self.tasks = self.tasks.saturating_add(1);
        self.bond = self.bond.saturating_add(bond);
        self.price = self.price.saturating_add(price);
        self.first = self.first.or(Some(place));
    }
}

impl<T: Config> Pallet<T> {
    /// Settles the stake of a member that revealed, by how its answer to each task stands.
    pub(crate) fn settle(
        batch: BatchId,
        panel: &Panel,
        member: &AccountId,
        seat: &Seat,
        standings: &[Standing],
        evidence: Digest,
    ) {
        let (mut right, mut wrong) = (Share::default(), Share::default());
        let (mut apart, mut unable) = (Share::default(), Share::default());
        let tasks = panel.tasks.iter().zip(seat.bonds.iter().zip(&seat.prices));
        for (((place, _), (bond, price)), standing) in tasks.zip(standings) {
            let share = match standing {
                Standing::Agrees => &mut right,
                Standing::Differs if panel.slash_difference => &mut wrong,
                Standing::Differs | Standing::Apart => &mut apart,
                Standing::Unreadable => &mut unable,
            };
            share.add(*place, *bond, *price);
        }
        Seats::<T>::remove(member, batch);
        if right.tasks > 0 {
            T::Solvers::agreed(member, right.tasks, right.bond, right.price);
        }
        for (share, declined) in [(apart, false), (unable, true)] {
            if share.tasks > 0 {
                T::Solvers::released(member, share.tasks, share.bond, share.price, declined);
            }
        }
        if let Some(first) = wrong.first {
            let task = batch.task(first);
            Self::report(batch, panel, member, Fault::Wrong, task, wrong, evidence);
        }
    }

    /// Reports a member that did not do what it had to, and takes its seat.
    pub(crate) fn forfeit(batch: BatchId, panel: &Panel, member: &AccountId, seat: &Seat, fault: Fault) {
        Seats::<T>::remove(member, batch);
        let share = Share {
            tasks: seat.tasks(),
            bond: seat.bond(),
            price: seat.price(),
            first: None,
        };
        let task = panel.first_task(batch);
        let about = (task, panel.drawn_at, member, seat.progress);
        let evidence = sp_io::hashing::blake2_256(&about.encode()).into();
        Self::report(batch, panel, member, fault, task, share, evidence);
    }

    fn report(
        batch: BatchId,
        panel: &Panel,
        member: &AccountId,
        fault: Fault,
        task: TaskId,
        share: Share,
        evidence: Digest,
    ) {
        let slash = T::Solvers::fault(
            member,
            FaultReport {
                task,
                fault,
                bond: share.bond,
                tasks: share.tasks,
                reward: share.price,
                harmed: panel.requester.clone(),
                evidence,
            },
        );
        Self::deposit_event(Event::SeatForfeited {
            batch,
            round: panel.drawn_at,
            member: member.clone(),
            fault,
            tasks: share.tasks,
            slash,
        });
    }

    /// Gives a seat's stake back: nobody is at fault.
    pub(crate) fn release(batch: BatchId, member: &AccountId, seat: &Seat) {
        Seats::<T>::remove(member, batch);
        T::Solvers::released(member, seat.tasks(), seat.bond(), seat.price(), false);
    }

    /// Gives back the stake of all members.
    pub(crate) fn release_all(batch: BatchId, panel: &Panel) {
        for member in &panel.members {
            if let Some(seat) = Seats::<T>::get(member, batch) {
                Self::release(batch, member, &seat);
            }
        }
    }

    /// Removes whatever is left of a panel that has no seats any more and stands in no agenda.
    pub(crate) fn remove(batch: BatchId) {
        Panels::<T>::remove(batch);
        Decided::<T>::remove(batch);
        Self::clear_ballots(batch);
    }

    pub(crate) fn clear_ballots(batch: BatchId) {
        // At most one for each seat.
        let _cleared = Ballots::<T>::clear_prefix(batch, u32::MAX, None);
    }

    /// Stake locked behind seats, by solver, and the tasks they count.
    pub(crate) fn locked_by_seats() -> Vec<(AccountId, Balance, u32)> {
        let mut locked = BTreeMap::<AccountId, (Balance, u32)>::new();
        for (solver, _, seat) in Seats::<T>::iter() {
            let entry = locked.entry(solver).or_default();
            entry.0 = entry.0.saturating_add(seat.bond());
            entry.1 = entry.1.saturating_add(seat.tasks());
        }
        locked
            .into_iter()
            .map(|(solver, (bond, tasks))| (solver, bond, tasks))
            .collect()
    }
}
