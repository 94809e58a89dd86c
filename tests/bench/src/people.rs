//! Who asks and who answers.

use pensum_primitives::{
    operator::{ownership_payload, OperatorPair, OperatorSignature},
    AccountId, Digest,
};
use sp_core::{sr25519, Pair};
use sp_io::hashing::blake2_256;

/// Asks, and sends transfers.
pub struct Requester {
    /// Signs its transactions.
    pub pair: sr25519::Pair,
    /// Its account.
    pub account: AccountId,
}

/// Answers.
pub struct Solver {
    /// The account that bonds.
    pub stash: AccountId,
    /// Signs its work.
    pub operator: OperatorPair,
}

/// Everybody.
pub struct People {
    /// Who asks.
    pub requesters: Vec<Requester>,
    /// Who answers.
    pub solvers: Vec<Solver>,
    /// Who publishes the models.
    pub publisher: AccountId,
}

impl People {
    /// So many of them; always the same.
    pub fn new(requesters: usize, solvers: usize) -> Self {
        Self {
            requesters: (0..requesters).map(Requester::new).collect(),
            solvers: (0..solvers).map(Solver::new).collect(),
            publisher: AccountId::new(seed("publisher", 0)),
        }
    }

    /// A requester, by number; from the beginning again where there are not so many.
    pub fn requester(&self, number: usize) -> &Requester {
        &self.requesters[number % self.requesters.len()]
    }
}

fn seed(kind: &str, number: usize) -> [u8; 32] {
    blake2_256(format!("pensum-bench {kind} {number}").as_bytes())
}

impl Requester {
    fn new(number: usize) -> Self {
        let pair = sr25519::Pair::from_seed(&seed("requester", number));
        Self {
            account: AccountId::new(pair.public().0),
            pair,
        }
    }
}

impl Solver {
    fn new(number: usize) -> Self {
        Self {
            stash: AccountId::new(seed("stash", number)),
            operator: OperatorPair::from_seed_slice(&seed("operator", number)).expect("a seed has 32 bytes"),
        }
    }

    /// What shows that the operator key agrees to work for the stash.
    pub fn proof(&self, genesis: Digest) -> OperatorSignature {
        self.operator.sign(&ownership_payload(genesis, &self.stash))
    }
}
