//! Events.

use frame_support::pallet_macros::pallet_section;

/// What the pallet tells.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A message was dispatched.
        Dispatched {
            /// Its id.
            id: MessageId,
            /// Its leaf in the tree.
            index: u32,
            /// Who sends it.
            sender: Address,
            /// Where it goes to.
            destination: Domain,
            /// Who is to have it there.
            recipient: Address,
            /// All its bytes, header and body.
            message: MessageBytes,
        },
        /// A message from another chain was believed, and its recipient has taken it.
        Processed {
            /// Its id.
            id: MessageId,
            /// Where it comes from.
            origin: Domain,
            /// Who sent it there.
            sender: Address,
            /// Who has taken it.
            recipient: Address,
            /// Who brought it.
            relayer: AccountId,
        },
        /// A validator has published signatures.
        CheckpointsPublished {
            /// The validator.
            validator: H160,
            /// Of which checkpoints.
            indices: BoundedVec<u32, ConstU32<MAX_PUBLISHED>>,
        },
        /// A validator says where its checkpoints can be read.
        Announced {
            /// The validator.
            validator: H160,
            /// Where.
            location: LocationBytes,
        },
        /// Delivering a message was paid for. A message may be paid for several times; the payments add up.
        GasPaid {
            /// The message.
            message_id: MessageId,
            /// Where it goes to.
            destination: Domain,
            /// The gas that was paid for, the overhead included.
            gas_amount: u128,
            /// How much was paid, in PEN.
            payment: Balance,
        },
        /// A validator has signed a checkpoint that this chain never had.
        BadCheckpointProven {
            /// The validator.
            validator: H160,
            /// The session for which it is slashed.
            session: SessionIndex,
            /// What it signed.
            checkpoint: Checkpoint,
            /// Who proved it.
            reporter: AccountId,
        },
        /// From now on a security module decides about messages from a domain.
        IsmSet {
            /// The domain.
            origin: Domain,
            /// The module.
            ism: Ism,
        },
        /// A security module will decide about messages from a domain, from `from` on. `IsmSet` follows with the first message after that.
        IsmScheduled {
            /// The domain.
            origin: Domain,
            /// The module.
            ism: Ism,
            /// The first block in which it does.
            from: BlockNumber,
        },
        /// No message from a domain is believed any more.
        IsmRemoved {
            /// The domain.
            origin: Domain,
        },
        /// What delivering to a domain costs was set; none: nothing is asked for it.
        GasOracleSet {
            /// The domain.
            domain: Domain,
            /// The numbers.
            oracle: Option<GasOracle>,
        },
        /// Messages can go to a domain, or none can any more.
        DestinationSet {
            /// The domain.
            domain: Domain,
            /// What its addresses look like.
            kind: Option<DestinationKind>,
        },
        /// A direction was paused, or opened again.
        PauseSet {
            /// The direction.
            direction: Direction,
            /// Whether nothing goes in it.
            paused: bool,
        },
    }
}
