//! Matching and verification as people write them: on the command line and in workflow files.

use crate::{Amount, Error};
use pensum_primitives::{
    matching::Matching,
    verification::{Pointer, Rule, Verification, MAX_POINTER},
    BlockNumber,
};

/// How matching is written.
pub const MATCHING: &str = "book, dutch:START..END/BLOCKS or sealed:RESERVE/COMMIT/REVEAL";
/// How verification is written.
pub const VERIFICATION: &str =
    "replay, replay:WINDOW, quorum:THRESHOLD/SOLVERS[:RULE] or requester:WINDOW; RULE is exact, label, numeric:PPM or json:POINTER";

/// Reads `book`, `dutch:START..END/BLOCKS` or `sealed:RESERVE/COMMIT/REVEAL`; prices are amounts for one task.
pub fn matching(text: &str) -> Result<Matching, Error> {
    let wrong = || wrong("Matching", "a matching", text, MATCHING);
    match text.split_once(':') {
        None if text == "book" => Ok(Matching::Book),
        Some(("dutch", rest)) => {
            let (prices, blocks) = rest.split_once('/').ok_or_else(wrong)?;
            let (start, end) = prices.split_once("..").ok_or_else(wrong)?;
            Ok(Matching::Dutch {
                start: start.parse::<Amount>()?.0,
                end: end.parse::<Amount>()?.0,
                blocks: blocks.parse().map_err(|_| wrong())?,
            })
        }
        Some(("sealed", rest)) => {
            let mut parts = rest.split('/');
            let (Some(reserve), Some(commit), Some(reveal), None) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                return Err(wrong());
            };
            Ok(Matching::Sealed {
                reserve: reserve.parse::<Amount>()?.0,
                commit: commit.parse().map_err(|_| wrong())?,
                reveal: reveal.parse().map_err(|_| wrong())?,
            })
        }
        _ => Err(wrong()),
    }
}

/// Reads `replay`, `replay:WINDOW`, `quorum:THRESHOLD/SOLVERS[:RULE]` or `requester:WINDOW`; windows are numbers of blocks.
pub fn verification(text: &str) -> Result<Verification, Error> {
    let wrong = || wrong("Verification", "a verification", text, VERIFICATION);
    let blocks = |blocks: &str| blocks.parse::<BlockNumber>().map_err(|_| wrong());
    match text.split_once(':') {
        None if text == "replay" => Ok(Verification::Replay { window: 0 }),
        Some(("replay", window)) => Ok(Verification::Replay {
            window: blocks(window)?,
        }),
        Some(("requester", window)) => Ok(Verification::Requester {
            window: blocks(window)?,
        }),
        Some(("quorum", rest)) => {
            let (sizes, named) = rest.split_once(':').unwrap_or((rest, "exact"));
            let (threshold, solvers) = sizes.split_once('/').ok_or_else(wrong)?;
            Ok(Verification::Quorum {
                solvers: solvers.parse().map_err(|_| wrong())?,
                threshold: threshold.parse().map_err(|_| wrong())?,
                rule: rule(named).ok_or_else(wrong)?,
            })
        }
        _ => Err(wrong()),
    }
}

fn rule(text: &str) -> Option<Rule> {
    match text.split_once(':') {
        None if text == "exact" => Some(Rule::Exact),
        None if text == "label" => Some(Rule::Label),
        Some(("numeric", ppm)) => Some(Rule::Numeric {
            ppm: ppm.parse().ok()?,
        }),
        Some(("json", pointer)) => Some(Rule::JsonField {
            pointer: Pointer::try_from(pointer.as_bytes().to_vec()).ok()?,
        }),
        _ => None,
    }
}

fn wrong(code: &str, what: &str, text: &str, syntax: &str) -> Error {
    Error::usage(
        code,
        format!("`{text}` is no way to write {what}."),
        format!("Write {syntax}; a pointer has at most {MAX_POINTER} bytes."),
    )
}

/// Matching, as it is read here.
pub fn matching_text(matching: Matching) -> String {
    let amount = |amount: u128| Amount(amount).to_string().replace(' ', "");
    match matching {
        Matching::Book => "book".into(),
        Matching::Dutch { start, end, blocks } => {
            format!("dutch:{}..{}/{blocks}", amount(start), amount(end))
        }
        Matching::Sealed {
            reserve,
            commit,
            reveal,
        } => format!("sealed:{}/{commit}/{reveal}", amount(reserve)),
    }
}

