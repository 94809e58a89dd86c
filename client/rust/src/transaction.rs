//! Signed transactions: made by the chain's metadata, sent, and followed into a block.

use crate::{
    asset::{Currency, Fee},
    chain::At,
    config::{Payment, Pensum},
    event::{AssetTxFeePaid, Event, TransactionFeePaid},
    key::{hex_bytes, to_hex},
    refusal, Chain, Digest, Error, Key,
};
use codec::{Decode, Encode};
use pensum_primitives::BlockNumber;
use sp_core::crypto::Ss58Codec;
use std::time::Duration;
use subxt::{
    client::OnlineClientAtBlockImpl,
    config::{
        substrate::{AccountId32, H256},
        DefaultExtrinsicParamsBuilder,
    },
    error::{DispatchError, EventsError, TransactionEventsError},
    ext::scale_value::Composite,
    extrinsics::ExtrinsicEvents,
    tx::{
        DynamicPayload, SubmittableTransaction, TransactionInBlock, TransactionProgress, TransactionStatus,
    },
};
use tokio::time::timeout;

/// A call: pallet, name and arguments by name.
pub type Call = DynamicPayload<Composite<()>>;
type Signed = SubmittableTransaction<Pensum, OnlineClientAtBlockImpl<Pensum>>;
type Progress = TransactionProgress<Pensum, OnlineClientAtBlockImpl<Pensum>>;
type InBlock = TransactionInBlock<Pensum, OnlineClientAtBlockImpl<Pensum>>;

/// Blocks for which a transaction can be included: about a minute. What did not get in by then never will.
const LIFETIME: u64 = 64;
/// The fewest blocks for which a transaction can be made.
const SHORTEST_LIFETIME: u64 = 4;

/// A transaction in a block of the best chain.
pub struct Included {
    /// The block's hash.
    pub block_hash: Digest,
    /// The block.
    pub block: BlockNumber,
    /// The inclusion fee.
    pub fee: Fee,
    events: ExtrinsicEvents<Pensum>,
}

impl Included {
    /// The events of one kind, in order.
    pub fn events<E: Event>(&self) -> Result<Vec<E>, Error> {
        events(&self.events)
    }

    /// The first event of one kind, which the call always leaves.
    pub fn event<E: Event>(&self) -> Result<E, Error> {
        self.events()?.into_iter().next().ok_or_else(|| {
            Error::untrusted(
                "client.NoEvent",
                format!("The transaction left no event {}.{}.", E::PALLET, E::NAME),
                "Look at its block in an explorer, and update this command.",
            )
        })
    }
}

fn sign_at(
    at: &At,
    (key, nonce): (&Key, u64),
    call: &Call,
    pays_in: &Currency,
    (lifetime, (born, birth)): (u64, (u64, H256)),
) -> Result<Signed, Error> {
    const NO_TIP: u128 = 0;
    let params = DefaultExtrinsicParamsBuilder::<Pensum>::new()
        .nonce(nonce)
        .mortal_from_unchecked(lifetime, born, birth);
    let params = match pays_in.id() {
        None => params,
        asset => params.tip_of(NO_TIP, Payment::from(asset)),
    };
    at.tx()
        .create_signable_offline(call, params.build())
        .and_then(|mut signable| signable.sign(key))
        .map_err(|error| {
            let call = format!("the call {}.{}", call.pallet_name(), call.call_name());
            Error::metadata(&call, error)
        })
}

fn events<E: Event>(events: &ExtrinsicEvents<Pensum>) -> Result<Vec<E>, Error> {
    of_kind(events.iter())
}

fn of_kind<'events, E: Event>(
    events: impl Iterator<Item = Result<subxt::events::Event<'events, Pensum>, EventsError>>,
) -> Result<Vec<E>, Error> {
    let unfit = |error| Error::metadata(&format!("the event {}.{}", E::PALLET, E::NAME), error);
    let mut found = Vec::new();
    for event in events {
        let event = event.map_err(unfit)?;
        if (event.pallet_name(), event.event_name()) == (E::PALLET, E::NAME) {
            found.push(event.decode_fields_unchecked_as::<E>().map_err(unfit)?);
        }
    }
    Ok(found)
}

