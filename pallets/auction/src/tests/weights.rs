use crate::{mock::*, weights::SubstrateWeight, WeightInfo};
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo, Pays},
    weights::Weight,
};
use pensum_primitives::{matching::Matching, traits::Auctions, BatchId};

type Weights = SubstrateWeight<Test>;

#[test]
fn what_solvers_send_is_operational_and_free() {
    build_and_execute(|| {
        let id = BatchId(1);
        for call in [
            take_call(1, id, 0),
            bid_call(1, id, 0, 1),
            reveal_call(1, id, 0, 1),
        ] {
            let info = RuntimeCall::from(call).get_dispatch_info();
            assert_eq!(
                (info.class, info.pays_fee),
                (DispatchClass::Operational, Pays::No)
            );
        }
    });
}

#[test]
fn the_requester_prepays_every_bid_there_can_be() {
    build_and_execute(|| {
        assert_eq!(Auction::prepaid_weight(&Matching::Book), Weight::zero());
        let dutch = Auction::prepaid_weight(&DUTCH);
        assert!(dutch.all_gte(Weights::take() + Weights::authorize_take()));
        let bid = Weights::bid()
            + Weights::authorize_bid()
            + Weights::reveal_bid()
            + Weights::authorize_reveal_bid();
        let sealed = Auction::prepaid_weight(&SEALED);
        assert!(sealed.all_gte(bid * u64::from(MaxBids::get())));
        MaxBids::set(2 * MaxBids::get());
        assert!(Auction::prepaid_weight(&SEALED).all_gte(sealed));
    });
}

#[test]
fn the_hook_says_what_it_did() {
    build_and_execute(|| {
        let idle = Auction::advance(now());
        assert_eq!(idle, Weights::agenda(1));
        let id = open(1, SEALED);
        bids(id, &[(1, 100), (2, 200)]);
        run_to(5);
        reveals(id, &[(1, 100)]);
        run_to(6);
        System::set_block_number(7);
        assert_eq!(
            Auction::advance(7),
            Weights::agenda(1) + Weights::look() + Weights::settle(2, 1) + Weights::award()
        );
    });
}
