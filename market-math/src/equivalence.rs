//! When answers agree, and which of several answers has the majority.
//!
//! Every rule reads an answer first; what it cannot read agrees with nothing and counts as no answer. Nothing here depends on
//! the order of the answers, rounds, or panics, whatever bytes it is given.

mod decimal;
mod json;

use alloc::{string::String, vec::Vec};
use decimal::Number;
use json::Value;

/// When two answers agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule<'a> {
    /// Byte for byte.
    Exact,
    /// Both are decimal numbers in text, of at most 36 digits, and differ by at most so many parts per million of the one nearer
    /// to zero; above a million counts as a million.
    Numeric {
        /// The tolerance.
        ppm: u32,
    },
    /// Both are JSON, and what the pointer names in them is the same value. Numbers are compared as they are written and never
    /// rounded; the order of members and the white space do not count.
    JsonField {
        /// The pointer (RFC 6901).
        pointer: &'a [u8],
    },
    /// Both are the same text but for white space around it and for upper and lower case. What holds a zero byte is no text but
    /// a classifier's number, and compared byte for byte: four bytes, little-endian, are never without one below 2²⁴.
    Label,
}

impl Rule<'_> {
    /// Whether the rule itself makes sense: its pointer is one.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::JsonField { pointer } => json::tokens(pointer).is_some(),
            Self::Exact | Self::Numeric { .. } | Self::Label => true,
        }
    }

    /// Whether two answers that agree with a third may not agree with each other.
    fn has_shades(&self) -> bool {
        matches!(self, Self::Numeric { .. })
    }

    fn read<'b>(&self, answer: &'b [u8]) -> Option<Reading<'b>> {
        match self {
            Self::Exact => Some(Reading::Bytes(answer)),
            Self::Numeric { .. } => Number::parse(answer).map(Reading::Number),
            Self::JsonField { pointer } => Value::parse(answer)?.part(pointer).map(Reading::Json),
            Self::Label => label(answer),
        }
    }

    fn is_same(&self, one: &Reading, other: &Reading) -> bool {
        match (self, one, other) {
            (Self::Numeric { ppm }, Reading::Number(one), Reading::Number(other)) => one.is_near(other, *ppm),
            _ => one == other,
        }
    }
}

/// What a rule makes of an answer.
#[derive(PartialEq, Eq, Debug)]
enum Reading<'a> {
    Bytes(&'a [u8]),
    Number(Number),
    Json(Value),
    Text(String),
}

fn label(answer: &[u8]) -> Option<Reading<'_>> {
    if answer.contains(&0) {
        return Some(Reading::Bytes(answer));
    }
    let text = core::str::from_utf8(answer).ok()?.trim();
    let lower_case = || text.chars().flat_map(char::to_lowercase).collect();
    (!text.is_empty()).then(|| Reading::Text(lower_case()))
}

/// How one answer stands beside the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is in the group that has the majority.
    Agrees,
    /// It is not, but nothing says that it is wrong: no group has a majority, or it agrees with some member of the group, as only
    /// numbers can.
    Apart,
    /// It agrees with no member of the group that has the majority.
    Differs,
    /// There is none, or the rule cannot read it.
    Unreadable,
}

/// What came of comparing answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tally {
    /// The answer that speaks for the majority, by its place; none where no group is large enough. For numbers it is the
    /// median, else what most of the group gave, byte for byte; of several such, the least bytes.
    pub winner: Option<usize>,
    /// How each answer stands, by place.
    pub standings: Vec<Standing>,
}

/// Whether two answers agree. Symmetric; an answer agrees with itself if the rule can read it.
pub fn agree(rule: Rule, one: &[u8], other: &[u8]) -> bool {
    match (rule.read(one), rule.read(other)) {
        (Some(one), Some(other)) => rule.is_same(&one, &other),
        _ => false,
    }
}