impl Chain {
    /// Signs, sends, and waits until the transaction is in a block of the best chain.
    pub async fn send(&self, key: &Key, call: &Call, patience: Duration) -> Result<Included, Error> {
        let progress = self
            .sign(key, call)
            .await?
            .submit_and_watch()
            .await
            .map_err(|error| refusal::of_extrinsic(self.rpc.url(), error))?;
        let in_block = timeout(patience, self.inclusion(progress)).await.map_err(|_| {
            Error::timed_out(
                "pool.NotIncluded",
                format!(
                    "The transaction was not in a block after {} s.",
                    patience.as_secs()
                ),
                "See whether the node makes blocks and no earlier nonce is missing. It can still get in for about a minute.",
            )
        })??;
        let block_hash = Digest::from(in_block.block_hash().0);
        let events = self.success(&in_block).await?;
        Ok(Included {
            block_hash,
            block: self.number(block_hash).await?,
            fee: self.fee_paid(&events)?,
            events,
        })
    }

    /// The events of one kind in a block, in order.
    pub async fn events_at<E: Event>(&self, at: &At) -> Result<Vec<E>, Error> {
        let fetched = at.events().fetch().await;
        let events = fetched.map_err(|error| refusal::of_subxt(self.rpc.url(), "a block's events", error))?;
        of_kind(events.iter())
    }

    /// How many transactions of an account the best chain holds, and how many together with those in the pool.
    pub async fn nonces(&self, key: &Key) -> Result<(u64, u64), Error> {
        let used = self.nonce_at(&self.best().await?, key).await?;
        let next = self.next_nonce(key).await?;
        Ok((used, next.max(used)))
    }

    async fn next_nonce(&self, key: &Key) -> Result<u64, Error> {
        let address = key.account().to_ss58check();
        self.rpc.request("system_accountNextIndex", [address]).await
    }

    fn fee_paid(&self, events: &ExtrinsicEvents<Pensum>) -> Result<Fee, Error> {
        let in_asset = self::events::<AssetTxFeePaid>(events)?;
        let in_pen = self::events::<TransactionFeePaid>(events)?;
        let fee = match (in_asset.first(), in_pen.first()) {
            (Some(paid), _) => self.pays_in().units(paid.actual_fee),
            (None, Some(paid)) => Currency::Pen.units(paid.actual_fee),
            (None, None) => Currency::Pen.units(0),
        };
        Ok(fee.into())
    }

    /// What the transaction's inclusion would cost at a block, at most.
    pub async fn fee(&self, at: &At, key: &Key, call: &Call) -> Result<Fee, Error> {
        let signed = self.sign_for_dry_run(at, key, call).await?;
        let fee = signed.partial_fee_estimate().await;
        let fee = fee.map_err(|error| refusal::of_subxt(self.rpc.url(), "the fee", error))?;
        let Some(asset) = self.pays_in().id() else {
            return Ok(Currency::Pen.units(fee).into());
        };
        let with_the_pools_own_fee = true;
        let question = (
            Payment::WithId(asset),
            Payment::Native,
            fee,
            with_the_pools_own_fee,
        )
            .encode();
        let price: Option<u128> = self
            .runtime(
                at,
                "AssetConversionApi_quote_price_tokens_for_exact_tokens",
                &question,
            )
            .await?;
        let price = price.ok_or_else(|| {
            Error::refused(
                "client.NoPool",
                format!("No pool changes {} into PEN now.", self.pays_in().symbol()),
                "Pay fees in PEN, or in an asset that has a pool with it.",
            )
        })?;
        Ok(self.pays_in().units(price).into())
    }

    /// What the runtime answers to a question at a block.
    async fn runtime<T: Decode>(&self, at: &At, function: &str, question: &[u8]) -> Result<T, Error> {
        let block = at.block_hash();
        let answer: String = self
            .rpc
            .request("state_call", (function, to_hex(question), block))
            .await?;
        T::decode(&mut hex_bytes(&answer)?.as_slice()).map_err(|error| Error::metadata(function, error))
    }

    /// Runs the transaction in the state after a block, as the next block would, and throws the state away. What the chain refuses
    /// is an error of its pallet; what could not even be in a block, one of the pool.
    pub async fn dry_run(&self, at: &At, key: &Key, call: &Call) -> Result<(), Error> {
        let signed = self.sign_for_dry_run(at, key, call).await?;
        let outcome: String = self
            .rpc
            .request(
                "state_call",
                (
                    "BlockBuilder_apply_extrinsic",
                    to_hex(signed.encoded()),
                    at.block_hash(),
                ),
            )
            .await?;
        match hex_bytes(&outcome)?.as_slice() {
            [0, 0] => Ok(()),
            [0, 1, error @ ..] => {
                let error = DispatchError::decode_from(error, at.metadata())
                    .map_err(|error| Error::metadata("an error of the chain", error))?;
                Err(refusal::of_dispatch(&error))
            }
            [1, error @ ..] => Err(refusal::of_validity(error)),
            other => Err(Error::metadata("the dry run's answer", to_hex(other))),
        }
    }

