//! Sheets of answers: what a batch takes of block space, which its requester prepays, and what a sheet weighs.

use crate::{
    limits::{MAX_SHEETS, PANEL_ROUNDS},
    payment::PAYEES,
    types::{Batch, Sheet},
    weights::WeightInfo,
    Batches, Config, Pallet,
};
use alloc::vec::Vec;
use frame_support::weights::Weight;
use pensum_primitives::{
    matching::Matching,
    model::ModelEntry,
    task::{Answer, Terms},
    traits::{Auctions, Disputes, Models, Panels},
    verification::Verification,
    AssetId, ModelId,
};
use sp_runtime::SaturatedConversion;

/// Bytes of one digest in a trace.
const DIGEST: u32 = 32;

/// What must be done for a batch before it settles.
pub(crate) struct Work {
    model: ModelId,
    matching: Matching,
    verification: Verification,
    /// What pays; none is PEN.
    asset: Option<AssetId>,
    /// Length of each input.
    lens: Vec<u32>,
    /// Bytes of all outputs and traces.
    outputs: u32,
    /// Multiply-accumulates of replaying all of it.
    replay: u64,
}

impl Work {
    /// The work for inputs of these lengths.
    pub fn new<T: Config>(terms: &Terms, entry: &ModelEntry, lens: Vec<u32>) -> Self {
        let nodes = if terms.verification.is_traced() {
            T::Models::nodes(&terms.model).unwrap_or_default()
        } else {
            0
        };
        let each = entry
            .output_len
            .saturating_add(u32::from(nodes).saturating_mul(DIGEST));
        Self {
            model: terms.model,
            matching: terms.matching,
            asset: terms.asset,
            verification: terms.verification.clone(),
            outputs: each.saturating_mul(lens.len() as u32),
            replay: lens
                .iter()
                .fold(0, |sum: u64, len| sum.saturating_add(entry.cost(*len))),
            lens,
        }
    }

    fn tasks(&self) -> u32 {
        self.lens.len() as u32
    }

    /// Weight of answering all of it in one sheet, authorisation included.
    pub fn sheet<T: Config>(&self) -> Weight {
        let tasks = self.tasks();
        match self.verification {
            // Panels do not hand in sheets.
            Verification::Quorum { .. } => Weight::zero(),
            Verification::Replay { window: 0 } => {
                let inputs = self.lens.iter().fold(0, |sum: u32, len| sum.saturating_add(*len));
                T::WeightInfo::authorize_answer(1, tasks, self.outputs.saturating_add(inputs))
                    .saturating_add(T::WeightInfo::answer(1, tasks))
                    .saturating_add(T::WeightInfo::load_graph(1))
                    .saturating_add(T::WeightInfo::replay(self.replay))
                    .saturating_add(Pallet::<T>::extra_of_bills(self.asset, 1, PAYEES))
            }
            Verification::Replay { .. } | Verification::Requester { .. } => {
                T::WeightInfo::authorize_answer(1, tasks, self.outputs)
                    .saturating_add(T::WeightInfo::claim(1, tasks))
            }
        }
    }

