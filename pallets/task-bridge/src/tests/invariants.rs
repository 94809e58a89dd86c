//! Random sequences of everything that can happen. Every intent is answered once, whatever happens, and no money is made or lost.

use crate::{
    mock::*,
    types::{Handed, Policy, Remote},
    HandedOn, Routes,
};
use frame_support::traits::{fungibles::Inspect, tokens::WithdrawConsequence};
use pensum_primitives::{
    bridge::{Address, TASKS},
    verdict::Reason,
    Balance, Digest, TaskId,
};
use pensum_task_abi::{Delivery, Intent, Outcome, Refusal, TaskResult, ToTasks, Verification, Withdraw, ALL};
use proptest::{prelude::*, sample::select, test_runner::TestRunner};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

const REMOTES: [Remote; 3] = [CONSUMER, RIVAL, TWIN];

#[derive(Clone, Debug)]
enum Act {
    Fund {
        remote: Remote,
        amount: Balance,
        pen: bool,
    },
    Ask {
        remote: Remote,
        intent: Intent,
    },
    Junk {
        remote: Remote,
        body: Vec<u8>,
    },
    Answer {
        task: usize,
        len: usize,
    },
    Refund {
        task: usize,
    },
    Cancel {
        remote: Remote,
        request: usize,
    },
    Accept {
        remote: Remote,
        request: usize,
    },
    Withdraw {
        remote: Remote,
        amount: Balance,
    },
    Transfer {
        domain: u32,
        amount: Balance,
    },
    Reach {
        domain: u32,
        reachable: bool,
    },
    Registry {
        domain: u32,
        there: bool,
    },
    Policy {
        domain: u32,
        policy: Policy,
    },
    Gas(Option<Balance>),
    Worth(Option<Balance>),
    Fee(Balance),
    Mood(Option<Mood>),
    /// The issuer freezes the asset, or thaws it.
    Freeze(bool),
    Wait(u32),
}

fn remote() -> impl Strategy<Value = Remote> {
    select(REMOTES.to_vec())
}

fn domain() -> impl Strategy<Value = u32> {
    select(vec![EVM, OTHER_EVM])
}

prop_compose! {
    fn asked()(
        model in prop_oneof![4 => Just(1u8), 1 => Just(2)],
        asset in prop_oneof![8 => Just(Some(COIN)), 2 => Just(None), 1 => Just(Some(STONE))],
        max_reward in prop_oneof![8 => 1_000..10_000u128, 1 => 0..3u128, 1 => any::<u128>()],
        deadline in prop_oneof![8 => Just(20u32), 1 => 0..3u32, 1 => any::<u32>()],
        verification in select(vec![Verification::Replay { window: 0 }, Verification::Requester { window: 60 }]),
        delivery in select(vec![Delivery::Direct, Delivery::Batched]),
        callback_gas in prop_oneof![8 => 0..200_000u64, 1 => any::<u64>()],
        to_payer: bool,
    ) -> Intent {
        Intent {
            model: [model; 32], asset, max_reward, deadline, verification, delivery, callback_gas,
            refund_to: to_payer.then_some(PAYER.0.0),
            ..intent()
        }
    }
}

