#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

extern crate alloc;

mod agenda;
mod authorize;
mod closing;
mod commit;
mod draw;
mod invariants;
mod reveal;
mod seats;
mod summons;
mod tally;
pub mod types;
mod verdict;
mod views;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::{SubstrateWeight, WeightInfo};

// The macro generates undocumented items, and `expect`s that it knows to hold.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{Members, Panel, Seat, Verdicts},
        weights::WeightInfo,
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        operator::{OperatorId, OperatorSignature},
        panel::{Ballot, RoundId, Salt},
        solver::Fault,
        traits::{BlockRandomness, Cases, Models, Solvers},
        verdict::Unable,
        AccountId, BatchId, BlockNumber, Digest, SlashId,
    };
    use sp_core::H256;
    use sp_runtime::traits::SaturatedConversion;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256, RuntimeEvent: From<Event<Self>>>
    {
        /// Where models are looked up.
        type Models: Models;

        /// The solvers: the draw, stake, faults.
        type Solvers: Solvers;

        /// What panels decide about.
        type Cases: Cases;

        /// Randomness of the block that is being made.
        type Randomness: BlockRandomness;

        /// Blocks in which members commit, the block of the draw not counted. They run the model in that time.
        #[pallet::constant]
        type CommitWindow: Get<BlockNumber>;

        /// Blocks in which members reveal, the block that opens this phase not counted.
        #[pallet::constant]
        type RevealWindow: Get<BlockNumber>;

        /// Weight after which a block's hook leaves the panels that are due to the next block; the panel that crosses it is
        /// finished. Only its time counts.
        #[pallet::constant]
        type MaxHookWeight: Get<Weight>;

        /// Priority of commitments, reveals and excuses in the transaction pool.
        #[pallet::constant]
        type Priority: Get<TransactionPriority>;

        /// What the calls and the hook weigh.
        type WeightInfo: WeightInfo;
    }

    /// Panels that have not decided, or wait for late reveals.
    #[pallet::storage]
    pub type Panels<T: Config> = StorageMap<_, Twox64Concat, BatchId, Panel>;

    /// Seats, by member, so that a solver's duties are found without looking at other panels.
    #[pallet::storage]
    pub type Seats<T: Config> = StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, BatchId, Seat>;

    /// Revealed ballots of a round, until it is settled.
    #[pallet::storage]
    pub type Ballots<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BatchId, Blake2_128Concat, AccountId, Ballot>;

    /// Tasks that are decided already while others of their panel are not, or while late reveals are awaited.
    #[pallet::storage]
    pub type Decided<T: Config> = StorageMap<_, Twox64Concat, BatchId, Verdicts, ValueQuery>;

    /// Panels by the block that looks at them next.
    #[pallet::storage]
    pub type Agenda<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BlockNumber, Twox64Concat, BatchId, (), OptionQuery>;

    /// The first block whose agenda is not done, when the chain is behind with it.
    #[pallet::storage]
    pub type AgendaCursor<T: Config> = StorageValue<_, BlockNumber>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A panel was summoned. The next block's randomness draws it.
        PanelSummoned {
            /// The batch.
            batch: BatchId,
            /// Members in the first round.
            size: u8,
            /// How many of them must agree.
            threshold: u8,
            /// How many rounds there are at most.
            rounds: u8,
        },
        /// Members were drawn, and commit from now on.
        PanelDrawn {
            /// The batch.
            batch: BatchId,
            /// The round's name: this block.
            round: RoundId,
            /// How many rounds went before.
            earlier: u8,
            /// The members.
            members: Members,
            /// The last block in which they can commit.
            until: BlockNumber,
        },
        /// A member committed to a ballot.
        BallotCommitted {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: RoundId,
            /// The member.
            member: AccountId,
            /// Its commitment.
            commitment: Digest,
        },
        /// A member left the panel before it committed.
        SeatExcused {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: RoundId,
            /// The member.
            member: AccountId,
            /// Why it cannot answer.
            reason: Unable,
        },
        /// Nobody can commit any more; whoever has committed reveals from now on.
        RevealsOpened {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: RoundId,
            /// How many members committed.
            members: u32,
            /// The last block in which they can reveal.
            until: BlockNumber,
        },
        /// A member revealed its ballot, which is in the transaction.
        BallotRevealed {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: RoundId,
            /// The member.
            member: AccountId,
        },
        /// A member was reported for a fault.
        SeatForfeited {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: RoundId,
            /// The member.
            member: AccountId,
            /// What it did.
            fault: Fault,
            /// How many tasks are concerned.
            tasks: u32,
            /// The slash, unless the fault costs nothing.
            slash: Option<SlashId>,
        },
        /// A round left tasks undecided. The next block draws a larger one for them.
        RoundUndecided {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: RoundId,
            /// How many tasks are undecided.
            tasks: u32,
        },
        /// A panel gave its verdicts.
        PanelDecided {
            /// The batch.
            batch: BatchId,
            /// On how many tasks enough members agree.
            agreed: u32,
            /// On how many they do not.
            inconclusive: u32,
        },
        /// A panel was dismissed without a verdict; its members have their stake back.
        PanelDismissed {
            /// The batch.
            batch: BatchId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The batch has a panel already. Wait for its verdict, or dismiss it.
        AlreadySummoned,
        /// The tasks are not one to sixteen different ones in ascending order. Name each once, in order.
        TasksMalformed,
        /// The threshold is not a majority of the members, or more than all of them. Give more than half and at most all.
        ThresholdNotMajority,
        /// The last round would have more than 28 members, or there is no round at all. Ask fewer members, or fewer rounds.
        PanelTooLarge,
        /// More than 32 solvers are excluded. Exclude fewer.
        TooManyExcluded,
        /// The rule's pointer is not a JSON pointer. Write it as RFC 6901 says: empty, or beginning with a slash.
        PointerMalformed,
        /// The operator's solver has no seat in this round, or has done this already. Look at `task_status`.
        NotDue,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::advance(now.saturated_into())
        }

        fn integrity_test() {
            assert!(T::CommitWindow::get() >= 1, "members need a block to commit in");
            assert!(T::RevealWindow::get() >= 1, "members need a block to reveal in");
            assert!(
                T::MaxHookWeight::get().ref_time() > 0,
                "no panel would ever be looked at"
            );
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Commits to a ballot.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `commit_payload`. No fee, no nonce. `commitment` is
        /// `panel::commitment` over batch, round, member, ballot and salt.
        ///
        /// ## Effects
        /// Once all members have committed, reveals are open. Events: `BallotCommitted`, and then `RevealsOpened`.
        ///
        /// ## Fails when
        /// It does not get into a block unless the operator's solver has a seat in this round, has not committed, and its time
        /// has not run out.
        #[pallet::call_index(0)]
        #[pallet::weight((T::WeightInfo::commit(), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize(0))]
        #[pallet::authorize(|_source, operator, batch, round, commitment, signature| {
            Pallet::<T>::authorize_commit(operator, *batch, *round, *commitment, signature)
        })]
        pub fn commit(
            origin: OriginFor<T>,
            operator: OperatorId,
            batch: BatchId,
            round: RoundId,
            commitment: Digest,
            _signature: OperatorSignature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_commit(&operator, batch, round, commitment)
        }

        /// Reveals the ballot behind a commitment: for each task of the round its answer, or none.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `reveal_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// The ballot counts from the next block on, with all others of this block. Event: `BallotRevealed`.
        ///
        /// ## Fails when
        /// It does not get into a block before commitments are closed, unless ballot and salt are what this solver committed to
        /// in this round, or once its time has run out.
        #[pallet::call_index(1)]
        #[pallet::weight((
            T::WeightInfo::reveal(ballot.encoded_size() as u32), DispatchClass::Operational, Pays::No
        ))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize(ballot.encoded_size() as u32))]
        #[pallet::authorize(|_source, operator, batch, round, ballot, salt, signature| {
            Pallet::<T>::authorize_reveal(operator, *batch, *round, ballot, salt, signature)
        })]
        pub fn reveal(
            origin: OriginFor<T>,
            operator: OperatorId,
            batch: BatchId,
            round: RoundId,
            ballot: Ballot,
            _salt: Salt,
            _signature: OperatorSignature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_reveal(&operator, batch, round, ballot)
        }

        /// Leaves a panel before committing, because the solver cannot answer.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `excuse_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// The solver's stake is released; its reputation suffers a little. The panel goes on with the others, and ends the round
        /// where they are too few to agree. Events: `SeatExcused`, and `RevealsOpened` where the others had all committed.
        ///
        /// ## Fails when
        /// It does not get into a block unless the operator's solver has a seat in this round, has not committed, and its time
        /// has not run out.
        #[pallet::call_index(2)]
        #[pallet::weight((T::WeightInfo::excuse(), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize(0))]
        #[pallet::authorize(|_source, operator, batch, round, reason, signature| {
            Pallet::<T>::authorize_excuse(operator, *batch, *round, *reason, signature)
        })]
        pub fn excuse(
            origin: OriginFor<T>,
            operator: OperatorId,
            batch: BatchId,
            round: RoundId,
            reason: Unable,
            _signature: OperatorSignature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_excuse(&operator, batch, round, reason)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block that is being made; in the transaction pool, the next one.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
