//! Weights of the calls and of the hook.
//!
//! Reads and writes are counted from the code; storage that every block touches anyway (block number, events) is not
//! counted. An account and its holds are two reads and two writes. The constants are the time of the call's own work
//! outside the database times three, as a margin for wasm: loops of 20 to 2 000 calls in a native release build over an
//! in-memory database, best of eight runs on one core of an AMD EPYC, with books of 64 offers and 8 offers per solver. The
//! chain has no parachain proof, so proof size is zero.

use crate::{types::MAX_ACCEPTED, Config};
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// One nanosecond of execution in units of reference time.
const NANOSECOND: u64 = 1_000;

/// `join`: 75 µs, most of it the signature.
const JOIN: u64 = 225_000;
/// `bond_extra`: 29 µs, most of it the hold.
const STAKE: u64 = 87_000;
/// `cancel_slash`, the slowest of the calls that touch records only: 4.6 µs.
const RECORD: u64 = 14_000;
/// `set_offer` that evicts from a book of 64 offers: 17 µs.
const BOOK: u64 = 51_000;
/// The hook when nothing is due: 1.3 µs.
const AGENDA: u64 = 4_000;
/// A slash of own and delegated stake that pays three accounts: 70 µs.
const SLASH: u64 = 210_000;
/// `delegate`, the slowest of the calls that move delegated stake or its rewards: 18 µs.
const DELEGATION: u64 = 54_000;
/// `undelegate`, which moves none: 8 µs.
const UNDELEGATE: u64 = 24_000;
/// An asset of a pool that is looked at: 1.5 µs.
const CURRENCY: u64 = 4_500;
/// A payment in an asset: 10 µs.
const PAY_ASSET: u64 = 30_000;
/// A solver, with a pool, of whom a draw finds out whether it is ready: 4.6 µs.
const CANDIDATE: u64 = 14_000;
/// A member that a draw takes out of 100 candidates: 11 µs.
const LOT: u64 = 33_000;

/// Reads of what the stable unit is worth: which asset that is, and the listings.
const RATE_READS: u64 = 2;

/// Weights of the calls and of the hook.
pub trait WeightInfo {
    /// Of `join`.
    fn join() -> Weight;
    /// Of `bond_extra`.
    fn bond_extra() -> Weight;
    /// Of `unbond`.
    fn unbond() -> Weight;
    /// Of `withdraw_unbonded`, by a solver that still has so many offers.
    fn withdraw_unbonded(offers: u32) -> Weight;
    /// Of `leave`, by a solver that has so many offers.
    fn leave(offers: u32) -> Weight;
    /// Of `set_operator`.
    fn set_operator() -> Weight;
    /// Of `set_offer`.
    fn set_offer() -> Weight;
    /// Of `withdraw_offer`.
    fn withdraw_offer() -> Weight;
    /// Of `unjail`.
    fn unjail() -> Weight;
    /// Of `cancel_slash`.
    fn cancel_slash() -> Weight;
    /// Of looking at the agenda of one block.
    fn agenda_block() -> Weight;
    /// Of applying one slash, which takes so many offers out of their books.
    fn apply_slash(offers: u32) -> Weight;
    /// Of taking so many offers of one solver out of their books.
    fn drop_offers(offers: u32) -> Weight;
    /// Of `delegate`, to a pool with rewards in so many assets beside PEN.
    fn delegate(assets: u32) -> Weight;
    /// Of `undelegate`, from such a pool.
    fn undelegate(assets: u32) -> Weight;
    /// Of `withdraw_delegated`, from such a pool of a solver that has so many offers.
    fn withdraw_delegated(offers: u32, assets: u32) -> Weight;
    /// Of `claim_rewards`, from such a pool of a solver that has so many offers.
    fn claim_rewards(offers: u32, assets: u32) -> Weight;
    /// Of giving up one asset when a pool is closed.
    fn close_rewards() -> Weight;
    /// Of `accept_asset`, by a solver that has so many offers.
    fn accept_asset(offers: u32) -> Weight;
    /// Of `refuse_asset`, by a solver that has so many offers.
    fn refuse_asset(offers: u32) -> Weight;
    /// Of `set_commission`.
    fn set_commission() -> Weight;
    /// Of `set_slashing`.
    fn set_slashing() -> Weight;
    /// Of drawing so many members among the solvers of a book of so many offers.
    fn draw(offers: u32, members: u32) -> Weight;
}

/// Weights with the runtime's own cost of the database.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: Config> SubstrateWeight<T> {
    fn of(nanoseconds: u64, reads: u64, writes: u64) -> Weight {
        Weight::from_parts(nanoseconds.saturating_mul(NANOSECOND), 0)
            .saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }

    /// Of looking at so many of a pool's assets: whether each is still there, and what the pool's account has of it.
    fn settle(assets: u32) -> Weight {
        let assets = u64::from(assets);
        Self::of(CURRENCY.saturating_mul(assets), assets.saturating_mul(2), 0)
    }

    /// Of closing the pool of a solver that is removed, but for its assets.
    fn close_pool() -> Weight {
        // Reads and writes the accounts of the pool, the treasury and the solver; removes the rewards.
        Self::of(DELEGATION, 3, 4)
    }
}

impl<T: Config> WeightInfo for SubstrateWeight<T> {
    fn join() -> Weight {
        // Reads solver, operator, genesis hash, account, holds; writes account, holds, operator, solver. Checks one sr25519
        // signature.
        Self::of(JOIN, 5, 4)
    }

    fn bond_extra() -> Weight {
        // Reads and writes solver, account, holds.
        Self::of(STAKE, 3, 3)
    }

