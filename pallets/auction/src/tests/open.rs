use crate::{limits::MAX_EXCLUDED, mock::*, types::Sale};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{matching::Matching, traits::Auctions, BatchId};

fn dutch(start: u128, end: u128, blocks: u32) -> Matching {
    Matching::Dutch { start, end, blocks }
}

fn sealed(reserve: u128, commit: u32, reveal: u32) -> Matching {
    Matching::Sealed {
        reserve,
        commit,
        reveal,
    }
}

#[test]
fn an_opened_auction_is_announced_and_due_at_the_end_of_its_first_phase() {
    build_and_execute(|| {
        open(1, DUTCH);
        let id = open(2, SEALED);
        let auction = crate::Auctions::<Test>::get(id).unwrap();
        assert_eq!(auction.due, 1 + 3);
        assert_eq!(auction.deposit, MAX_REWARD);
        let opened = |batch, sale, deposit, until| Event::RoundOpened {
            batch: BatchId(batch),
            model: model(),
            round: 0,
            sale,
            deposit,
            until,
        };
        assert_eq!(
            events(),
            [
                opened(1, Sale::of(&DUTCH).unwrap(), 0, 9),
                opened(2, Sale::of(&SEALED).unwrap(), MAX_REWARD, 6),
            ]
        );
    });
}

#[test]
fn a_deposit_is_never_below_the_minimum() {
    build_and_execute(|| {
        let one_task = Batch {
            lens: vec![LEN],
            ..Default::default()
        };
        assert_ok!(put_up(1, SEALED, one_task));
        assert_eq!(crate::Auctions::<Test>::get(BatchId(1)).unwrap().deposit, 600);
    });
}

#[test]
fn check_accepts_the_book_and_open_refuses_it() {
    build_and_execute(|| {
        assert_ok!(Auction::check(&Matching::Book, MAX_REWARD, 0));
        assert_noop!(put_up(1, Matching::Book, Batch::default()), Error::NotAnAuction);
    });
}

#[test]
fn check_and_open_fail_when_a_window_is_too_short() {
    build_and_execute(|| {
        for matching in [dutch(1, 2, 1), sealed(2, 1, 2), sealed(2, 2, 1)] {
            assert_noop!(Auction::check(&matching, MAX_REWARD, 100), Error::WindowTooShort);
            assert_noop!(put_up(1, matching, Batch::default()), Error::WindowTooShort);
        }
        assert_ok!(Auction::check(&dutch(1, 2, 2), MAX_REWARD, 100));
        assert_ok!(Auction::check(&sealed(2, 2, 2), MAX_REWARD, 100));
    });
}

#[test]
fn check_fails_when_the_price_would_fall() {
    build_and_execute(|| {
        assert_noop!(
            Auction::check(&dutch(3, 2, 5), MAX_REWARD, 100),
            Error::StartAboveEnd
        );
        assert_ok!(Auction::check(&dutch(3, 3, 5), MAX_REWARD, 100));
    });
}

#[test]
fn check_fails_when_a_price_is_above_the_cap() {
    build_and_execute(|| {
        for matching in [dutch(1, MAX_REWARD + 1, 5), sealed(MAX_REWARD + 1, 5, 5)] {
            assert_noop!(Auction::check(&matching, MAX_REWARD, 100), Error::PriceAboveCap);
        }
        assert_ok!(Auction::check(&dutch(1, MAX_REWARD, 5), MAX_REWARD, 100));
        assert_ok!(Auction::check(&sealed(MAX_REWARD, 5, 5), MAX_REWARD, 100));
    });
}

#[test]
fn check_fails_when_the_windows_leave_no_time_to_answer() {
    build_and_execute(|| {
        for (matching, blocks) in [(dutch(1, 2, 8), 8), (sealed(2, 3, 2), 3 + 2 + 1)] {
            let least = blocks + AwardMargin::get();
            assert_ok!(Auction::check(&matching, MAX_REWARD, least));
            assert_noop!(
                Auction::check(&matching, MAX_REWARD, least - 1),
                Error::WindowsTooLong
            );
            assert_noop!(
                Auction::check(&dutch(1, 2, u32::MAX), MAX_REWARD, least),
                Error::WindowsTooLong
            );
            let hasty = Batch {
                award_by: now() + blocks - 1,
                ..Default::default()
            };
            assert_noop!(put_up(1, matching, hasty), Error::WindowsTooLong);
        }
    });
}

#[test]
fn open_fails_when_the_batch_is_at_auction() {
    build_and_execute(|| {
        open(1, DUTCH);
        assert_noop!(put_up(1, SEALED, Batch::default()), Error::AlreadyAtAuction);
    });
}

#[test]
fn open_fails_when_too_many_solvers_failed() {
    build_and_execute(|| {
        let failed = |count: u32| Batch {
            exclude: (0..count).map(|number| solver(100 + number as u8)).collect(),
            ..Default::default()
        };
        assert_noop!(put_up(1, DUTCH, failed(MAX_EXCLUDED + 1)), Error::TooManyExcluded);
        assert_ok!(put_up(1, DUTCH, failed(MAX_EXCLUDED)));
    });
}

#[test]
fn an_auction_after_a_failed_solver_has_rounds_of_its_own() {
    build_and_execute(|| {
        let again = Batch {
            exclude: vec![solver(1)],
            ..Default::default()
        };
        assert_ok!(put_up(1, SEALED, again));
        assert_eq!(Auction::view(BatchId(1)).unwrap().round, 3);
    });
}