/// Finds the group of at least `threshold` answers that agree, which must also be more than half of all that can be read, so
/// that there is at most one. For numbers it is the group around their median: where more than half lie within the tolerance
/// of each other, the median lies between them, whatever the others say.
pub fn tally(rule: Rule, answers: &[Option<&[u8]>], threshold: usize) -> Tally {
    let given: Vec<Given> = (0..)
        .zip(answers)
        .filter_map(|(place, answer)| {
            let bytes = (*answer)?;
            let reading = rule.read(bytes)?;
            Some(Given {
                place,
                bytes,
                reading,
            })
        })
        .collect();
    let group = candidate(rule, &given)
        .map(|candidate| {
            let agrees = |other: &&Given| rule.is_same(&candidate.reading, &other.reading);
            given.iter().filter(agrees).collect::<Vec<_>>()
        })
        .filter(|group| group.len() >= threshold.max(1) && group.len() > given.len() / 2)
        .unwrap_or_default();
    let mut standings: Vec<Standing> = answers.iter().map(|_| Standing::Unreadable).collect();
    for answer in &given {
        if let Some(standing) = standings.get_mut(answer.place) {
            *standing = among(rule, &group, answer);
        }
    }
    Tally {
        winner: winner(rule, &group, &given),
        standings,
    }
}

/// How an answer stands that came after `group` had the majority, of which `output` is the winner.
pub fn late(rule: Rule, output: &[u8], group: &[&[u8]], answer: Option<&[u8]>) -> Standing {
    let Some(reading) = answer.and_then(|answer| rule.read(answer)) else {
        return Standing::Unreadable;
    };
    let agrees_with = |member: &[u8]| {
        rule.read(member)
            .is_some_and(|member| rule.is_same(&member, &reading))
    };
    if agrees_with(output) {
        Standing::Agrees
    } else if rule.has_shades() && group.iter().any(|member| agrees_with(member)) {
        Standing::Apart
    } else {
        Standing::Differs
    }
}

/// An answer that can be read.
struct Given<'a> {
    place: usize,
    bytes: &'a [u8],
    reading: Reading<'a>,
}

/// The only answer around which a majority can be.
fn candidate<'a, 'b>(rule: Rule, given: &'b [Given<'a>]) -> Option<&'b Given<'a>> {
    if rule.has_shades() {
        return median(given);
    }
    // Boyer and Moore's vote: pairs of different answers cancel out, and a majority is never cancelled as a whole.
    let mut leader: Option<&Given> = None;
    let mut lead = 0u32;
    for answer in given {
        match leader {
            Some(leader) if leader.reading == answer.reading => lead = lead.saturating_add(1),
            Some(_) if lead > 0 => lead = lead.saturating_sub(1),
            _ => (leader, lead) = (Some(answer), 1),
        }
    }
    leader
}

/// The lower median; of equal numbers, the one whose text is least.
fn median<'a, 'b>(given: &'b [Given<'a>]) -> Option<&'b Given<'a>> {
    let mut numbers: Vec<(&Number, &Given)> = given
        .iter()
        .filter_map(|answer| match &answer.reading {
            Reading::Number(number) => Some((number, answer)),
            _ => None,
        })
        .collect();
    numbers.sort_by_key(|(number, answer)| (**number, answer.bytes));
    let middle = numbers.len().checked_sub(1)? / 2;
    numbers.get(middle).map(|(_, answer)| *answer)
}

/// How a readable answer stands beside the group that has the majority, which is empty if there is none.
fn among(rule: Rule, group: &[&Given], answer: &Given) -> Standing {
    if group.iter().any(|member| member.place == answer.place) {
        return Standing::Agrees;
    }
    let is_near = |member: &&Given| rule.is_same(&member.reading, &answer.reading);
    if group.is_empty() || (rule.has_shades() && group.iter().any(is_near)) {
        Standing::Apart
    } else {
        Standing::Differs
    }
}

/// The place of the answer that speaks for the group.
fn winner(rule: Rule, group: &[&Given], given: &[Given]) -> Option<usize> {
    if rule.has_shades() {
        return median(given)
            .filter(|_| !group.is_empty())
            .map(|median| median.place);
    }
    let mut sorted: Vec<&Given> = group.to_vec();
    sorted.sort_by_key(|answer| answer.bytes);
    let runs = sorted.chunk_by(|one, next| one.bytes == next.bytes);
    // The first of the longest runs: `max_by_key` would take the last.
    let longest = runs.rev().max_by_key(|run| run.len())?;
    longest.first().map(|answer| answer.place)
}

#[cfg(test)]
mod tests;