fn act() -> impl Strategy<Value = Act> {
    let money = || prop_oneof![1 => 0..20u128, 6 => 1_000..60_000u128];
    let mood = select(vec![
        Mood::Refuses("unknown model"),
        Mood::RefusesLate("nobody is free"),
        Mood::Hasty,
        Mood::Stubborn,
    ]);
    let policy = select(vec![Policy::Open, Policy::Open, Policy::Listed, Policy::Closed]);
    prop_oneof![
        8 => (remote(), money(), prop::bool::weighted(0.2))
            .prop_map(|(remote, amount, pen)| Act::Fund { remote, amount, pen }),
        14 => (remote(), asked()).prop_map(|(remote, intent)| Act::Ask { remote, intent }),
        1 => (remote(), prop::collection::vec(any::<u8>(), 0..50))
            .prop_map(|(remote, body)| Act::Junk { remote, body }),
        8 => (any::<usize>(), 0..1_024usize).prop_map(|(task, len)| Act::Answer { task, len }),
        3 => any::<usize>().prop_map(|task| Act::Refund { task }),
        2 => (remote(), any::<usize>()).prop_map(|(remote, request)| Act::Cancel { remote, request }),
        2 => (remote(), any::<usize>()).prop_map(|(remote, request)| Act::Accept { remote, request }),
        2 => (remote(), prop_oneof![money(), Just(ALL)])
            .prop_map(|(remote, amount)| Act::Withdraw { remote, amount }),
        1 => (domain(), money()).prop_map(|(domain, amount)| Act::Transfer { domain, amount }),
        1 => (domain(), any::<bool>()).prop_map(|(domain, reachable)| Act::Reach { domain, reachable }),
        1 => (domain(), any::<bool>()).prop_map(|(domain, there)| Act::Registry { domain, there }),
        1 => (domain(), policy).prop_map(|(domain, policy)| Act::Policy { domain, policy }),
        1 => prop::option::of(0..5u128).prop_map(Act::Gas),
        1 => prop::option::weighted(0.8, 1..5u128).prop_map(Act::Worth),
        1 => (0..2_000u128).prop_map(Act::Fee),
        1 => prop::option::of(mood).prop_map(Act::Mood),
        1 => any::<bool>().prop_map(Act::Freeze),
        8 => (1..8u32).prop_map(Act::Wait),
    ]
}

/// What the test knows beside the chain.
#[derive(Default)]
struct World {
    /// Everything that must be answered, and whom.
    asked: Vec<(Digest, Remote, Option<Intent>)>,
    /// PEN that the test has made.
    pen: Balance,
    frozen: bool,
}

impl World {
    fn take(&mut self, act: &Act) {
        let root = RuntimeOrigin::root;
        match act {
            Act::Fund {
                remote,
                pen: true,
                amount,
            } => {
                if *amount >= EXISTENTIAL_DEPOSIT {
                    give_pen(&remote.account(), *amount);
                    self.pen += amount;
                }
            }
            Act::Fund { remote, amount, .. } => {
                bring_tokens(COIN, remote.domain.0, &remote.account(), *amount).unwrap();
            }
            Act::Ask { remote, intent } => {
                let id = ask(*remote, intent.clone());
                self.asked.push((id, *remote, Some(intent.clone())));
            }
            Act::Junk { remote, body } => {
                let (id, delivered) = bring(*remote, TASKS, body);
                delivered.unwrap();
                if !matches!(body.first(), Some(2..=4)) {
                    self.asked.push((id, *remote, None));
                }
            }
            Act::Answer { task, len } => {
                if let Some(task) = pick(&self.payable(), *task) {
                    Desk::answer_task(task, &vec![7; *len]);
                }
            }
            Act::Refund { task } => {
                if let Some(task) = pick(&self.payable(), *task) {
                    Desk::refund(task, Reason::NobodyLeft);
                }
            }
            Act::Cancel { remote, request } => {
                if let Some(request) = self.request(*request) {
                    say(*remote, &ToTasks::Cancel { request });
                }
            }
            Act::Accept { remote, request } => {
                if let Some(request) = self.request(*request) {
                    say(*remote, &ToTasks::Accept { request });
                }
            }
            Act::Withdraw { remote, amount } => {
                say(
                    *remote,
                    &ToTasks::Withdraw(Withdraw {
                        asset: Some(COIN),
                        amount: *amount,
                        to: PAYER.0 .0,
                    }),
                );
            }
            Act::Transfer { domain, amount } => {
                let signed = RuntimeOrigin::signed(LOCAL);
                let _ = frame_support::storage::with_storage_layer(|| {
                    Bridge::transfer_remote(signed, COIN, *domain, PAYER.0, *amount)
                });
            }
            Act::Reach { domain, reachable } => Unreachable::mutate(|chains| {
                match reachable {
                    true => chains.remove(domain),
                    false => chains.insert(*domain),
                };
            }),
            Act::Registry { domain, there } => {
                let registry = there.then_some(REGISTRY.0);
                Bridge::set_registry(root(), *domain, registry).unwrap();
            }
            Act::Policy { domain, policy } => Bridge::set_policy(root(), *domain, *policy).unwrap(),
            Act::Gas(price) => GasPrice::set(*price),
            Act::Worth(worth) => CoinWorth::set(*worth),
            Act::Fee(fee) => Fee::set(*fee),
            Act::Mood(Some(mood)) => set_mood(2, *mood),
            Act::Mood(None) => Moods::set(BTreeMap::new()),
            Act::Freeze(frozen) => {
                if self.frozen != *frozen {
                    freeze(*frozen);
                    self.frozen = *frozen;
                }
            }
            Act::Wait(blocks) => run_for(*blocks),
        }
    }

