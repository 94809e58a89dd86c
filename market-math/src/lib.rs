//! Pure no_std arithmetic of the market. No storage, no FRAME: a pallet loads, asks a pure function, and applies.
//!
//! Amounts are `u128`, shares are parts per million (`_ppm`, `u32`; above 1 000 000 they count as the whole unless said
//! otherwise). Every function says how it rounds. Nothing here panics, whatever it is given.
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

pub mod auction;
pub mod audit;
pub mod bond;
pub mod delegation;
pub mod equivalence;
pub mod payout;
pub mod ppm;
pub mod price;
pub mod rate;
pub mod ratio;
pub mod reputation;
pub mod selection;
pub mod slash;
