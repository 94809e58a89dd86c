use crate::{mock::*, settlement::Ground, Event as MarketEvent};
use codec::Decode;
use frame_support::traits::{fungible::Mutate, tokens::Preservation::Expendable, Hooks};
use market_math::payout::split;
use pensum_primitives::{
    follower::Follower,
    panel::VOTE_STANDS,
    record::{body_key, leaves_key, IndexedRecord},
    step::trace_digest,
    task::Terms,
    traits::Posting,
    verdict::{Outcome, Reason},
    Digest, TaskId,
};
use sp_io::hashing::sha2_256;

/// Sends all that an account has to another, so that it dies.
fn kill(who: pensum_primitives::AccountId) {
    Balances::transfer(&who, &OTHER, free(&who), Expendable).unwrap();
    assert!(!System::account_exists(&who));
}

#[test]
fn the_price_is_shared_out_and_the_rest_comes_back() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        let before = [REQUESTER, solver(1), PUBLISHER, TREASURY].map(|who| free(&who));
        answers(1, vec![right(id.task(0))]);
        let price = price(1, 2);
        let shares = split(price, 50_000, 20_000);
        let after = [REQUESTER, solver(1), PUBLISHER, TREASURY].map(|who| free(&who));
        assert_eq!(after[0], before[0] + MAX_REWARD - price);
        assert_eq!(after[1], before[1] + shares.solver);
        assert_eq!(after[2], before[2] + shares.royalty);
        assert_eq!(after[3], before[3] + shares.fee);
        assert_eq!(escrow(&REQUESTER), 0);
    });
}

#[test]
fn the_price_grows_with_the_input() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_as(
            REQUESTER,
            terms(texts()),
            vec![inline(b"short"), inline(&[b'x'; 200])],
        )
        .unwrap();
        assert_eq!(batch(id).parts[0].price(MAX_REWARD), price(1, 5) + price(1, 200));
        let before = free(&TREASURY);
        answers(1, vec![right(id.task(0)), right(id.task(1))]);
        let fee = split(price(1, 5), 50_000, 20_000).fee + split(price(1, 200), 50_000, 20_000).fee;
        assert_eq!(free(&TREASURY), before + fee);
    });
}

#[test]
fn a_solver_can_be_its_own_customer() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post_as(solver(1), terms(greater()), pairs(1)).unwrap();
        let before = free(&solver(1));
        answers(1, vec![right(id.task(0))]);
        let shares = split(price(1, 2), 50_000, 20_000);
        assert_eq!(
            free(&solver(1)),
            before + MAX_REWARD - shares.royalty - shares.fee
        );
        assert_eq!(escrow(&solver(1)), 0);
    });
}

#[test]
fn the_share_of_a_dead_publisher_goes_to_the_treasury() {
    ExtBuilder::default().build_and_execute(|| {
        RoyaltyTo::set(Some(NOBODY));
        Staking::set_offer(RuntimeOrigin::signed(solver(1)), greater(), cheap()).unwrap();
        let id = post(1);
        let before = free(&TREASURY);
        answers(1, vec![right(id.task(0))]);
        let shares = split(1_000, 50_000, 20_000);
        assert!(shares.royalty < EXISTENTIAL_DEPOSIT);
        assert_eq!(free(&TREASURY), before + shares.royalty + shares.fee);
        assert!(events().contains(&MarketEvent::ShareRedirected {
            payee: NOBODY,
            asset: None,
            amount: shares.royalty,
            to: Some(TREASURY),
        }));
    });
}

#[test]
fn a_publisher_without_an_account_gets_one_when_its_share_is_large_enough() {
    ExtBuilder::default().build_and_execute(|| {
        RoyaltyTo::set(Some(NOBODY));
        let id = post(1);
        answers(1, vec![right(id.task(0))]);
        assert_eq!(free(&NOBODY), split(price(1, 2), 50_000, 20_000).royalty);
    });
}

