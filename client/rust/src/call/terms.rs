//! Matching, verification and inputs as a transaction carries them.

use super::number;
use crate::input::Input;
use pensum_primitives::{
    matching::Matching,
    verification::{Rule, Verification},
};
use subxt::dynamic::Value;

pub(super) fn matching(matching: Matching) -> Value {
    match matching {
        Matching::Book => Value::unnamed_variant("Book", []),
        Matching::Dutch { start, end, blocks } => Value::named_variant(
            "Dutch",
            [
                ("start", number(start)),
                ("end", number(end)),
                ("blocks", number(blocks)),
            ],
        ),
        Matching::Sealed {
            reserve,
            commit,
            reveal,
        } => Value::named_variant(
            "Sealed",
            [
                ("reserve", number(reserve)),
                ("commit", number(commit)),
                ("reveal", number(reveal)),
            ],
        ),
    }
}

pub(super) fn verification(verification: &Verification) -> Value {
    match verification {
        Verification::Replay { window } => Value::named_variant("Replay", [("window", number(*window))]),
        Verification::Requester { window } => {
            Value::named_variant("Requester", [("window", number(*window))])
        }
        Verification::Quorum {
            solvers,
            threshold,
            rule,
        } => Value::named_variant(
            "Quorum",
            [
                ("solvers", number(*solvers)),
                ("threshold", number(*threshold)),
                ("rule", self::rule(rule)),
            ],
        ),
    }
}

fn rule(rule: &Rule) -> Value {
    match rule {
        Rule::Exact => Value::unnamed_variant("Exact", []),
        Rule::Label => Value::unnamed_variant("Label", []),
        Rule::Numeric { ppm } => Value::named_variant("Numeric", [("ppm", number(*ppm))]),
        Rule::JsonField { pointer } => {
            Value::named_variant("JsonField", [("pointer", Value::from_bytes(pointer))])
        }
    }
}

pub(super) fn input(input: &Input) -> Value {
    match input {
        Input::Inline(bytes) => Value::unnamed_variant("Inline", [Value::from_bytes(bytes)]),
        Input::Blob { digest, len } => Value::named_variant(
            "Blob",
            [("digest", Value::from_bytes(digest)), ("len", number(*len))],
        ),
    }
}
