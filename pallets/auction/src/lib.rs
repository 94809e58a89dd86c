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

mod authorize;
mod bidding;
mod clearing;
mod invariants;
pub mod limits;
mod market;
mod opening;
pub mod types;
mod views;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use weights::WeightInfo;

// The macro generates undocumented items, and `expect`s that it knows to hold.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        authorize::verdict,
        limits::MAX_ROUNDS,
        types::{Auction, BidsOf, Sale},
        weights::WeightInfo,
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        operator::{OperatorId, OperatorSignature},
        panel::Salt,
        traits::{BlockRandomness, Lots, Solvers},
        AccountId, Balance, BatchId, BlockNumber, Digest, ModelId, SlashId,
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
        /// The solvers: standing, deposits, faults.
        type Solvers: Solvers;

        /// What is sold.
        type Lots: Lots;

        /// Decides between equal bids.
        type Randomness: BlockRandomness;

        /// Fewest blocks in which a batch can be taken, bids can be committed, or bids can be revealed; fewer would leave solvers far
        /// from the author no chance.
        #[pallet::constant]
        type MinWindow: Get<BlockNumber>;

        /// Blocks that an award must leave until the deadline: what the market wants for an answer.
        #[pallet::constant]
        type AwardMargin: Get<BlockNumber>;

        /// Sealed bids count in multiples of this, rounded up, so that nobody undercuts by dust.
        #[pallet::constant]
        type TickSize: Get<Balance>;

        /// How much dearer a round is than the one before, in parts per million.
        #[pallet::constant]
        type BumpShare: Get<u32>;

        /// Least deposit behind a bid.
        #[pallet::constant]
        type MinDeposit: Get<Balance>;

        /// Deposit behind a bid, as a share of the most that the batch can cost, in parts per million. From the whole on, no ring of
        /// bidders gains by withholding the lower of its bids.
        #[pallet::constant]
        type DepositShare: Get<u32>;

        /// Most bids in one round; lower it only while no sealed auction is open, since their bids could not be read.
        #[pallet::constant]
        type MaxBids: Get<u32>;

        /// Auctions looked at, bids settled, awards tried and tasks given back by the hook in one block; the auction that crosses the
        /// limit is finished, the rest waits for the next block.
        #[pallet::constant]
        type MaxWorkPerBlock: Get<u32>;

        /// Priority of takes, bids and reveals in the transaction pool.
        #[pallet::constant]
        type Priority: Get<TransactionPriority>;

        /// What the calls and the hook weigh.
        type WeightInfo: WeightInfo;
    }

    /// Open auctions.
    #[pallet::storage]
    pub type Auctions<T: Config> = StorageMap<_, Twox64Concat, BatchId, Auction>;

    /// The bids of the present round of sealed auctions.
    #[pallet::storage]
    pub type Bids<T: Config> = StorageMap<_, Twox64Concat, BatchId, BidsOf<T>, ValueQuery>;

    /// Auctions by the block after which the hook looks at them.
    #[pallet::storage]
    pub type Agenda<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BlockNumber, Twox64Concat, BatchId, (), OptionQuery>;

    /// The first block whose agenda is not done, when the chain is behind with it.
    #[pallet::storage]
    pub type AgendaCursor<T: Config> = StorageValue<_, BlockNumber>;

    /// Open auctions by model.
    #[pallet::storage]
    pub type ByModel<T: Config> =
        StorageDoubleMap<_, Twox64Concat, ModelId, Twox64Concat, BatchId, (), OptionQuery>;

    /// Auctions by the solvers that have a bid in them.
    #[pallet::storage]
    pub type Bidding<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, AccountId, Twox64Concat, BatchId, (), OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A round of an auction opened.
        RoundOpened {
            /// The batch.
            batch: BatchId,
            /// The model.
            model: ModelId,
            /// The round, counted over all auctions of the batch.
            round: u8,
            /// How it is sold, with the prices of this round.
            sale: Sale,
            /// Stake that each bid locks.
            deposit: Balance,
            /// The last block in which the batch can be taken, or bids can be revealed.
            until: BlockNumber,
        },
        /// A solver committed to a bid.
        BidCommitted {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: u8,
            /// Who bids.
            solver: AccountId,
            /// What it committed to.
            commitment: Digest,
            /// Stake that was locked.
            deposit: Balance,
        },
        /// A bid gave way to one of a solver of better reputation, since the auction was full. Its deposit came back.
        BidEvicted {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: u8,
            /// Who had bid.
            solver: AccountId,
        },
        /// A bid was revealed.
        BidRevealed {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: u8,
            /// Who bids.
            solver: AccountId,
            /// What it asks for each task.
            price: Balance,
        },
        /// A bid was not revealed in time; its deposit is lost.
        BidWithheld {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: u8,
            /// Who had bid.
            solver: AccountId,
            /// The slash, unless the fault costs nothing.
            slash: Option<SlashId>,
        },
        /// A batch found its solver, and the auction ended.
        AuctionWon {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: u8,
            /// Who answers.
            solver: AccountId,
            /// What each task costs.
            price: Balance,
        },
        /// The best bidder cannot take the batch any more: it is jailed, at capacity, or its stake is taken. The next best is asked.
        AwardRefused {
            /// The batch.
            batch: BatchId,
            /// The round.
            round: u8,
            /// Who had the best bid.
            solver: AccountId,
            /// What each task would have cost.
            price: Balance,
        },
        /// No solver was found in any round, or no time is left for another. The market refunds the batch.
        AuctionFailed {
            /// The batch.
            batch: BatchId,
            /// The last round.
            round: u8,
        },
        /// The market ended an auction, for the batch was cancelled or its deadline passed. All deposits came back.
        AuctionClosed {
            /// The batch.
            batch: BatchId,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The book is no auction. Choose `Dutch` or `Sealed`.
        NotAnAuction,
        /// The batch is at auction already. Close that auction first.
        AlreadyAtAuction,
        /// The auction leaves solvers too little time. Give `blocks`, `commit` and `reveal` at least `MinWindow` blocks each.
        WindowTooShort,
        /// The auction ends too late for an answer before the deadline. Shorten its windows, or put the deadline further away.
        WindowsTooLong,
        /// The price of a Dutch auction rises: `start` is above `end`. Swap them.
        StartAboveEnd,
        /// `end` or `reserve` is above `max_reward`. Lower it, or raise `max_reward`.
        PriceAboveCap,
        /// More solvers failed the batch than an auction can exclude. Refund it.
        TooManyExcluded,
        /// No auction of this kind is open for the batch. Look at `task_status`.
        AuctionNotOpen,
        /// The price is below the floor. Wait until it has risen.
        PriceTooLow,
        /// The solver cannot take the batch. See `solver_status` for its capacity and free stake.
        NotReady,
        /// The auction has as many bids as it takes, of solvers at least as reputed. Wait for another one.
        AuctionFull,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::advance(now.saturated_into())
        }

        fn integrity_test() {
            assert!(T::MinWindow::get() >= 1, "a solver needs a block to act in");
            assert!(T::MaxBids::get() >= 1, "no bid would be accepted");
            assert!(T::MaxWorkPerBlock::get() >= 1, "the agenda would never move");
            const { assert!(MAX_ROUNDS >= 1, "no auction would open") };
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Takes a batch from a Dutch auction at the price of this block.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `take_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// The solver of `operator` holds the batch, with stake locked behind every task, and is paid the price of the block that
        /// includes this, never less than `floor`, for each answer. Event: `AuctionWon`.
        ///
        /// ## Fails when
        /// It does not get into a block unless the price has reached `floor` and the solver can be engaged; the pool's refusal
        /// carries a code of `pensum_primitives::operator::Refusal`.
        #[pallet::call_index(0)]
        #[pallet::weight((T::WeightInfo::take(), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_take())]
        #[pallet::authorize(|_source, operator, batch, floor, signature| {
            verdict(Pallet::<T>::check_take(operator, *batch, *floor, signature))
        })]
        pub fn take(
            origin: OriginFor<T>,
            operator: OperatorId,
            batch: BatchId,
            floor: Balance,
            _signature: OperatorSignature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_take(&Self::solver_of(&operator)?, batch, floor)
        }

        /// Commits to a bid in a sealed auction.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `bid_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// Locks the deposit from the solver's free stake until the auction is cleared. A full auction gives up the bid of the
        /// solver with the least reputation to a better one. Events: `BidCommitted`, and `BidEvicted` where another gave way.
        ///
        /// ## Fails when
        /// It does not get into a block unless bids are committed in this round, the solver may bid, has no bid in it yet, and
        /// its free stake covers the deposit.
        #[pallet::call_index(1)]
        #[pallet::weight((T::WeightInfo::bid(), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_bid())]
        #[pallet::authorize(|_source, operator, batch, round, commitment, signature| {
            verdict(Pallet::<T>::check_bid(operator, *batch, *round, *commitment, signature))
        })]
        pub fn bid(
            origin: OriginFor<T>,
            operator: OperatorId,
            batch: BatchId,
            _round: u8,
            commitment: Digest,
            _signature: OperatorSignature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_bid(Self::solver_of(&operator)?, batch, commitment)
        }

        /// Reveals a bid.
        ///
        /// ## Origin
        /// A general transaction, authorised by the operator's signature over `reveal_bid_payload`. No fee, no nonce.
        ///
        /// ## Effects
        /// The bid takes part. When all bids of the auction are revealed, the next block clears it. Event: `BidRevealed`.
        ///
        /// ## Fails when
        /// It does not get into a block unless bids are revealed in this round, and price and salt are what the solver committed
        /// to. A bid above the reserve cannot be revealed.
        #[pallet::call_index(2)]
        #[pallet::weight((T::WeightInfo::reveal_bid(), DispatchClass::Operational, Pays::No))]
        #[pallet::weight_of_authorize(T::WeightInfo::authorize_reveal_bid())]
        #[pallet::authorize(|_source, operator, batch, round, price, salt, signature| {
            verdict(Pallet::<T>::check_reveal_bid(operator, *batch, *round, *price, salt, signature))
        })]
        pub fn reveal_bid(
            origin: OriginFor<T>,
            operator: OperatorId,
            batch: BatchId,
            _round: u8,
            price: Balance,
            _salt: Salt,
            _signature: OperatorSignature,
        ) -> DispatchResult {
            ensure_authorized(origin)?;
            Self::do_reveal_bid(Self::solver_of(&operator)?, batch, price)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block that is being made; in the transaction pool, the next one.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
