//! Random sequences of calls and of what the market does, with every invariant checked after each step.

use crate::{mock::*, HoldReason, NextSlashId, SlashAgenda, Slashes, Solvers};
use frame_support::traits::{
    fungible::{Inspect, InspectHold},
    Hooks,
};
use pensum_primitives::{
    solver::{Fault, Offer},
    traits::{Assignment, FaultReport, Solvers as _},
    AccountId, Digest, SlashId, TaskId,
};
use proptest::prelude::*;
use sp_runtime::traits::Dispatchable;

/// Solvers that take part.
const SOLVERS: u8 = 5;

#[derive(Clone, Debug)]
enum Step {
    Join {
        who: u8,
        key: u8,
        bond: Balance,
    },
    BondExtra {
        who: u8,
        amount: Balance,
    },
    Unbond {
        who: u8,
        amount: Balance,
    },
    Withdraw {
        who: u8,
    },
    Leave {
        who: u8,
    },
    SetOperator {
        who: u8,
        key: u8,
    },
    SetOffer {
        who: u8,
        model: u64,
        offer: Offer,
    },
    WithdrawOffer {
        who: u8,
        model: u64,
    },
    Unjail {
        who: u8,
    },
    CancelSlash {
        nth: usize,
    },
    Assign {
        model: u64,
        lens: Vec<u32>,
        cap: Balance,
        exclude: u8,
        seed: u128,
    },
    Agree {
        nth: usize,
    },
    Release {
        nth: usize,
        declined: bool,
    },
    Fault {
        nth: usize,
        wrong: bool,
        harmed: u8,
        rescuer: Option<u8>,
    },
    Pass {
        blocks: u32,
    },
}

