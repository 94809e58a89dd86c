//! Messages that arrive.

use crate::{
    crypto::Host,
    types::{Direction, Ism},
    weights::WeightInfo,
    Config, Delivered, Error, Event, Pallet, Paused,
};
use frame_support::{
    dispatch::{DispatchErrorWithPostInfo, DispatchResultWithPostInfo, PostDispatchInfo},
    ensure,
    weights::Weight,
};
use hyperlane_primitives::{
    limits::MAX_VALIDATORS, signature::SIGNATURE_BYTES, Message, MessageError, MessageId, MessageIdMetadata,
    Metadata, MetadataError, VerifyError,
};
use pensum_primitives::{bridge::Inbound, traits::Recipients, AccountId};

impl<T: Config> Pallet<T> {
    /// Has a message handled, if its origin's security module lets it pass.
    pub(crate) fn do_process(
        relayer: AccountId,
        metadata: &[u8],
        encoded: &[u8],
    ) -> DispatchResultWithPostInfo {
        let looked = T::WeightInfo::refuse(encoded.len() as u32);
        let (message, id, ism, handling) = Self::admit(encoded).map_err(|why| refused(why, looked))?;
        let signatures = T::WeightInfo::signature().saturating_mul(ism.threshold.into());
        Self::verify(&message, id, &ism, metadata)
            .map_err(|why| refused(why, looked.saturating_add(signatures)))?;
        Self::promote(message.origin);
        // Before it is handled, so that whatever handling brings about finds it delivered; an error undoes it.
        Delivered::<T>::insert(id, Self::now());
        T::Recipients::handle(Inbound {
            id: id.0,
            origin: message.origin,
            sender: message.sender,
            recipient: message.recipient,
            body: message.body.bytes(),
        })?;
        Self::deposit_event(Event::Processed {
            id,
            origin: message.origin,
            sender: message.sender,
            recipient: message.recipient,
            relayer,
        });
        let done = T::WeightInfo::process(encoded.len() as u32)
            .saturating_add(signatures)
            .saturating_add(handling);
        Ok(Some(done).into())
    }

    /// Everything that can be said without a signature, the cheapest first: of two relayers that bring the same message, the second
    /// pays for little.
    fn admit(encoded: &[u8]) -> Result<(Message<'_>, MessageId, Ism, Weight), Error<T>> {
        ensure!(
            !Paused::<T>::contains_key(Direction::Inbound),
            Error::<T>::InboundPaused
        );
        let (message, id) = Message::decode_with_id::<Host>(encoded)?;
        ensure!(message.destination == Self::local(), Error::<T>::NotForThisChain);
        ensure!(!Delivered::<T>::contains_key(id), Error::<T>::AlreadyDelivered);
        let ism = Self::ism_in_force(message.origin).ok_or(Error::<T>::UnknownOrigin)?;
        let handling = T::Recipients::weight(message.recipient, message.body.bytes())
            .ok_or(Error::<T>::UnknownRecipient)?;
        Ok((message, id, ism, handling))
    }

    fn verify(message: &Message<'_>, id: MessageId, ism: &Ism, metadata: &[u8]) -> Result<(), Error<T>> {
        // Stored sets were checked when they were set.
        let set = ism.set().map_err(|_| Error::<T>::UnknownOrigin)?;
        Metadata::decode(ism.kind, metadata)?.verify::<Host>(message.origin, id, &set)?;
        Ok(())
    }

    /// What processing weighs at most: as many signatures as the metadata has room for, and the recipient's part.
    pub(crate) fn process_weight(metadata: &[u8], encoded: &[u8]) -> Weight {
        let Ok(message) = Message::decode(encoded) else {
            return T::WeightInfo::refuse(encoded.len() as u32);
        };
        let handling = T::Recipients::weight(message.recipient, message.body.bytes());
        let signatures = most_signatures(metadata.len());
        T::WeightInfo::process(encoded.len() as u32)
            .saturating_add(T::WeightInfo::signature().saturating_mul(signatures))
            .saturating_add(handling.unwrap_or_default())
    }
}

/// How many signatures metadata of such a length can have. The shorter header is assumed, so that the security module need not be read.
fn most_signatures(metadata_len: usize) -> u64 {
    metadata_len
        .saturating_sub(MessageIdMetadata::HEADER_BYTES)
        .checked_div(SIGNATURE_BYTES)
        .unwrap_or_default()
        .min(MAX_VALIDATORS) as u64
}

fn refused<T>(why: Error<T>, weight: Weight) -> DispatchErrorWithPostInfo
where
    Error<T>: Into<sp_runtime::DispatchError>,
{
    DispatchErrorWithPostInfo {
        post_info: PostDispatchInfo::from(Some(weight)),
        error: why.into(),
    }
}

impl<T> From<MessageError> for Error<T> {
    fn from(why: MessageError) -> Self {
        match why {
            MessageError::TooShort { .. } => Self::MessageTooShort,
            MessageError::UnknownVersion { .. } => Self::UnknownVersion,
            MessageError::BodyTooLong { .. } => Self::BodyTooLong,
        }
    }
}

impl<T> From<MetadataError> for Error<T> {
    fn from(why: MetadataError) -> Self {
        match why {
            MetadataError::TooShort { .. } => Self::MetadataTooShort,
            MetadataError::CutSignature { .. } => Self::CutSignature,
            MetadataError::TooManySignatures { .. } => Self::TooManySignatures,
        }
    }
}

impl<T> From<VerifyError> for Error<T> {
    fn from(why: VerifyError) -> Self {
        match why {
            VerifyError::LeafAfterCheckpoint { .. } => Self::LeafAfterCheckpoint,
            VerifyError::TooFewSignatures { .. } => Self::TooFewSignatures,
            VerifyError::BadSignature { .. } => Self::BadSignature,
            VerifyError::NotByThreshold { .. } => Self::NotByThreshold,
        }
    }
}
