use crate::{mock::*, Event, GenesisConfig, Slashes, SlashingEnabled};
use frame_support::{assert_noop, assert_ok, traits::BuildGenesisConfig};
use pensum_primitives::{
    solver::Fault,
    traits::{FaultReport, Solvers as _},
    Digest, TaskId,
};
use sp_runtime::DispatchError;

#[test]
fn while_slashing_is_off_a_fault_costs_reputation_and_jail_but_no_stake() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Staking::set_slashing(RuntimeOrigin::root(), false));
        assert_eq!(last_event(), Event::SlashingSet { enabled: false });
        join_with_offer(1, MIN_BOND, 100, 3);
        assert_ok!(assign(3));
        let before = solver(1).reputation.score_ppm();
        let fault = || Staking::fault(&account(1), report(Fault::TimedOut, 200, 100));
        assert_eq!(fault(), None);
        assert_eq!(
            last_event(),
            Event::SlashWaived {
                solver: account(1),
                amount: 20,
                fault: Fault::TimedOut,
                task: TaskId(7),
                harmed: REQUESTER,
                evidence: Digest::repeat_byte(0xe1)
            }
        );
        let now = solver(1);
        assert_eq!((now.at_risk, now.locked, now.in_flight), (0, 400, 2));
        assert!(now.reputation.score_ppm() < before);
        assert_eq!((fault(), fault()), (None, None));
        assert!(solver(1).is_jailed());
        run_for(2 * SlashDefer::get());
        assert_eq!(solver(1).bonded, MIN_BOND);
        assert!(!Staking::solver_status(&account(1)).unwrap().slashing);
    });
}

#[test]
fn switched_on_again_faults_cost_stake_and_pending_slashes_were_never_touched() {
    ExtBuilder.build_and_execute(|| {
        join_with_offer(1, MIN_BOND, 100, 3);
        assert_ok!(assign(2));
        let fault = || Staking::fault(&account(1), report(Fault::TimedOut, 200, 100));
        let first = fault().unwrap();
        assert_ok!(Staking::set_slashing(RuntimeOrigin::root(), false));
        run_for(SlashDefer::get());
        assert!(!Slashes::<Test>::contains_key(first));
        assert_eq!(solver(1).bonded, MIN_BOND - 20);
        assert_ok!(Staking::set_slashing(RuntimeOrigin::root(), true));
        assert!(fault().is_some());
    });
}

#[test]
fn a_fault_that_costs_nothing_tells_of_no_slash() {
    ExtBuilder.build_and_execute(|| {
        assert_ok!(Staking::set_slashing(RuntimeOrigin::root(), false));
        join(1, MIN_BOND);
        let free = FaultReport {
            tasks: 0,
            ..report(Fault::TimedOut, 0, 0)
        };
        assert_eq!(Staking::fault(&account(1), free), None);
        assert!(!staking_events()
            .iter()
            .any(|event| matches!(event, Event::SlashWaived { .. })));
    });
}

#[test]
fn setting_it_fails_without_privilege() {
    ExtBuilder.build_and_execute(|| {
        assert_noop!(Staking::set_slashing(origin(1), false), DispatchError::BadOrigin);
    });
}

#[test]
fn genesis_decides_and_without_a_word_slashing_is_on() {
    ExtBuilder.build_and_execute(|| {
        assert!(SlashingEnabled::<Test>::get());
        assert!(GenesisConfig::<Test>::default().slashing_enabled);
        GenesisConfig::<Test> {
            slashing_enabled: false,
            ..Default::default()
        }
        .build();
        assert!(!SlashingEnabled::<Test>::get());
    });
}
