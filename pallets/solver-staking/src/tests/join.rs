use crate::{mock::*, types::Solver, Error, Event, HoldReason, Operators, Solvers};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use pensum_primitives::operator::ownership_payload;
use sp_core::{Pair, H256};

#[test]
fn join_holds_the_bond_and_binds_the_operator_key() {
    ExtBuilder.build_and_execute(|| {
        let (operator, proof) = operator_for(1, &account(1));
        assert_ok!(Staking::join(origin(1), operator.clone(), proof, 5_000));

        assert_eq!(
            Balances::balance_on_hold(&HoldReason::Bond.into(), &account(1)),
            5_000
        );
        assert_eq!(solver(1), Solver::new(operator.clone(), 5_000));
        assert_eq!(Operators::<Test>::get(&operator), Some(account(1)));
        assert_eq!(
            last_event(),
            Event::Joined {
                solver: account(1),
                operator,
                bonded: 5_000
            }
        );
    });
}

#[test]
fn join_fails_when_already_a_solver() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        let (operator, proof) = operator_for(2, &account(1));
        assert_noop!(
            Staking::join(origin(1), operator, proof, MIN_BOND),
            Error::<Test>::AlreadySolver
        );
    });
}

#[test]
fn join_fails_when_bond_is_below_the_least() {
    ExtBuilder.build_and_execute(|| {
        let (operator, proof) = operator_for(1, &account(1));
        assert_noop!(
            Staking::join(origin(1), operator, proof, MIN_BOND - 1),
            Error::<Test>::BondTooSmall
        );
    });
}

#[test]
fn join_fails_when_balance_does_not_cover_the_bond() {
    ExtBuilder.build_and_execute(|| {
        let (operator, proof) = operator_for(1, &account(1));
        // The existential deposit has to stay free.
        assert_noop!(
            Staking::join(origin(1), operator, proof, RICH),
            Error::<Test>::BondUnaffordable
        );
    });
}

#[test]
fn join_fails_with_the_operator_key_of_somebody_else() {
    ExtBuilder.build_and_execute(|| {
        join(1, MIN_BOND);
        // Even the holder of the key cannot make it serve two.
        let (operator, proof) = operator_for(1, &account(2));
        assert_noop!(
            Staking::join(origin(2), operator, proof, MIN_BOND),
            Error::<Test>::OperatorTaken
        );
    });
}

#[test]
fn join_fails_when_the_proof_is_for_another_stash() {
    ExtBuilder.build_and_execute(|| {
        let (operator, proof) = operator_for(1, &account(1));
        assert_noop!(
            Staking::join(origin(2), operator, proof, MIN_BOND),
            Error::<Test>::BadOperatorProof
        );
        assert!(!Solvers::<Test>::contains_key(account(2)));
    });
}

#[test]
fn join_fails_when_the_proof_is_by_another_key() {
    ExtBuilder.build_and_execute(|| {
        let (_, proof) = operator_for(1, &account(1));
        assert_noop!(
            Staking::join(origin(1), operator(2).public(), proof, MIN_BOND),
            Error::<Test>::BadOperatorProof
        );
    });
}

#[test]
fn join_fails_when_the_proof_is_for_another_chain() {
    ExtBuilder.build_and_execute(|| {
        let pair = operator(1);
        let proof = pair.sign(&ownership_payload(H256::repeat_byte(0xc0), &account(1)));
        assert_noop!(
            Staking::join(origin(1), pair.public(), proof, MIN_BOND),
            Error::<Test>::BadOperatorProof
        );
    });
}
