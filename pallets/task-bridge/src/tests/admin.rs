use crate::{mock::*, types::Policy, Policies, Registries, Routes, Senders};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::bridge::{Address, Domain};
use sp_core::H256;
use sp_runtime::traits::BadOrigin;

const CHAIN: u32 = 5;
const SOMEBODY: Address = contract(0x12);

fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

#[test]
fn only_governance_decides() {
    ExtBuilder.build_and_execute(|| {
        let anybody = || RuntimeOrigin::signed(LOCAL);
        assert_noop!(Bridge::set_policy(anybody(), EVM, Policy::Open), BadOrigin);
        assert_noop!(Bridge::set_sender(anybody(), EVM, SOMEBODY.0, true), BadOrigin);
        assert_noop!(Bridge::set_route(anybody(), COIN, EVM, None), BadOrigin);
        assert_noop!(Bridge::set_registry(anybody(), EVM, None), BadOrigin);
        assert_noop!(Bridge::collect(root(), LOCAL, COIN), BadOrigin);
        assert_noop!(
            Bridge::transfer_remote(root(), COIN, EVM, SOMEBODY.0, 1),
            BadOrigin
        );
    });
}

#[test]
fn a_chain_is_closed_until_governance_opens_it() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(Policies::<Test>::get(Domain(CHAIN)), Policy::Closed);
        for policy in [Policy::Listed, Policy::Open, Policy::Closed] {
            assert_ok!(Bridge::set_policy(root(), CHAIN, policy));
            let domain = Domain(CHAIN);
            assert_eq!(last_event(), Event::PolicySet { domain, policy });
            assert_eq!(Policies::<Test>::get(domain), policy);
        }
        assert!(!Policies::<Test>::contains_key(Domain(CHAIN)));
    });
}

#[test]
fn senders_are_listed_and_struck_off() {
    ExtBuilder.build_and_execute(|| {
        for allowed in [true, true, false, false] {
            assert_ok!(Bridge::set_sender(root(), CHAIN, SOMEBODY.0, allowed));
            assert_eq!(
                last_event(),
                Event::SenderSet {
                    domain: Domain(CHAIN),
                    sender: SOMEBODY,
                    allowed
                }
            );
            assert_eq!(Senders::<Test>::contains_key(Domain(CHAIN), SOMEBODY), allowed);
        }
    });
}

#[test]
fn a_route_needs_its_asset() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(
            Bridge::set_route(root(), 99, CHAIN, Some(ROUTER.0)),
            Error::UnknownAsset
        );
        assert!(!Bridge::has_route(STONE));
        assert_ok!(Bridge::set_route(root(), STONE, CHAIN, Some(ROUTER.0)));
        assert_eq!(
            last_event(),
            Event::RouteSet {
                asset: STONE,
                domain: Domain(CHAIN),
                router: Some(ROUTER)
            }
        );
        assert!(Bridge::has_route(STONE));
        assert_ok!(Bridge::set_route(root(), STONE, CHAIN, None));
        assert!(!Bridge::has_route(STONE));
    });
}

#[test]
fn a_route_that_owes_is_neither_changed_nor_removed() {
    ExtBuilder.build_and_execute(|| {
        let set = |router: Option<H256>| Bridge::set_route(root(), COIN, EVM, router);
        assert_ok!(set(Some(SOMEBODY.0)));
        assert_ok!(set(Some(ROUTER.0)));
        fund(CONSUMER, 500);
        assert_noop!(set(None), Error::RouteOwes);
        assert_noop!(set(Some(SOMEBODY.0)), Error::RouteOwes);
        let signed = RuntimeOrigin::signed(LOCAL);
        assert_ok!(Bridge::transfer_remote(signed, COIN, EVM, SOMEBODY.0, 500));
        assert_ok!(set(None));
        assert!(Routes::<Test>::get(COIN, Domain(EVM)).is_none());
        // The money is accounted for; the test's books need the route.
        assert_ok!(set(Some(ROUTER.0)));
    });
}

#[test]
fn a_registry_is_named_and_forgotten() {
    ExtBuilder.build_and_execute(|| {
        for registry in [Some(SOMEBODY), None] {
            let of = registry.map(|registry| registry.0);
            assert_ok!(Bridge::set_registry(root(), CHAIN, of));
            let domain = Domain(CHAIN);
            assert_eq!(last_event(), Event::RegistrySet { domain, registry });
            assert_eq!(Registries::<Test>::get(domain), registry);
        }
    });
}