    /// Weight that the requester pays in advance: everything that others do for free until the batch has settled, with one
    /// hand-over or refund.
    pub fn prepaid<T: Config>(&self) -> Weight {
        let tasks = self.tasks();
        // One solver's answers paid, and one refund.
        let pay = Pallet::<T>::extra_of_bills(self.asset, 1, PAYEES);
        let refund = Pallet::<T>::extra_of_bills(self.asset, 1, 1);
        let verification = match self.verification {
            Verification::Quorum { solvers, .. } => {
                let members = u32::from(solvers).saturating_mul(2);
                let payees = members.saturating_mul(2).saturating_add(2);
                T::Panels::prepaid_weight(solvers, PANEL_ROUNDS, tasks)
                    .saturating_add(T::WeightInfo::decide(tasks, members))
                    .saturating_add(Pallet::<T>::extra_of_bills(self.asset, 1, payees))
            }
            Verification::Replay { window: 0 } => {
                let further_sheets = tasks.min(MAX_SHEETS.into()).saturating_sub(1);
                let further_sheet = T::WeightInfo::authorize_answer(1, 0, 0)
                    .saturating_add(T::WeightInfo::answer(1, 0))
                    .saturating_add(T::WeightInfo::load_graph(1))
                    .saturating_add(pay);
                further_sheet
                    .saturating_mul(further_sheets.into())
                    .saturating_add(T::WeightInfo::hand_over(1, tasks))
                    .saturating_add(refund)
            }
            Verification::Replay { .. } => T::Disputes::prepaid_weight(&self.model)
                .saturating_mul(tasks.into())
                .saturating_add(T::WeightInfo::settle_claims(1, tasks))
                .saturating_add(T::WeightInfo::hand_over(1, tasks))
                .saturating_add(pay)
                .saturating_add(refund),
            Verification::Requester { .. } => T::WeightInfo::settle_claims(1, tasks)
                .saturating_add(T::WeightInfo::hand_over(1, tasks))
                .saturating_add(pay)
                .saturating_add(refund),
        };
        let matching = match self.matching {
            Matching::Book => Weight::zero(),
            Matching::Dutch { .. } | Matching::Sealed { .. } => {
                T::Auctions::prepaid_weight(&self.matching).saturating_add(T::WeightInfo::award(tasks))
            }
        };
        self.sheet::<T>()
            .saturating_add(verification)
            .saturating_add(matching)
    }
}

impl<T: Config> Pallet<T> {
    /// Upper bound of the weight of answering this sheet, without its authorisation: settling and replaying it, and handing
    /// over every part in it. Answers to nothing that lives weigh nothing: they never get into a block.
    pub(crate) fn answer_weight(answers: &Sheet) -> Weight {
        Self::sheet_weight_with(answers, |batch| Self::hand_over_weight(batch, batch.tasks()))
    }

    /// Weight of replaying and settling this sheet, if all of it is right.
    pub(crate) fn replay_weight(answers: &Sheet) -> Weight {
        Self::sheet_weight_with(answers, |_| Weight::zero())
    }

    /// Reads the batches and their models, which validation and dispatch read again from the cache.
    fn sheet_weight_with(answers: &Sheet, of_failure: impl Fn(&Batch) -> Weight) -> Weight {
        by_batch(answers).fold(Weight::zero(), |weight, answers| {
            let Some(batch) = answers
                .first()
                .and_then(|answer| Batches::<T>::get(answer.task.batch()))
            else {
                return weight;
            };
            let tasks = answers.len().saturated_into();
            if !batch.settles_at_once() {
                return weight.saturating_add(T::WeightInfo::claim(1, tasks));
            }
            let entry = T::Models::entry(&batch.model);
            let lens = answers
                .iter()
                .filter_map(|answer| batch.part_with(answer.task.place())?.task(answer.task.place()))
                .map(|task| task.len);
            let work = lens.fold(0, |work: u64, len| {
                work.saturating_add(entry.as_ref().map_or(0, |entry| entry.cost(len)))
            });
            weight
                .saturating_add(T::WeightInfo::answer(1, tasks))
                .saturating_add(T::WeightInfo::load_graph(1))
                .saturating_add(T::WeightInfo::replay(work))
                .saturating_add(Self::extra_of_bills(batch.asset(), 1, PAYEES))
                .saturating_add(of_failure(&batch))
        })
    }

    /// Weight of authorising a sheet.
    pub(crate) fn authorize_answer_weight(answers: &Sheet) -> Weight {
        let bytes = answers.iter().fold(0, |sum: u32, answer| {
            let blob = answer.blob.as_ref().map_or(0, |blob| blob.len() as u32);
            let trace = answer.trace.as_ref().map_or(0, |trace| trace.len() as u32);
            sum.saturating_add(answer.output.len() as u32)
                .saturating_add(blob)
                .saturating_add(trace.saturating_mul(DIGEST))
        });
        T::WeightInfo::authorize_answer(by_batch(answers).count() as u32, answers.len() as u32, bytes)
    }
}

/// The answers of a sheet, batch by batch.
pub(crate) fn by_batch(answers: &[Answer]) -> impl Iterator<Item = &[Answer]> {
    answers.chunk_by(|one, next| one.task.batch() == next.task.batch())
}
