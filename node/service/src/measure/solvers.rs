//! The solvers that this node works for: those whose operator key lies in its keystore.

use super::{
    figures::Solver,
    runtime::{key, Told},
};
use crate::chain::{BlockRef, Chain, Read};
use codec::Decode;
use pensum_primitives::{operator::OPERATOR_KEY_TYPE, AccountId, Balance};
use sp_core::{crypto::Ss58Codec, ByteArray};
use sp_crypto_hashing::blake2_128;
use sp_keystore::KeystorePtr;
use std::collections::BTreeMap;

/// Most operator keys that are looked at; the off-chain worker serves no more.
const MAX_KEYS: usize = 16;
/// Units of a PEN.
const PEN: f64 = 1e12;

/// Own solvers, and how their metrics call them.
pub(super) struct Solvers {
    keystore: KeystorePtr,
    own: BTreeMap<AccountId, String>,
}

/// An amount in PEN.
pub(super) fn pen(amount: Balance) -> f64 {
    amount as f64 / PEN
}

impl Solvers {
    /// Those whose key lies in this keystore.
    pub fn new(keystore: KeystorePtr) -> Self {
        Self {
            keystore,
            own: BTreeMap::new(),
        }
    }

    /// Finds out at a block who they are and how they stand.
    pub fn look(&mut self, chain: &dyn Chain, at: BlockRef, figures: &Solver) -> Read<()> {
        let own = self.find(chain, at)?;
        if own != self.own {
            // Of a solver that has left, or goes with another node now, nothing more is said.
            for gone in self.own.iter().filter(|(stash, _)| !own.contains_key(*stash)) {
                forget(figures, gone.1);
            }
            self.own = own;
        }
        figures.joined.set(self.own.len() as u64);
        for (stash, name) in &self.own {
            let Some(status) = chain.solver(at.hash, stash.clone())? else {
                continue;
            };
            let name = &[name.as_str()];
            figures
                .in_flight
                .with_label_values(name)
                .set(status.in_flight.into());
            figures
                .reputation
                .with_label_values(name)
                .set(f64::from(status.reputation) / 1e6);
            let jailed = status.jailed_until.is_some_and(|until| until > at.number);
            figures.jailed.with_label_values(name).set(jailed.into());
            figures
                .pending_slashes
                .with_label_values(name)
                .set(status.pending_slashes.len() as u64);
            for (part, amount) in [
                ("bonded", status.bonded),
                ("delegated", status.delegated),
                ("locked", status.locked),
                ("free", status.free),
                ("at_risk", status.at_risk),
            ] {
                figures.stake.with_label_values(&[name[0], part]).set(pen(amount));
            }
            figures.answers.with_label_values(name).inc_by(0);
            for event in ["assigned", "late", "unable", "wrong"] {
                figures.batches.with_label_values(&[name[0], event]).inc_by(0);
            }
        }
        Ok(())
    }

    /// Counts what an event says of them.
    pub fn tell(&self, told: &Told, figures: &Solver) -> Read<()> {
        let (field, event) = match (told.pallet, told.name) {
            ("TaskMarket", "TasksPosted" | "BatchAwarded") => ("solver", "assigned"),
            ("TaskMarket", "BatchHandedOver") => ("to", "assigned"),
            ("TaskMarket", "AssignmentTimedOut") => ("solver", "late"),
            ("TaskMarket", "AssignmentDeclined") => ("solver", "unable"),
            ("TaskMarket", "AssignmentFailed") => ("solver", "wrong"),
            ("TaskMarket", "TaskAnswered") => ("solver", "answered"),
            _ => return Ok(()),
        };
        let Some(name) = self.own.get(&told.field::<AccountId>(field)?) else {
            return Ok(());
        };
        let name = name.as_str();
        match event {
            "answered" => figures.answers.with_label_values(&[name]).inc(),
            event => figures.batches.with_label_values(&[name, event]).inc(),
        }
        Ok(())
    }

    /// The solvers of the operator keys in the keystore.
    fn find(&self, chain: &dyn Chain, at: BlockRef) -> Read<BTreeMap<AccountId, String>> {
        let keys = self.keystore.sr25519_public_keys(OPERATOR_KEY_TYPE);
        let mut own = BTreeMap::new();
        for operator in keys.iter().take(MAX_KEYS) {
            // The map hashes its keys as most do: `blake2_128` and the key itself.
            let operator = operator.as_slice();
            let place = [
                key("SolverStaking", "Operators").as_slice(),
                blake2_128(operator).as_slice(),
                operator,
            ]
            .concat();
            let stash = chain.storage(at.hash, &place)?;
            if let Some(stash) = stash.and_then(|bytes| AccountId::decode(&mut bytes.as_slice()).ok()) {
                let name = stash.to_ss58check();
                own.insert(stash, name);
            }
        }
        Ok(own)
    }
}

/// Takes a solver out of the metrics that say how it stands. That it has none is no failure.
fn forget(figures: &Solver, name: &str) {
    for gauge in [&figures.in_flight, &figures.jailed, &figures.pending_slashes] {
        let _none = gauge.remove_label_values(&[name]);
    }
    let _none = figures.reputation.remove_label_values(&[name]);
    for part in ["bonded", "delegated", "locked", "free", "at_risk"] {
        let _none = figures.stake.remove_label_values(&[name, part]);
    }
}
