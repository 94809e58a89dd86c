//! Prepayment: posting pays for the block space that the obliged, free calls will take.

use core::marker::PhantomData;
use frame_support::{
    traits::{
        fungible::{Balanced, Credit},
        tokens::{Fortitude::Polite, Precision::Exact, Preservation::Preserve},
        OnUnbalanced,
    },
    weights::Weight,
};
use pensum_primitives::{AccountId, AssetId, Balance};
use sp_runtime::{traits::Convert, AccountId32, DispatchError, TokenError};

/// Takes the fee for weight that others will use on a requester's behalf.
pub trait Prepay {
    /// What this weight costs now, in units of the asset; none is PEN. An error says why the asset cannot pay for it.
    fn fee(weight: Weight, asset: Option<AssetId>) -> Result<Balance, DispatchError>;

    /// Takes that fee from `who`, who stays alive, and returns it, in units of the asset.
    fn charge(who: &AccountId, weight: Weight, asset: Option<AssetId>) -> Result<Balance, DispatchError>;
}

/// Nothing is prepaid.
impl Prepay for () {
    fn fee(_: Weight, _: Option<AssetId>) -> Result<Balance, DispatchError> {
        Ok(0)
    }

    fn charge(_: &AccountId, _: Weight, _: Option<AssetId>) -> Result<Balance, DispatchError> {
        Ok(0)
    }
}

/// Prices weight by `WeightToFee` and hands the money to `OnFee`: give it what transaction fees are given. Takes PEN only.
pub struct PrepayAsFee<Currency, WeightToFee, OnFee>(PhantomData<(Currency, WeightToFee, OnFee)>);

impl<Currency, WeightToFee, OnFee> Prepay for PrepayAsFee<Currency, WeightToFee, OnFee>
where
    // Named directly: rustc does not resolve the alias `AccountId`, a projection, in bounds that depend on each other.
    Currency: Balanced<AccountId32, Balance = Balance>,
    WeightToFee: Convert<Weight, Balance>,
    OnFee: OnUnbalanced<Credit<AccountId32, Currency>>,
{
    fn fee(weight: Weight, asset: Option<AssetId>) -> Result<Balance, DispatchError> {
        match asset {
            None => Ok(WeightToFee::convert(weight)),
            Some(_) => Err(TokenError::Unsupported.into()),
        }
    }

    fn charge(who: &AccountId, weight: Weight, asset: Option<AssetId>) -> Result<Balance, DispatchError> {
        let fee = Self::fee(weight, asset)?;
        let credit = Currency::withdraw(who, fee, Exact, Preserve, Polite)?;
        OnFee::on_unbalanced(credit);
        Ok(fee)
    }
}
