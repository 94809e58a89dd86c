//! Tries this tree's runtime on the state of a chain that runs the version before: runs the migrations, tells what they cost, and checks
//! every invariant of the state that they leave.

use clap::Parser;
use frame_support::traits::{GetStorageVersion, PalletInfoAccess, StorageVersion};
use pensum_fuzz::{invariants, snapshot, state::Chain};
use pensum_runtime::{
    constants::block::MAX_REF_TIME, AttestationRegistry, Auction, Dispute, Executive, Hyperlane, Panel,
    Rates, SolverStaking, TaskBridge, TaskMarket, Workflow, VERSION,
};
use std::{path::PathBuf, process::ExitCode, time::Instant};

/// Most that the migrations of one block may weigh: what a block may take in all, less what its hooks need.
const MAX_WEIGHT: u64 = MAX_REF_TIME / 10 * 7;

/// Tries an upgrade on a state.
#[derive(Parser)]
struct Args {
    /// The state: a raw chain spec of the chain as it is, in the version before this one.
    snapshot: PathBuf,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("try-upgrade: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let storage = snapshot::read(&args.snapshot)?;
    println!("{} entries in {}", storage.top.len(), args.snapshot.display());
    let mut chain = Chain::new(storage.into());
    chain.execute_with(|| {
        let before = versions();
        let start = Instant::now();
        let weight = Executive::execute_on_runtime_upgrade().ref_time();
        let took = start.elapsed();
        for ((pallet, before), (_, after)) in before.into_iter().zip(versions()) {
            if before != after {
                println!("{pallet}: from version {before:?} to {after:?}");
            }
        }
        println!(
            "migrations to runtime {}: {:.1} ms by weight, {:.1} ms here",
            VERSION.spec_version,
            weight as f64 / 1e9,
            took.as_secs_f64() * 1e3
        );
        if weight > MAX_WEIGHT {
            return Err(format!(
                "the migrations weigh {weight} ps and {MAX_WEIGHT} fit a block. Make them steps of `pallet_migrations`"
            ));
        }
        if let Some((pallet, stored, code)) = behind().first() {
            return Err(format!(
                "{pallet} is stored in version {stored:?} and its code is of {code:?}. Name its migration in runtime/src/migrations.rs"
            ));
        }
        invariants::check_state().map_err(|violation| format!("after the upgrade, {violation}"))
    })?;
    println!("every invariant holds");
    Ok(())
}

/// A pallet and its versions: as stored, and of its code.
type Versions = (&'static str, StorageVersion, StorageVersion);

/// Of each of the project's pallets.
fn all() -> Vec<Versions> {
    fn of<P: PalletInfoAccess + GetStorageVersion<InCodeStorageVersion = StorageVersion>>() -> Versions {
        (
            P::name(),
            P::on_chain_storage_version(),
            P::in_code_storage_version(),
        )
    }
    vec![
        of::<SolverStaking>(),
        of::<AttestationRegistry>(),
        of::<TaskMarket>(),
        of::<Auction>(),
        of::<Panel>(),
        of::<Dispute>(),
        of::<Workflow>(),
        of::<Rates>(),
        of::<Hyperlane>(),
        of::<TaskBridge>(),
    ]
}

fn versions() -> Vec<(&'static str, StorageVersion)> {
    all()
        .into_iter()
        .map(|(name, stored, _)| (name, stored))
        .collect()
}

/// Those whose state is not of their code's version.
fn behind() -> Vec<Versions> {
    all()
        .into_iter()
        .filter(|(_, stored, code)| stored != code)
        .collect()
}