    fn unbond() -> Weight {
        // Reads and writes the solver.
        Self::of(RECORD, 1, 1)
    }

    fn withdraw_unbonded(offers: u32) -> Weight {
        // Reads and writes solver, account, holds; removes the operator where nothing is left, and closes the pool.
        Self::of(STAKE, 3, 4)
            .saturating_add(Self::drop_offers(offers))
            .saturating_add(Self::close_pool())
    }

    fn leave(offers: u32) -> Weight {
        // Reads and writes the solver.
        Self::of(RECORD, 1, 1).saturating_add(Self::drop_offers(offers))
    }

    fn set_operator() -> Weight {
        // Reads solver, operator, genesis hash; writes both operators and the solver. Checks one sr25519 signature.
        Self::of(JOIN, 3, 3)
    }

    fn set_offer() -> Weight {
        // Reads solver, model, book, the rate of the stable unit and the solver that gives way; writes both solvers and the book.
        Self::of(BOOK, 4, 3).saturating_add(Self::of(0, RATE_READS, 0))
    }

    fn withdraw_offer() -> Weight {
        // Reads and writes the solver and one book.
        Self::of(RECORD, 1, 1).saturating_add(Self::drop_offers(1))
    }

    fn unjail() -> Weight {
        // Reads and writes the solver.
        Self::of(RECORD, 1, 1)
    }

    fn cancel_slash() -> Weight {
        // Reads slash and solver; writes slash, agenda, solver.
        Self::of(RECORD, 2, 3)
    }

    fn agenda_block() -> Weight {
        // Reads cursor and agenda; writes the cursor.
        Self::of(AGENDA, 2, 1)
    }

    fn apply_slash(offers: u32) -> Weight {
        // Reads agenda, slash, solver, account and holds of the solver and of its pool, three accounts that are paid, and the
        // issuance; writes the same and the operator.
        Self::of(SLASH, 11, 12)
            .saturating_add(Self::drop_offers(offers))
            .saturating_add(Self::close_pool())
    }

    fn drop_offers(offers: u32) -> Weight {
        // Reads and writes one book each.
        let offers = u64::from(offers);
        Self::of(BOOK.saturating_mul(offers), offers, offers)
    }

    fn delegate(assets: u32) -> Weight {
        // Reads and writes solver, delegation, rewards, the delegator's account, the pool's account and holds.
        Self::of(DELEGATION, 6, 6).saturating_add(Self::settle(assets))
    }

    fn undelegate(assets: u32) -> Weight {
        // Reads the pool's account; reads and writes solver, delegation, rewards.
        Self::of(UNDELEGATE, 4, 3).saturating_add(Self::settle(assets))
    }

    fn withdraw_delegated(offers: u32, assets: u32) -> Weight {
        // As `delegate`, and pays out of each asset; removes the operator where nothing is left, and closes the pool.
        Self::of(DELEGATION, 6, 7)
            .saturating_add(Self::settle(assets))
            .saturating_add(pay_asset::<T>().saturating_mul(assets.into()))
            .saturating_add(Self::drop_offers(offers))
            .saturating_add(Self::close_pool())
    }

    fn claim_rewards(offers: u32, assets: u32) -> Weight {
        // Reads and writes solver, delegation, rewards, the pool's account and the delegator's; pays out of one asset; removes the
        // operator where nothing is left, and closes the pool.
        Self::of(DELEGATION, 5, 6)
            .saturating_add(Self::settle(assets))
            .saturating_add(pay_asset::<T>())
            .saturating_add(Self::drop_offers(offers))
            .saturating_add(Self::close_pool())
    }

    fn close_rewards() -> Weight {
        // Pays the treasury and the solver.
        pay_asset::<T>().saturating_mul(2)
    }

    fn accept_asset(offers: u32) -> Weight {
        // Reads solver, listings, asset and the solver's account in it; reads and writes the rewards; moves the deposit; names the asset in
        // each offer.
        Self::of(RECORD, 5, 2)
            .saturating_add(pay_asset::<T>())
            .saturating_add(Self::drop_offers(offers))
    }

    fn refuse_asset(offers: u32) -> Weight {
        // Reads solver and rewards, writes both; pays back the deposit; takes the asset out of each offer. Or pays out all that was left
        // of a pool.
        Self::of(RECORD, 2, 2)
            .saturating_add(Self::settle(1))
            .saturating_add(Self::close_rewards())
            .saturating_add(Self::close_pool())
            .saturating_add(Self::drop_offers(offers))
    }

    fn set_commission() -> Weight {
        // Reads and writes the solver, the rewards, its account and its pool's; moves a deposit of each asset that it accepts.
        Self::of(STAKE, 4, 4).saturating_add(pay_asset::<T>().saturating_mul(MAX_ACCEPTED.into()))
    }

    fn set_slashing() -> Weight {
        // Writes the switch.
        Self::of(AGENDA, 0, 1)
    }

    fn draw(offers: u32, members: u32) -> Weight {
        // Reads the book, the rate of the stable unit and the solver of each offer; writes the solver of each seat.
        let (offers, members) = (u64::from(offers), u64::from(members));
        Self::of(
            BOOK.saturating_add(CANDIDATE.saturating_mul(offers))
                .saturating_add(LOT.saturating_mul(members)),
            offers.saturating_add(1).saturating_add(RATE_READS),
            members,
        )
    }
}

/// Of moving an amount of an asset: reads the asset and, of both, the account in it and the system's; writes the same.
fn pay_asset<T: Config>() -> Weight {
    Weight::from_parts(PAY_ASSET.saturating_mul(NANOSECOND), 0)
        .saturating_add(T::DbWeight::get().reads_writes(5, 5))
}
