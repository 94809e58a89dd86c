use crate::{
    mock::*,
    types::{DestinationKind, Direction, GasOracle},
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

const ORACLE: GasOracle = GasOracle {
    gas_price: 1,
    exchange_rate: 2,
    overhead: 3,
};

fn calls() -> [Call; 3] {
    [
        Call::set_gas_oracle {
            domain: EVM.0,
            oracle: Some(ORACLE),
        },
        Call::set_destination {
            domain: EVM.0,
            kind: None,
        },
        Call::pause {
            direction: Direction::Inbound,
            paused: true,
        },
    ]
}

#[test]
fn what_governance_decides_is_told() {
    on_chain(|| {
        for call in calls() {
            assert_ok!(act(RuntimeOrigin::root(), call));
        }
        assert_eq!(
            events(),
            [
                Event::GasOracleSet {
                    domain: EVM,
                    oracle: Some(ORACLE)
                },
                Event::DestinationSet {
                    domain: EVM,
                    kind: None
                },
                Event::PauseSet {
                    direction: Direction::Inbound,
                    paused: true
                },
            ]
        );
        let bridge = Hyperlane::bridge();
        assert_eq!((bridge.inbound_paused, bridge.outbound_paused), (true, false));
    });
}

#[test]
fn nobody_else_decides_it() {
    on_chain(|| {
        for call in calls() {
            for origin in [signed(SENDER), RuntimeOrigin::none()] {
                assert_noop!(
                    act(origin, call.clone()).map_err(|error| error.error),
                    DispatchError::BadOrigin
                );
            }
        }
    });
}

#[test]
fn messages_do_not_go_to_this_chain() {
    on_chain(|| {
        let call = Call::set_destination {
            domain: HERE.0,
            kind: Some(DestinationKind::Other),
        };
        assert_noop!(act(RuntimeOrigin::root(), call), Error::OwnDomain);
    });
}

#[test]
fn pausing_twice_is_pausing_once() {
    on_chain(|| {
        for _ in 0..2 {
            pause(Direction::Outbound, true);
        }
        pause(Direction::Outbound, false);
        assert!(!Hyperlane::bridge().outbound_paused);
    });
}