#[test]
fn shares_come_back_when_the_treasury_is_dead_too() {
    ExtBuilder::default().build_and_execute(|| {
        RoyaltyTo::set(Some(NOBODY));
        kill(TREASURY);
        Staking::set_offer(RuntimeOrigin::signed(solver(1)), greater(), cheap()).unwrap();
        let id = post(1);
        let before = free(&REQUESTER);
        answers(1, vec![right(id.task(0))]);
        let shares = split(1_000, 50_000, 20_000);
        assert_eq!(free(&REQUESTER), before + MAX_REWARD - shares.solver);
        assert_eq!(escrow(&REQUESTER), 0);
        assert!(events().contains(&MarketEvent::ShareRedirected {
            payee: TREASURY,
            asset: None,
            amount: shares.fee,
            to: Some(REQUESTER),
        }));
    });
}

/// An offer of which royalty and fee are dust.
fn cheap() -> pensum_primitives::solver::Offer {
    pensum_primitives::solver::Offer {
        base: 0,
        per_byte: 0,
        min_reward: 1_000,
        capacity: 10,
        unit: Default::default(),
    }
}

#[test]
fn a_frozen_requester_still_pays() {
    use frame_support::traits::{LockableCurrency, WithdrawReasons};
    ExtBuilder::default().build_and_execute(|| {
        let id = post(1);
        Balances::set_lock(*b"vesting ", &REQUESTER, RICH, WithdrawReasons::all());
        let before = free(&solver(1));
        answers(1, vec![right(id.task(0))]);
        assert!(free(&solver(1)) > before);
        assert_eq!(escrow(&REQUESTER), 0);
    });
}

#[test]
fn a_free_task_is_settled() {
    ExtBuilder::default().build_and_execute(|| {
        let gratis = pensum_primitives::solver::Offer {
            base: 0,
            per_byte: 0,
            min_reward: 0,
            capacity: 10,
            unit: Default::default(),
        };
        Staking::set_offer(RuntimeOrigin::signed(solver(1)), greater(), gratis).unwrap();
        let terms = Terms {
            max_reward: 0,
            ..terms(greater())
        };
        let id = post_as(REQUESTER, terms, pairs(1)).unwrap();
        assert_eq!(escrow(&REQUESTER), 0);
        answers(1, vec![right(id.task(0))]);
        assert!(is_empty());
    });
}

/// The records of this block, once it is finished.
fn records(ext: &mut sp_io::TestExternalities) -> Vec<IndexedRecord> {
    ext.persist_offchain_overlay();
    let db = ext.offchain_db();
    ext.execute_with(|| {
        let root = pallet_attestation_registry::RecordRoots::<Test>::get(System::block_number()).unwrap();
        let leaves = db.get(&leaves_key(&root)).unwrap();
        let leaves = Vec::<(TaskId, Digest)>::decode(&mut &leaves[..]).unwrap();
        leaves
            .iter()
            .map(|(_, leaf)| IndexedRecord::decode(&mut &db.get(&body_key(leaf)).unwrap()[..]).unwrap())
            .collect()
    })
}

#[test]
fn every_ended_task_is_recorded() {
    let mut ext = ExtBuilder::default().solvers(1).build();
    let id = ext.execute_with(|| {
        let id = post(3);
        run_to(3);
        let said = truth(id.task(1));
        answers(1, vec![right(id.task(1))]);
        Market::cancel(RuntimeOrigin::signed(REQUESTER), id).unwrap();
        Registry::on_finalize(3);
        (id, said)
    });
    let (id, said) = id;
    let records = records(&mut ext);
    let tasks: Vec<_> = records.iter().map(|entry| entry.record.task).collect();
    assert_eq!(tasks, [id.task(1), id.task(0), id.task(2)]);

    let answered = &records[0];
    assert_eq!(answered.output.to_vec(), said);
    assert_eq!(answered.record.outcome, Outcome::Answered);
    assert_eq!(answered.record.solvers, [solver(1)]);
    assert_eq!(answered.record.input, Digest::from(sha2_256(&[5, 6])));
    assert_eq!(answered.record.output, Digest::from(sha2_256(&said)));
    assert_eq!(answered.record.price, price(1, 2));
    assert_eq!((answered.record.posted_at, answered.record.block), (1, 3));
    assert_eq!(answered.record.model, greater());
    assert_ne!(answered.record.evidence, Digest::zero());

    let cancelled = &records[1];
    assert_eq!(cancelled.record.outcome, Outcome::Refunded(Reason::Cancelled));
    assert!(cancelled.record.solvers.is_empty());
    assert_eq!(cancelled.record.price, price(1, 2).div_ceil(4));
    assert_eq!(cancelled.record.input, Digest::from(sha2_256(&[5, 4])));
    assert_eq!(cancelled.record.output, Digest::from(sha2_256(&[])));
}

