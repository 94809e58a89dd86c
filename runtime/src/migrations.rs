//! What the next upgrade changes in the state of a chain that runs the version before: see `docs/upgrades.md`.

use crate::{constants::bridge, Panel, Rates, Runtime, SolverStaking};
use frame_support::{
    migrations::VersionedMigration,
    traits::{ConstU32, UncheckedOnRuntimeUpgrade},
};

/// From version 1 to version 2, all in the first block of the new code: a few reads and writes each. What does not fit one block goes
/// into `pallet_migrations::Config::Migrations`, step by step.
pub type SingleBlock = (
    pallet_hyperlane::migrations::DelayIntoState<Runtime, ConstU32<{ bridge::ISM_DELAY }>>,
    Numbered<SolverStaking>,
    Numbered<Panel>,
    Numbered<Rates>,
);

/// These had no number for the version of what they store; it is version 1 as it is.
type Numbered<Pallet> = VersionedMigration<0, 1, AsItIs, Pallet, <Runtime as frame_system::Config>::DbWeight>;

/// Changes nothing.
pub struct AsItIs;

impl UncheckedOnRuntimeUpgrade for AsItIs {}
