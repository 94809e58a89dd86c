use crate::{mock::*, Error, Event};
use frame_support::{assert_noop, assert_ok};
use pensum_primitives::traits::Solvers as _;
use sp_core::Pair;

#[test]
fn set_operator_replaces_the_key_and_frees_the_old_one() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        let (new, proof) = operator_for(11, &account(1));
        assert_ok!(Staking::set_operator(origin(1), new.clone(), proof));

        assert_eq!(Staking::of_operator(&new), Some(account(1)));
        assert_eq!(Staking::of_operator(&operator(1).public()), None);
        assert_eq!(
            last_event(),
            Event::OperatorSet {
                solver: account(1),
                operator: new
            }
        );
    });
}

#[test]
fn set_operator_fails_with_the_key_of_somebody_else() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        join(2, MIN_BOND);
        // Solver 1 knows solver 2's public key and the proof that was published when it joined.
        let (theirs, published) = operator_for(2, &account(2));
        assert_noop!(
            Staking::set_operator(origin(1), theirs, published),
            Error::<Test>::OperatorTaken
        );
        // A key not yet in use needs its holder's consent all the same.
        let (unused, consent_to_another) = operator_for(3, &account(3));
        assert_noop!(
            Staking::set_operator(origin(1), unused, consent_to_another),
            Error::<Test>::BadOperatorProof
        );
    });
}

#[test]
fn set_operator_fails_when_not_a_solver() {
    ExtBuilder.build_and_execute(|| {
        let (operator, proof) = operator_for(1, &account(1));
        assert_noop!(
            Staking::set_operator(origin(1), operator, proof),
            Error::<Test>::NotSolver
        );
    });
}
