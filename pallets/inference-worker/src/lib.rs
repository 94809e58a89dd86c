#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

mod auctions;
mod audits;
mod dispatch;
mod gateway;
mod journal;
mod panels;
mod round;
mod secrets;
mod wire;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;

/// Target of every log line.
pub(crate) const LOG_TARGET: &str = "pensum::worker";

#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        traits::{Auctions, Disputes, Duties, Offers, OperatorSubmit, Panels, Solvers},
        AccountId, Digest,
    };
    use sp_runtime::SaturatedConversion;

    /// The off-chain worker. It keeps nothing on the chain.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId = AccountId, Hash = Digest> {
        /// What a solver must do now.
        type Duties: Duties;
        /// Seats of a solver on panels.
        type Panels: Panels;
        /// Auctions in which a solver can bid.
        type Auctions: Auctions;
        /// Traces that a solver must open.
        type Disputes: Disputes;
        /// Whom an operator key works for.
        type Solvers: Solvers;
        /// What a solver asks for its work.
        type Offers: Offers;
        /// Where what an operator signed goes.
        type Submit: OperatorSubmit;
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Runs once for each new best block, on nodes that have a gateway.
        fn offchain_worker(now: BlockNumberFor<T>) {
            crate::round::run::<T>(now.saturated_into());
        }
    }
}
