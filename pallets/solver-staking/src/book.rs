//! The books: standing offers per model, cheapest first.

use crate::{
    types::{BookEntry, Solver},
    Books, Config, Error, Event, Pallet, Solvers,
};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::*};
use pensum_primitives::{
    model::ModelState,
    solver::{Offer, Unit},
    traits::{Models, Rates},
    AccountId, Balance, ModelId,
};

type Book<T> = BoundedVec<BookEntry, <T as Config>::MaxOffersPerModel>;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_offer(who: AccountId, model: ModelId, offer: Offer) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        ensure!(!solver.is_jailed(), Error::<T>::Jailed);
        ensure!(
            solver.bonded > 0 && solver.bonded >= T::MinBond::get(),
            Error::<T>::StakeTooLow
        );
        ensure!(offer.capacity > 0, Error::<T>::CapacityZero);
        let entry = T::Models::entry(&model).ok_or(Error::<T>::ModelUnknown)?;
        ensure!(
            !matches!(entry.state, ModelState::Retired { .. }),
            Error::<T>::ModelRetired
        );

        let is_new = !solver.offers.contains(&model);
        if is_new {
            solver
                .offers
                .try_push(model)
                .map_err(|_| Error::<T>::TooManyOffers)?;
        }
        let mut book = Books::<T>::get(model);
        let evicted = Self::place(
            &mut book,
            BookEntry {
                solver: who.clone(),
                offer,
                accepts: solver.accepts.clone(),
            },
        )?;

        Books::<T>::insert(model, book);
        if is_new {
            Solvers::<T>::insert(&who, solver);
        }
        if let Some(evicted) = evicted {
            Self::forget_offer(&evicted.solver, &model);
            Self::deposit_event(Event::OfferEvicted {
                solver: evicted.solver,
                model,
                by: who.clone(),
            });
        }
        Self::deposit_event(Event::OfferSet {
            solver: who,
            model,
            offer,
        });
        Ok(())
    }

    pub(crate) fn do_withdraw_offer(who: AccountId, model: ModelId) -> DispatchResult {
        let mut solver = Self::solver(&who)?;
        ensure!(solver.offers.contains(&model), Error::<T>::NoSuchOffer);
        solver.offers.retain(|offered| *offered != model);
        Solvers::<T>::insert(&who, solver);
        Self::strike(&who, model);
        Ok(())
    }

    /// Takes all offers of a solver out of the books; the caller stores the record.
    pub(crate) fn drop_offers(who: &AccountId, solver: &mut Solver<T>) {
        for model in core::mem::take(&mut solver.offers) {
            Self::strike(who, model);
        }
    }

    /// The standing offers for a model, cheapest first, each in the unit that it is quoted in.
    pub fn offers(model: &ModelId) -> Vec<(AccountId, Offer)> {
        let mut book = Books::<T>::get(model);
        let stable = Self::stable_rate(&book);
        book.sort_by_key(|entry| entry.listed(stable));
        book.into_iter()
            .map(|entry| (entry.solver, entry.offer))
            .collect()
    }

    /// What 10⁻¹² of a stable unit is worth in PEN, where anything in the book depends on it. Read once for all of it, and not at all
    /// for a book in PEN.
    pub(crate) fn stable_rate(book: &[BookEntry]) -> Option<(Balance, Balance)> {
        book.iter()
            .any(|entry| entry.offer.unit == Unit::Stable)
            .then(T::Rates::stable)
            .flatten()
    }

    /// Puts an entry in its place, instead of the solver's earlier one or, in a full book, of the dearest, which is returned.
    fn place(book: &mut Book<T>, entry: BookEntry) -> Result<Option<BookEntry>, Error<T>> {
        book.retain(|other| other.solver != entry.solver);
        let stable = Self::stable_rate(book).or_else(|| Self::stable_rate(core::slice::from_ref(&entry)));
        // The rate has moved since the last offer was set.
        book.sort_by_key(|other| other.listed(stable));
        let listed = entry.listed(stable);
        let mut evicted = None;
        if book.is_full() {
            ensure!(
                book.last().is_some_and(|dearest| listed < dearest.listed(stable)),
                Error::<T>::BookFull
            );
            evicted = book.pop();
        }
        // Behind those of the same price: who came first is first.
        let place = book.partition_point(|other| other.listed(stable) <= listed);
        book.try_insert(place, entry).map_err(|_| Error::<T>::BookFull)?;
        Ok(evicted)
    }

    /// Says in all books what the solver accepts now.
    pub(crate) fn relist(who: &AccountId, solver: &Solver<T>) {
        for model in &solver.offers {
            Books::<T>::mutate(model, |book| {
                let own = book.iter_mut().find(|entry| entry.solver == *who);
                if let Some(entry) = own {
                    entry.accepts = solver.accepts.clone();
                }
            });
        }
    }

    /// Takes an entry out of a book. An empty book leaves nothing in state.
    fn strike(who: &AccountId, model: ModelId) {
        let mut book = Books::<T>::get(model);
        book.retain(|entry| entry.solver != *who);
        if book.is_empty() {
            Books::<T>::remove(model);
        } else {
            Books::<T>::insert(model, book);
        }
        Self::deposit_event(Event::OfferWithdrawn {
            solver: who.clone(),
            model,
        });
    }

    /// Takes a model from the list of a solver whose entry has left the book.
    fn forget_offer(who: &AccountId, model: &ModelId) {
        Solvers::<T>::mutate_extant(who, |solver| solver.offers.retain(|offered| offered != model));
    }
}