fn offer() -> impl Strategy<Value = Offer> {
    (0..200u128, 0..2u128, 0..100u128, 0..9u32).prop_map(|(base, per_byte, min_reward, capacity)| Offer {
        base,
        per_byte,
        min_reward,
        capacity,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 1..=SOLVERS;
    let models = || 1..3u64;
    prop_oneof![
        2 => (who(), 1..=SOLVERS + 2, 900..6_000u128).prop_map(|(who, key, bond)| Step::Join { who, key, bond }),
        3 => (who(), 0..4_000u128).prop_map(|(who, amount)| Step::BondExtra { who, amount }),
        3 => (who(), 0..2_000u128).prop_map(|(who, amount)| Step::Unbond { who, amount }),
        3 => who().prop_map(|who| Step::Withdraw { who }),
        1 => who().prop_map(|who| Step::Leave { who }),
        1 => (who(), 1..=SOLVERS + 2).prop_map(|(who, key)| Step::SetOperator { who, key }),
        6 => (who(), models(), offer()).prop_map(|(who, model, offer)| Step::SetOffer { who, model, offer }),
        1 => (who(), models()).prop_map(|(who, model)| Step::WithdrawOffer { who, model }),
        3 => who().prop_map(|who| Step::Unjail { who }),
        1 => (0..4usize).prop_map(|nth| Step::CancelSlash { nth }),
        16 => (models(), prop::collection::vec(0..300u32, 1..6), 100..1_500u128, who(), any::<u128>())
            .prop_map(|(model, lens, cap, exclude, seed)| Step::Assign { model, lens, cap, exclude, seed }),
        3 => any::<usize>().prop_map(|nth| Step::Agree { nth }),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(nth, declined)| Step::Release { nth, declined }),
        6 => (any::<usize>(), any::<bool>(), 1..120u8, prop::option::of(who()))
            .prop_map(|(nth, wrong, harmed, rescuer)| Step::Fault { nth, wrong, harmed, rescuer }),
        5 => (1..12u32).prop_map(|blocks| Step::Pass { blocks }),
    ]
}

/// What the market would remember: live assignments with the prices of their tasks.
#[derive(Default)]
struct Market {
    live: Vec<(Assignment, Vec<Balance>)>,
}

impl Market {
    fn take(&mut self, nth: usize) -> Option<(AccountId, u32, Balance, Balance)> {
        let at = nth.checked_rem(self.live.len())?;
        let (assignment, prices) = self.live.swap_remove(at);
        let bond = assignment.bonds.iter().sum();
        Some((assignment.solver, assignment.taken, bond, prices.iter().sum()))
    }

    fn check(&self) {
        for who in (1..=SOLVERS).map(account) {
            let of_solver = || {
                self.live
                    .iter()
                    .filter(|(assignment, _)| assignment.solver == who)
            };
            let locked: Balance = of_solver().flat_map(|(assignment, _)| &assignment.bonds).sum();
            let in_flight: u32 = of_solver().map(|(assignment, _)| assignment.taken).sum();
            assert_eq!(
                (Staking::locked(&who), Staking::in_flight(&who)),
                (locked, in_flight)
            );
        }
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Assign {
                model: number,
                lens,
                cap,
                exclude,
                seed: drawn,
            } => {
                let excluded = account(exclude);
                let query = Query {
                    model: model(number),
                    input_lens: lens.clone(),
                    max_reward: cap,
                    min_reputation: 0,
                    exclude: vec![excluded.clone()],
                    seed: seed(drawn),
                };
                if let Ok(assignment) = query.ask() {
                    assert_ne!(assignment.solver, excluded);
                    let prices: Vec<_> = lens.iter().map(|len| assignment.offer.price(*len)).collect();
                    assert!(prices.iter().all(|price| *price <= cap));
                    assert!((1..=lens.len()).contains(&assignment.bonds.len()));
                    assert_eq!(assignment.taken as usize, assignment.bonds.len());
                    let prices = prices[..assignment.bonds.len()].to_vec();
                    self.live.push((assignment, prices));
                }
            }
            Step::Agree { nth } => {
                if let Some((solver, tasks, bond, reward)) = self.take(nth) {
                    Staking::agreed(&solver, tasks, bond, reward);
                }
            }
            Step::Release { nth, declined } => {
                if let Some((solver, tasks, bond, reward)) = self.take(nth) {
                    Staking::released(&solver, tasks, bond, reward, declined);
                }
            }
            Step::Fault {
                nth,
                wrong,
                harmed,
                rescuer,
            } => {
                if let Some((solver, tasks, bond, reward)) = self.take(nth) {
                    let report = FaultReport {
                        task: TaskId(1),
                        fault: if wrong { Fault::Wrong } else { Fault::TimedOut },
                        bond,
                        tasks,
                        reward,
                        harmed: account(harmed),
                        evidence: Digest::zero(),
                    };
                    let id = Staking::fault(&solver, report).expect("bonds in the mock are never zero");
                    if let Some(rescuer) = rescuer {
                        Staking::name_rescuer(id, &account(rescuer));
                    }
                }
            }
            Step::Pass { blocks } => run_for(blocks),
            call => {
                let (origin, call) = as_call(call);
                // A refused call must leave no trace; an accepted one is checked by the invariants.
                let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
                if RuntimeCall::Staking(call).dispatch(origin).is_err() {
                    assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1));
                }
            }
        }
    }
}

fn as_call(step: Step) -> (RuntimeOrigin, crate::Call<Test>) {
    use crate::Call;
    match step {
        Step::Join { who, key, bond } => {
            let (operator, proof) = operator_for(key, &account(who));
            (
                origin(who),
                Call::join {
                    operator,
                    proof,
                    bond,
                },
            )
        }
        Step::BondExtra { who, amount } => (origin(who), Call::bond_extra { amount }),
        Step::Unbond { who, amount } => (origin(who), Call::unbond { amount }),
        Step::Withdraw { who } => (origin(who), Call::withdraw_unbonded {}),
        Step::Leave { who } => (origin(who), Call::leave {}),
        Step::SetOperator { who, key } => {
            let (operator, proof) = operator_for(key, &account(who));
            (origin(who), Call::set_operator { operator, proof })
        }
        Step::SetOffer {
            who,
            model: number,
            offer,
        } => (
            origin(who),
            Call::set_offer {
                model: model(number),
                offer,
            },
        ),
        Step::WithdrawOffer { who, model: number } => {
            (origin(who), Call::withdraw_offer { model: model(number) })
        }
        Step::Unjail { who } => (origin(who), Call::unjail {}),
        Step::CancelSlash { nth } => {
            let id = Slashes::<Test>::iter_keys().nth(nth).unwrap_or(SlashId(u64::MAX));
            (RuntimeOrigin::root(), Call::cancel_slash { id })
        }
        other => unreachable!("{other:?} is the market's"),
    }
}