    async fn sign(&self, key: &Key, call: &Call) -> Result<Signed, Error> {
        let at = self.best().await?;
        let used = self.nonce_at(&at, key).await?;
        // The pool's count, so that several transactions can be under way.
        let nonce = self.next_nonce(key).await?;
        if nonce == used && at.block_number() > 0 {
            // A refusal in a block costs the fee, one in a dry run nothing. The pool tells of everything else itself.
            match self.dry_run(&at, key, call).await {
                Err(error) if refusal::is_by_chain(&error) => return Err(error),
                _ => (),
            }
        }
        let birth = (at.block_number(), at.block_hash());
        sign_at(&at, (key, nonce), call, self.pays_in(), (LIFETIME, birth))
    }

    /// Signs a transaction that is valid in the state of this block and in no later one: a node that is asked for a dry run or a fee
    /// cannot send it instead.
    async fn sign_for_dry_run(&self, at: &At, key: &Key, call: &Call) -> Result<Signed, Error> {
        if at.block_number() == 0 {
            return Err(Error::refused(
                "chain.NoBlock",
                "The chain has no block but its first, which no transaction can refer to.",
                "Wait until the node makes blocks or hears of them.",
            ));
        }
        let nonce = self.nonce_at(at, key).await?;
        let born = at.block_number().saturating_sub(SHORTEST_LIFETIME - 1);
        let birth: H256 = self.rpc.request("chain_getBlockHash", [born]).await?;
        let life = (SHORTEST_LIFETIME, (born, birth));
        sign_at(at, (key, nonce), call, self.pays_in(), life)
    }

    async fn nonce_at(&self, at: &At, key: &Key) -> Result<u64, Error> {
        at.tx()
            .account_nonce(&AccountId32(key.public()))
            .await
            .map_err(|error| refusal::of_extrinsic(self.rpc.url(), error))
    }

    async fn inclusion(&self, mut progress: Progress) -> Result<InBlock, Error> {
        let given_up = |name: &str, reason: String| {
            Error::refused(
                format!("pool.{name}"),
                format!("The pool gave the transaction up: {reason}."),
                "See whether another transaction with this nonce was sent, and send it again.",
            )
        };
        while let Some(status) = progress.next().await {
            let status = status.map_err(|error| refusal::of_subxt(self.rpc.url(), "the pool", error))?;
            match status {
                TransactionStatus::InBestBlock(block) | TransactionStatus::InFinalizedBlock(block) => {
                    return Ok(block)
                }
                TransactionStatus::Error { message } => return Err(given_up("Error", message)),
                TransactionStatus::Invalid { message } => return Err(given_up("Invalid", message)),
                TransactionStatus::Dropped { message } => return Err(given_up("Dropped", message)),
                TransactionStatus::Validated
                | TransactionStatus::Broadcasted
                | TransactionStatus::NoLongerInBestBlock => (),
            }
        }
        Err(Error::unreachable(
            "client.Unreachable",
            format!("{} stopped telling of the transaction.", self.rpc.url()),
            "See whether the node runs, and by `pensum` whether the transaction took effect.",
        ))
    }

    async fn success(&self, block: &InBlock) -> Result<ExtrinsicEvents<Pensum>, Error> {
        block.wait_for_success().await.map_err(|error| match error {
            TransactionEventsError::ExtrinsicFailed(error) => refusal::of_dispatch(&error),
            other => refusal::of_subxt(self.rpc.url(), "the transaction's events", other),
        })
    }

    async fn number(&self, block: Digest) -> Result<BlockNumber, Error> {
        Ok(self.at(block).await?.block_number() as BlockNumber)
    }
}

/// SCALE bytes of a call's argument, as this chain's metadata encodes it.
pub(crate) fn encoded_argument(at: &crate::chain::At, call: &Call, argument: &str) -> Result<Vec<u8>, Error> {
    use subxt::ext::scale_encode::EncodeAsType as _;
    let unfit = |reason: String| Error::metadata(&format!("the argument `{argument}`"), reason);
    let metadata = at.metadata_ref();
    let field = metadata
        .pallet_by_name(call.pallet_name())
        .and_then(|pallet| pallet.call_variant_by_name(call.call_name()))
        .and_then(|call| {
            call.fields
                .iter()
                .find(|field| field.name.as_deref() == Some(argument))
        })
        .ok_or_else(|| unfit("there is none".into()))?;
    let Composite::Named(values) = call.call_data() else {
        return Err(unfit("the arguments have no names".into()));
    };
    let (_, value) = values
        .iter()
        .find(|(name, _)| name == argument)
        .ok_or_else(|| unfit("the call has none".into()))?;
    value
        .encode_as_type(field.ty.id, metadata.types())
        .map_err(|error| unfit(error.to_string()))
}
