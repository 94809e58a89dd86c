use crate::time::Millis;
use codec::{Decode, Encode};
use std::time::Duration;

/// Which message: a mailbox gives each of its messages another number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Key {
    /// The domain that it comes from.
    pub origin: u32,
    /// Its number there.
    pub nonce: u32,
}

/// Why a message waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Reason {
    /// It was dispatched but not inserted into the tree that validators sign.
    NotInTree,
    /// The recipient's security module is none that is served.
    SecurityModule,
    /// Too few validators have signed.
    Signatures,
    /// The destination refuses it: the recipient reverts.
    Refused,
    /// Gas costs more than the operator allows, or more than the account has.
    TooDear,
    /// The destination takes no messages for now.
    Paused,
    /// The destination does not answer.
    Unreachable,
    /// It was sent and failed in its block.
    Failed,
    /// It was sent and never got into a block.
    NotIncluded,
    /// It has arrived in a block that is not final.
    Settling,
}

impl Reason {
    /// How metrics and `status` call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotInTree => "not_in_tree",
            Self::SecurityModule => "security_module",
            Self::Signatures => "signatures",
            Self::Refused => "refused",
            Self::TooDear => "too_dear",
            Self::Paused => "paused",
            Self::Unreachable => "unreachable",
            Self::Failed => "failed",
            Self::NotIncluded => "not_included",
            Self::Settling => "settling",
        }
    }

    /// The longest wait that makes sense. What the message's own recipient or sender is to blame for may wait as long as the operator
    /// said; what will pass by itself is looked at often, so that nothing waits long after it has passed.
    pub fn longest(self, of_operator: Duration) -> Duration {
        const SOON: Duration = Duration::from_secs(10);
        const A_WHILE: Duration = Duration::from_secs(60);
        match self {
            Self::NotInTree | Self::SecurityModule | Self::Refused | Self::Failed => of_operator,
            Self::Signatures => A_WHILE.min(of_operator),
            Self::TooDear | Self::Paused | Self::Unreachable | Self::NotIncluded | Self::Settling => {
                SOON.min(of_operator)
            }
        }
    }
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum State {
    /// It has been read and not been tried.
    Seen,
    /// It is tried again later.
    Waiting {
        /// Why.
        reason: Reason,
        /// In words.
        detail: String,
    },
    /// It is in a transaction under way.
    Submitted {
        /// The transaction's hash, the latest if it was replaced.
        hash: [u8; 32],
        /// The transaction's number.
        nonce: u64,
    },
    /// It has arrived for good.
    Delivered {
        /// When that was known.
        at: Millis,
        /// The transaction of this relayer, if it was one.
        hash: Option<[u8; 32]>,
    },
}

/// A message and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// Its id.
    pub id: [u8; 32],
    /// Where it goes.
    pub destination: u32,
    /// The message; nothing once it is delivered.
    pub bytes: Vec<u8>,
    /// The block that it was dispatched in.
    pub block: u64,
    /// When it was read.
    pub seen: Millis,
    /// How often in a row it had to wait for the same reason.
    pub attempts: u32,
    /// When it is to be tried: set while it is in the schedule.
    pub due: Option<Millis>,
    /// Where it stands.
    pub state: State,
}

/// A transaction that was signed and is not final. It is written down before it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Transaction {
    /// Its number.
    pub nonce: u64,
    /// Its hashes: replaced ones first, the present one last.
    pub hashes: Vec<[u8; 32]>,
    /// As signed.
    pub raw: Vec<u8>,
    /// What one unit of gas may cost, on an EVM chain.
    pub max_fee: u128,
    /// The block's author's part of it, on an EVM chain.
    pub tip: u128,
    /// The block after which it cannot be included, on Pensum.
    pub expires: Option<u64>,
    /// What it was reckoned to cost, on Pensum.
    pub fee: u128,
    /// When it was signed as it is now.
    pub signed: Millis,
    /// The message and its id; none in a transaction that only fills a gap.
    pub message: Option<(Key, [u8; 32])>,
}

impl Transaction {
    /// Its hash.
    pub fn hash(&self) -> [u8; 32] {
        self.hashes.last().copied().unwrap_or_default()
    }
}
