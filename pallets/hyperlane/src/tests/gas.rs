use crate::{mock::*, types::GasOracle};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResultWithPostInfo};
use hyperlane_primitives::{gas::EXCHANGE_RATE_SCALE, Domain, MessageId};
use pensum_primitives::{traits::Mailbox, Balance};
use sp_core::H256;

/// A gas of 7 of their units, each worth 2 of ours.
const ORACLE: GasOracle = GasOracle {
    gas_price: 7,
    exchange_rate: 2 * EXCHANGE_RATE_SCALE as u128,
    overhead: 1_000,
};
/// What 200 000 gas cost by it.
const PRICE: Balance = 201_000 * 7 * 2;

fn set_oracle(domain: Domain, oracle: Option<GasOracle>) {
    let call = Call::set_gas_oracle {
        domain: domain.0,
        oracle,
    };
    assert_ok!(act(RuntimeOrigin::root(), call));
}

fn pay(message: MessageId, destination: Domain, gas_limit: u64) -> DispatchResultWithPostInfo {
    let call = Call::pay_for_gas {
        message_id: message.0,
        destination: destination.0,
        gas_limit,
    };
    act(signed(SENDER), call)
}

#[test]
fn dispatching_with_a_gas_limit_pays_the_quote() {
    on_chain(|| {
        set_oracle(EVM, Some(ORACLE));
        assert_eq!(Hyperlane::gas_quote(EVM.0, 200_000), Some(PRICE));
        assert_eq!(<Hyperlane as Mailbox>::quote(EVM, 200_000), Some(PRICE));
        assert_ok!(send_as(SENDER, EVM, evm(1), b"", Some(200_000)));
        assert_eq!(free(&SENDER), RICH - PRICE);
        assert_eq!(free(&BENEFICIARY), EXISTENTIAL_DEPOSIT + PRICE);
        assert_eq!(
            last_event(),
            Event::GasPaid {
                message_id: last_dispatched().0,
                destination: EVM,
                gas_amount: 201_000,
                payment: PRICE,
            }
        );
    });
}

#[test]
fn dispatching_without_a_gas_limit_pays_nothing() {
    on_chain(|| {
        set_oracle(EVM, Some(ORACLE));
        send(b"");
        assert_eq!(free(&SENDER), RICH);
    });
}

#[test]
fn where_nobody_quotes_nothing_is_paid() {
    on_chain(|| {
        assert_ok!(send_as(SENDER, EVM, evm(1), b"", Some(u64::MAX)));
        assert_eq!(free(&SENDER), RICH);
        assert!(matches!(last_event(), Event::Dispatched { .. }));
        assert_eq!(Hyperlane::gas_quote(EVM.0, 1), None);
    });
}

#[test]
fn who_cannot_pay_does_not_dispatch() {
    on_chain(|| {
        set_oracle(EVM, Some(ORACLE));
        assert_noop!(send_as(POOR, EVM, evm(1), b"", Some(1)), Error::CannotPay);
        assert_ok!(send_as(POOR, EVM, evm(1), b"", None));
    });
}

#[test]
fn nobody_pays_with_the_last_of_an_account() {
    on_chain(|| {
        let one = GasOracle {
            gas_price: 1,
            exchange_rate: EXCHANGE_RATE_SCALE.into(),
            overhead: 0,
        };
        set_oracle(EVM, Some(one));
        assert_noop!(send_as(POOR, EVM, evm(1), b"", Some(1)), Error::CannotPay);
    });
}

#[test]
fn what_no_balance_can_hold_is_not_free() {
    on_chain(|| {
        for oracle in [
            GasOracle {
                gas_price: u128::MAX,
                ..ORACLE
            },
            GasOracle {
                exchange_rate: u128::MAX,
                gas_price: u128::MAX,
                overhead: u64::MAX,
            },
        ] {
            set_oracle(EVM, Some(oracle));
            assert_noop!(
                send_as(SENDER, EVM, evm(1), b"", Some(u64::MAX)),
                Error::GasTooDear
            );
            assert_eq!(Hyperlane::gas_quote(EVM.0, u64::MAX), Some(Balance::MAX));
            assert_eq!(<Hyperlane as Mailbox>::quote(EVM, u64::MAX), Some(Balance::MAX));
        }
    });
}

