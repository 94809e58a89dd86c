//! What a contract tells Pensum beside intents.

use crate::{asset_number, asset_of, sol, Bytes32};

/// Sends money of the sender's remote account to its own chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdraw {
    /// The asset; none is PEN.
    pub asset: Option<u32>,
    /// How much; [`ALL`](crate::ALL) is all there is.
    pub amount: u128,
    /// Who gets it there.
    pub to: Bytes32,
}

impl From<sol::Withdraw> for Withdraw {
    fn from(raw: sol::Withdraw) -> Self {
        Self {
            asset: asset_of(raw.asset),
            amount: raw.amount,
            to: raw.to.0,
        }
    }
}

impl From<Withdraw> for sol::Withdraw {
    fn from(withdraw: Withdraw) -> Self {
        Self {
            asset: asset_number(withdraw.asset),
            amount: withdraw.amount,
            to: withdraw.to.into(),
        }
    }
}
