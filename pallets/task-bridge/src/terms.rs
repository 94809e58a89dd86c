//! What an intent from another chain asks for, in the market's words.

use pensum_primitives::{
    matching::Matching,
    task::{Inline, Input, Terms},
    verification::{Pointer, Rule, Verification},
    BlockNumber, ModelId,
};
use pensum_task_abi::{self as abi, Intent};

/// The terms of an intent that is taken in this block.
pub(crate) fn terms(intent: &Intent, now: BlockNumber) -> Terms {
    Terms {
        model: model(intent),
        max_reward: intent.max_reward,
        asset: intent.asset,
        deadline: now.saturating_add(intent.deadline),
        matching: matching(intent.matching),
        verification: verification(&intent.verification),
        min_reputation: intent.min_reputation,
        allow_flagged: intent.allow_flagged,
    }
}

/// Its model.
pub(crate) fn model(intent: &Intent) -> ModelId {
    ModelId(intent.model.into())
}

/// Its input. Nothing is cut off: what could be decoded is not too long.
pub(crate) fn input(intent: &Intent) -> Input {
    match &intent.input {
        abi::Input::Inline(bytes) => Input::Inline(Inline::truncate_from(bytes.clone())),
        abi::Input::Blob { digest, len } => Input::Blob {
            digest: digest.into(),
            len: *len,
        },
    }
}

fn matching(matching: abi::Matching) -> Matching {
    match matching {
        abi::Matching::Book => Matching::Book,
        abi::Matching::Dutch { start, end, blocks } => Matching::Dutch { start, end, blocks },
        abi::Matching::Sealed {
            reserve,
            commit,
            reveal,
        } => Matching::Sealed {
            reserve,
            commit,
            reveal,
        },
    }
}

/// How its answer is verified.
pub(crate) fn verification(verification: &abi::Verification) -> Verification {
    match verification {
        abi::Verification::Replay { window } => Verification::Replay { window: *window },
        abi::Verification::Quorum {
            solvers,
            threshold,
            rule: agree,
        } => Verification::Quorum {
            solvers: *solvers,
            threshold: *threshold,
            rule: rule(agree),
        },
        abi::Verification::Requester { window } => Verification::Requester { window: *window },
    }
}

fn rule(rule: &abi::Rule) -> Rule {
    match rule {
        abi::Rule::Exact => Rule::Exact,
        abi::Rule::Numeric { ppm } => Rule::Numeric { ppm: *ppm },
        abi::Rule::JsonField { pointer } => Rule::JsonField {
            // Nothing is cut off here either.
            pointer: Pointer::truncate_from(pointer.clone()),
        },
        abi::Rule::Label => Rule::Label,
    }
}

const _: () = assert!(
    abi::MAX_INPUT == pensum_primitives::task::MAX_INLINE as usize
        && abi::MAX_POINTER == pensum_primitives::verification::MAX_POINTER as usize
        && abi::MAX_OUTPUT == pensum_primitives::task::MAX_OUTPUT as usize,
    "both sides know the same limits"
);
