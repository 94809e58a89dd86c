//! Events.

use frame_support::pallet_macros::pallet_section;

/// What the pallet tells.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Governance decided whose intents are taken from a chain.
        PolicySet {
            /// The chain.
            domain: Domain,
            /// Whose.
            policy: Policy,
        },
        /// Governance listed a sender, or struck it off the list.
        SenderSet {
            /// Its chain.
            domain: Domain,
            /// The sender.
            sender: Address,
            /// Whether it is listed.
            allowed: bool,
        },
        /// Governance gave an asset a warp route, or took it away.
        RouteSet {
            /// The asset.
            asset: AssetId,
            /// Where it leads.
            domain: Domain,
            /// The contract there that keeps the collateral; none: there is no route.
            router: Option<Address>,
        },
        /// Governance named the registry of a chain, to which the roots of batches are sent.
        RegistrySet {
            /// The chain.
            domain: Domain,
            /// The registry; none: batched delivery is refused.
            registry: Option<Address>,
        },
        /// An intent from another chain became a task of its sender's remote account.
        IntentTaken {
            /// The message that brought it, by which it is known from now on.
            request: Digest,
            /// Who sent it.
            remote: Remote,
            /// The remote account, which pays.
            account: AccountId,
            /// The task.
            task: TaskId,
            /// The asset that pays; none is PEN.
            asset: Option<AssetId>,
            /// Most that the answer may cost.
            max_reward: Balance,
            /// How the result is delivered.
            delivery: Delivery,
        },
        /// An intent from another chain became no task. Its sender is told so.
        IntentRefused {
            /// The message that brought it, by which it is known from now on.
            request: Digest,
            /// Who sent it.
            remote: Remote,
            /// Why, as its sender is told.
            refusal: Refusal,
            /// The error behind it, if one is.
            error: Option<DispatchError>,
        },
        /// A remote account paid for bringing a result to another chain.
        DeliveryPaid {
            /// The message with the intent.
            message: Digest,
            /// Who paid.
            account: AccountId,
            /// The asset; none is PEN.
            asset: Option<AssetId>,
            /// How much of it.
            amount: Balance,
            /// What that had to be worth, in PEN.
            worth: Balance,
        },
        /// A contract took an intent back. What its result says follows from the market's rules.
        RequestCancelled {
            /// The message that brought the intent.
            request: Digest,
        },
        /// A contract accepted the answer to its intent.
        AnswerAccepted {
            /// The message that brought the intent.
            request: Digest,
        },
        /// What a contract asked for was not done. The message is delivered; nothing else has changed.
        CommandRefused {
            /// The message.
            message: Digest,
            /// Who sent it.
            remote: Remote,
            /// Why not.
            error: DispatchError,
        },
        /// A result was sent to the contract that asked.
        ResultSent {
            /// The message that brought the intent.
            request: Digest,
            /// The message with the result.
            message: Digest,
        },
        /// A result was put into its chain's batch.
        ResultBatched {
            /// The message that brought the intent.
            request: Digest,
            /// The chain.
            domain: Domain,
            /// The batch's number there.
            batch: u64,
            /// The leaf's place.
            index: u32,
        },
        /// The root of a batch was sent to the chain's registry.
        RootSent {
            /// The chain.
            domain: Domain,
            /// The batch's number there.
            batch: u64,
            /// The root.
            root: Digest,
            /// How many results it has.
            leaves: u32,
            /// The message with the root.
            message: Digest,
        },
        /// What was left of the money of a request was sent to the chain it came from: see `TokensSent` of the same message.
        RefundSent {
            /// The message that brought the intent.
            request: Digest,
            /// The message with the money.
            message: Digest,
            /// The asset.
            asset: AssetId,
            /// How much.
            amount: Balance,
        },
        /// What was left of the money of a request stays in the remote account, from which its owner can withdraw it.
        RefundKept {
            /// The message that brought the intent.
            request: Digest,
            /// The remote account.
            account: AccountId,
            /// The asset; none is PEN.
            asset: Option<AssetId>,
            /// How much was due.
            amount: Balance,
            /// Why it stays.
            reason: Kept,
        },
        /// Something cannot be sent now. It stays queued and is tried again.
        SendingDelayed {
            /// What.
            work: Work,
            /// Why not.
            error: DispatchError,
            /// The block in which it is tried again.
            at: BlockNumber,
        },
        /// Money came by a warp route.
        TokensReceived {
            /// The message that brought it.
            message: Digest,
            /// The asset.
            asset: AssetId,
            /// Where it came from.
            domain: Domain,
            /// For whom.
            account: AccountId,
            /// How much.
            amount: Balance,
        },
        /// An account cannot hold what came for it, such as less than the asset's minimum balance. It waits until more comes, or somebody
        /// calls `collect`.
        TokensWait {
            /// The account.
            account: AccountId,
            /// The asset.
            asset: AssetId,
            /// How much came.
            amount: Balance,
        },
        /// An account has what had waited for it.
        TokensCollected {
            /// The account.
            account: AccountId,
            /// The asset.
            asset: AssetId,
            /// How much had waited.
            amount: Balance,
        },
        /// Money went by a warp route: it was burned here and is paid out there.
        TokensSent {
            /// The message that tells the router there.
            message: Digest,
            /// The asset.
            asset: AssetId,
            /// Where it goes.
            domain: Domain,
            /// Whose it was.
            account: AccountId,
            /// Who gets it there.
            recipient: Address,
            /// How much. A rest that the account could not have held is part of it.
            amount: Balance,
        },
    }
}