    fn request(&self, index: usize) -> Option<[u8; 32]> {
        let requests: Vec<_> = self.asked.iter().map(|asked| asked.0 .0).collect();
        pick(&requests, index)
    }

    /// Tasks that the market could pay for now.
    fn payable(&self) -> Vec<TaskId> {
        let moves = |task: &TaskId| {
            let open = Desk::task(*task);
            Cash::can_withdraw(open.terms.asset, &open.requester, 0) == WithdrawConsequence::Success
        };
        Desk::open().into_iter().filter(moves).collect()
    }

    fn check(&self) {
        check();
        assert_eq!(
            Cash::total_issuance(None),
            4 * RICH + self.pen,
            "PEN was made or lost"
        );
    }

    /// Everything that was told of a request, however it was told.
    fn told(&self) -> BTreeMap<[u8; 32], (Remote, TaskResult)> {
        let mut told = BTreeMap::new();
        let mut tell = |remote: Remote, result: TaskResult| {
            let before = told.insert(result.request, (remote, result));
            assert!(before.is_none(), "told twice: {before:?}");
        };
        for remote in REMOTES {
            for (_, result) in Post::results_for(remote) {
                tell(remote, result);
            }
        }
        for (id, handed) in HandedOn::<Test>::iter() {
            if let Handed::Batched { domain, .. } = handed {
                let proof = Bridge::result_proof(id).expect("every root was sent");
                let result = TaskResult::decode(&proof.result).unwrap();
                let address = Address::from(result.sender);
                tell(Remote { domain, address }, result);
            }
        }
        told
    }

    /// Each intent was answered once, its sender and nobody else; and what was left of its money went home or stayed, once.
    fn check_told(&self, tally: &mut Tally) {
        let told = self.told();
        assert_eq!(told.len(), self.asked.len(), "each is told, and nothing else");
        let mut refunds = BTreeMap::new();
        for event in events() {
            let (request, amount) = match event {
                Event::RefundSent { request, amount, .. } => (request, amount),
                Event::RefundKept { request, amount, .. } => (request, amount),
                _ => continue,
            };
            assert!(refunds.insert(request, amount).is_none(), "refunded twice");
        }
        for (id, remote, intent) in &self.asked {
            let (to, result) = &told[&id.0];
            assert_eq!(to, remote, "told somebody else");
            let left = match intent {
                Some(intent) if intent.refund_to.is_some() => intent.max_reward - result.price,
                _ => 0,
            };
            match refunds.get(id) {
                // A rest that no account can hold goes along.
                Some(amount) => assert!(*amount <= left.saturating_add(LEAST_COINS - 1)),
                None => assert_eq!(left, 0, "nobody has decided about the rest"),
            }
            match result.outcome {
                Outcome::Answered => tally.count("answered"),
                Outcome::Refunded { .. } => tally.count("refunded"),
                Outcome::Refused(refusal) => tally.count(name(refusal)),
            }
        }
    }