/// What is recorded in the block to which `life` leads.
fn recorded(life: impl FnOnce()) -> Vec<IndexedRecord> {
    let mut ext = ExtBuilder::default().solvers(5).build();
    ext.execute_with(|| {
        life();
        Registry::on_finalize(System::block_number());
    });
    records(&mut ext)
}

#[test]
fn a_record_of_a_windowed_answer_names_its_trace() {
    let records = recorded(|| {
        claimed(1);
        run_for(WINDOW + 1);
    });
    let trace = traced(TaskId(0), label(0)).trace.unwrap();
    let record = &records[0].record;
    assert_eq!(record.evidence, trace_digest(&trace));
    assert_eq!(record.solvers, [solver(1)]);
    assert_eq!((record.posted_at, record.block), (1, 2 + WINDOW));
}

#[test]
fn a_record_says_what_was_paid_with() {
    let records = recorded(|| {
        accept(1, &[COIN]);
        let terms = Terms {
            max_reward: COINS,
            asset: Some(COIN),
            ..terms(greater())
        };
        let id = post_as(REQUESTER, terms, pairs(1)).unwrap();
        answers(1, vec![right(id.task(0))]);
    });
    let record = &records[0].record;
    assert_eq!((record.price, record.asset), (4_008, Some(COIN)));
}

#[test]
fn a_record_of_a_panel_names_its_members_and_its_evidence() {
    let records = recorded(|| {
        let id = post_on(
            Terms {
                max_reward: 6 * MAX_REWARD,
                ..quorum()
            },
            1,
        );
        assert!(draw(id));
        let members = seats(id).len();
        agree(id, &[Some(label(1))]);
        assert_eq!(members, 3);
    });
    let record = &records[0].record;
    assert_eq!(record.evidence, evidence());
    assert_eq!(record.solvers.len(), 3);
    assert_eq!(record.outcome, Outcome::Answered);
}

#[test]
fn a_record_of_a_judged_answer_says_what_decided() {
    let accepted = recorded(|| {
        let id = submitted();
        Market::accept(RuntimeOrigin::signed(REQUESTER), id).unwrap();
    });
    assert_eq!(accepted[0].record.evidence, Ground::Accepted.digest());
    let passed = recorded(|| {
        submitted();
        run_for(WINDOW + 1);
    });
    assert_eq!(passed[0].record.evidence, Ground::WindowPassed.digest());
    let upheld = recorded(|| {
        let id = submitted();
        Market::appeal(RuntimeOrigin::signed(REQUESTER), id.task(0)).unwrap();
        assert!(draw(id));
        vote(id, VOTE_STANDS);
        run_for(AppealWindow::get() + 1);
    });
    assert_eq!(upheld[0].record.evidence, Ground::Jury(evidence()).digest());
}

#[test]
fn a_record_names_the_tasks_whose_answers_went_in() {
    let upstream = vec![TaskId(3), TaskId(5)];
    let named = upstream.clone();
    let records = recorded(|| {
        let follower = Follower::Workflow(1);
        let task = Market::post_for(&REQUESTER, terms(greater()), inline(&[1, 2]), named, follower).unwrap();
        answers(1, vec![right(task)]);
    });
    assert_eq!(records[0].record.upstream, upstream);
}