/// Verification, as it is read here.
pub fn verification_text(verification: &Verification) -> String {
    match verification {
        Verification::Replay { window: 0 } => "replay".into(),
        Verification::Replay { window } => format!("replay:{window}"),
        Verification::Requester { window } => format!("requester:{window}"),
        Verification::Quorum {
            solvers,
            threshold,
            rule,
        } => {
            let rule = match rule {
                Rule::Exact => "exact".into(),
                Rule::Label => "label".into(),
                Rule::Numeric { ppm } => format!("numeric:{ppm}"),
                Rule::JsonField { pointer } => format!("json:{}", String::from_utf8_lossy(pointer)),
            };
            format!("quorum:{threshold}/{solvers}:{rule}")
        }
    }
}

/// Most that one task may cost by its matching, where that says so.
pub fn cap_of(matching: Matching) -> Option<Amount> {
    match matching {
        Matching::Book => None,
        Matching::Dutch { end, .. } => Some(Amount(end)),
        Matching::Sealed { reserve, .. } => Some(Amount(reserve)),
    }
}

/// How many members a task may have to pay, so that its cap must be as many times that of one: a second round of a panel has twice
/// the members of the first.
pub fn members(verification: &Verification) -> u128 {
    match verification {
        Verification::Quorum { solvers, .. } => u128::from(*solvers).saturating_mul(2),
        _ => 1,
    }
}

/// Blocks to a deadline that leaves an auction, or both rounds of a panel, enough time.
pub fn usual_deadline(matching: Matching, verification: &Verification) -> BlockNumber {
    const ANSWER: BlockNumber = 60;
    const PANEL: BlockNumber = 240;
    let auction = match matching {
        Matching::Book => 0,
        Matching::Dutch { blocks, .. } => blocks,
        Matching::Sealed { commit, reveal, .. } => commit.saturating_add(reveal),
    };
    match verification {
        Verification::Quorum { .. } => PANEL,
        _ => ANSWER.saturating_add(auction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "book",
            "dutch:0PEN..50µPEN/20",
            "dutch:1.5mPEN..2PEN/7",
            "sealed:100µPEN/4/5",
        ] {
            assert_eq!(matching_text(matching(text).unwrap()), text);
        }
        for text in [
            "replay",
            "replay:12",
            "requester:60",
            "quorum:2/3:exact",
            "quorum:3/5:label",
            "quorum:2/3:numeric:5000",
            "quorum:2/3:json:/answer/0",
        ] {
            assert_eq!(verification_text(&verification(text).unwrap()), text);
        }
    }

    #[test]
    fn prices_are_amounts_in_any_unit_and_the_rule_may_be_left_out() {
        assert_eq!(
            matching("dutch:10uPEN..1.5 PEN/20").unwrap(),
            Matching::Dutch {
                start: 10_000_000,
                end: 1_500_000_000_000,
                blocks: 20
            }
        );
        assert_eq!(
            verification("quorum:2/3").unwrap(),
            Verification::Quorum {
                solvers: 3,
                threshold: 2,
                rule: Rule::Exact
            }
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_syntax() {
        for text in [
            "",
            "auction",
            "book:1",
            "dutch:1..2",
            "dutch:1/20",
            "dutch:1..2/x",
            "sealed:1/2",
            "sealed:1/2/3/4",
        ] {
            let error = matching(text).unwrap_err();
            assert_eq!(error.code, "usage.Matching", "{text}");
            assert!(error.remedy.contains("dutch:START..END/BLOCKS"), "{error}");
        }
        assert_eq!(matching("dutch:x..2/3").unwrap_err().code, "usage.Amount");
        let long = format!("quorum:2/3:json:{}", "/a".repeat(40));
        for text in [
            "",
            "replay:x",
            "requester",
            "quorum:2",
            "quorum:2/x",
            "quorum:2/300",
            "quorum:2/3:same",
            &long,
        ] {
            assert_eq!(
                verification(text).unwrap_err().code,
                "usage.Verification",
                "{text}"
            );
        }
    }

    #[test]
    fn a_panel_needs_a_cap_for_two_rounds_and_time_for_them() {
        let quorum = verification("quorum:2/3").unwrap();
        assert_eq!(members(&quorum), 6);
        assert!(
            usual_deadline(Matching::Book, &quorum)
                > usual_deadline(Matching::Book, &Verification::Replay { window: 0 })
        );
        let dutch = matching("dutch:1..2/30").unwrap();
        assert_eq!(usual_deadline(dutch, &verification("replay:10").unwrap()), 90);
        assert_eq!(cap_of(dutch), Some(Amount(2 * crate::amount::PEN)));
    }
}
