//! What it costs to have a message handled on another chain, in this chain's coin.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::U256;
use scale_info::TypeInfo;

/// An exchange rate of one, in the units of the gas oracle.
pub const EXCHANGE_RATE_SCALE: u64 = 10_000_000_000;
/// Gas that is paid for where hook metadata names none.
pub const DEFAULT_GAS_LIMIT: u64 = 50_000;

/// What the gas oracle and the gas paymaster know about a destination.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct RemoteGas {
    /// Smallest units of this chain's coin for 10^10 smallest units of the destination's: see [`exchange_rate_rounded_up`].
    pub exchange_rate: u128,
    /// Price of one gas there, in smallest units of its coin.
    pub gas_price: u128,
    /// Gas that delivery takes there besides the handler: the mailbox and the security module.
    pub overhead: u128,
}

impl RemoteGas {
    /// Gas that is paid for: what the handler may use, and the overhead. The event `GasPayment` says this number.
    pub fn gas_amount(&self, gas_limit: U256) -> Result<U256, GasError> {
        gas_limit
            .checked_add(self.overhead.into())
            .ok_or(GasError::TooMuch)
    }

    /// The payment for a handler of so much gas, rounded down as the contract does: `(limit + overhead) × price × rate / 10^10`.
    pub fn payment_rounded_down(&self, gas_limit: U256) -> Result<U256, GasError> {
        self.gas_amount(gas_limit)?
            .checked_mul(self.gas_price.into())
            .and_then(|cost| cost.checked_mul(self.exchange_rate.into()))
            .and_then(|scaled| scaled.checked_div(EXCHANGE_RATE_SCALE.into()))
            .ok_or(GasError::TooMuch)
    }

    /// [`payment_rounded_down`](Self::payment_rounded_down) as a balance.
    pub fn payment_as_balance(&self, gas_limit: U256) -> Result<u128, GasError> {
        u128::try_from(self.payment_rounded_down(gas_limit)?).map_err(|_| GasError::TooMuch)
    }
}

/// The rate at which `local` smallest units here are worth `remote` smallest units there: `10^10 × local / remote`. Rounded up, so
/// that a coarse rate does not make the relayer pay. Coins of different decimals need nothing more: 3 000 coins of 12 decimals for
/// one of 18 is `local = 3 000 × 10^12`, `remote = 10^18`.
pub fn exchange_rate_rounded_up(local: u128, remote: u128) -> Result<u128, GasError> {
    let scaled = U256::from(local)
        .checked_mul(EXCHANGE_RATE_SCALE.into())
        .ok_or(GasError::TooMuch)?;
    let remote = U256::from(remote);
    let quotient = scaled.checked_div(remote).ok_or(GasError::WorthNothing)?;
    let exact = quotient.checked_mul(remote) == Some(scaled);
    let rounded = if exact {
        Some(quotient)
    } else {
        quotient.checked_add(U256::one())
    };
    rounded
        .and_then(|rate| u128::try_from(rate).ok())
        .ok_or(GasError::TooMuch)
}

/// Why there is no price. `Display` adds the remedy.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum GasError {
    /// It does not fit. Solidity reverts as well where 256 bits do not hold it.
    TooMuch,
    /// The destination's coin is said to be worth nothing.
    WorthNothing,
}

impl fmt::Display for GasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooMuch => {
                "The gas costs more than a balance can hold. Lower the gas limit, or correct the oracle's price and rate."
            }
            Self::WorthNothing => {
                "No rate follows from zero units of the destination's coin. Give both amounts of one trade."
            }
        })
    }
}

impl core::error::Error for GasError {}
