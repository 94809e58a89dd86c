//! Errors: each a fact and a remedy.

use frame_support::pallet_macros::pallet_section;

/// Why a call or a message fails.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// Nothing is dispatched for now. Wait until governance opens the direction: see `bridge_info`.
        OutboundPaused,
        /// No message can go to this domain. Name a domain of which governance has said what its addresses look like.
        UnknownDestination,
        /// The recipient is on an EVM chain and one of its first 12 bytes is not zero; its mailbox would refuse the message for ever. Put
        /// 12 zero bytes before the 20 of the address.
        DirtyRecipient,
        /// The body has more than 8192 bytes. Send a digest of it, or several messages.
        BodyTooLong,
        /// The tree has as many messages as its count can say. No message can be dispatched any more.
        TreeFull,
        /// The gas costs more than a balance can hold. Lower the gas limit; if that does not help, the oracle's numbers are wrong.
        GasTooDear,
        /// The account cannot pay for the gas and go on living, or the payment is less than a beneficiary without an account can take.
        /// Add funds, lower the gas limit, or dispatch without one and let somebody else pay.
        CannotPay,
        /// Nobody asks anything for delivering to this domain, so there is nothing to pay.
        NoGasPrice,
        /// No message of this id is kept. Pay for messages of this chain while they are in the window, which is to say soon.
        UnknownMessage,
        /// The message goes to another domain than the one that was named. Take the destination from its `Dispatched` event.
        NotItsDestination,
        /// Nothing is processed for now. Wait until governance opens the direction: see `bridge_info`.
        InboundPaused,
        /// The message has fewer than 77 bytes. Pass the bytes of the `Dispatch` event uncut.
        MessageTooShort,
        /// The message's version is not 3. Send what a mailbox of Hyperlane v3 has written.
        UnknownVersion,
        /// The message goes to another chain. Bring it there.
        NotForThisChain,
        /// The message was processed already. Nothing is left to do.
        AlreadyDelivered,
        /// No security module decides about messages from this domain. Governance must set one first.
        UnknownOrigin,
        /// Nobody here has the recipient's address. The message can be brought again when somebody does.
        UnknownRecipient,
        /// The metadata ends before its signatures begin. Encode it for the module's type: see `bridge_ism`.
        MetadataTooShort,
        /// The metadata's last signature is not whole. Pass 65 bytes each: r, s and v.
        CutSignature,
        /// The metadata has more than 50 signatures. Pass as many as the threshold says.
        TooManySignatures,
        /// The signed checkpoint is older than the message. Wait for a later one.
        LeafAfterCheckpoint,
        /// There are fewer signatures than the threshold says. Collect more validators' signatures of this checkpoint.
        TooFewSignatures,
        /// One of the signatures is none: r or s is out of range, s is not low, v is neither 27 nor 28, or no key made it. Bring each as
        /// contracts accept it.
        BadSignature,
        /// One of the signatures that count is by no validator, or out of order, or of another checkpoint. Order them as the module has its
        /// validators, each once.
        NotByThreshold,
        /// The location is empty. Announce where the checkpoints are, such as `file:///var/lib/validator`.
        EmptyLocation,
        /// The location has more than 512 bytes. Announce a shorter path.
        LocationTooLong,
        /// The location is no text in one line. Announce UTF-8 without control characters.
        LocationNotText,
        /// The signature is by another key than the validator's, or of something else. Sign this location for this chain's mailbox.
        NotTheValidator,
        /// The validator has announced this location already. Nothing is left to do.
        AlreadyAnnounced,
        /// The validator has announced eight locations, which stay. Put the checkpoints to one of them, or sign with a new key.
        TooManyLocations,
        /// The checkpoint is another chain's, about which nothing can be judged here. Report it where its domain is.
        NotThisDomain,
        /// The chain had this checkpoint. There is nothing to report.
        TrueCheckpoint,
        /// The checkpoint's message has left the state. Bring its leaf and proof as `truth`: `bridge_proof` has them.
        TruthMissing,
        /// The checkpoint that `truth` is proven by does not lie in the state. Prove it by a newer one.
        TreeNotKept,
        /// The leaf does not belong to the checkpoint that `truth` names, or comes after it. Take both from `bridge_proof`.
        WrongTruth,
        /// The signature is not the key's. Name the key that signed, and bring the signature in the form that contracts accept.
        NotThisKey,
        /// The key was no validator's in the session of the proof, or that session can no longer be slashed. Take the proof from
        /// `bridge_keyProof`, at a block in which it was.
        NoKeyOwner,
        /// The validator was reported for this checkpoint and this session. Nothing is left to do.
        AlreadyReported,
        /// The domain is this chain's own. Messages go to others.
        OwnDomain,
        /// The set has more than 50 validators. Name fewer: relayers refuse larger sets.
        TooManyValidators,
        /// The threshold is 0, so that anybody could forge a message. Set it to 1 or more.
        NoThreshold,
        /// The threshold is higher than the number of validators. Lower it, or name more.
        ThresholdTooHigh,
        /// A validator is the zero address, which nobody can sign for. Name its real address.
        ZeroAddress,
        /// A validator is named twice, and would count twice. Name each once.
        ValidatorTwice,
    }
}
