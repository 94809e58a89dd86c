//! The calls that the commands make, with their arguments by name.

mod terms;
mod workflow;

pub use workflow::{cancel_workflow, collect_budget, run_workflow};

use crate::{
    asset::{Currency, Money},
    input::Input,
    manifest::Weights,
    transaction::Call,
    view::Offer,
    AccountId, Amount, AssetId, BatchId, BlockNumber, ModelId, TaskId,
};
use pensum_primitives::{
    matching::Matching,
    model::{InputSchema, Manifest, ModelKind, OutputSchema},
    step::Step,
    verification::Verification,
    Digest,
};
use subxt::{dynamic::Value, ext::scale_value::Composite, tx};

/// The terms on which a batch is posted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Terms {
    /// The model that shall answer.
    pub model: ModelId,
    /// Most that one task may cost, in what pays for it.
    pub max_reward: Money,
    /// The last block in which an answer is of use.
    pub deadline: BlockNumber,
    /// How the solver is chosen.
    pub matching: Matching,
    /// How the answer is verified.
    pub verification: Verification,
    /// Least reputation of a solver, in parts per million.
    pub min_reputation: u32,
    /// Take the model even if it is flagged.
    pub allow_flagged: bool,
}

fn call<const N: usize>(pallet: &str, name: &str, arguments: [(&str, Value); N]) -> Call {
    tx::dynamic(pallet, name, Composite::named(arguments))
}

fn model(id: ModelId) -> Value {
    Value::from_bytes(id.0)
}

fn option(value: Option<Value>) -> Value {
    match value {
        Some(value) => Value::unnamed_variant("Some", [value]),
        None => Value::unnamed_variant("None", []),
    }
}

fn asset(currency: &Currency) -> Value {
    option(currency.id().map(number))
}

fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::unnamed_composite(items)
}

fn number(number: impl Into<u128>) -> Value {
    Value::u128(number.into())
}

/// `TaskMarket.post`.
pub fn post(posted: &Terms, inputs: &[Input]) -> Call {
    let terms = Value::named_composite([
        ("model", model(posted.model)),
        ("max_reward", number(posted.max_reward.units)),
        ("asset", asset(&posted.max_reward.currency)),
        ("deadline", number(posted.deadline)),
        ("matching", terms::matching(posted.matching)),
        ("verification", terms::verification(&posted.verification)),
        ("min_reputation", number(posted.min_reputation)),
        ("allow_flagged", Value::bool(posted.allow_flagged)),
    ]);
    let inputs = list(inputs.iter().map(terms::input));
    call("TaskMarket", "post", [("terms", terms), ("inputs", inputs)])
}

/// `TaskMarket.cancel`.
pub fn cancel(batch: BatchId) -> Call {
    call("TaskMarket", "cancel", [("batch", number(batch.0))])
}

/// `TaskMarket.accept`.
pub fn accept(batch: BatchId) -> Call {
    call("TaskMarket", "accept", [("batch", number(batch.0))])
}

/// `TaskMarket.appeal`.
pub fn appeal(task: TaskId) -> Call {
    call("TaskMarket", "appeal", [("task", number(task.0))])
}

/// `TaskMarket.collect`.
pub fn collect(payee: &AccountId, requester: &AccountId, asset: AssetId) -> Call {
    let arguments = [
        ("payee", Value::from_bytes(payee)),
        ("requester", Value::from_bytes(requester)),
        ("asset", number(asset)),
    ];
    call("TaskMarket", "collect", arguments)
}

/// `Dispute.challenge`.
pub fn challenge(task: TaskId, trace: &[Digest], step: &Step) -> Call {
    let step = Value::named_composite([
        ("node", number(step.node)),
        ("weights", Value::from_bytes(&step.weights)),
        ("inputs", list(step.inputs.iter().map(Value::from_bytes))),
    ]);
    let arguments = [
        ("task", number(task.0)),
        ("trace", list(trace.iter().map(Value::from_bytes))),
        ("step", step),
    ];
    call("Dispute", "challenge", arguments)
}

/// `SolverStaking.join`.
pub fn join(operator: [u8; 32], proof: [u8; 64], bond: Amount) -> Call {
    call(
        "SolverStaking",
        "join",
        [
            ("operator", Value::from_bytes(operator)),
            ("proof", Value::from_bytes(proof)),
            ("bond", number(bond.0)),
        ],
    )
}

/// `SolverStaking.set_operator`.
pub fn set_operator(operator: [u8; 32], proof: [u8; 64]) -> Call {
    let arguments = [
        ("operator", Value::from_bytes(operator)),
        ("proof", Value::from_bytes(proof)),
    ];
    call("SolverStaking", "set_operator", arguments)
}

/// `SolverStaking.bond_extra`.
pub fn bond_extra(amount: Amount) -> Call {
    call("SolverStaking", "bond_extra", [("amount", number(amount.0))])
}

/// `SolverStaking.unbond`.
pub fn unbond(amount: Amount) -> Call {
    call("SolverStaking", "unbond", [("amount", number(amount.0))])
}

/// `SolverStaking.withdraw_unbonded`.
pub fn withdraw_unbonded() -> Call {
    call("SolverStaking", "withdraw_unbonded", [])
}

/// `SolverStaking.leave`.
pub fn leave() -> Call {
    call("SolverStaking", "leave", [])
}

/// `SolverStaking.unjail`.
pub fn unjail() -> Call {
    call("SolverStaking", "unjail", [])
}

