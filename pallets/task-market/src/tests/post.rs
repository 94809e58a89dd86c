use crate::{limits::MAX_PARTS, mock::*, Event as MarketEvent};
use frame_support::{assert_noop, traits::UnfilteredDispatchable, weights::Weight};
use pensum_primitives::{
    model::Text,
    task::{Input, Terms, MAX_INLINE},
    traits::Solvers,
    BatchId, Digest, ModelId,
};
use sp_runtime::DispatchError;

/// A post must fail so, and change nothing.
#[track_caller]
pub(super) fn refused(terms: Terms, inputs: Vec<Input>, error: impl Into<DispatchError>) {
    refused_for(REQUESTER, terms, inputs, error);
}

#[track_caller]
fn refused_for(
    who: pensum_primitives::AccountId,
    terms: Terms,
    inputs: Vec<Input>,
    error: impl Into<DispatchError>,
) {
    let call = crate::Call::<Test>::post {
        terms,
        inputs: inputs.try_into().unwrap(),
    };
    let done = || {
        call.dispatch_bypass_filter(RuntimeOrigin::signed(who))
            .map(|_| ())
            .map_err(|error| error.error)
    };
    assert_noop!(done(), error.into());
}

#[test]
fn a_post_is_assigned_to_the_cheapest_solver_at_once() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(3);
        assert_eq!(id, BatchId(0));
        assert_eq!(Market::next_batch(), BatchId(1));
        let batch = batch(id);
        assert_eq!(batch.parts.len(), 1);
        assert_eq!(batch.parts[0].solver, solver(1));
        assert_eq!(batch.parts[0].answer_by, 1 + AnswerWindow::get());
        assert_eq!(
            batch.parts[0]
                .tasks
                .iter()
                .map(|task| task.place)
                .collect::<Vec<_>>(),
            [0, 1, 2]
        );
        assert_eq!(Staking::in_flight(&solver(1)), 3);
        assert_eq!(Staking::locked(&solver(1)), 3 * 2 * price(1, 2));
        assert!(events().contains(&MarketEvent::TasksPosted {
            first: id.task(0),
            tasks: 3,
            requester: REQUESTER,
            solver: solver(1),
            model: greater(),
            price: 3 * price(1, 2),
            answer_by: 6,
            deadline: 31,
        }));
    });
}

#[test]
fn a_post_holds_the_price_cap_of_every_task() {
    ExtBuilder::default().build_and_execute(|| {
        post(3);
        assert_eq!(escrow(&REQUESTER), 3 * MAX_REWARD);
        post(2);
        assert_eq!(escrow(&REQUESTER), 5 * MAX_REWARD);
    });
}

#[test]
fn a_post_prepays_what_its_answers_will_weigh() {
    ExtBuilder::default().build_and_execute(|| {
        let before = (free(&REQUESTER), free(&FEES));
        post(3);
        let fee = free(&FEES) - before.1;
        assert!(fee > 0);
        assert_eq!(free(&REQUESTER), before.0 - 3 * MAX_REWARD - fee);
        assert!(events().contains(&MarketEvent::AnswersPrepaid {
            batch: BatchId(0),
            requester: REQUESTER,
            fee,
            asset: None,
        }));
    });
}

#[test]
fn a_batch_is_cheaper_to_prepay_than_its_tasks_one_by_one() {
    ExtBuilder::default().build_and_execute(|| {
        let fee_of = |count| {
            let before = free(&FEES);
            post(count);
            free(&FEES) - before
        };
        let one = fee_of(1);
        let hundred = fee_of(100);
        assert!(hundred < 10 * one, "{hundred} for a hundred, {one} for one");
    });
}

#[test]
fn a_full_batch_is_posted() {
    ExtBuilder::default().build_and_execute(|| {
        let id = post(256);
        assert_eq!(batch(id).tasks(), 256);
    });
}