/// Ends all work, lets all time pass, and lets everybody go.
fn wind_up(market: &mut Market) {
    while let Some((solver, tasks, bond, reward)) = market.take(0) {
        Staking::agreed(&solver, tasks, bond, reward);
    }
    run_for(SlashDefer::get() + JAIL_PERIOD + u32::from(SOLVERS) * UNBONDING_PERIOD);
    assert_eq!(
        (
            Slashes::<Test>::iter().count(),
            SlashAgenda::<Test>::iter().count()
        ),
        (0, 0)
    );
    for who in 1..=SOLVERS {
        // Makes room in the queue; refused where there is nothing to withdraw or nobody.
        let _ = Staking::withdraw_unbonded(origin(who));
        let _ = Staking::leave(origin(who));
    }
    run_for(UNBONDING_PERIOD);
    for who in 1..=SOLVERS {
        let _ = Staking::withdraw_unbonded(origin(who));
        assert_eq!(
            Balances::balance_on_hold(&HoldReason::Bond.into(), &account(who)),
            0
        );
    }
    assert_eq!(Solvers::<Test>::iter().count(), 0);
    assert_eq!(crate::Operators::<Test>::iter().count(), 0);
    assert_eq!(crate::Books::<Test>::iter().count(), 0);
}

proptest! {
    #[test]
    fn nothing_is_lost_or_stuck_whatever_happens(
        steps in prop::collection::vec(step(), 20..160), per_block in 1..4u32, tolerance in 0..500_000u32,
    ) {
        MaxSlashesPerBlock::set(per_block);
        SelectionTolerance::set(tolerance);
        ExtBuilder.build().execute_with(|| {
            let issuance = Balances::total_issuance();
            let mut market = Market::default();
            (1..SOLVERS).for_each(|number| join_with_offer(number, 4_000, 50 * Balance::from(number), 5));
            for step in steps {
                market.run(step);
                Staking::do_try_state().unwrap();
                market.check();
                // The treasury lives, so no slash is ever burnt.
                assert_eq!(Balances::total_issuance(), issuance);
            }
            wind_up(&mut market);
            Staking::do_try_state().unwrap();
        });
    }

    #[test]
    fn every_slash_is_applied_once(faults in prop::collection::vec((1..=SOLVERS, 0..4u32), 1..30), per_block in 1..4u32) {
        MaxSlashesPerBlock::set(per_block);
        ExtBuilder.build().execute_with(|| {
            for number in 1..=SOLVERS {
                join(number, 50_000);
            }
            let mut scheduled: Balance = 0;
            for (number, pause) in faults {
                // Jail takes offers away; the lock is what a fault needs.
                Solvers::<Test>::mutate(account(number), |solver| {
                    solver.as_mut().unwrap().lock(1, 100);
                });
                let id = Staking::fault(&account(number), report(Fault::TimedOut, 100, 50)).unwrap();
                scheduled += Slashes::<Test>::get(id).unwrap().amount;
                run_for(pause);
                Staking::do_try_state().unwrap();
            }
            let count = NextSlashId::<Test>::get().0 as u32;
            run_for(SlashDefer::get() + count);
            assert_eq!(Slashes::<Test>::iter().count(), 0);
            let taken = RICH * 2 + scheduled;
            assert_eq!(Balances::balance(&TREASURY) + Balances::balance(&REQUESTER), taken);
        });
    }
}

#[test]
fn the_hook_looks_at_one_block_when_nothing_is_due() {
    ExtBuilder.build_and_execute(|| {
        use crate::WeightInfo as _;
        let one_look = crate::SubstrateWeight::<Test>::agenda_block();
        assert_eq!(Staking::on_initialize(2), one_look);
    });
}
