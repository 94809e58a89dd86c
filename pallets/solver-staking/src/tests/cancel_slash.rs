use crate::{mock::*, Error, Event, SlashAgenda, Slashes};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::{solver::Fault, traits::Solvers as _, SlashId};
use sp_runtime::DispatchError;

fn pending() -> SlashId {
    join_with_offer(1, 3_000, 500, 1);
    assert_ok!(assign(1));
    Staking::fault(&account(1), report(Fault::Wrong, 1_000, 500)).unwrap()
}

#[test]
fn cancel_slash_frees_the_stake() {
    ExtBuilder.build_and_execute(|| {
        let id = pending();
        assert_eq!(solver(1).free(), 1_800);
        assert_ok!(Staking::cancel_slash(RuntimeOrigin::root(), id));

        assert_eq!((solver(1).free(), solver(1).at_risk), (3_000, 0));
        assert_eq!(
            (
                Slashes::<Test>::iter().count(),
                SlashAgenda::<Test>::iter().count()
            ),
            (0, 0)
        );
        assert_eq!(
            last_event(),
            Event::SlashCancelled {
                id,
                solver: account(1),
                amount: 1_200
            }
        );
        run_for(SlashDefer::get() + 1);
        assert_eq!(solver(1).bonded, 3_000);
    });
}

#[test]
fn cancel_slash_fails_without_the_right_origin() {
    ExtBuilder.build_and_execute(|| {
        let id = pending();
        assert_noop!(Staking::cancel_slash(origin(1), id), DispatchError::BadOrigin);
    });
}

#[test]
fn cancel_slash_fails_when_not_pending() {
    ExtBuilder.build_and_execute(|| {
        let id = pending();
        assert_noop!(
            Staking::cancel_slash(RuntimeOrigin::root(), SlashId(id.0 + 1)),
            Error::<Test>::NoSuchSlash
        );
        run_for(SlashDefer::get());
        assert_noop!(
            Staking::cancel_slash(RuntimeOrigin::root(), id),
            Error::<Test>::NoSuchSlash
        );
    });
}