/// `SolverStaking.set_offer`.
pub fn set_offer(id: ModelId, offer: &Offer) -> Call {
    let offer = Value::named_composite([
        ("base", number(offer.base)),
        ("per_byte", number(offer.per_byte)),
        ("min_reward", number(offer.min_reward)),
        ("capacity", number(offer.capacity)),
        ("unit", Value::unnamed_variant(format!("{:?}", offer.unit), [])),
    ]);
    call(
        "SolverStaking",
        "set_offer",
        [("model", model(id)), ("offer", offer)],
    )
}

/// `SolverStaking.withdraw_offer`.
pub fn withdraw_offer(id: ModelId) -> Call {
    call("SolverStaking", "withdraw_offer", [("model", model(id))])
}

/// `SolverStaking.delegate`.
pub fn delegate(solver: &AccountId, amount: Amount) -> Call {
    of_solver(
        "delegate",
        [
            ("solver", Value::from_bytes(solver)),
            ("amount", number(amount.0)),
        ],
    )
}

/// `SolverStaking.undelegate`.
pub fn undelegate(solver: &AccountId, amount: Amount) -> Call {
    of_solver(
        "undelegate",
        [
            ("solver", Value::from_bytes(solver)),
            ("amount", number(amount.0)),
        ],
    )
}

/// `SolverStaking.withdraw_delegated`.
pub fn withdraw_delegated(solver: &AccountId) -> Call {
    of_solver("withdraw_delegated", [("solver", Value::from_bytes(solver))])
}

/// `SolverStaking.claim_rewards`.
pub fn claim_rewards(solver: &AccountId, currency: &Currency) -> Call {
    let arguments = [("solver", Value::from_bytes(solver)), ("asset", asset(currency))];
    of_solver("claim_rewards", arguments)
}

/// `SolverStaking.accept_asset`.
pub fn accept_asset(asset: AssetId) -> Call {
    of_solver("accept_asset", [("asset", number(asset))])
}

/// `SolverStaking.refuse_asset`.
pub fn refuse_asset(asset: AssetId) -> Call {
    of_solver("refuse_asset", [("asset", number(asset))])
}

/// `SolverStaking.set_commission`, in parts per million.
pub fn set_commission(ppm: u32) -> Call {
    of_solver("set_commission", [("commission", number(ppm))])
}

fn of_solver<const N: usize>(name: &str, arguments: [(&str, Value); N]) -> Call {
    call("SolverStaking", name, arguments)
}

/// `Utility.batch_all`: all of them, or none.
pub fn batch_all(calls: impl IntoIterator<Item = Call>) -> Call {
    let calls = list(calls.into_iter().map(Call::into_value));
    call("Utility", "batch_all", [("calls", calls)])
}

/// `Balances.transfer_keep_alive`, or `Assets.transfer_keep_alive`.
pub fn transfer(to: &AccountId, money: &Money) -> Call {
    let to = Value::unnamed_variant("Id", [Value::from_bytes(to)]);
    let amount = number(money.units);
    match money.currency.id() {
        None => call(
            "Balances",
            "transfer_keep_alive",
            [("dest", to), ("value", amount)],
        ),
        Some(id) => {
            let arguments = [("id", number(id)), ("target", to), ("amount", amount)];
            call("Assets", "transfer_keep_alive", arguments)
        }
    }
}

/// `AttestationRegistry.register_model`, or `register_skeleton` where the chain keeps no weights.
pub fn register_model(manifest: &Manifest, weights: Weights) -> Call {
    let manifest = ("manifest", manifest_value(manifest));
    let (name, second) = match weights {
        Weights::Graph(graph) => (
            "register_model",
            ("graph", option(Some(Value::from_bytes(graph)))),
        ),
        Weights::Elsewhere => ("register_model", ("graph", option(None))),
        Weights::Skeleton(skeleton) => ("register_skeleton", ("skeleton", Value::from_bytes(skeleton))),
    };
    call("AttestationRegistry", name, [manifest, second])
}

fn manifest_value(manifest: &Manifest) -> Value {
    let Manifest {
        name,
        version,
        kind,
        weights,
        nodes,
        input,
        output,
        licence,
        previous,
        parents,
        data_sets,
        publisher,
        royalty,
    } = manifest;
    let data_sets = data_sets.iter().map(|set| {
        Value::named_composite([
            ("name", Value::from_bytes(&set.name)),
            ("digest", option(set.digest.map(Value::from_bytes))),
            ("licence", Value::from_bytes(&set.licence)),
        ])
    });
    Value::named_composite([
        ("name", Value::from_bytes(name)),
        ("version", Value::from_bytes(version)),
        ("kind", kind_value(*kind)),
        ("weights", Value::from_bytes(weights)),
        ("nodes", list(nodes.iter().map(Value::from_bytes))),
        ("input", input_value(*input)),
        ("output", output_value(output)),
        ("licence", Value::from_bytes(licence)),
        ("previous", option(previous.map(model))),
        ("parents", list(parents.iter().copied().map(model))),
        ("data_sets", list(data_sets)),
        ("publisher", Value::from_bytes(publisher)),
        ("royalty", number(royalty.deconstruct())),
    ])
}

fn kind_value(kind: ModelKind) -> Value {
    Value::unnamed_variant(format!("{kind:?}"), [])
}

fn input_value(input: InputSchema) -> Value {
    match input {
        InputSchema::Text { max_bytes } => Value::named_variant("Text", [("max_bytes", number(max_bytes))]),
        InputSchema::Tensor { len } => Value::named_variant("Tensor", [("len", number(len))]),
    }
}

fn output_value(output: &OutputSchema) -> Value {
    match output {
        OutputSchema::Label { labels } => {
            let labels = list(labels.iter().map(Value::from_bytes));
            Value::named_variant("Label", [("labels", labels)])
        }
        OutputSchema::Tensor { len } => Value::named_variant("Tensor", [("len", number(*len))]),
    }
}
