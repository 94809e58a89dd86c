//! Any message that there can be.

use pensum_task_abi::{
    Bytes32, Delivery, FromTasks, Input, Intent, Matching, Outcome, Refusal, Root, Rule, TaskResult, ToTasks,
    Verification, VerificationKind, Withdraw, MAX_INPUT, MAX_OUTPUT, MAX_POINTER,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// A number that is as often one of the greatest as any other.
fn asset() -> impl Strategy<Value = Option<u32>> {
    option::of(prop_oneof![0..10u32, 0..u32::MAX])
}

fn input() -> impl Strategy<Value = Input> {
    let set = any::<Bytes32>().prop_filter("a digest is never zero", |digest| *digest != Bytes32::default());
    prop_oneof![
        vec(any::<u8>(), 0..100).prop_map(Input::Inline),
        vec(any::<u8>(), 0..=MAX_INPUT).prop_map(Input::Inline),
        (set, 1..=u32::MAX).prop_map(|(digest, len)| Input::Blob { digest, len }),
    ]
}

fn matching() -> impl Strategy<Value = Matching> {
    prop_oneof![
        Just(Matching::Book),
        any::<(u128, u128, u32)>().prop_map(|(start, end, blocks)| Matching::Dutch { start, end, blocks }),
        any::<(u128, u32, u32)>().prop_map(|(reserve, commit, reveal)| Matching::Sealed {
            reserve,
            commit,
            reveal
        }),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Exact),
        any::<u32>().prop_map(|ppm| Rule::Numeric { ppm }),
        vec(any::<u8>(), 0..=MAX_POINTER).prop_map(|pointer| Rule::JsonField { pointer }),
        Just(Rule::Label),
    ]
}

fn verification() -> impl Strategy<Value = Verification> {
    prop_oneof![
        any::<u32>().prop_map(|window| Verification::Replay { window }),
        (any::<(u8, u8)>(), rule()).prop_map(|((solvers, threshold), rule)| Verification::Quorum {
            solvers,
            threshold,
            rule
        }),
        any::<u32>().prop_map(|window| Verification::Requester { window }),
    ]
}

prop_compose! {
    pub fn intent()(
        (model, input, asset, max_reward) in (any::<Bytes32>(), input(), asset(), any::<u128>()),
        (deadline, matching, verification) in (any::<u32>(), matching(), verification()),
        (min_reputation, allow_flagged) in any::<(u32, bool)>(),
        delivery in select(vec![Delivery::Direct, Delivery::Batched]),
        callback_gas: u64,
        refund_to in option::of(any::<Bytes32>()),
    ) -> Intent {
        // The zero address stands for none.
        let refund_to = refund_to.filter(|address| *address != Bytes32::default());
        Intent {
            model, input, asset, max_reward, deadline, matching, verification, min_reputation, allow_flagged,
            delivery, callback_gas, refund_to,
        }
    }
}

pub fn to_tasks() -> impl Strategy<Value = ToTasks> {
    prop_oneof![
        4 => intent().prop_map(ToTasks::Intent),
        1 => any::<Bytes32>().prop_map(|request| ToTasks::Cancel { request }),
        1 => any::<Bytes32>().prop_map(|request| ToTasks::Accept { request }),
        1 => (asset(), any::<u128>(), any::<Bytes32>())
            .prop_map(|(asset, amount, to)| ToTasks::Withdraw(Withdraw { asset, amount, to })),
    ]
}

prop_compose! {
    pub fn result()(
        (request, sender, task) in any::<(Bytes32, Bytes32, u64)>(),
        outcome in prop_oneof![
            Just(Outcome::Answered),
            any::<u8>().prop_map(|reason| Outcome::Refunded { reason }),
            select(Refusal::ALL.to_vec()).prop_map(Outcome::Refused),
        ],
        (model, input_digest, output_digest) in any::<(Bytes32, Bytes32, Bytes32)>(),
        output in vec(any::<u8>(), 0..=MAX_OUTPUT),
        verification in select(vec![
            VerificationKind::Replay, VerificationKind::Quorum, VerificationKind::Requester,
        ]),
        (evidence, asset, price) in (any::<Bytes32>(), asset(), any::<u128>()),
        (ended_at, record) in any::<(u32, Bytes32)>(),
    ) -> TaskResult {
        let refused = matches!(outcome, Outcome::Refused(_));
        let answered = outcome == Outcome::Answered;
        TaskResult {
            request, sender, outcome, model, input_digest, output_digest, verification, asset, ended_at,
            task: if refused { 0 } else { task },
            output: if answered { output } else { vec![] },
            evidence: if refused { [0; 32] } else { evidence },
            price: if refused { 0 } else { price },
            record: if refused { [0; 32] } else { record },
        }
    }
}

pub fn from_tasks() -> impl Strategy<Value = FromTasks> {
    let root = any::<(u64, Bytes32, u32)>().prop_map(|(batch, root, leaves)| Root { batch, root, leaves });
    prop_oneof![
        result().prop_map(FromTasks::Result),
        root.prop_map(FromTasks::Root),
    ]
}
