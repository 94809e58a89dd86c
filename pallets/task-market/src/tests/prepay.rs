use crate::{mock::*, prepay::Prepay, Config};
use frame_support::{assert_noop, weights::Weight};
use pensum_primitives::AccountId;
use sp_runtime::TokenError;

type Prepays = <Test as Config>::Prepay;

fn weight(units: u64) -> Weight {
    Weight::from_parts(units * 1_000_000, 0)
}

#[test]
fn the_fee_goes_where_fees_go() {
    ExtBuilder::default().build_and_execute(|| {
        let before = (free(&REQUESTER), free(&FEES));
        assert_eq!(Prepays::charge(&REQUESTER, weight(700), None), Ok(700));
        assert_eq!((free(&REQUESTER), free(&FEES)), (before.0 - 700, before.1 + 700));
    });
}

#[test]
fn charge_fails_when_the_payer_would_die() {
    ExtBuilder::default().build_and_execute(|| {
        let too_much = (free(&POOR) - EXISTENTIAL_DEPOSIT + 1) as u64;
        assert_noop!(
            Prepays::charge(&POOR, weight(too_much), None),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn nothing_is_prepaid_without_a_handler() {
    assert_eq!(
        <() as Prepay>::charge(&AccountId::new([0; 32]), weight(9), None),
        Ok(0)
    );
    assert_eq!(<() as Prepay>::fee(weight(9), Some(COIN)), Ok(0));
}
