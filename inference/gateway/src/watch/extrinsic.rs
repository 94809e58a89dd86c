//! Signed challenges.

use super::{
    chain::Head,
    key::ChallengerKey,
    runtime::{Extension, Runtime, FORMAT},
    walk::{is_value, Misfit},
};
use codec::{Compact, Encode};
use pensum_primitives::{step::Step, task::Trace, AccountId, BlockNumber, TaskId};
use sp_runtime::{generic::Era, MultiAddress, MultiSignature};

/// Blocks for which a challenge can be included. Short: what is lost is soon known to be lost, and can be signed anew.
pub(crate) const LIFETIME: u64 = 16;
/// The bit that says that an extrinsic is signed.
const SIGNED: u8 = 0b1000_0000;
/// Payloads above this many bytes are signed by their digest.
const MAX_PAYLOAD: usize = 256;

/// What shows that an answer is wrong: the first node that differs, with all it reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Proof {
    /// The trace that the solver committed to.
    pub(crate) trace: Trace,
    /// The node with what it reads.
    pub(crate) step: Step,
}

/// When a challenge is signed, and as which of its account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    pub(crate) nonce: u32,
    /// A block of which the chain is a continuation, too deep to be replaced.
    pub(crate) born: Head,
}

impl Ticket {
    fn era(&self) -> Era {
        Era::mortal(LIFETIME, self.born.number.into())
    }

    /// The last block that can hold it.
    pub(crate) fn dies_at(&self) -> BlockNumber {
        let death = self.era().death(self.born.number.into());
        BlockNumber::try_from(death.saturating_sub(1)).unwrap_or(BlockNumber::MAX)
    }
}

impl Runtime {
    /// The challenge of a task's answer as a signed extrinsic.
    pub(crate) fn challenge(
        &self,
        key: &ChallengerKey,
        ticket: &Ticket,
        task: TaskId,
        proof: &Proof,
    ) -> Result<Vec<u8>, Misfit> {
        let call = self.call(task, proof)?;
        let (explicit, implicit) = self.extras(ticket)?;
        let payload = [call.as_slice(), &explicit, &implicit].concat();
        let signature = if payload.len() > MAX_PAYLOAD {
            key.sign(&sp_crypto_hashing::blake2_256(&payload))
        } else {
            key.sign(&payload)
        };
        let address = MultiAddress::<AccountId, ()>::Id(key.account()).encode();
        let signature = MultiSignature::Sr25519(signature.into()).encode();
        self.check(self.address, &address, "an address")?;
        self.check(self.signature, &signature, "a signature")?;
        let head = [SIGNED | FORMAT];
        // As bytes, so that the length stands before them.
        Ok([&head, address.as_slice(), &signature, &explicit, &call]
            .concat()
            .encode())
    }

    fn call(&self, task: TaskId, proof: &Proof) -> Result<Vec<u8>, Misfit> {
        let encoded = [task.encode(), proof.trace.encode(), proof.step.encode()];
        for (ty, bytes) in self.arguments.iter().zip(&encoded) {
            self.check(*ty, bytes, "an argument of a challenge")?;
        }
        Ok([self.call.to_vec(), encoded.concat()].concat())
    }

    /// What the extensions put into the extrinsic, and what they have signed besides.
    fn extras(&self, ticket: &Ticket) -> Result<(Vec<u8>, Vec<u8>), Misfit> {
        let (mut explicit, mut implicit) = (Vec::new(), Vec::new());
        for extension in &self.extensions {
            let (own, signed) = self.extra(extension, ticket);
            let what = format!("the extension {}", extension.name);
            self.check(extension.explicit, &own, &what)?;
            self.check(extension.implicit, &signed, &what)?;
            explicit.extend(own);
            implicit.extend(signed);
        }
        Ok((explicit, implicit))
    }

    /// What one extension takes. One that is not known here takes nothing, or the check that follows refuses the runtime.
    fn extra(&self, extension: &Extension, ticket: &Ticket) -> (Vec<u8>, Vec<u8>) {
        let nothing = Vec::new;
        match extension.name.as_str() {
            "CheckSpecVersion" => (nothing(), self.version.spec_version.encode()),
            "CheckTxVersion" => (nothing(), self.version.transaction_version.encode()),
            "CheckGenesis" => (nothing(), self.genesis.0.to_vec()),
            "CheckMortality" => (ticket.era().encode(), ticket.born.hash.0.to_vec()),
            "CheckNonce" => (Compact(ticket.nonce).encode(), nothing()),
            // No tip; where assets can pay, none is named: the native token does.
            "ChargeTransactionPayment" => (Compact(0u128).encode(), nothing()),
            "ChargeAssetTxPayment" => ((Compact(0u128), None::<()>).encode(), nothing()),
            // Off: the metadata is not checked by a device.
            "CheckMetadataHash" => (vec![0], None::<[u8; 32]>.encode()),
            _ => (nothing(), nothing()),
        }
    }

    fn check(&self, ty: u32, bytes: &[u8], what: &str) -> Result<(), Misfit> {
        is_value(&self.types, ty, bytes)
            .then_some(())
            .ok_or_else(|| Misfit(format!("{what} is written otherwise there")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{digest::Digest, watch::fixture};
    use codec::Decode;
    use sp_core::{sr25519, Pair};

    fn ticket(nonce: u32, number: BlockNumber) -> Ticket {
        let hash = Digest([7; 32]);
        Ticket {
            nonce,
            born: Head { number, hash },
        }
    }

    #[test]
    fn a_challenge_is_what_the_chain_reads_and_its_signature_covers_all() {
        let (runtime, key) = (fixture::runtime(), fixture::key());
        let (proof, ticket) = (fixture::proof(), ticket(70, 100));
        let bytes = runtime.challenge(&key, &ticket, TaskId(256), &proof).unwrap();
        let body = Vec::<u8>::decode(&mut bytes.as_slice()).unwrap();
        let mut rest = body.as_slice();
        assert_eq!(u8::decode(&mut rest), Ok(0x84));
        assert_eq!(
            MultiAddress::<AccountId, ()>::decode(&mut rest),
            Ok(MultiAddress::Id(key.account()))
        );
        let MultiSignature::Sr25519(signature) = MultiSignature::decode(&mut rest).unwrap() else {
            panic!("another kind of signature");
        };
        // Mortality, nonce, payment, metadata hash; the call.
        let explicit = (Era::mortal(16, 100), Compact(70u32), Compact(0u128), 0u8, 0u8).encode();
        let call = (fixture::CALL, TaskId(256), &proof.trace, &proof.step).encode();
        assert_eq!(rest, [explicit.as_slice(), &call].concat());
        let implicit = (3u32, 2u32, fixture::GENESIS.0, [7u8; 32], 0u8).encode();
        let payload = [call.as_slice(), &explicit, &implicit].concat();
        assert!(payload.len() > MAX_PAYLOAD);
        assert!(sr25519::Pair::verify(
            &signature,
            sp_crypto_hashing::blake2_256(&payload),
            &sr25519::Public::from(key.public())
        ));
    }

    #[test]
    fn a_challenge_dies_a_lifetime_after_its_birth() {
        assert_eq!(ticket(0, 100).dies_at(), 115);
        assert_eq!(ticket(0, 3).dies_at(), 18);
    }

    #[test]
    fn a_runtime_with_an_unknown_extension_gets_nothing() {
        let refused = fixture::runtime_with_unknown_extension()
            .challenge(&fixture::key(), &ticket(0, 1), TaskId(256), &fixture::proof())
            .unwrap_err();
        assert!(refused.0.contains("the extension Toll"), "{refused}");
    }
}