#[test]
fn a_batch_is_split_over_the_solvers_that_have_room() {
    ExtBuilder::default().capacity(4).build_and_execute(|| {
        let id = post(10);
        let batch = batch(id);
        let shares: Vec<_> = batch
            .parts
            .iter()
            .map(|part| (part.solver.clone(), part.count()))
            .collect();
        assert_eq!(shares, [(solver(1), 4), (solver(2), 4), (solver(3), 2)]);
        assert_eq!(escrow(&REQUESTER), 10 * MAX_REWARD);
        let firsts: Vec<_> = events()
            .into_iter()
            .filter_map(|event| match event {
                MarketEvent::TasksPosted { first, tasks, .. } => Some((first, tasks)),
                _ => None,
            })
            .collect();
        assert_eq!(firsts, [(id.task(0), 4), (id.task(4), 4), (id.task(8), 2)]);
    });
}

#[test]
fn post_fails_when_a_later_part_finds_nobody() {
    ExtBuilder::default().capacity(4).build_and_execute(|| {
        refused(terms(greater()), pairs(13), Error::SolversBusy);
        assert_eq!(Staking::in_flight(&solver(1)), 0);
    });
}

#[test]
fn post_fails_when_too_many_solvers_would_share_it() {
    ExtBuilder::default()
        .solvers(MAX_PARTS as u8 + 1)
        .capacity(2)
        .build_and_execute(|| {
            refused(terms(greater()), pairs(2 * MAX_PARTS + 1), Error::TooFragmented);
            post(2 * MAX_PARTS);
        });
}

#[test]
fn post_fails_without_inputs() {
    ExtBuilder::default().build_and_execute(|| refused(terms(greater()), vec![], Error::NoInputs));
}

#[test]
fn post_fails_when_the_deadline_has_passed() {
    ExtBuilder::default().build_and_execute(|| {
        run_to(10);
        refused(
            Terms {
                deadline: 9,
                ..terms(greater())
            },
            pairs(1),
            Error::DeadlineTooSoon,
        );
        refused(
            Terms {
                deadline: 11,
                ..terms(greater())
            },
            pairs(1),
            Error::DeadlineTooSoon,
        );
        post_as(
            REQUESTER,
            Terms {
                deadline: 12,
                ..terms(greater())
            },
            pairs(1),
        )
        .unwrap();
    });
}

#[test]
fn post_fails_when_the_deadline_is_too_far() {
    ExtBuilder::default().build_and_execute(|| {
        refused(
            Terms {
                deadline: 52,
                ..terms(greater())
            },
            pairs(1),
            Error::DeadlineTooFar,
        );
        post_as(
            REQUESTER,
            Terms {
                deadline: 51,
                ..terms(greater())
            },
            pairs(1),
        )
        .unwrap();
    });
}

#[test]
fn post_fails_when_the_model_is_unknown() {
    ExtBuilder::default().build_and_execute(|| {
        let unknown = ModelId(Digest::repeat_byte(9));
        refused(
            terms(unknown),
            pairs(1),
            pallet_attestation_registry::Error::<Test>::UnknownModel,
        );
    });
}

#[test]
fn post_fails_when_the_model_is_flagged_unless_the_terms_allow_it() {
    ExtBuilder::default().build_and_execute(|| {
        let reason = Text::try_from(b"biased".to_vec()).unwrap();
        Registry::flag(RuntimeOrigin::root(), greater(), reason).unwrap();
        refused(
            terms(greater()),
            pairs(1),
            pallet_attestation_registry::Error::<Test>::ModelFlagged,
        );
        post_as(
            REQUESTER,
            Terms {
                allow_flagged: true,
                ..terms(greater())
            },
            pairs(1),
        )
        .unwrap();
    });
}

#[test]
fn post_fails_when_the_model_is_retired() {
    ExtBuilder::default().build_and_execute(|| {
        Registry::retire(RuntimeOrigin::signed(PUBLISHER), greater()).unwrap();
        refused(
            terms(greater()),
            pairs(1),
            pallet_attestation_registry::Error::<Test>::ModelRetired,
        );
    });
}

#[test]
fn post_fails_when_the_graph_is_not_on_chain() {
    ExtBuilder::default().build_and_execute(|| {
        let model = register_off_chain();
        refused(terms(model), vec![inline(b"hello")], Error::GraphNotOnChain);
    });
}

