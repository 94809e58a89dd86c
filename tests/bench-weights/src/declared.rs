//! What the weight of a transaction says of reads and writes.
//!
//! A weight is one number. The formulas behind it are evaluated here with other prices of the database, which gives its parts. That
//! they are the runtime's formulas is shown by their sum: it must be what the runtime charged, to the picosecond.

use frame_support::{
    dispatch::GetDispatchInfo,
    traits::Get,
    weights::{RuntimeDbWeight, Weight},
};
use frame_system::ExtensionsWeightInfo as _;
use pallet_asset_conversion_tx_payment::WeightInfo as _;
use pallet_auction::WeightInfo as _;
use pallet_balances::WeightInfo as _;
use pallet_dispute::WeightInfo as _;
use pallet_panel::WeightInfo as _;
use pallet_task_market::WeightInfo as _;
use pensum_primitives::{task::Answer, task::Input, traits::Models, AssetId, BatchId};
use pensum_runtime::{
    constants::{block::DB_WEIGHT, solver},
    AttestationRegistry, Runtime, RuntimeCall,
};
use std::cell::Cell;

/// Payees of one solver's answers, as the market charges for them: the solver, its delegators, the publisher and the treasury.
const PAYEES: u32 = 4;

/// Who pays for a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Payer {
    /// Nobody: an operator signed its work.
    Nobody,
    /// Its signer, in PEN.
    InPen,
    /// Its signer, in an asset.
    InAsset,
}

thread_local! {
    static PRICES: Cell<RuntimeDbWeight> = const { Cell::new(DB_WEIGHT) };
}

/// The prices of the database that are set now.
pub struct Prices;

impl Get<RuntimeDbWeight> for Prices {
    fn get() -> RuntimeDbWeight {
        PRICES.get()
    }
}

/// A runtime that has nothing but prices of its database.
// The macro asks for a feature `std` that this crate has no need of.
#[allow(missing_docs, unexpected_cfgs)]
mod meter {
    use super::Prices;
    use frame_support::derive_impl;

    #[frame_support::runtime]
    mod runtime {
        #[runtime::runtime]
        #[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeTask)]
        pub struct Meter;

        #[runtime::pallet_index(0)]
        pub type System = frame_system::Pallet<Meter>;
    }

    #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
    impl frame_system::Config for Meter {
        type Block = frame_system::mocking::MockBlock<Meter>;
        type DbWeight = Prices;
    }
}

use meter::Meter;

type System = frame_system::SubstrateExtensionsWeight<Meter>;
type Payment = pallet_asset_conversion_tx_payment::weights::SubstrateWeight<Meter>;
type Balances = pallet_balances::weights::SubstrateWeight<Meter>;
type Market = pallet_task_market::weights::SubstrateWeight<Meter, { solver::MAX_CANDIDATES }>;
type Auctions = pallet_auction::weights::SubstrateWeight<Meter>;
type Disputes = pallet_dispute::weights::SubstrateWeight<Meter>;
type Panels = pallet_panel::weights::SubstrateWeight<Meter, { solver::MAX_OFFERS_PER_MODEL }>;

/// The parts of a weight.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Declared {
    /// Picoseconds beside the database.
    pub time: u64,
    /// Reads.
    pub reads: u64,
    /// Writes.
    pub writes: u64,
}

impl Declared {
    fn of(formula: &dyn Fn() -> Weight) -> Self {
        let at = |read, write| {
            PRICES.set(RuntimeDbWeight { read, write });
            formula().ref_time()
        };
        let time = at(0, 0);
        let parts = Self {
            time,
            reads: at(1, 0) - time,
            writes: at(0, 1) - time,
        };
        PRICES.set(DB_WEIGHT);
        parts
    }

    /// All of it, in picoseconds.
    pub fn weight(&self) -> u64 {
        self.time + self.reads * DB_WEIGHT.read + self.writes * DB_WEIGHT.write
    }
}

/// The formula of a transaction's weight, as far as it is known.
pub struct Declaration {
    call: RuntimeCall,
    base: u64,
    payer: Payer,
    /// The weight of the call, where it follows from what was there before.
    known: Option<Box<dyn Fn() -> Weight>>,
}

impl Declaration {
    /// That of a transaction which is about to be applied.
    pub fn before(call: &RuntimeCall, payer: Payer) -> Self {
        let class = call.get_dispatch_info().class;
        let limits = <Runtime as frame_system::Config>::BlockWeights::get();
        Self {
            call: call.clone(),
            base: limits.get(class).base_extrinsic.ref_time(),
            payer,
            known: of_call(call),
        }
    }

    /// That of the same transaction, which has been applied.
    pub fn after(self) -> Option<Declared> {
        let call = self.known.or_else(|| of_post(&self.call))?;
        let (base, payer) = (self.base, self.payer);
        Some(Declared::of(&|| {
            call()
                .saturating_add(extensions(payer))
                .saturating_add(Weight::from_parts(base, 0))
        }))
    }
}

