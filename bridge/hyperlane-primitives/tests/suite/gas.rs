use hyperlane_primitives::{
    gas::{exchange_rate_rounded_up, EXCHANGE_RATE_SCALE},
    GasError, RemoteGas, U256,
};
use proptest::prelude::*;

#[test]
fn nothing_is_paid_to_a_destination_that_the_oracle_does_not_know() {
    assert_eq!(RemoteGas::default().payment_as_balance(50_000.into()), Ok(0));
}

#[test]
fn what_does_not_fit_is_refused_and_not_wrapped() {
    let most = RemoteGas {
        exchange_rate: u128::MAX,
        gas_price: u128::MAX,
        overhead: u128::MAX,
    };
    assert_eq!(most.gas_amount(U256::MAX), Err(GasError::TooMuch));
    assert_eq!(most.payment_rounded_down(U256::zero()), Err(GasError::TooMuch));
    let large = RemoteGas {
        exchange_rate: EXCHANGE_RATE_SCALE.into(),
        gas_price: u128::MAX,
        overhead: 0,
    };
    assert_eq!(large.payment_as_balance(1.into()), Ok(u128::MAX));
    assert_eq!(large.payment_as_balance(2.into()), Err(GasError::TooMuch));
    assert_eq!(
        large.payment_rounded_down(2.into()),
        Ok(U256::from(u128::MAX) * 2)
    );
}

#[test]
fn a_coin_of_18_decimals_is_paid_for_in_one_of_12() {
    // One coin there is worth 3 000 here; 30 gwei a gas; 200 000 gas and an overhead of 130 000.
    let gas = RemoteGas {
        exchange_rate: exchange_rate_rounded_up(3_000 * 10u128.pow(12), 10u128.pow(18)).unwrap(),
        gas_price: 30_000_000_000,
        overhead: 130_000,
    };
    // 330 000 × 30 gwei = 0.0099 coins there = 29.7 coins here.
    assert_eq!(gas.payment_as_balance(200_000.into()), Ok(29_700_000_000_000));
}

#[test]
fn a_rate_needs_a_trade() {
    assert_eq!(exchange_rate_rounded_up(1, 0), Err(GasError::WorthNothing));
    assert_eq!(exchange_rate_rounded_up(u128::MAX, 1), Err(GasError::TooMuch));
    assert_eq!(exchange_rate_rounded_up(0, 5), Ok(0));
    assert_eq!(
        exchange_rate_rounded_up(u128::MAX, u128::MAX),
        Ok(EXCHANGE_RATE_SCALE.into())
    );
}

proptest! {
    #[test]
    fn the_payment_is_the_product_rounded_down(
        rate in 0..u128::from(u64::MAX), gas_price in 0..u128::from(u64::MAX), overhead: u32, limit: u32,
    ) {
        let gas = RemoteGas { exchange_rate: rate, gas_price, overhead: overhead.into() };
        let paid = gas.payment_rounded_down(limit.into()).unwrap();
        let amount = U256::from(limit) + U256::from(overhead);
        prop_assert_eq!(gas.gas_amount(limit.into()), Ok(amount));
        let scaled = amount * U256::from(gas_price) * U256::from(rate);
        let scale = U256::from(EXCHANGE_RATE_SCALE);
        prop_assert!(paid * scale <= scaled && scaled < (paid + 1) * scale);
    }

    #[test]
    fn the_rate_never_makes_less_of_a_coin_than_it_is_worth(local in 0..u128::from(u64::MAX), remote in 1..u128::MAX) {
        let rate = U256::from(exchange_rate_rounded_up(local, remote).unwrap());
        let (remote, scaled) = (U256::from(remote), U256::from(local) * EXCHANGE_RATE_SCALE);
        prop_assert!(rate * remote >= scaled);
        prop_assert!(rate.is_zero() || (rate - 1) * remote < scaled);
    }
}
