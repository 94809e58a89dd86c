use super::connection::{patiently, At, Connection};
use crate::{
    chain::{Delivery, Sequence},
    journal::Transaction,
    time::Millis,
    Fault,
};
use hyperlane_primitives::H256;
use subxt::{
    config::{
        substrate::{AccountId32, SubstrateConfig},
        DefaultExtrinsicParamsBuilder,
    },
    dynamic::{self, Value},
    error::DispatchError,
    ext::{scale_decode::DecodeAsType, scale_value::Composite},
    tx::{self, DynamicPayload},
};
use subxt_signer::sr25519::Keypair;

/// Blocks for which a transaction can be included. What did not get in by then never will, and its message is sent anew.
const LIFETIME: u64 = 64;
/// The fewest blocks for which a transaction can be made: for dry runs, so that a node cannot send what it was only asked about.
const SHORTEST_LIFETIME: u64 = 4;

/// A call: pallet, name and arguments by name.
type Call = DynamicPayload<Composite<()>>;

/// `Hyperlane.process`.
pub(super) fn process(delivery: &Delivery) -> Call {
    let arguments = [
        ("metadata", Value::from_bytes(&delivery.metadata)),
        ("message", Value::from_bytes(&delivery.message)),
    ];
    tx::dynamic("Hyperlane", "process", Composite::named(arguments))
}

/// A call that does nothing, to use a number up.
pub(super) fn nothing() -> Call {
    tx::dynamic(
        "System",
        "remark",
        Composite::named([("remark", Value::from_bytes([]))]),
    )
}

/// Signs a call so that it can be included from the last final block on.
pub(super) async fn sign(
    connection: &Connection,
    key: &Keypair,
    call: &Call,
    nonce: u64,
) -> Result<Transaction, Fault> {
    let at = connection.at_final().await?;
    // A final block stays, so that the transaction is not void because its first block is taken back.
    let born = at.block_number();
    let (raw, hash) = signed(&at, key, call, nonce, (LIFETIME, born))?;
    let submittable = at.tx().from_bytes(raw.clone());
    let fee = patiently("the fee", submittable.partial_fee_estimate())
        .await
        .unwrap_or_default();
    Ok(Transaction {
        nonce,
        hashes: vec![hash.0],
        raw,
        expires: Some(born.saturating_add(LIFETIME)),
        fee,
        signed: Millis::now(),
        ..Transaction::default()
    })
}

/// Runs a delivery in the state after the best block, as the next block would, and throws the state away.
pub(super) async fn dry_run(
    connection: &Connection,
    key: &Keypair,
    delivery: &Delivery,
) -> Result<(), Fault> {
    let at = connection.at_best().await?;
    if at.block_number() == 0 {
        return Err(Fault::Unreachable("The chain has no block but its first.".into()));
    }
    let nonce = nonce_at(&at, key).await?;
    let born = at.block_number().saturating_sub(SHORTEST_LIFETIME - 1);
    let birth: H256 = connection.ask("chain_getBlockHash", &[born]).await?;
    let (raw, _) = signed_from(
        &at,
        key,
        &process(delivery),
        nonce,
        (SHORTEST_LIFETIME, born, birth),
    )?;
    let question = (
        "BlockBuilder_apply_extrinsic",
        format!("0x{}", hex::encode(raw)),
        H256(at.block_hash().0),
    );
    let outcome: String = connection.ask("state_call", &question).await?;
    let outcome = outcome.strip_prefix("0x").unwrap_or(&outcome);
    match hex::decode(outcome).unwrap_or_default().as_slice() {
        [0, 0] => Ok(()),
        [0, 1, error @ ..] => {
            let said = DispatchError::decode_from(error, at.metadata()).map_or_else(
                |_| format!("an error that the metadata does not know: {}", hex::encode(error)),
                |error| error.to_string(),
            );
            Err(Fault::Refused(said))
        }
        // `Invalid(Payment)`, the only reason of the account's.
        [1, 0, 1] => Err(Fault::TooDear("The account cannot pay the fee.".into())),
        [1, other @ ..] => Err(Fault::Refused(format!(
            "The transaction would not be valid: {}.",
            hex::encode(other)
        ))),
        other => Err(Fault::Unreachable(format!(
            "The dry run's answer is {}.",
            hex::encode(other)
        ))),
    }
}

/// How far the account has come.
pub(super) async fn sequence(connection: &Connection, key: &Keypair) -> Result<Sequence, Fault> {
    let settled = nonce_at(&connection.at_final().await?, key).await?;
    let included = nonce_at(&connection.at_best().await?, key).await?;
    let account = AccountId32(key.public_key().0).to_string();
    let pooled: u64 = connection.ask("system_accountNextIndex", &[account]).await?;
    Ok(Sequence {
        settled,
        included: included.max(settled),
        pooled: pooled.max(included),
    })
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountInfo {
    data: AccountData,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountData {
    free: u128,
}

/// What the account has, in the smallest unit.
pub(super) async fn balance(connection: &Connection, key: &Keypair) -> Result<u128, Fault> {
    let at = connection.at_final().await?;
    let entry = dynamic::storage::<Vec<Value>, AccountInfo>("System", "Account");
    let account = vec![Value::from_bytes(key.public_key().0)];
    let storage = at.storage();
    let found = patiently("the balance", storage.try_fetch(entry, account)).await?;
    let info = found
        .map(|value| value.decode())
        .transpose()
        .map_err(|why| Fault::Unreachable(format!("the balance: {why}")))?;
    Ok(info.map_or(0, |info: AccountInfo| info.data.free))
}

async fn nonce_at(at: &At, key: &Keypair) -> Result<u64, Fault> {
    let tx = at.tx();
    patiently("the nonce", tx.account_nonce(&AccountId32(key.public_key().0))).await
}

fn signed(
    at: &At,
    key: &Keypair,
    call: &Call,
    nonce: u64,
    (lifetime, born): (u64, u64),
) -> Result<(Vec<u8>, H256), Fault> {
    signed_from(at, key, call, nonce, (lifetime, born, H256(at.block_hash().0)))
}

fn signed_from(
    at: &At,
    key: &Keypair,
    call: &Call,
    nonce: u64,
    (lifetime, born, birth): (u64, u64, H256),
) -> Result<(Vec<u8>, H256), Fault> {
    let birth = subxt::config::substrate::H256(birth.0);
    let params = DefaultExtrinsicParamsBuilder::<SubstrateConfig>::new()
        .nonce(nonce)
        .mortal_from_unchecked(lifetime, born, birth)
        .build();
    let signed = at
        .tx()
        .create_signable_offline(call, params)
        .and_then(|mut signable| signable.sign(key))
        .map_err(|why| {
            Fault::Refused(format!(
                "The call {}.{} does not fit this chain's metadata: {why}",
                call.pallet_name(),
                call.call_name()
            ))
        })?;
    let hash = H256(signed.hash().0);
    Ok((signed.into_encoded(), hash))
}
