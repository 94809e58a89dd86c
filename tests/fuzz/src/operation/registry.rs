//! What the publisher, others, and governance do with models.

use super::time;
use crate::{
    bytes::Bytes,
    models::{model, text, Home},
    people::{publisher, requester},
    violation::Checked,
    world::World,
};
use pallet_attestation_registry::{Deposits, Models};
use pensum_primitives::{model::ModelState, AccountId, ModelId};
use pensum_runtime::{constants::model::RECLAIM_DELAY, Runtime, RuntimeCall};

/// Somebody acts on a model.
#[derive(Clone, Debug)]
pub struct Registering {
    model: u8,
    deed: Deed,
    by: By,
    variant: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Deed {
    /// Registers another version of it.
    Register,
    Flag,
    Unflag,
    Retire,
    Reclaim,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum By {
    Publisher,
    Governance,
    Stranger,
}

impl Registering {
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        use Deed::*;
        let deed = bytes.pick(&[
            Register, Register, Register, Flag, Flag, Unflag, Unflag, Unflag, Retire, Reclaim, Reclaim,
        ]);
        let by = match (deed, bytes.below(8)) {
            (_, 0) => By::Stranger,
            (_, 1) | (Unflag, _) | (Flag, 2..=4) => By::Governance,
            _ => By::Publisher,
        };
        Self {
            deed,
            by,
            model: bytes.byte(),
            variant: bytes.byte(),
        }
    }

    pub(super) fn run(self, world: &mut World) -> Checked {
        use pallet_attestation_registry::Call;
        let id = match (self.variant, self.deed) {
            (255, _) => ModelId::default(),
            (_, Deed::Reclaim) => super::fitting(reclaimable(), self.variant, model(self.model).id()),
            _ => model(self.model).id(),
        };
        let call: RuntimeCall = match self.deed {
            Deed::Register => self.registration(),
            Deed::Flag => Call::flag {
                model: id,
                reason: text("doubtful"),
            }
            .into(),
            Deed::Unflag => Call::unflag { model: id }.into(),
            // Rarely: what is retired is of no more use to this run.
            Deed::Retire if !self.variant.is_multiple_of(4) => return Ok(()),
            Deed::Retire => Call::retire { model: id }.into(),
            Deed::Reclaim => Call::reclaim { model: id }.into(),
        };
        if self.deed == Deed::Reclaim {
            let at = Models::<Runtime>::get(id).and_then(|entry| match entry.state {
                ModelState::Retired { at } => Some(at),
                _ => None,
            });
            if let Some(at) = at.filter(|_| self.by == By::Publisher) {
                time::leap_until(world, at.saturating_add(RECLAIM_DELAY), self.variant)?;
            }
        }
        match self.by {
            By::Publisher => world.signed(&publisher(), call)?,
            By::Governance => world.root(call)?,
            By::Stranger => world.signed(&stranger(self.variant), call)?,
        };
        Ok(())
    }

    fn registration(&self) -> RuntimeCall {
        let model = model(self.model);
        let mut manifest = model.manifest.clone();
        manifest.version = text(&format!("2.{}", self.variant % 8));
        match self.variant / 8 % 8 {
            0 => manifest.previous = Some(model.id()),
            1 => manifest.weights = Default::default(),
            2 => manifest.royalty = sp_runtime::Permill::from_percent(11),
            3 => manifest.parents = sp_core::bounded::BoundedVec::truncate_from(vec![model.id(), model.id()]),
            4 => manifest.parents = sp_core::bounded::BoundedVec::truncate_from(vec![model.id()]),
            5 => manifest.nodes = Default::default(),
            6 => manifest.version = model.manifest.version.clone(),
            _ => {}
        }
        let homes = [Home::Chain, Home::Skeleton, Home::Nowhere];
        model.registration(manifest, homes[usize::from(self.variant / 64) % homes.len()])
    }
}

/// Models that are retired, and for whose graph or skeleton a deposit is still held.
fn reclaimable() -> Vec<ModelId> {
    let retired = Models::<Runtime>::iter()
        .filter(|(_, entry)| matches!(entry.state, ModelState::Retired { .. }))
        .map(|(id, _)| id);
    retired
        .filter(|id| Deposits::<Runtime>::get(id).is_some_and(|deposit| deposit.graph > 0))
        .collect()
}

fn stranger(choice: u8) -> AccountId {
    requester(choice)
}
