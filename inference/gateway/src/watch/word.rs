//! What the chain said to a challenge.

use super::{
    runtime::Runtime,
    walk::{self, Misfit},
};
use codec::Decode;
use scale_info::TypeDef;
use sp_runtime::DispatchError;

/// What the chain said to a challenge in a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Word {
    /// The answer is wrong: the bond came back.
    Disproven,
    /// The answer is right, or the step does not fit it: the bond is lost.
    Lost,
    /// The model itself is broken: the bond came back.
    ModelBroken,
    /// The challenge concerned nothing, and cost its fee: the error's name.
    Refused(String),
    /// None of the events that are known here, or they are gone.
    Untold,
}

impl Word {
    /// In metrics and in the journal.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Disproven => "disproven",
            Self::Lost => "lost",
            Self::ModelBroken => "model_broken",
            Self::Refused(_) => "refused",
            Self::Untold => "untold",
        }
    }
}

/// An event of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Event<'a> {
    /// The extrinsic that left it, by its place in the block.
    extrinsic: Option<u32>,
    pallet: &'a str,
    name: &'a str,
    /// Its fields, encoded.
    fields: &'a [u8],
}

impl Runtime {
    /// What the chain said to the extrinsic at this place of a block, by the block's encoded events.
    pub(crate) fn word(&self, events: &[u8], place: u32) -> Result<Word, Misfit> {
        let events = self.events(events)?;
        let own = events.into_iter().filter(|event| event.extrinsic == Some(place));
        for event in own {
            match (event.pallet, event.name) {
                ("Dispute", "AnswerDisproven") => return Ok(Word::Disproven),
                ("Dispute", "ChallengeLost") => return Ok(Word::Lost),
                ("Dispute", "ModelProvenBroken") => return Ok(Word::ModelBroken),
                ("System", "ExtrinsicFailed") => return self.refusal(event.fields).map(Word::Refused),
                _ => (),
            }
        }
        Ok(Word::Untold)
    }

    fn events<'a>(&'a self, mut bytes: &'a [u8]) -> Result<Vec<Event<'a>>, Misfit> {
        let TypeDef::Sequence(sequence) = walk::definition(&self.types, self.events)? else {
            return Err(Misfit("the events are no list".into()));
        };
        let TypeDef::Composite(record) = walk::definition(&self.types, sequence.type_param.id)? else {
            return Err(Misfit("an event has no phase".into()));
        };
        let mut events = Vec::new();
        for _ in 0..walk::length(&mut bytes)? {
            let (mut extrinsic, mut found) = (None, None);
            for field in &record.fields {
                let from = bytes;
                walk::pass(&self.types, field.ty.id, &mut bytes)?;
                let value = from.get(..from.len() - bytes.len()).unwrap_or_default();
                match field.name.as_deref() {
                    Some("phase") => extrinsic = phase(value)?,
                    Some("event") => found = Some(self.event(field.ty.id, value)?),
                    _ => (),
                }
            }
            let (pallet, name, fields) = found.ok_or_else(|| Misfit("a record has no event".into()))?;
            events.push(Event {
                extrinsic,
                pallet,
                name,
                fields,
            });
        }
        Ok(events)
    }

    /// Pallet, name and fields of an event.
    fn event<'a>(&'a self, ty: u32, mut value: &'a [u8]) -> Result<(&'a str, &'a str, &'a [u8]), Misfit> {
        let pallet = walk::variant(&self.types, ty, walk::byte(&mut value)?)?;
        let [inner] = pallet.fields.as_slice() else {
            return Err(Misfit(format!("the events of {} are no enum", pallet.name)));
        };
        let event = walk::variant(&self.types, inner.ty.id, walk::byte(&mut value)?)?;
        Ok((&pallet.name, &event.name, value))
    }

    /// The name of the error with which an extrinsic failed.
    fn refusal(&self, mut fields: &[u8]) -> Result<String, Misfit> {
        let error = DispatchError::decode(&mut fields).map_err(|error| Misfit(error.to_string()))?;
        let DispatchError::Module(module) = error else {
            return Ok(format!("{error:?}").chars().take(100).collect());
        };
        let pallet = self.pallet(module.index)?;
        let named = pallet.error.as_ref().map(|error| error.ty.id);
        let named = named.ok_or_else(|| Misfit(format!("{} has no errors", pallet.name)))?;
        let name = &walk::variant(&self.types, named, module.error[0])?.name;
        Ok(format!("{}.{name}", pallet.name))
    }
}

/// The place of the extrinsic in whose course something happened.
fn phase(mut value: &[u8]) -> Result<Option<u32>, Misfit> {
    match walk::byte(&mut value)? {
        0 => u32::decode(&mut value)
            .map(Some)
            .map_err(|error| Misfit(error.to_string())),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::fixture::{self, Happening};

    fn word(happenings: &[(u32, Happening)], place: u32) -> Word {
        let events = fixture::events(happenings);
        fixture::runtime().word(&events, place).unwrap()
    }

    #[test]
    fn the_word_is_the_event_that_the_challenge_itself_left() {
        let block = [
            (1, Happening::Lost),
            (2, Happening::Paid),
            (2, Happening::Disproven),
            (3, Happening::Failed(fixture::NOT_CLAIMED)),
            (4, Happening::Broken),
        ];
        assert_eq!(word(&block, 0), Word::Untold);
        assert_eq!(word(&block, 1), Word::Lost);
        assert_eq!(word(&block, 2), Word::Disproven);
        assert_eq!(word(&block, 3), Word::Refused("Dispute.NotClaimed".into()));
        assert_eq!(word(&block, 4), Word::ModelBroken);
    }

    #[test]
    fn events_that_break_off_are_no_word() {
        let events = fixture::events(&[(1, Happening::Lost)]);
        let runtime = fixture::runtime();
        assert!(runtime.word(&events[..events.len() - 1], 1).is_err());
        assert!(runtime.word(&[], 1).is_err());
    }
}
