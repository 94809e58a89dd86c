//! Models, answers and proofs to test with.

use crate::{mock::*, Call, Error};
use frame_support::{
    assert_noop,
    dispatch::{DispatchErrorWithPostInfo, PostDispatchInfo},
    traits::{Authorize, UnfilteredDispatchable},
};
use frame_system::RawOrigin;
use pensum_primitives::{
    operator::{open_payload, OperatorSignature},
    step::{trace_digest, Reads, Step},
    task::{Input, Trace},
    traits::Claim,
    AccountId, BatchId, BlockNumber, Digest, ModelId, TaskId,
};
use sp_core::Pair;
use sp_runtime::transaction_validity::{
    InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction,
};

pub const TASK: TaskId = BatchId(1).task(0);
pub const MODEL: ModelId = ModelId(Digest::repeat_byte(1));
/// How many blocks a claim of these tests stays open.
pub const WINDOW: BlockNumber = 20;

/// Two nodes read the input, the third both of them, the fourth the third and the input again.
pub fn register_diamond() {
    AllModels::register(
        MODEL,
        vec![
            node(&[Reads::Input], b"first"),
            node(&[Reads::Input], b"second"),
            node(&[Reads::Node(0), Reads::Node(1)], b"third"),
            node(&[Reads::Node(2), Reads::Input], b""),
        ],
    );
}

/// An answer, honest or not, with everything that went into its trace.
#[derive(Clone, Debug)]
pub struct Answer {
    pub task: TaskId,
    pub solver: AccountId,
    pub model: ModelId,
    pub input: Vec<u8>,
    pub blob: bool,
    pub outputs: Vec<Vec<u8>>,
}

impl Answer {
    /// Solver 1's honest answer.
    pub fn honest(task: TaskId) -> Self {
        Self::lying(task, &[])
    }

    /// Solver 1's answer where these nodes say something else than they computed.
    pub fn lying(task: TaskId, lies: &[u16]) -> Self {
        let input = task.0.to_le_bytes().to_vec();
        let lie = |node: u16, output: Vec<u8>| {
            if lies.contains(&node) {
                output.iter().map(|byte| byte ^ 1).collect()
            } else {
                output
            }
        };
        Self {
            task,
            solver: solver(1),
            model: MODEL,
            outputs: AllModels::run(MODEL, &input, lie),
            input,
            blob: false,
        }
    }

    pub fn by(mut self, number: u8) -> Self {
        self.solver = solver(number);
        self
    }

    /// The task names its input by digest.
    pub fn with_blob(mut self) -> Self {
        self.blob = true;
        self
    }

    pub fn trace(&self) -> Trace {
        trace_of(&self.outputs)
    }

    pub fn step(&self, node: u16) -> Step {
        AllModels::step(self.model, &self.input, &self.outputs, node)
    }

    pub fn as_claim(&self) -> (TaskId, Claim) {
        let input = if self.blob {
            Input::Blob {
                digest: sp_io::hashing::sha2_256(&self.input).into(),
                len: self.input.len() as u32,
            }
        } else {
            Input::Inline(self.input.clone().try_into().unwrap())
        };
        let claim = Claim {
            solver: self.solver.clone(),
            model: self.model,
            input,
            trace: trace_digest(&self.trace()),
            until: System::block_number() + WINDOW,
            price: 100,
        };
        (self.task, claim)
    }

    /// The solver answers now.
    pub fn claim(self) -> Self {
        Market::claim_now(vec![self.as_claim()]);
        self
    }

    /// The same, with a window of so many blocks.
    pub fn claim_for(self, window: BlockNumber) -> Self {
        let (task, mut claim) = self.as_claim();
        claim.until = System::block_number() + window;
        Market::claim_now(vec![(task, claim)]);
        self
    }

    /// A proof by `who` that this node is wrong.
    pub fn challenged_by(
        &self,
        who: AccountId,
        node: u16,
    ) -> Result<PostDispatchInfo, DispatchErrorWithPostInfo> {
        challenge(who, self.task, self.trace(), self.step(node))
    }

    /// The evidence that a step of this node makes.
    pub fn evidence(&self, node: u16) -> Digest {
        crate::proof::evidence(&self.trace(), &self.step(node))
    }
}

pub fn challenge(
    who: AccountId,
    task: TaskId,
    trace: Trace,
    step: Step,
) -> Result<PostDispatchInfo, DispatchErrorWithPostInfo> {
    RuntimeCall::from(Call::challenge { task, trace, step })
        .dispatch_bypass_filter(RuntimeOrigin::signed(who))
}

/// A challenge must fail so, and change nothing.
#[track_caller]
pub fn refused(who: AccountId, task: TaskId, trace: Trace, step: Step, error: Error<Test>) {
    let dispatched = || challenge(who, task, trace, step).map_err(|failed| failed.error);
    assert_noop!(dispatched(), sp_runtime::DispatchError::from(error));
}

/// The opening of a step, signed by the operator of solver `number`.
pub fn opening(number: u8, task: TaskId, trace: Trace, step: Step) -> Call<Test> {
    let pair = operator(number);
    let content = crate::proof::evidence(&trace, &step);
    let payload = open_payload(System::block_hash(0), &pair.public(), task, content);
    signed_opening(number, task, trace, step, pair.sign(&payload))
}

pub fn signed_opening(
    number: u8,
    task: TaskId,
    trace: Trace,
    step: Step,
    signature: OperatorSignature,
) -> Call<Test> {
    Call::open {
        operator: operator(number).public(),
        task,
        trace,
        step,
        signature,
    }
}

/// What the pool says to an operator's transaction.
pub fn validate(call: &Call<Test>) -> Result<ValidTransaction, u8> {
    let valid = RuntimeCall::from(call.clone())
        .authorize(TransactionSource::External)
        .expect("an operator's call is authorised");
    match valid {
        Ok((valid, _)) => Ok(valid),
        Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(code))) => Err(code),
        Err(other) => panic!("refused without a code: {other:?}"),
    }
}

/// The transaction gets into a block and is executed.
#[track_caller]
pub fn include(call: Call<Test>) -> PostDispatchInfo {
    validate(&call).unwrap();
    RuntimeCall::from(call)
        .dispatch_bypass_filter(RawOrigin::Authorized.into())
        .unwrap()
}

/// From now on every node of every answer is opened.
pub fn audit_everything() {
    AuditShare::set(1_000_000);
}
