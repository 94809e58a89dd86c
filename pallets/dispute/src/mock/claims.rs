//! The market's side: claims that settle at the beginning of a block, before disputes have their turn.

use super::{Dispute, System};
use codec::{Decode, Encode};
use frame_support::{storage_alias, Identity};
use pensum_primitives::{
    solver::Fault,
    task::Input,
    traits::{Claim, Claims, Disputes},
    AccountId, BlockNumber, Digest, ModelId, TaskId,
};

/// How a claim ended.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub enum End {
    Paid,
    Voided,
    Convicted {
        fault: Fault,
        prover: Option<AccountId>,
        evidence: Digest,
    },
}

#[derive(Clone, Encode, Decode)]
struct Open {
    solver: AccountId,
    model: ModelId,
    input: Input,
    trace: Digest,
    until: BlockNumber,
}

#[storage_alias]
type OpenClaims = StorageMap<Mock, Identity, TaskId, Open>;
#[storage_alias]
type Ends = StorageMap<Mock, Identity, TaskId, End>;

/// The claims of these tests.
pub struct Market;

impl Market {
    /// A claim like this one is made now, and the pallet is told.
    pub fn claim_now(claims: Vec<(TaskId, Claim)>) {
        let tasks: Vec<TaskId> = claims.iter().map(|(task, _)| *task).collect();
        for (task, claim) in claims {
            Ends::remove(task);
            let Claim {
                solver,
                model,
                input,
                trace,
                until,
                ..
            } = claim;
            OpenClaims::insert(
                task,
                Open {
                    solver,
                    model,
                    input,
                    trace,
                    until,
                },
            );
        }
        Dispute::claimed(&tasks);
    }

    /// Settles what was open until the block before this one.
    pub fn settle() {
        let now = System::block_number();
        let over: Vec<TaskId> = OpenClaims::iter()
            .filter(|(_, open)| open.until < now)
            .map(|(task, _)| task)
            .collect();
        over.into_iter().for_each(|task| Self::end(task, End::Paid));
    }

    pub fn end_of(task: TaskId) -> Option<End> {
        Ends::get(task)
    }

    pub fn open_tasks() -> Vec<TaskId> {
        OpenClaims::iter_keys().collect()
    }

    fn end(task: TaskId, end: End) {
        if OpenClaims::take(task).is_some() {
            Ends::insert(task, end);
            Dispute::ended(task);
        }
    }
}

impl Claims for Market {
    fn claim(task: TaskId) -> Option<Claim> {
        OpenClaims::get(task).map(|open| Claim {
            solver: open.solver,
            model: open.model,
            input: open.input,
            trace: open.trace,
            until: open.until,
            price: 100,
        })
    }

    fn convict(task: TaskId, fault: Fault, prover: Option<&AccountId>, evidence: Digest) {
        let prover = prover.cloned();
        Self::end(
            task,
            End::Convicted {
                fault,
                prover,
                evidence,
            },
        );
    }

    fn void(task: TaskId) {
        Self::end(task, End::Voided);
    }

    fn postpone(task: TaskId, until: BlockNumber) {
        OpenClaims::mutate_extant(task, |open| open.until = open.until.max(until));
    }
}