#[test]
fn post_fails_when_an_input_is_too_long_or_of_the_wrong_shape() {
    ExtBuilder::default().build_and_execute(|| {
        let good = inline(&[1, 2]);
        refused(
            terms(greater()),
            vec![good.clone(), inline(&[1, 2, 3])],
            Error::InputWrongShape,
        );
        refused(terms(greater()), vec![good, blob(&[1])], Error::InputWrongShape);
        refused(terms(texts()), vec![inline(&[b'a'; 301])], Error::InputWrongShape);
        post_as(REQUESTER, terms(texts()), vec![inline(&[b'a'; 300])]).unwrap();
    });
}

#[test]
fn post_fails_when_text_is_not_utf8() {
    ExtBuilder::default().build_and_execute(|| {
        refused(
            terms(texts()),
            vec![inline(b"good"), inline(&[0xff])],
            Error::InputNotText,
        );
    });
}

#[test]
fn post_fails_when_a_blob_is_longer_than_an_answer_can_bring() {
    ExtBuilder::default().build_and_execute(|| {
        let long = Input::Blob {
            digest: Digest::zero(),
            len: MAX_INLINE + 1,
        };
        refused(terms(texts()), vec![long], Error::BlobTooLong);
    });
}

#[test]
fn post_fails_when_replay_takes_more_than_a_block_has() {
    ExtBuilder::default().build_and_execute(|| {
        MaxAnswerWeight::set(Weight::from_parts(3_000_000_000, u64::MAX));
        refused(terms(greater()), pairs(256), Error::BatchTooCostly);
        post(10);
    });
}

#[test]
fn post_fails_when_reputation_is_out_of_range() {
    ExtBuilder::default().build_and_execute(|| {
        let terms = Terms {
            min_reputation: 1_000_001,
            ..terms(greater())
        };
        refused(terms, pairs(1), Error::ReputationOutOfRange);
    });
}

#[test]
fn post_fails_when_the_price_cap_is_below_every_offer() {
    ExtBuilder::default().build_and_execute(|| {
        let max_reward = price(1, 2) - 1;
        refused(
            Terms {
                max_reward,
                ..terms(greater())
            },
            pairs(1),
            Error::PriceCapBelowOffers,
        );
        post_as(
            REQUESTER,
            Terms {
                max_reward: price(1, 2),
                ..terms(greater())
            },
            pairs(1),
        )
        .unwrap();
    });
}

#[test]
fn post_fails_when_nobody_offers_the_model() {
    ExtBuilder::default().solvers(0).build_and_execute(|| {
        refused(terms(greater()), pairs(1), Error::NobodyOffers);
    });
}

#[test]
fn post_fails_when_every_solver_is_busy() {
    ExtBuilder::default()
        .solvers(1)
        .capacity(2)
        .build_and_execute(|| {
            post(2);
            refused(terms(greater()), pairs(1), Error::SolversBusy);
        });
}

#[test]
fn post_fails_when_nobody_has_the_wanted_reputation() {
    ExtBuilder::default().build_and_execute(|| {
        refused(
            Terms {
                min_reputation: 1_000_000,
                ..terms(greater())
            },
            pairs(1),
            Error::SolversBusy,
        );
    });
}

#[test]
fn post_fails_when_the_requester_cannot_pay_the_escrow() {
    ExtBuilder::default().build_and_execute(|| {
        refused_for(POOR, terms(greater()), pairs(1), Error::CannotEscrow);
    });
}

#[test]
fn post_fails_when_the_requester_cannot_prepay() {
    ExtBuilder::default().build_and_execute(|| {
        let all_but_the_minimum = MAX_REWARD - EXISTENTIAL_DEPOSIT;
        let terms = Terms {
            max_reward: all_but_the_minimum,
            ..terms(greater())
        };
        refused_for(POOR, terms, pairs(1), Error::CannotPrepay);
    });
}

#[test]
fn post_fails_when_the_escrow_overflows() {
    ExtBuilder::default().build_and_execute(|| {
        refused(
            Terms {
                max_reward: u128::MAX,
                ..terms(greater())
            },
            pairs(2),
            Error::EscrowTooLarge,
        );
    });
}

#[test]
fn post_fails_unsigned() {
    ExtBuilder::default().build_and_execute(|| {
        let inputs = pairs(1).try_into().unwrap();
        assert_noop!(
            Market::post(RuntimeOrigin::none(), terms(greater()), inputs).map_err(|error| error.error),
            DispatchError::BadOrigin
        );
    });
}
