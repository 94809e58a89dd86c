//! Payment: money out of the escrow of a requester, and out of the bond of an appellant.

use crate::{Config, Event, HoldReason, Pallet};
use alloc::vec::Vec;
use frame_support::{
    defensive,
    storage::with_storage_layer,
    traits::{
        fungible::hold::Mutate,
        tokens::{
            Fortitude::Force,
            Precision::{BestEffort, Exact},
            Restriction::Free,
        },
    },
};
use pensum_primitives::{
    model::ModelEntry,
    panel::Paid,
    traits::{Models, Solvers},
    AccountId, Balance, ModelId,
};
use sp_runtime::traits::Get;

/// Money on hold that is paid out.
#[derive(Clone, Copy)]
pub(crate) struct Purse<'a> {
    /// Whose it is.
    pub owner: &'a AccountId,
    /// Why it is on hold.
    pub reason: HoldReason,
}

impl<'a> Purse<'a> {
    /// The escrow of a requester.
    pub fn escrow(owner: &'a AccountId) -> Self {
        let reason = HoldReason::Escrow;
        Self { owner, reason }
    }

    /// The bond of an appellant.
    pub fn bond(owner: &'a AccountId) -> Self {
        let reason = HoldReason::Appeal;
        Self { owner, reason }
    }
}

/// Who has which part of the price of a model's answers.
#[derive(Default)]
pub(crate) struct Tariff {
    /// The model's publisher.
    publisher: Option<AccountId>,
    /// Its part, in parts per million.
    royalty_ppm: u32,
}

impl From<ModelEntry> for Tariff {
    fn from(entry: ModelEntry) -> Self {
        Self {
            royalty_ppm: entry.royalty.deconstruct(),
            publisher: Some(entry.publisher),
        }
    }
}

/// What leaves the escrow of one requester for tasks of one batch, summed so that each payee is written to once.
#[derive(Default)]
pub(crate) struct Bill {
    /// For each solver.
    solvers: Vec<Paid>,
    /// For the model's publisher.
    royalty: Balance,
    /// For the treasury.
    fee: Balance,
    /// Back to the requester.
    refund: Balance,
}

impl Bill {
    /// Adds to what one solver gets.
    pub fn add_share(&mut self, solver: &AccountId, amount: Balance) {
        match self.solvers.iter_mut().find(|(payee, _)| payee == solver) {
            Some((_, share)) => *share = share.saturating_add(amount),
            None => self.solvers.push((solver.clone(), amount)),
        }
    }

    /// Adds what goes to the treasury.
    pub fn add_fee(&mut self, amount: Balance) {
        self.fee = self.fee.saturating_add(amount);
    }

    /// Adds what goes back to the requester.
    pub fn add_refund(&mut self, amount: Balance) {
        self.refund = self.refund.saturating_add(amount);
    }

    /// Adds the prices of one answered task, each shared out among solver, publisher and treasury.
    pub fn add_answered(&mut self, prices: &[Paid], tariff: &Tariff, fee_ppm: u32) {
        for (solver, price) in prices {
            let split = market_math::payout::split(*price, tariff.royalty_ppm, fee_ppm);
            self.add_share(solver, split.solver);
            self.royalty = self.royalty.saturating_add(split.royalty);
            self.add_fee(split.fee);
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The model's tariff. A model's entry outlives its tasks; without one there would be no publisher to pay.
    pub(crate) fn tariff(model: &ModelId) -> Tariff {
        T::Models::entry(model).map(Tariff::from).unwrap_or_default()
    }

    /// Pays a bill out of the requester's escrow. Never fails: whoever cannot receive leaves its share to the next in line.
    pub(crate) fn pay(requester: &AccountId, tariff: &Tariff, bill: Bill) {
        let purse = Purse::escrow(requester);
        let treasury = T::Treasury::get();
        for (solver, amount) in &bill.solvers {
            Self::pay_solver(purse, solver, *amount);
        }
        let publisher = tariff.publisher.as_ref().unwrap_or(&treasury);
        Self::pay_share(purse, publisher, bill.royalty);
        Self::pay_share(purse, &treasury, bill.fee);
        Self::give_back(purse, bill.refund);
    }

    /// Pays a solver and those who delegated stake to it.
    pub(crate) fn pay_solver(purse: Purse, solver: &AccountId, amount: Balance) {
        let mut rest = amount;
        if let Some((pool, share)) = T::Solvers::delegators_share(solver, amount) {
            let share = share.min(amount);
            rest = amount.saturating_sub(share);
            Self::pay_share(purse, &pool, share);
        }
        Self::pay_share(purse, solver, rest);
    }

    /// Pays somebody.
    pub(crate) fn pay_share(purse: Purse, payee: &AccountId, amount: Balance) {
        if !Self::transfer(purse, payee, amount) {
            Self::redirect(purse, payee, amount);
        }
    }

    /// Gives the owner of the purse some of it back.
    pub(crate) fn give_back(purse: Purse, amount: Balance) {
        if !Self::release(purse, amount) {
            Self::redirect(purse, purse.owner, amount);
        }
    }

    /// Finds another home for a share that `payee` cannot receive, because it would be dust in a dead account.
    fn redirect(purse: Purse, payee: &AccountId, amount: Balance) {
        let treasury = T::Treasury::get();
        let to = if Self::transfer(purse, &treasury, amount) {
            Some(treasury)
        } else if Self::release(purse, amount) {
            Some(purse.owner.clone())
        } else {
            // Less than any account can hold on its own; left on hold it would stay there for ever.
            let burned =
                T::NativeBalance::burn_held(&purse.reason.into(), purse.owner, amount, BestEffort, Force);
            if burned != Ok(amount) {
                defensive!("what is paid out is on hold");
            }
            None
        };
        Self::deposit_event(Event::ShareRedirected {
            payee: payee.clone(),
            amount,
            to,
        });
    }

    fn transfer(purse: Purse, payee: &AccountId, amount: Balance) -> bool {
        // The money was given up when it was put on hold, so that a freeze put on the account since does not touch it.
        amount == 0
            || with_storage_layer(|| {
                T::NativeBalance::transfer_on_hold(
                    &purse.reason.into(),
                    purse.owner,
                    payee,
                    amount,
                    Exact,
                    Free,
                    Force,
                )
            })
            .is_ok()
    }

    fn release(purse: Purse, amount: Balance) -> bool {
        amount == 0
            || with_storage_layer(|| {
                T::NativeBalance::release(&purse.reason.into(), purse.owner, amount, Exact)
            })
            .is_ok()
    }
}
