//! Payment: money out of the escrow of a requester, and out of the bond of an appellant.

use crate::{types::Batch, weights::WeightInfo, Config, Event, HoldReason, Pallet};
use alloc::vec::Vec;
use frame_support::{
    defensive,
    storage::with_storage_layer,
    traits::{
        fungibles::{hold::Mutate, Inspect},
        tokens::{
            DepositConsequence,
            Fortitude::Force,
            Precision::{BestEffort, Exact},
            Provenance::Extant,
            Restriction::Free,
        },
    },
    weights::Weight,
};
use pensum_primitives::{
    model::ModelEntry,
    panel::Paid,
    traits::{Models, Solvers},
    AccountId, AssetId, Balance, ModelId,
};
use sp_runtime::traits::Get;

/// Money on hold that is paid out.
#[derive(Clone, Copy)]
pub(crate) struct Purse<'a> {
    /// Whose it is.
    pub owner: &'a AccountId,
    /// Why it is on hold.
    pub reason: HoldReason,
    /// What it is; none is PEN.
    pub asset: Option<AssetId>,
}

impl<'a> Purse<'a> {
    /// The escrow of a requester, in one of its assets.
    pub fn escrow(owner: &'a AccountId, asset: Option<AssetId>) -> Self {
        let reason = HoldReason::Escrow;
        Self { owner, reason, asset }
    }

    /// The bond of an appellant.
    pub fn bond(owner: &'a AccountId) -> Self {
        let reason = HoldReason::Appeal;
        Self {
            owner,
            reason,
            asset: None,
        }
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

/// What leaves the escrow of one requester for tasks of one batch, in units of the batch's asset, summed so that each payee is
/// written to once. Together its amounts are what is held for those tasks.
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

    /// Adds what one answered task costs with each solver, each shared out among solver, publisher and treasury.
    pub fn add_answered(&mut self, costs: &[Paid], tariff: &Tariff, fee_ppm: u32) {
        for (solver, cost) in costs {
            let split = market_math::payout::split(*cost, tariff.royalty_ppm, fee_ppm);
            self.add_share(solver, split.solver);
            self.royalty = self.royalty.saturating_add(split.royalty);
            self.add_fee(split.fee);
        }
    }
}

/// Most payees of a bill for one solver's answers: the solver, its delegators, the publisher and the treasury.
pub(crate) const PAYEES: u32 = 4;

impl<T: Config> Pallet<T> {
    /// What paying so many bills to so many payees in all weighs more where another asset than PEN pays.
    pub(crate) fn extra_of_bills(asset: Option<AssetId>, bills: u32, payees: u32) -> Weight {
        asset.map_or(Weight::zero(), |_| T::WeightInfo::pay_asset(bills, payees))
    }

    /// The model's tariff. A model's entry outlives its tasks; without one there would be no publisher to pay.
    pub(crate) fn tariff(model: &ModelId) -> Tariff {
        T::Models::entry(model).map(Tariff::from).unwrap_or_default()
    }

    /// Pays a bill out of the requester's escrow. Never fails: whoever cannot receive leaves its share to the next in line, or finds
    /// it later.
    pub(crate) fn pay(batch: &Batch, tariff: &Tariff, bill: Bill) {
        let purse = Purse::escrow(&batch.requester, batch.asset());
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
        if let Some((pool, share)) = T::Solvers::delegators_share(solver, purse.asset, amount) {
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

    /// Finds another home for a share that `payee` cannot receive, because it would be dust in a dead account; or keeps it, where
    /// it is somebody's will that the payee does not receive it now.
    fn redirect(purse: Purse, payee: &AccountId, amount: Balance) {
        if let Some(asset) = purse.asset {
            let obstacle = T::Currencies::can_deposit(purse.asset, payee, amount, Extant);
            let is_dust = matches!(
                obstacle,
                DepositConsequence::BelowMinimum | DepositConsequence::CannotCreate
            );
            // Who blocks an account decides neither who else has its money, nor that it is the requester again.
            if !is_dust {
                return Self::strand(purse, asset, payee, amount);
            }
        }
        let treasury = T::Treasury::get();
        let to = if Self::transfer(purse, &treasury, amount) {
            Some(treasury)
        } else if Self::release(purse, amount) {
            Some(purse.owner.clone())
        } else if let Some(asset) = purse.asset {
            return Self::strand(purse, asset, payee, amount);
        } else {
            // Less than any account can hold on its own; left on hold it would stay there for ever.
            let reason = purse.reason.into();
            let burned = T::Currencies::burn_held(None, &reason, purse.owner, amount, BestEffort, Force);
            if burned != Ok(amount) {
                defensive!("what is paid out is on hold");
            }
            None
        };
        Self::deposit_event(Event::ShareRedirected {
            payee: payee.clone(),
            asset: purse.asset,
            amount,
            to,
        });
    }

    pub(crate) fn transfer(purse: Purse, payee: &AccountId, amount: Balance) -> bool {
        // The money was given up when it was put on hold, so that a freeze put on the account since does not touch it.
        amount == 0
            || with_storage_layer(|| {
                T::Currencies::transfer_on_hold(
                    purse.asset,
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

    pub(crate) fn release(purse: Purse, amount: Balance) -> bool {
        amount == 0
            || with_storage_layer(|| {
                T::Currencies::release(purse.asset, &purse.reason.into(), purse.owner, amount, Exact)
            })
            .is_ok()
    }
}
