//! A chain on which one life is lived, and what each step of it takes.

use crate::{
    access::{Access, Place},
    counting::counted,
    declared::{Declaration, Declared, Payer},
    happened::Happened,
    prepared::prepared,
    quiet::{begin, Quiet},
};
use codec::Encode;
use frame_support::traits::{fungible::NativeOrWithId, GetCallMetadata};
use frame_system::{offchain::CreateAuthorizedTransaction, CheckNonce};
use pallet_asset_conversion_tx_payment::ChargeAssetTxPayment;
use pallet_transaction_payment::Event;
use pensum_fuzz::{
    invariants,
    people::Actor,
    state::Chain as Database,
    violation::{hold, Checked, Violation},
    world::World,
};
use pensum_primitives::{operator::Work, AssetId, Balance, BlockNumber};
use pensum_runtime::{
    configs::{operator_call, treasury_account},
    Address, Balances, Executive, Runtime, RuntimeCall, RuntimeEvent, System, UncheckedExtrinsic,
};
use sp_core::Pair;
use sp_keyring::Sr25519Keyring;
use sp_runtime::generic::SignedPayload;
use std::collections::BTreeSet;

/// Who makes all blocks, and has its share of their fees.
const AUTHOR: Sr25519Keyring = Sr25519Keyring::Alice;

/// A transaction, or the hooks of a block, without what the block does anyway.
#[derive(Clone, Debug)]
pub struct Step {
    /// The block.
    pub block: BlockNumber,
    /// The call, or which hooks.
    pub name: String,
    /// What it reads and writes.
    pub access: Access,
    /// The share of the block's weight that it is charged, in picoseconds.
    pub weight: u64,
    /// What is paid for it in fees, prepaid ones included.
    pub fee: Balance,
    /// What its weight says of reads and writes, where it is a transaction whose formula is known.
    pub declared: Option<Declared>,
}

/// What the hooks before a block's transactions are called.
pub const HOOKS_BEFORE: &str = "hooks before";
/// What those after them are called.
const HOOKS_AFTER: &str = "hooks after";

impl Step {
    /// Whether it is the hooks of a block.
    pub fn is_hook(&self) -> bool {
        [HOOKS_BEFORE, HOOKS_AFTER].contains(&self.name.as_str())
    }
}

/// The chain.
pub struct Chain<'a> {
    database: Database,
    /// What people remember, and the books of what must be true.
    pub world: World,
    quiet: &'a mut Quiet,
    entropy: u8,
    events: usize,
    /// What was done so far.
    pub steps: Vec<Step>,
    /// What happened so far.
    pub happened: Happened,
}

impl<'a> Chain<'a> {
    /// A chain with models and solvers on which nothing was asked yet. Its randomness follows from `entropy`.
    pub fn new(quiet: &'a mut Quiet, entropy: u8) -> Self {
        let (mut database, blocks) = prepared();
        let world = database.execute_with(|| World::new(blocks, false));
        Self {
            database,
            world,
            quiet,
            entropy,
            events: 0,
            steps: Vec::new(),
            happened: Happened::default(),
        }
    }

    /// Looks at the state without being counted.
    pub fn look<R>(&mut self, look: impl FnOnce(&mut World) -> R) -> R {
        let world = &mut self.world;
        self.database.execute_with(|| look(world))
    }

    /// Begins the next block.
    pub fn begin(&mut self) -> Checked {
        let blocks = &mut self.world.blocks;
        let entropy = self.entropy;
        let ((), access) = self.database.execute_with(|| counted(|| begin(blocks, entropy)));
        self.events = 0;
        let weight = self.block_weight();
        let calm = self.quiet.block(self.world.blocks.number());
        let (access, weight) = (access.beside(&calm.access), weight.saturating_sub(calm.begun));
        self.note_hooks(HOOKS_BEFORE, access, weight);
        self.observe()
    }

    /// Ends the block.
    pub fn end(&mut self) -> Checked {
        let before = self.block_weight();
        let blocks = &self.world.blocks;
        let ((), access) = self.database.execute_with(|| counted(|| blocks.end()));
        let weight = self.block_weight() - before;
        let calm = self.quiet.block(self.world.blocks.number());
        let (access, weight) = (access.beside(&calm.access), weight.saturating_sub(calm.ended));
        self.note_hooks(HOOKS_AFTER, access, weight);
        self.observe()?;
        self.look(|world| invariants::check(world))?;
        self.forget_transient();
        self.database.commit();
        Ok(())
    }

    /// A key that is not in the database before the block and not after it never gets there, though it is written in the block: the bytes
    /// of a transaction, what is left of its fee.
    fn forget_transient(&mut self) {
        let number = self.world.blocks.number();
        let made = self.steps.iter_mut().filter(|step| step.block == number);
        let steps: Vec<&mut Step> = made.collect();
        let mut block = Access::default();
        steps.iter().for_each(|step| block.extend(&step.access));
        let transient: BTreeSet<Place> = self.database.execute_with(|| {
            let written = block.0.into_iter().filter(|(_, touch)| touch.written.is_some());
            let gone =
                written.filter(|(place, touch)| !touch.existed && !sp_io::storage::exists(place.bytes()));
            gone.map(|(place, _)| place).collect()
        });
        for step in steps {
            step.access.0.retain(|place, _| !transient.contains(place));
        }
        self.steps.retain(|step| !step.access.0.is_empty());
    }

