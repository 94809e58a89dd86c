//! What one step shows about a trace.

use crate::{types::Flaw, Config, Pallet};
use codec::Encode;
use frame_support::ensure;
use pensum_primitives::{
    step::{Executed, NodeInfo, Reads, Step},
    task::{Input, Trace},
    traits::{Claim, Models},
    Digest,
};

/// What came of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Finding {
    /// The node's output is what the trace says.
    Right,
    /// It is another.
    Wrong,
    /// The node cannot be run on what it reads.
    Broken,
    /// The step proves nothing.
    Flawed(Flaw),
}

/// Digest of a trace and a step: the evidence that events and slashes name, and what an operator signs.
pub(crate) fn evidence(trace: &Trace, step: &Step) -> Digest {
    sp_io::hashing::blake2_256(&(trace, step).encode()).into()
}

impl<T: Config> Pallet<T> {
    /// Checks the step against trace and input, executes it and compares the output with the trace.
    pub(crate) fn examine(claim: &Claim, trace: &Trace, step: &Step) -> Finding {
        let Some(said) = trace.get(usize::from(step.node)) else {
            return Finding::Flawed(Flaw::NodeUnknown);
        };
        let checked = T::Models::node(&claim.model, step.node)
            .ok_or(Flaw::NodeUnknown)
            .and_then(|node| Self::check_inputs(claim, trace, &node, step));
        if let Err(flaw) = checked {
            return Finding::Flawed(flaw);
        }
        match T::Models::execute(&claim.model, step) {
            Executed::Output(output) if output == *said => Finding::Right,
            // No answer to an input that cannot be read is right: an honest solver gives the task back.
            Executed::Output(_) | Executed::Unreadable => Finding::Wrong,
            Executed::Malformed => Finding::Flawed(Flaw::StepMismatch),
            Executed::Broken => Finding::Broken,
        }
    }

    /// Whether the step brings exactly the tensors that the node reads: the task's input as it was given, and outputs to which the
    /// solver itself committed. The solver's own word is what a step is measured by, so nobody can frame it.
    pub(crate) fn check_inputs(
        claim: &Claim,
        trace: &Trace,
        node: &NodeInfo,
        step: &Step,
    ) -> Result<(), Flaw> {
        ensure!(step.inputs.len() == node.reads.len(), Flaw::InputsMismatch);
        let fits = |(read, tensor): (&Reads, &[u8])| match read {
            Reads::Input => is_input(&claim.input, tensor),
            Reads::Node(maker) => trace
                .get(usize::from(*maker))
                .is_some_and(|digest| sp_io::hashing::blake2_256(tensor) == digest.0),
        };
        let tensors = step.inputs.iter().map(|tensor| tensor.as_slice());
        ensure!(node.reads.iter().zip(tensors).all(fits), Flaw::InputsMismatch);
        Ok(())
    }
}

fn is_input(input: &Input, bytes: &[u8]) -> bool {
    match input {
        Input::Inline(inline) => inline.as_slice() == bytes,
        Input::Blob { digest, len } => {
            bytes.len() as u32 == *len && sp_io::hashing::sha2_256(bytes) == digest.0
        }
    }
}
