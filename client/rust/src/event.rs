//! Events that this client reads, by the names of their fields; those it does not need are left out.
// The derive brings imports that not every event needs; behind a macro the lint sees them.
#![allow(unused_imports)]

use pensum_primitives::workflow::StepState;
use subxt::{
    ext::scale_decode::{DecodeAsFields, DecodeAsType},
    utils::Static,
};

/// An event with a name.
pub trait Event: DecodeAsFields {
    /// The pallet.
    const PALLET: &'static str;
    /// The event.
    const NAME: &'static str;
}

macro_rules! event {
    ($(#[$doc:meta])* $pallet:literal $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug, DecodeAsType)]
        #[decode_as_type(crate_path = "subxt::ext::scale_decode")]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl Event for $name {
            const PALLET: &'static str = $pallet;
            const NAME: &'static str = stringify!($name);
        }
    };
}

event! {
    /// The inclusion fee was paid.
    "TransactionPayment" TransactionFeePaid {
        /// How much.
        actual_fee: u128,
    }
}
event! {
    /// The inclusion fee was paid in an asset.
    "AssetConversionTxPayment" AssetTxFeePaid {
        /// How much, in units of the asset.
        actual_fee: u128,
    }
}
event! {
    /// A model was registered.
    "AttestationRegistry" ModelRegistered {
        /// Its id.
        model: [u8; 32],
        /// Whether its graph lies on chain.
        on_chain: bool,
        /// The first block in which it can be used.
        usable_from: u32,
        /// What was put on hold.
        deposit: u128,
    }
}
event! {
    /// Tasks were posted and assigned, or what of a post one solver took.
    "TaskMarket" TasksPosted {
        /// The first task; the others follow it.
        first: u64,
        /// How many.
        tasks: u32,
        /// Who must answer.
        solver: [u8; 32],
        /// What all of them cost, in PEN.
        price: u128,
        /// The last block in which this solver can answer.
        answer_by: u32,
    }
}
event! {
    /// What answering a batch will take was paid.
    "TaskMarket" AnswersPrepaid {
        /// The batch.
        batch: u64,
        /// How much, in units of the batch's asset.
        fee: u128,
    }
}
event! {
    /// Tasks were posted and wait for bids, or for their panel.
    "TaskMarket" BatchOpened {
        /// The first task; the others follow it.
        first: u64,
        /// How many.
        tasks: u32,
    }
}
event! {
    /// A task was answered, verified, paid and recorded.
    "TaskMarket" TaskAnswered {
        /// The task.
        task: u64,
        /// What the requester paid, in units of the asset.
        price: u128,
        /// The asset; none is PEN.
        asset: Option<u32>,
        /// The verified answer.
        output: Vec<u8>,
    }
}
event! {
    /// Somebody appealed, and a jury was summoned.
    "TaskMarket" AppealOpened {
        /// What is at stake.
        bond: u128,
        /// The round; the first is 0.
        round: u8,
    }
}
event! {
    /// A challenger proved an answer wrong.
    "Dispute" AnswerDisproven {
        /// The task.
        task: u64,
        /// The node whose output is not what the trace says.
        node: u16,
        /// Whether the challenger shall have a share of the slash.
        rewarded: bool,
    }
}
event! {
    /// A challenge proved nothing.
    "Dispute" ChallengeLost {
        /// The task.
        task: u64,
        /// The bond, which is lost.
        bond: u128,
    }
}
event! {
    /// The model was proven to be broken, and nobody is at fault.
    "Dispute" ModelProvenBroken {
        /// The task.
        task: u64,
    }
}
event! {
    /// A workflow began.
    "Workflow" WorkflowStarted {
        /// Its id.
        workflow: u64,
    }
}
event! {
    /// A workflow ended and left the state.
    "Workflow" WorkflowEnded {
        /// Its id.
        workflow: u64,
        /// How each of its steps ended, in order.
        steps: Vec<Static<StepState>>,
    }
}
event! {
    /// A workflow was cancelled.
    "Workflow" WorkflowCancelled {
        /// How many steps will not be posted any more.
        steps: u32,
        /// How many of its tasks the market has cancelled.
        tasks: u32,
    }
}
event! {
    /// A batch was cancelled.
    "TaskMarket" BatchCancelled {
        /// What solvers were paid for their trouble, in units of the batch's asset.
        compensation: u128,
    }
}
event! {
    /// A task ended without an answer.
    "TaskMarket" TaskRefunded {
        /// The task.
        task: u64,
        /// What came back, in units of the batch's asset.
        refund: u128,
    }
}
event! {
    /// A payee has what was stranded.
    "TaskMarket" ShareCollected {
        /// How much, in units of the asset.
        amount: u128,
    }
}
event! {
    /// A requester has what was stranded of its budgets.
    "Workflow" BudgetCollected {
        /// How much, in units of the asset.
        amount: u128,
    }
}
event! {
    /// A solver joined.
    "SolverStaking" Joined {
        /// Its stake.
        bonded: u128,
    }
}
event! {
    /// A solver bonded more.
    "SolverStaking" BondIncreased {
        /// Its stake at work now.
        bonded: u128,
    }
}
event! {
    /// Stake is on its way out.
    "SolverStaking" Unbonded {
        /// How much.
        amount: u128,
        /// The block from which it can be withdrawn.
        withdrawable_from: u32,
    }
}
event! {
    /// Stake came back.
    "SolverStaking" Withdrawn {
        /// How much.
        amount: u128,
    }
}