#[test]
fn gas_of_any_limit_and_overhead_is_added_without_overflow() {
    on_chain(|| {
        let free_of_charge = GasOracle {
            gas_price: 0,
            exchange_rate: 1,
            overhead: u64::MAX,
        };
        set_oracle(EVM, Some(free_of_charge));
        assert_ok!(send_as(SENDER, EVM, evm(1), b"", Some(u64::MAX)));
        assert_eq!(
            last_event(),
            Event::GasPaid {
                message_id: last_dispatched().0,
                destination: EVM,
                gas_amount: 2 * u128::from(u64::MAX),
                payment: 0,
            }
        );
    });
}

#[test]
fn anybody_can_pay_later_and_again() {
    on_chain(|| {
        let id = send(b"");
        set_oracle(EVM, Some(ORACLE));
        assert_ok!(pay(id, EVM, 200_000));
        assert_ok!(pay(id, EVM, 200_000));
        assert_eq!(free(&BENEFICIARY), EXISTENTIAL_DEPOSIT + 2 * PRICE);
        assert_eq!(
            last_event(),
            Event::GasPaid {
                message_id: id,
                destination: EVM,
                gas_amount: 201_000,
                payment: PRICE,
            }
        );
    });
}

#[test]
fn a_message_that_is_not_kept_cannot_be_paid_for() {
    on_chain(|| {
        set_oracle(EVM, Some(ORACLE));
        let stranger = MessageId(H256([3; 32]));
        assert_noop!(pay(stranger, EVM, 1), Error::UnknownMessage);
        let id = send(b"");
        send_some(WINDOW);
        assert_noop!(pay(id, EVM, 1), Error::UnknownMessage);
    });
}

#[test]
fn a_message_is_paid_for_where_it_goes() {
    on_chain(|| {
        for domain in [EVM, OTHER] {
            set_oracle(domain, Some(ORACLE));
        }
        let id = send(b"");
        assert_noop!(pay(id, OTHER, 1), Error::NotItsDestination);
    });
}

#[test]
fn where_nobody_quotes_there_is_nothing_to_pay() {
    on_chain(|| {
        let id = send(b"");
        assert_noop!(pay(id, EVM, 1), Error::NoGasPrice);
        set_oracle(EVM, Some(ORACLE));
        set_oracle(EVM, None);
        assert_noop!(pay(id, EVM, 1), Error::NoGasPrice);
    });
}

#[test]
fn paying_later_fails_where_the_price_overflows_or_is_not_there() {
    on_chain(|| {
        let id = send(b"");
        let dear = GasOracle {
            gas_price: u128::MAX,
            ..ORACLE
        };
        set_oracle(EVM, Some(dear));
        assert_noop!(pay(id, EVM, u64::MAX), Error::GasTooDear);
        let rich = GasOracle {
            gas_price: RICH,
            ..ORACLE
        };
        set_oracle(EVM, Some(rich));
        assert_noop!(pay(id, EVM, 1), Error::CannotPay);
    });
}

#[test]
fn a_payment_made_elsewhere_is_noted() {
    on_chain(|| {
        let id = send(b"");
        <Hyperlane as Mailbox>::note_payment(id.0, EVM, 5, 9);
        let noted = |gas_amount| Event::GasPaid {
            message_id: id,
            destination: EVM,
            gas_amount,
            payment: 9,
        };
        assert_eq!(last_event(), noted(5));
        set_oracle(EVM, Some(ORACLE));
        <Hyperlane as Mailbox>::note_payment(id.0, EVM, 5, 9);
        assert_eq!(last_event(), noted(1_005));
        assert_eq!(free(&SENDER), RICH);
    });
}
