//! Random sequences of calls: the invariants hold after every one, a refused call changes nothing, and money is neither
//! made nor lost.

use super::{
    records::ended,
    samples::{dispatch, text, Sample},
};
use crate::{
    mock::*, Call, Deposits, Flags, Graphs, Models, PendingLeaves, RecordRoots, Skeletons, StepTotals,
};
use frame_support::{storage::with_storage_layer, traits::fungible::Inspect};
use pensum_primitives::{
    model::ModelState,
    traits::{Models as _, Records as _},
    AccountId, ModelId,
};
use proptest::{prelude::*, sample::Index};
use sp_runtime::{DispatchError, StateVersion};

#[derive(Clone, Debug)]
enum Step {
    Register {
        by: Who,
        texts: bool,
        version: u8,
        previous: Option<Index>,
        parents: Vec<Index>,
        source: Source,
    },
    Flag {
        by: Who,
        model: Index,
    },
    Unflag {
        by: Who,
        model: Index,
    },
    Retire {
        by: Who,
        model: Index,
    },
    Reclaim {
        by: Who,
        model: Index,
    },
    Record {
        task: u64,
        output: u8,
    },
    Wait {
        blocks: u32,
    },
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Graph,
    Skeleton,
    Nowhere,
}

#[derive(Clone, Copy, Debug)]
enum Who {
    Alice,
    Bob,
    Poor,
    Root,
}

impl Who {
    fn account(self) -> AccountId {
        match self {
            Self::Alice | Self::Root => ALICE,
            Self::Bob => BOB,
            Self::Poor => POOR,
        }
    }

    fn origin(self) -> RuntimeOrigin {
        match self {
            Self::Root => RuntimeOrigin::root(),
            other => RuntimeOrigin::signed(other.account()),
        }
    }
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![4 => Just(Who::Alice), 2 => Just(Who::Bob), 1 => Just(Who::Poor), 3 => Just(Who::Root)]
}

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![Just(Source::Graph), Just(Source::Skeleton), Just(Source::Nowhere)]
}

fn step() -> impl Strategy<Value = Step> {
    let model = any::<Index>;
    let register = (
        who(),
        any::<bool>(),
        0u8..6,
        prop::option::of(model()),
        prop::collection::vec(model(), 0..3),
    );
    prop_oneof![
        4 => (register, source()).prop_map(|((by, texts, version, previous, parents), source)| {
            Step::Register { by, texts, version, previous, parents, source }
        }),
        2 => (who(), model()).prop_map(|(by, model)| Step::Flag { by, model }),
        2 => (who(), model()).prop_map(|(by, model)| Step::Unflag { by, model }),
        2 => (who(), model()).prop_map(|(by, model)| Step::Retire { by, model }),
        3 => (who(), model()).prop_map(|(by, model)| Step::Reclaim { by, model }),
        2 => (0u64..1_000, any::<u8>()).prop_map(|(task, output)| Step::Record { task, output }),
        2 => (1u32..15).prop_map(|blocks| Step::Wait { blocks }),
    ]
}

/// The call that a step makes, if it makes one.
fn call_of(step: &Step) -> Option<(RuntimeCall, RuntimeOrigin)> {
    let mut known: Vec<ModelId> = Models::<Test>::iter_keys().collect();
    known.sort();
    let pick = |index: &Index| (!known.is_empty()).then(|| *index.get(&known));
    let (call, by) = match step {
        Step::Register {
            by,
            texts,
            version,
            previous,
            parents,
            source,
        } => {
            let sample = if *texts {
                Sample::texts(by.account())
            } else {
                Sample::greater(by.account())
            };
            let parents: Vec<ModelId> = parents.iter().filter_map(pick).collect();
            let mut sample = sample.version(&version.to_string()).made_from(&parents);
            sample.manifest.previous = previous.as_ref().and_then(pick);
            (
                match source {
                    Source::Graph => sample.call(),
                    Source::Skeleton => sample.skeleton_call(),
                    Source::Nowhere => sample.call_without_graph(),
                },
                by,
            )
        }
        Step::Flag { by, model } => (
            Call::flag {
                model: pick(model)?,
                reason: text("doubt"),
            }
            .into(),
            by,
        ),
        Step::Unflag { by, model } => (Call::unflag { model: pick(model)? }.into(), by),
        Step::Retire { by, model } => (Call::retire { model: pick(model)? }.into(), by),
        Step::Reclaim { by, model } => (Call::reclaim { model: pick(model)? }.into(), by),
        Step::Record { .. } | Step::Wait { .. } => return None,
    };
    Some((call, by.origin()))
}

