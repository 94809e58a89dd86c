use crate::{mock::*, views::MAX_VIEWS};
use hyperlane_primitives::{tree::ZERO_HASHES, H160};
use pensum_primitives::bridge::BridgeView;
use sp_core::H256;

#[test]
fn an_empty_bridge_has_the_empty_root() {
    on_chain(|| {
        let zero = *ZERO_HASHES.last().unwrap();
        assert_eq!(
            Hyperlane::bridge(),
            BridgeView {
                domain: HERE.0,
                count: 0,
                root: sp_io::hashing::keccak_256(&[zero.0, zero.0].concat()).into(),
                outbound_paused: false,
                inbound_paused: false,
            }
        );
        assert_eq!(Hyperlane::dispatched(0, 10), []);
        assert_eq!(Hyperlane::checkpoint(0), None);
        assert_eq!(Hyperlane::delivered(H256::zero()), None);
        assert_eq!(Hyperlane::ism(7), None);
        assert_eq!(Hyperlane::gas_quote(7, 1), None);
    });
}

#[test]
fn messages_are_told_in_order_and_in_pages() {
    ExtBuilder::default().window(600).build_and_execute(|| {
        send_some(400);
        let numbers = |first, limit| {
            let page = Hyperlane::dispatched(first, limit);
            page.iter().map(|dispatched| dispatched.index).collect::<Vec<_>>()
        };
        assert_eq!(numbers(0, 3), [0, 1, 2]);
        assert_eq!(numbers(398, 10), [398, 399]);
        assert_eq!(numbers(0, u32::MAX).len() as u32, MAX_VIEWS);
        assert_eq!(numbers(400, 1), NOTHING_DUE);
        assert_eq!(numbers(u32::MAX, 5), NOTHING_DUE);
        assert_eq!(numbers(0, 0), NOTHING_DUE);
        assert_eq!(unsigned(1).len() as u32, MAX_VIEWS);
    });
}

#[test]
fn the_call_that_publishes_is_made_of_whole_signatures_in_any_order() {
    on_chain(|| {
        send_some(3);
        let wanted = publish_call(1, &[0, 2]);
        let Call::publish_checkpoints { signatures } = &wanted else {
            panic!("no signatures")
        };
        let mut loose: Vec<_> = signatures
            .iter()
            .map(|(index, signature)| (*index, signature.to_vec()))
            .collect();
        loose.reverse();
        let call = Hyperlane::checkpoints_call(loose.clone()).unwrap();
        assert_eq!(call, wanted);
        crate::mock::submit(call).unwrap();

        assert!(Hyperlane::checkpoints_call(vec![]).is_none());
        assert!(Hyperlane::checkpoints_call(vec![loose[0].clone(); 2]).is_none());
        assert!(Hyperlane::checkpoints_call(vec![(0, vec![1; 64])]).is_none());
        let too_many = (0..65).map(|index| (index, vec![1; 65])).collect();
        assert!(Hyperlane::checkpoints_call(too_many).is_none());
    });
}

#[test]
fn strangers_have_announced_nothing() {
    on_chain(|| {
        let asked = vec![H160::repeat_byte(1); 300];
        assert_eq!(Hyperlane::announced(asked).len() as u32, MAX_VIEWS);
    });
}
