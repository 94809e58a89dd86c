use super::post::refused;
use crate::mock::*;
use pensum_primitives::{
    matching::Matching,
    panel::MAX_PANEL_TASKS,
    task::{Input, Terms, MAX_INLINE},
    verification::{Rule, Verification},
    BlockNumber,
};
use sp_runtime::DispatchError;

fn window(window: BlockNumber) -> Terms {
    Terms {
        verification: Verification::Replay { window },
        ..terms(greater())
    }
}

fn panel(solvers: u8, threshold: u8, rule: Rule) -> Terms {
    Terms {
        verification: Verification::Quorum {
            solvers,
            threshold,
            rule,
        },
        ..quorum()
    }
}

fn pointer(bytes: &[u8]) -> Rule {
    Rule::JsonField {
        pointer: bytes.to_vec().try_into().unwrap(),
    }
}

#[test]
fn a_window_is_neither_too_short_nor_too_long() {
    ExtBuilder::default().build_and_execute(|| {
        for (blocks, error) in [
            (1, Error::WindowTooShort),
            (MinWindow::get() - 1, Error::WindowTooShort),
            (MaxWindow::get() + 1, Error::WindowTooLong),
        ] {
            let error = DispatchError::from(error);
            refused(window(blocks), pairs(1), error);
            let verification = Verification::Requester { window: blocks };
            refused(
                Terms {
                    verification,
                    ..judged()
                },
                pairs(1),
                error,
            );
        }
        refused(
            Terms {
                verification: Verification::Requester { window: 0 },
                ..judged()
            },
            pairs(1),
            Error::WindowTooShort,
        );
        post_on(window(MinWindow::get()), 1);
        post_on(window(MaxWindow::get()), 1);
    });
}

#[test]
fn a_window_needs_a_model_whose_nodes_the_chain_knows() {
    ExtBuilder::default().build_and_execute(|| {
        SkeletonsKnown::set(false);
        refused(windowed(), pairs(1), Error::SkeletonUnknown);
        post(1);
    });
}

#[test]
fn a_window_is_not_for_dear_tasks() {
    ExtBuilder::default().build_and_execute(|| {
        let at = |max_reward| Terms {
            max_reward,
            ..windowed()
        };
        refused(at(MAX_WINDOWED + 1), pairs(1), Error::RewardTooHighForWindow);
        post_on(at(MAX_WINDOWED), 1);
    });
}

#[test]
fn only_an_immediate_replay_needs_the_graph_on_chain() {
    ExtBuilder::default().build_and_execute(|| {
        let model = register_off_chain();
        run_for(ActivationDelay::get());
        let text = || vec![inline(b"bonjour")];
        refused(terms(model), text(), Error::GraphNotOnChain);
        Staking::set_offer(RuntimeOrigin::signed(solver(1)), model, offer(1, 9)).unwrap();
        let terms = Terms {
            verification: Verification::Replay { window: WINDOW },
            ..terms(model)
        };
        post_as(REQUESTER, terms, text()).unwrap();
    });
}

#[test]
fn only_an_immediate_replay_needs_short_blobs() {
    ExtBuilder::default().build_and_execute(|| {
        let long = || {
            vec![Input::Blob {
                digest: Default::default(),
                len: MAX_INLINE + 1,
            }]
        };
        refused(terms(greater()), long(), Error::BlobTooLong);
        refused(windowed(), long(), Error::InputWrongShape);
        let id = post_as(REQUESTER, windowed(), vec![blob(&[5, 6])]).unwrap();
        assert!(!batch(id).parts[0].tasks[0].blob);
    });
}

#[test]
fn a_panel_is_drawn_from_the_book() {
    ExtBuilder::default().build_and_execute(|| {
        let matching = dutch().matching;
        refused(
            Terms { matching, ..quorum() },
            pairs(1),
            Error::PanelTakesNoAuction,
        );
    });
}

#[test]
fn a_panel_has_bounds() {
    ExtBuilder::default().build_and_execute(|| {
        refused(quorum(), pairs(MAX_PANEL_TASKS + 1), Error::PanelTasksTooMany);
        for solvers in [0, 2, 8] {
            refused(
                panel(solvers, solvers, Rule::Exact),
                pairs(1),
                Error::PanelSizeOutOfRange,
            );
        }
        for (solvers, threshold) in [(3, 1), (4, 2), (3, 3), (3, 4), (7, 3), (7, 7)] {
            refused(
                panel(solvers, threshold, Rule::Exact),
                pairs(1),
                Error::ThresholdOutOfRange,
            );
        }
        post_on(panel(7, 4, Rule::Label), MAX_PANEL_TASKS);
        post_on(panel(3, 2, Rule::Exact), 1);
    });
}

#[test]
fn a_panel_needs_time_for_both_rounds() {
    ExtBuilder::default().build_and_execute(|| {
        let until = |deadline| Terms { deadline, ..quorum() };
        let now = System::block_number();
        refused(
            until(now + 2 * PANEL_BLOCKS - 1),
            pairs(1),
            Error::DeadlineTooSoon,
        );
        post_on(until(now + 2 * PANEL_BLOCKS), 1);
    });
}

#[test]
fn a_rule_makes_sense() {
    ExtBuilder::default().build_and_execute(|| {
        let refused = |rule, error| refused(panel(3, 2, rule), pairs(1), error);
        refused(Rule::Numeric { ppm: 1_000_001 }, Error::ToleranceOutOfRange);
        refused(pointer(b"price"), Error::PointerMalformed);
        refused(pointer(&[b'/', 0xff]), Error::PointerMalformed);
        for rule in [
            Rule::Numeric { ppm: 1_000_000 },
            pointer(b""),
            pointer(b"/data/0"),
            Rule::Label,
        ] {
            post_on(panel(3, 2, rule), 1);
        }
    });
}

#[test]
fn a_requester_judges_one_task_at_a_time() {
    ExtBuilder::default().build_and_execute(|| {
        refused(judged(), pairs(2), Error::OneTaskForRequester);
        post_on(judged(), 1);
    });
}

#[test]
fn an_auction_must_be_to_the_liking_of_the_auctions() {
    ExtBuilder::default().build_and_execute(|| {
        let lasting = |blocks| Terms {
            matching: Matching::Dutch {
                start: 1,
                end: MAX_REWARD,
                blocks,
            },
            ..terms(greater())
        };
        refused(lasting(30), pairs(1), DispatchError::Other("too long"));
        post_on(lasting(29), 1);
        AuctionsShut::set(true);
        refused(lasting(5), pairs(1), DispatchError::Unavailable);
    });
}
