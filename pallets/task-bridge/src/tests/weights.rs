use crate::{mock::*, types::Request, weights::WeightInfo};
use codec::MaxEncodedLen;
use frame_support::{dispatch::GetDispatchInfo, traits::Hooks, weights::Weight};
use pensum_primitives::{
    bridge::{warp_route, TASKS},
    traits::Recipients,
};
use pensum_task_abi::{Intent, ToTasks, Withdraw};

type Weights = <Test as crate::Config>::WeightInfo;

fn weight_of(message: &ToTasks) -> Weight {
    Bridge::weight(TASKS, &message.encode()).unwrap()
}

fn weight_of_intent(intent: Intent) -> Weight {
    weight_of(&ToTasks::Intent(intent))
}

#[test]
fn whoever_brings_an_intent_pays_for_all_that_the_hook_does_for_it() {
    for intent in [
        intent(),
        with_refund(intent()),
        batched(intent()),
        with_refund(batched(intent())),
        Intent {
            deadline: 0,
            ..with_refund(intent())
        },
    ] {
        ExtBuilder.build_and_execute(|| {
            let paid = weight_of_intent(intent.clone());
            let id = ask(rich_consumer(), intent);
            Desk::open().into_iter().for_each(|task| {
                Desk::answer_task(task, b"x");
            });
            let blocks = BATCH_PERIOD + 2;
            let mut used = Weight::zero();
            for block in 0..blocks {
                System::set_block_number(2 + block);
                used += Bridge::on_initialize(2 + block);
            }
            assert!(Bridge::request(id).is_some());
            // Looking whether there is something to do is every block's own.
            let work = used - Weights::look() * u64::from(blocks);
            assert!(work.all_lte(paid), "{work:?} > {paid:?}");
        });
    }
}

#[test]
fn an_intent_weighs_what_posting_it_weighs_and_more_the_longer_it_is() {
    ExtBuilder.build_and_execute(|| {
        let long = Intent {
            input: pensum_task_abi::Input::Inline(vec![b'a'; 4_096]),
            ..intent()
        };
        let extra = weight_of_intent(long) - weight_of_intent(intent());
        assert!(POST.saturating_mul(4_090).all_lte(extra));
    });
}

#[test]
fn junk_is_cheap() {
    ExtBuilder.build_and_execute(|| {
        let intent = weight_of_intent(intent());
        let junk = Bridge::weight(TASKS, &[9; 8_192]).unwrap();
        assert!(junk.all_lt(intent) || junk.ref_time() < intent.ref_time());
        for kind in [2, 3, 4] {
            let junk = Bridge::weight(TASKS, &[kind; 8_192]).unwrap();
            assert_eq!(junk, Weights::decode(8_192));
        }
    });
}

#[test]
fn a_command_weighs_what_the_market_does_for_it() {
    ExtBuilder.build_and_execute(|| {
        let id = ask(rich_consumer(), intent());
        let cancel = |id| weight_of(&ToTasks::Cancel { request: id });
        assert_eq!(cancel(id.0) - cancel([0; 32]), WITHDRAW);
        let withdraw = weight_of(&ToTasks::Withdraw(Withdraw {
            asset: Some(COIN),
            amount: 1,
            to: PAYER.0 .0,
        }));
        assert!(DISPATCH.all_lte(withdraw));
    });
}

#[test]
fn tokens_weigh_the_same_whatever_the_body_says() {
    ExtBuilder.build_and_execute(|| {
        let weight = Bridge::weight(warp_route(COIN), b"");
        assert_eq!(weight, Some(Weights::take_tokens()));
        assert_eq!(weight, Bridge::weight(warp_route(99), &[1; 200]));
    });
}

#[test]
fn an_idle_block_reads_three_items() {
    ExtBuilder.build_and_execute(|| {
        assert_eq!(Bridge::on_initialize(1), Weights::look());
    });
}

#[test]
fn calls_have_a_weight() {
    ExtBuilder.build_and_execute(|| {
        let call = RuntimeCall::from(crate::Call::transfer_remote {
            asset: COIN,
            domain: EVM,
            recipient: PAYER.0,
            amount: 1,
        });
        assert!(DISPATCH.all_lte(call.get_dispatch_info().call_weight));
    });
}

#[test]
fn what_is_kept_of_a_request_is_small() {
    assert!(Request::max_encoded_len() <= 256);
}