/// What all transactions pass through. What does not concern one that nobody signs is given back.
fn extensions(payer: Payer) -> Weight {
    let always = System::check_non_zero_sender()
        .saturating_add(System::check_spec_version())
        .saturating_add(System::check_tx_version())
        .saturating_add(System::check_genesis())
        .saturating_add(System::check_mortality_immortal_transaction())
        .saturating_add(System::check_weight())
        .saturating_add(System::weight_reclaim());
    let payment = match payer {
        Payer::Nobody => return always,
        Payer::InPen => Payment::charge_asset_tx_payment_native(),
        Payer::InAsset => Payment::charge_asset_tx_payment_asset(),
    };
    always
        .saturating_add(System::check_nonce())
        .saturating_add(payment)
}

/// What the market charges more for paying one solver in another asset than PEN.
fn bill(asset: Option<AssetId>) -> Weight {
    asset.map_or(Weight::zero(), |_| Market::pay_asset(1, PAYEES))
}

/// The weight of a call with its authorisation, where it follows from the call and from what is there before.
fn of_call(call: &RuntimeCall) -> Option<Box<dyn Fn() -> Weight>> {
    use pallet_auction::Call as Auction;
    use pallet_dispute::Call as Dispute;
    use pallet_panel::Call as Panel;
    use pallet_task_market::Call as Task;
    Some(match call {
        RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { .. }) => {
            Box::new(Balances::transfer_keep_alive)
        }
        RuntimeCall::TaskMarket(Task::answer { answers, .. }) => of_answers(answers)?,
        RuntimeCall::TaskMarket(Task::accept { batch }) => {
            let asset = pallet_task_market::Batches::<Runtime>::get(batch)?.asset();
            Box::new(move || Market::accept().saturating_add(bill(asset)))
        }
        RuntimeCall::TaskMarket(Task::appeal { .. }) => Box::new(Market::appeal),
        RuntimeCall::Auction(Auction::take { .. }) => {
            Box::new(|| Auctions::take().saturating_add(Auctions::authorize_take()))
        }
        RuntimeCall::Auction(Auction::bid { .. }) => {
            Box::new(|| Auctions::bid().saturating_add(Auctions::authorize_bid()))
        }
        RuntimeCall::Auction(Auction::reveal_bid { .. }) => {
            Box::new(|| Auctions::reveal_bid().saturating_add(Auctions::authorize_reveal_bid()))
        }
        RuntimeCall::Panel(Panel::commit { .. }) => {
            Box::new(|| Panels::commit().saturating_add(Panels::authorize(0)))
        }
        RuntimeCall::Panel(Panel::reveal { ballot, .. }) => {
            let bytes = codec::Encode::encoded_size(ballot) as u32;
            Box::new(move || Panels::reveal(bytes).saturating_add(Panels::authorize(bytes)))
        }
        RuntimeCall::Dispute(Dispute::open {
            task, trace, step, ..
        }) => {
            let (nodes, bytes) = (trace.len() as u32, step.bytes());
            let batch = pallet_task_market::Batches::<Runtime>::get(task.batch())?;
            let cost = <AttestationRegistry as Models>::node(&batch.model, step.node)?.cost;
            Box::new(move || {
                Disputes::open(nodes, bytes)
                    .saturating_add(Disputes::execute(cost))
                    .saturating_add(Disputes::authorize_open(nodes, bytes))
            })
        }
        _ => return None,
    })
}

/// A sheet of answers to one batch.
fn of_answers(answers: &[Answer]) -> Option<Box<dyn Fn() -> Weight>> {
    let batch = pallet_task_market::Batches::<Runtime>::get(answers.first()?.task.batch())?;
    let tasks = answers.len() as u32;
    let bytes = answers
        .iter()
        .map(|answer| {
            let blob = answer.blob.as_ref().map_or(0, |blob| blob.len());
            let trace = answer.trace.as_ref().map_or(0, |trace| trace.len() * 32);
            (answer.output.len() + blob + trace) as u32
        })
        .sum();
    let authorisation = move || Market::authorize_answer(1, tasks, bytes);
    if !batch.settles_at_once() {
        return Some(Box::new(move || {
            Market::claim(1, tasks).saturating_add(authorisation())
        }));
    }
    let entry = <AttestationRegistry as Models>::entry(&batch.model)?;
    let lens = answers
        .iter()
        .filter_map(|answer| Some(batch.task(answer.task.place())?.len));
    let work = lens.map(|len| entry.cost(len)).sum();
    let asset = batch.asset();
    Some(Box::new(move || {
        Market::answer(1, tasks)
            .saturating_add(bill(asset))
            .saturating_add(Market::load_graph(1))
            .saturating_add(Market::replay(work))
            .saturating_add(authorisation())
    }))
}

/// A post, by what became of it.
fn of_post(call: &RuntimeCall) -> Option<Box<dyn Fn() -> Weight>> {
    let RuntimeCall::TaskMarket(pallet_task_market::Call::post { terms, inputs }) = call else {
        return None;
    };
    let tasks = inputs.len() as u32;
    let bytes = inputs.iter().map(Input::len).sum();
    let last = pallet_task_market::NextBatch::<Runtime>::get().0.checked_sub(1)?;
    let parts = pallet_task_market::Batches::<Runtime>::get(BatchId(last))?
        .parts
        .len() as u32;
    let in_asset = terms.asset.is_some();
    Some(Box::new(move || {
        let post = match parts {
            0 => Market::open(tasks, bytes),
            _ => Market::post(tasks, bytes, parts),
        };
        match in_asset {
            true => post.saturating_add(Market::post_asset()),
            false => post,
        }
    }))
}