    /// What messages were paid for was paid by somebody.
    fn check_payments(&self) {
        let mut charged = BTreeMap::new();
        for event in events() {
            if let Event::DeliveryPaid { message, worth, .. } = event {
                assert!(charged.insert(message, worth).is_none(), "charged twice");
            }
        }
        let letters: BTreeSet<_> = Post::letters().iter().map(|letter| letter.id).collect();
        let own: BTreeSet<_> = events()
            .into_iter()
            .filter_map(|event| match event {
                Event::ResultSent { message, .. }
                | Event::RootSent { message, .. }
                | Event::RefundSent { message, .. } => Some(message),
                _ => None,
            })
            .collect();
        assert!(own.is_subset(&letters));
        let noted: Balance = own
            .iter()
            .filter_map(|message| Post::payment(*message))
            .map(|(_, pen)| pen)
            .sum();
        assert!(noted <= charged.values().sum(), "noted more than was paid");
    }
}

fn name(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed => "malformed",
        Refusal::NotAccepted => "not accepted",
        Refusal::UnknownAsset => "unknown asset",
        Refusal::NoRate => "no rate",
        Refusal::CannotPay => "cannot pay",
        Refusal::BadTerms => "bad terms",
        Refusal::UnknownModel => "unknown model",
        Refusal::NoSolver => "no solver",
        Refusal::NoRegistry => "no registry",
    }
}

fn pick<T: Copy>(from: &[T], index: usize) -> Option<T> {
    index.checked_rem(from.len()).map(|index| from[index])
}

/// How often each way to end was met.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, u32>);

impl Tally {
    fn count(&mut self, name: &'static str) {
        *self.0.entry(name).or_default() += 1;
    }
}

fn live(acts: &[Act], tally: &mut Tally) {
    let mut world = World::default();
    for act in acts {
        world.take(act);
        world.check();
    }
    world.take(&Act::Freeze(false));
    end_all();
    world.check();
    world.check_told(tally);
    world.check_payments();
    // Everybody can have what is left to him, as far as coins of this chain did not go in the place of his.
    for remote in REMOTES {
        GasPrice::set(None);
        let route = Routes::<Test>::get(COIN, remote.domain).unwrap();
        let stays = coins(&remote.account()).saturating_sub(route.outstanding);
        let amount = ALL;
        world.take(&Act::Withdraw { remote, amount });
        let left = coins(&remote.account());
        // Where less would stay than an account can hold, it all stays.
        assert!(
            left == stays || stays < LEAST_COINS,
            "{left} are stuck in {remote:?}"
        );
        assert!(left == 0 || stays > 0, "{left} are stuck in {remote:?}");
    }
    world.check();
}

#[test]
fn every_intent_is_answered_once_and_no_money_is_made_or_lost() {
    let tally = RefCell::new(Tally::default());
    let config = ProptestConfig {
        cases: ProptestConfig::default().cases.max(192),
        max_shrink_iters: 500,
        ..Default::default()
    };
    let lives = (
        prop::collection::vec(act(), 1..150),
        prop_oneof![Just(2u32), Just(3), Just(1_000)],
    );
    TestRunner::new(config)
        .run(&lives, |(acts, limit)| {
            ExtBuilder.build().execute_with(|| {
                KeptResults::set(10_000);
                MaxWorkPerBlock::set(limit);
                live(&acts, &mut tally.borrow_mut());
            });
            Ok(())
        })
        .unwrap();
    let met = tally.into_inner().0;
    for kind in [
        "answered",
        "refunded",
        "malformed",
        "not accepted",
        "unknown asset",
        "no rate",
        "cannot pay",
        "bad terms",
        "unknown model",
        "no solver",
        "no registry",
    ] {
        assert!(met.contains_key(kind), "{kind} was never met: {met:?}");
    }
}

/// Little is remembered, so that results are forgotten while batches wait.
#[test]
fn what_is_forgotten_leaves_nothing_behind() {
    let config = ProptestConfig {
        cases: ProptestConfig::default().cases.max(64),
        max_shrink_iters: 500,
        ..Default::default()
    };
    TestRunner::new(config)
        .run(&prop::collection::vec(act(), 1..200), |acts| {
            ExtBuilder.build().execute_with(|| {
                KeptResults::set(3);
                let mut world = World::default();
                for act in &acts {
                    world.take(act);
                    world.check();
                }
                world.take(&Act::Freeze(false));
                end_all();
                world.check();
            });
            Ok(())
        })
        .unwrap();
}