    fn note_hooks(&mut self, name: &str, access: Access, weight: u64) {
        if !access.0.is_empty() {
            self.steps.push(Step {
                block: self.world.blocks.number(),
                name: name.into(),
                access,
                weight,
                fee: 0,
                declared: None,
            });
        }
    }

    fn block_weight(&mut self) -> u64 {
        self.look(|_| System::block_weight().total().ref_time())
    }

    /// Sends a signed transaction, whose fee is paid in this asset or in PEN.
    pub fn submit(&mut self, who: Sr25519Keyring, call: RuntimeCall, asset: Option<AssetId>) -> Checked {
        let transaction = self.look(|_| sign(who, call.clone(), asset))?;
        let payer = match asset {
            None => Payer::InPen,
            Some(_) => Payer::InAsset,
        };
        self.apply(call, transaction, payer)
    }

    /// Sends what an operator signs.
    pub fn send(&mut self, actor: &Actor, work: Work) -> Checked {
        let operator = actor.pair.public();
        let genesis = self.look(|_| System::block_hash(0));
        let signature = actor.pair.sign(&work.payload(genesis, &operator));
        if let Work::Answer(answers) = &work {
            let traces = answers
                .iter()
                .filter_map(|answer| Some((answer.task, answer.trace.clone()?)));
            self.world.memory.traces.extend(traces);
        }
        let call = operator_call(operator, work, signature)
            .map_err(|error| Violation(format!("no call carries this work: {error:?}")))?;
        let transaction =
            <Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_authorized_transaction(
                call.clone(),
            );
        self.apply(call, transaction, Payer::Nobody)
    }

    fn apply(&mut self, call: RuntimeCall, transaction: UncheckedExtrinsic, payer: Payer) -> Checked {
        let metadata = call.get_call_metadata();
        let name = format!("{}.{}", metadata.pallet_name, metadata.function_name);
        let (weight, fees) = (self.block_weight(), self.collected());
        let declaration = self.look(|_| Declaration::before(&call, payer));
        let (applied, access) = self
            .database
            .execute_with(|| counted(|| Executive::apply_extrinsic(transaction)));
        hold(applied == Ok(Ok(())), || format!("{name} fails: {applied:?}"))?;
        let weight = self.block_weight() - weight;
        let declared = self.look(|_| declaration.after());
        hold(declared.is_none_or(|parts| parts.weight() == weight), || {
            format!("{name} is charged {weight} ps, and {declared:?} were expected")
        })?;
        let fee = match (payer, settles(&call)) {
            // An operator pays nothing; what the treasury has of an answer is a share of its price.
            (Payer::Nobody, _) => 0,
            (_, true) => self.included_for(),
            (_, false) => self.collected() - fees,
        };
        let number = self.world.blocks.number();
        let calm = self.quiet.block(number);
        self.steps.push(Step {
            block: number,
            name,
            access: access.beside(&calm.access),
            weight,
            fee,
            declared,
        });
        self.observe()
    }

    /// What the last transaction paid for its inclusion in PEN.
    fn included_for(&mut self) -> Balance {
        let skip = self.events;
        self.look(|_| {
            let events = System::read_events_no_consensus().skip(skip);
            let fees = events.filter_map(|record| match record.event {
                RuntimeEvent::TransactionPayment(Event::TransactionFeePaid { actual_fee, .. }) => {
                    Some(actual_fee)
                }
                _ => None,
            });
            fees.sum()
        })
    }

    /// What those own who have the fees.
    fn collected(&mut self) -> Balance {
        self.look(|_| {
            [AUTHOR.to_account_id(), treasury_account()]
                .iter()
                .map(Balances::free_balance)
                .sum()
        })
    }

    /// Takes in new events.
    fn observe(&mut self) -> Checked {
        let skip = self.events;
        let (events, noted) = self.look(|world| {
            let events: Vec<RuntimeEvent> = System::read_events_no_consensus()
                .skip(skip)
                .map(|record| record.event)
                .collect();
            invariants::learn(world);
            let noted = events.iter().try_for_each(|event| world.ledger.note(event));
            (events, noted)
        });
        noted?;
        self.events += events.len();
        for event in &events {
            self.happened.note(event);
        }
        Ok(())
    }
}

/// Whether a call pays for an answer, of whose price the treasury has a share.
fn settles(call: &RuntimeCall) -> bool {
    use pallet_task_market::Call;
    matches!(call, RuntimeCall::TaskMarket(Call::accept { .. }))
}

/// A signed transaction with the account's next nonce, valid for ever.
fn sign(who: Sr25519Keyring, call: RuntimeCall, asset: Option<AssetId>) -> Checked<UncheckedExtrinsic> {
    let account = who.to_account_id();
    let mut extension = <Runtime as CreateAuthorizedTransaction<RuntimeCall>>::create_extension();
    extension.6 = CheckNonce::from(System::account_nonce(&account));
    extension.8 = ChargeAssetTxPayment::from(0, asset.map(NativeOrWithId::WithId));
    let payload = SignedPayload::new(call, extension)
        .map_err(|error| Violation(format!("nothing to sign: {error:?}")))?;
    let signature = payload.using_encoded(|bytes| who.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    Ok(UncheckedExtrinsic::new_signed(
        call,
        Address::from(account),
        signature.into(),
        extension,
    ))
}
