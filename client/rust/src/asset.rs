//! What is paid with: PEN, or an asset of the chain.

mod lookup;
mod money;
mod paid;
mod stable;

pub use money::{Currency, Fee, Money, PEN};
pub use paid::{Currencies, Paid};
pub use stable::{units_worth, StableUnit};
