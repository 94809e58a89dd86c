//! The books: standing offers per model, cheapest first.

use crate::{
    types::{BookEntry, Solver},
    Books, Config, Error, Event, Pallet, Solvers,
};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::*};
use pensum_primitives::{model::ModelState, solver::Offer, traits::Models, AccountId, ModelId};

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

    /// The standing offers for a model, cheapest first.
    pub fn offers(model: &ModelId) -> Vec<(AccountId, Offer)> {
        Books::<T>::get(model)
            .into_iter()
            .map(|entry| (entry.solver, entry.offer))
            .collect()
    }

    /// Puts an entry in its place, instead of the solver's earlier one or, in a full book, of the dearest, which is returned.
    fn place(book: &mut Book<T>, entry: BookEntry) -> Result<Option<BookEntry>, Error<T>> {
        book.retain(|other| other.solver != entry.solver);
        let listed = entry.listed();
        let mut evicted = None;
        if book.is_full() {
            ensure!(
                book.last().is_some_and(|dearest| listed < dearest.listed()),
                Error::<T>::BookFull
            );
            evicted = book.pop();
        }
        // Behind those of the same price: who came first is first.
        let place = book.partition_point(|other| other.listed() <= listed);
        book.try_insert(place, entry).map_err(|_| Error::<T>::BookFull)?;
        Ok(evicted)
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