/// The root of all storage. The state machine keeps the last one it computed even when a value was appended to since
/// (sp-state-machine 0.54); undoing a layer makes it forget.
fn root() -> Vec<u8> {
    let undone = with_storage_layer::<(), _, _>(|| Err(DispatchError::Unavailable));
    assert!(undone.is_err());
    sp_io::storage::root(StateVersion::V1)
}

fn take(step: &Step) {
    match step {
        Step::Record { task, output } => Registry::record(ended(*task, &[*output])),
        Step::Wait { blocks } => run_to(System::block_number() + blocks),
        _ => {
            let Some((call, origin)) = call_of(step) else {
                return;
            };
            let before = root();
            if dispatch(call, origin).is_err() {
                assert_eq!(
                    before,
                    sp_io::storage::root(StateVersion::V1),
                    "a refused call changed the state"
                );
            }
        }
    }
}

fn check(issued: u128) {
    Registry::do_try_state().unwrap();
    assert_eq!(Balances::total_issuance(), issued);
    for (who, endowment) in [(ALICE, ENDOWMENT), (BOB, ENDOWMENT), (POOR, 100)] {
        assert_eq!(
            Balances::total_balance(&who),
            endowment,
            "a deposit is held, never taken"
        );
    }
    for (model, entry) in Models::<Test>::iter() {
        let strictly = Registry::usable(&model, false).is_ok();
        let leniently = Registry::usable(&model, true).is_ok();
        let ready = |state| matches!(state, ModelState::Active { from } if from <= System::block_number());
        assert_eq!(strictly, ready(entry.state));
        let beneath = Flags::<Test>::get(model).map_or(entry.state, |flag| flag.was);
        assert_eq!(leniently, ready(beneath));
        if leniently && entry.on_chain {
            assert!(
                Registry::replay(&model, &[b"ab"]).is_ok(),
                "a usable model on chain can be replayed"
            );
        }
    }
}

/// Whatever happened, every publisher can have the deposits of all its graphs back.
fn wind_up() {
    for (model, entry) in Models::<Test>::iter().collect::<Vec<_>>() {
        let _already = dispatch(
            Call::retire { model }.into(),
            RuntimeOrigin::signed(entry.publisher),
        );
    }
    run_to(System::block_number() + ReclaimDelay::get());
    for (model, entry) in Models::<Test>::iter().collect::<Vec<_>>() {
        let has_bytes = entry.on_chain || Skeletons::<Test>::contains_key(model);
        let reclaimed = dispatch(Call::reclaim { model }.into(), RuntimeOrigin::signed(POOR));
        assert_eq!(reclaimed.is_ok(), has_bytes);
    }
    assert_eq!(Skeletons::<Test>::iter_keys().count(), 0);
    assert_eq!(StepTotals::<Test>::iter_keys().count(), 0);
    assert_eq!(Graphs::<Test>::iter_keys().count(), 0);
    assert!(Deposits::<Test>::iter_values().all(|deposit| deposit.graph == 0));
    assert!(!PendingLeaves::<Test>::exists());
    assert!(RecordRoots::<Test>::iter_keys().all(|block| block < System::block_number()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..Default::default() })]

    #[test]
    fn invariants_hold_after_every_call(steps in prop::collection::vec(step(), 1..60)) {
        ExtBuilder::build_and_execute(|| {
            let issued = Balances::total_issuance();
            for step in &steps {
                take(step);
                check(issued);
            }
            wind_up();
            check(issued);
        });
    }
}
