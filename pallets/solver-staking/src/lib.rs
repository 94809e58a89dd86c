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

mod assignment;
mod bond;
mod book;
mod invariants;
mod jail;
mod market;
mod operator;
mod slashing;
mod status;
pub mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::REFERENCE_LEN;
pub use weights::{SubstrateWeight, WeightInfo};

// The macro generates items that carry no docs of their own (everything written here has them), and metadata that uses
// `expect`.
#[allow(missing_docs, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{BookEntry, PendingSlash, Solver},
        WeightInfo,
    };
    use frame_support::{pallet_prelude::*, traits::fungible};
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        operator::{OperatorId, OperatorSignature},
        solver::{Fault, Offer},
        traits::Models,
        AccountId, Balance, BlockNumber, Digest, ModelId, SlashId, TaskId,
    };
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256, RuntimeEvent: From<Event<Self>>>
    {
        /// The native token, in which solvers bond.
        type NativeBalance: fungible::Inspect<AccountId, Balance = Balance>
            + fungible::hold::Inspect<AccountId, Reason = Self::RuntimeHoldReason>
            + fungible::hold::Mutate<AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's reasons to hold funds, of which this pallet adds one.
        type RuntimeHoldReason: From<HoldReason>;

        /// Where models are looked up before an offer is taken.
        type Models: Models;

        /// Who may cancel a pending slash.
        type SlashCancelOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who receives the rest of every slash.
        type Treasury: Get<AccountId>;

        /// Least stake of a solver that joins, offers, or is let out of jail.
        #[pallet::constant]
        type MinBond: Get<Balance>;

        /// Least stake locked behind one task.
        #[pallet::constant]
        type MinTaskBond: Get<Balance>;

        /// Stake locked behind one task in proportion to its reward, in parts per million; may exceed the whole.
        #[pallet::constant]
        type BondFactor: Get<u32>;

        /// Share of the remaining stake that a wrong answer costs beside its task bond, in parts per million.
        #[pallet::constant]
        type WrongShare: Get<u32>;

        /// Share of a slash for the requester that was harmed, in parts per million.
        #[pallet::constant]
        type HarmedShare: Get<u32>;

        /// Share of a slash for whoever repaired the damage, in parts per million.
        #[pallet::constant]
        type RepairerShare: Get<u32>;

        /// Reward that weighs half as much in a solver's reputation as the greatest reward can. Choose a usual reward.
        #[pallet::constant]
        type HalfWeightReward: Get<Balance>;

        /// Blocks between unbonding and withdrawal.
        #[pallet::constant]
        type UnbondingPeriod: Get<BlockNumber>;

        /// Blocks between a fault and its slash, in which the slash can be cancelled. Zero counts as one.
        #[pallet::constant]
        type SlashDefer: Get<BlockNumber>;

        /// How many recent faults send a solver to jail.
        #[pallet::constant]
        type JailThreshold: Get<u32>;

        /// Blocks that a jailed solver sits out at least. Also the time after which one fault is forgotten.
        #[pallet::constant]
        type JailPeriod: Get<BlockNumber>;

        /// Most chunks of stake that one solver has on its way out.
        #[pallet::constant]
        type MaxUnbonding: Get<u32>;

        /// Most offers for one model.
        #[pallet::constant]
        type MaxOffersPerModel: Get<u32>;

        /// Most models for which one solver has offers.
        #[pallet::constant]
        type MaxOffersPerSolver: Get<u32>;

        /// Most solvers whose records one assignment reads.
        #[pallet::constant]
        type MaxCandidates: Get<u32>;

        /// How much dearer than the best an offer may be and still have its chance in the draw, in parts per million.
        #[pallet::constant]
        type SelectionTolerance: Get<u32>;

        /// Most slashes applied in one block; the rest waits for the next.
        #[pallet::constant]
        type MaxSlashesPerBlock: Get<u32>;

        /// Weights of the calls and of the hook.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds funds.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// Stake of a solver, at work or on its way out.
        Bond,
    }

    /// Every solver, by the account that bonds.
    #[pallet::storage]
    pub type Solvers<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Solver<T>>;

    /// The solver that each operator key works for.
    #[pallet::storage]
    pub type Operators<T: Config> = StorageMap<_, Blake2_128Concat, OperatorId, AccountId>;

    /// Standing offers per model, cheapest first at [`crate::REFERENCE_LEN`] bytes of input. A model without offers has no
    /// entry. The key is a hash already.
    #[pallet::storage]
    pub type Books<T: Config> =
        StorageMap<_, Identity, ModelId, BoundedVec<BookEntry, T::MaxOffersPerModel>, ValueQuery>;

    /// Slashes that wait for their block.
    #[pallet::storage]
    pub type Slashes<T: Config> = StorageMap<_, Twox64Concat, SlashId, PendingSlash>;

    /// Pending slashes by the block in which they are applied.
    #[pallet::storage]
    pub type SlashAgenda<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BlockNumber, Twox64Concat, SlashId, ()>;

    /// The first block whose agenda is not done, where there is a backlog; none while every past block is done.
    #[pallet::storage]
    pub type AgendaCursor<T: Config> = StorageValue<_, BlockNumber>;

    /// The id of the next slash.
    #[pallet::storage]
    pub type NextSlashId<T: Config> = StorageValue<_, SlashId, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A solver joined.
        Joined {
            /// The account that bonds.
            solver: AccountId,
            /// The key that works.
            operator: OperatorId,
            /// Its stake.
            bonded: Balance,
        },
        /// A solver bonded more.
        BondIncreased {
            /// The solver.
            solver: AccountId,
            /// How much more.
            amount: Balance,
            /// Its stake at work now.
            bonded: Balance,
        },
        /// Stake was sent on its way out.
        Unbonded {
            /// The solver.
            solver: AccountId,
            /// How much.
            amount: Balance,
            /// The block from which it can be withdrawn.
            withdrawable_from: BlockNumber,
        },
        /// Unbonded stake was released to the solver's account.
        Withdrawn {
            /// The solver.
            solver: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A solver left: its offers are gone, and all its stake is on its way out.
        Left {
            /// The solver.
            solver: AccountId,
        },
        /// The last stake of a solver is gone, and with it its record.
        Removed {
            /// The solver.
            solver: AccountId,
            /// The key that worked for it and is free again.
            operator: OperatorId,
        },
        /// A solver works with another operator key.
        OperatorSet {
            /// The solver.
            solver: AccountId,
            /// The new key.
            operator: OperatorId,
        },
        /// An offer was set or replaced.
        OfferSet {
            /// The solver.
            solver: AccountId,
            /// The model.
            model: ModelId,
            /// The offer.
            offer: Offer,
        },
        /// An offer left the book: withdrawn, or its solver left, was jailed or removed.
        OfferWithdrawn {
            /// The solver.
            solver: AccountId,
            /// The model.
            model: ModelId,
        },
        /// The dearest offer of a full book gave way to a cheaper one.
        OfferEvicted {
            /// Whose offer left.
            solver: AccountId,
            /// The model.
            model: ModelId,
            /// Whose offer took the place.
            by: AccountId,
        },
        /// A solver was jailed for its recent faults; its offers left the books.
        Jailed {
            /// The solver.
            solver: AccountId,
            /// The block from which it can ask to be let out.
            until: BlockNumber,
        },
        /// A solver was let out of jail. It has no offers yet.
        Unjailed {
            /// The solver.
            solver: AccountId,
        },
        /// A fault was recorded, and its slash waits for its block.
        SlashScheduled {
            /// The slash.
            id: SlashId,
            /// Whose stake it takes.
            solver: AccountId,
            /// How much.
            amount: Balance,
            /// For what.
            fault: Fault,
            /// The task on which it happened.
            task: TaskId,
            /// Who was harmed.
            harmed: AccountId,
            /// Digest of the evidence.
            evidence: Digest,
            /// The block in which it is applied.
            apply_at: BlockNumber,
        },
        /// Somebody repaired the damage of a pending slash and will have the repairer's share.
        RescuerNamed {
            /// The slash.
            id: SlashId,
            /// Who repaired.
            rescuer: AccountId,
        },
        /// A pending slash was cancelled; the stake is no longer at risk.
        SlashCancelled {
            /// The slash.
            id: SlashId,
            /// Whose stake it would have taken.
            solver: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A slash was applied. The three shares sum to the amount, unless the treasury's account is dead and its share
        /// below the existential deposit: then that share was burnt.
        SlashApplied {
            /// The slash.
            id: SlashId,
            /// Whose stake it took.
            solver: AccountId,
            /// How much.
            amount: Balance,
            /// What the harmed requester was paid.
            harmed: Balance,
            /// What the repairer was paid.
            repairer: Balance,
            /// What the treasury was paid, with every share that could not be paid to a dead account.
            treasury: Balance,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// This account is a solver already. Use `bond_extra`, `set_operator` or `set_offer`.
        AlreadySolver,
        /// This account is not a solver. Join first, or sign with the stash that joined.
        NotSolver,
        /// The stake at work would be below `MinBond`. Bond more.
        BondTooSmall,
        /// The account's balance does not cover this bond and the existential deposit. Bond less, or fund the account.
        BondUnaffordable,
        /// The amount is zero. Name an amount.
        AmountZero,
        /// This operator key works for a solver already. Make a key of your own (`pensum-node key insert --key-type oper`).
        OperatorTaken,
        /// The proof is not the operator key's signature over this chain and this stash. Sign the ownership payload with
        /// the key that `operator` names.
        BadOperatorProof,
        /// That much stake is not free: the rest is locked behind tasks or waits for a slash. Unbond at most `free` (see
        /// `solver_status`), or wait until the tasks end.
        StakeNotFree,
        /// Less than `MinBond` would stay at work. Unbond less, or `leave`.
        RestTooSmall,
        /// Too many chunks of stake are on their way out. Call `withdraw_unbonded`, or wait for the oldest one.
        TooManyUnbonding,
        /// Nothing can be withdrawn now. See `unbonding` in `solver_status`; what pending slashes will take stays.
        NothingToWithdraw,
        /// All stake is on its way out already. Call `withdraw_unbonded` when its time has come.
        NothingBonded,
        /// The solver still holds tasks. Withdraw the offers, let the tasks end, then leave.
        StillAtWork,
        /// A slash is pending. Leave after it was applied or cancelled (see `pending_slashes` in `solver_status`).
        StillAtRisk,
        /// No such model is registered. Look up its id with `model_info`.
        ModelUnknown,
        /// The model is retired. Offer a newer version.
        ModelRetired,
        /// The offer has no capacity. Give a capacity of at least one, or use `withdraw_offer`.
        CapacityZero,
        /// The model's book is full of cheaper offers. Ask less than the dearest of them.
        BookFull,
        /// The solver has as many offers as it may. Withdraw one first.
        TooManyOffers,
        /// The solver has no offer for this model. See `offers` in `solver_status`.
        NoSuchOffer,
        /// The solver is jailed. Call `unjail` from block `jailed_until` on.
        Jailed,
        /// The solver is not jailed. Nothing needs to be done.
        NotJailed,
        /// The jail period is not over. Wait for block `jailed_until` (see `solver_status`).
        StillJailed,
        /// The stake is below `MinBond`, or too much of it is not free. Call `bond_extra`, or wait until tasks end.
        StakeTooLow,
        /// No such slash is pending: cancelled, applied, or never scheduled. See `pending_slashes` in `solver_status`.
        NoSuchSlash,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::apply_due_slashes(now.saturated_into())
        }

        fn integrity_test() {
            assert!(T::MaxSlashesPerBlock::get() > 0, "slashes would never be applied");
            assert!(T::MaxCandidates::get() > 0, "nobody would ever be assigned");
            assert!(T::MaxUnbonding::get() > 0, "nobody could ever leave");
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Becomes a solver: bonds stake and names the operator key that will sign the work.
        ///
        /// ## Origin
        /// Signed by the stash. `proof` is the operator key's signature over
        /// `("pensum/operator", genesis hash, stash)`, SCALE-encoded.
        /// ## Effects
        /// Holds `bond`. Emits [`Event::Joined`].
        /// ## Fails when
        /// the account is a solver, the bond is below `MinBond` or not covered, the key works for somebody, or the proof
        /// is not its signature.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::join())]
        pub fn join(
            origin: OriginFor<T>,
            operator: OperatorId,
            proof: OperatorSignature,
            #[pallet::compact] bond: Balance,
        ) -> DispatchResult {
            Self::do_join(ensure_signed(origin)?, operator, proof, bond)
        }

        /// Bonds more. After `leave` this is the way back, as long as stake is on its way out.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// Holds `amount`. Emits [`Event::BondIncreased`].
        /// ## Fails when
        /// the account is no solver, the amount is zero or not covered, or the stake at work would still be below `MinBond`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::bond_extra())]
        pub fn bond_extra(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
            Self::do_bond_extra(ensure_signed(origin)?, amount)
        }

        /// Sends free stake on its way out. It stays on hold, and slashable, for `UnbondingPeriod` blocks.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// Emits [`Event::Unbonded`].
        /// ## Fails when
        /// the account is no solver, the amount is zero or not free, less than `MinBond` would stay, or too many chunks are
        /// on their way.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::unbond())]
        pub fn unbond(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
            Self::do_unbond(ensure_signed(origin)?, amount)
        }

        /// Takes out all unbonded stake whose time has come, but for what pending slashes will take.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// Releases the stake. Emits [`Event::Withdrawn`], and [`Event::Removed`] when it was the last.
        /// ## Fails when
        /// the account is no solver, or nothing can be withdrawn now.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::withdraw_unbonded(T::MaxOffersPerSolver::get()))]
        pub fn withdraw_unbonded(origin: OriginFor<T>) -> DispatchResult {
            Self::do_withdraw_unbonded(ensure_signed(origin)?)
        }

        /// Ends the work as a solver: withdraws all offers and sends all stake on its way out.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// Emits [`Event::OfferWithdrawn`] for each offer, [`Event::Unbonded`] and [`Event::Left`].
        /// ## Fails when
        /// the account is no solver, holds tasks, has a slash pending, has left before, or too many chunks are on their way.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::leave(T::MaxOffersPerSolver::get()))]
        pub fn leave(origin: OriginFor<T>) -> DispatchResult {
            Self::do_leave(ensure_signed(origin)?)
        }

        /// Works with another operator key from now on, also for tasks already held.
        ///
        /// ## Origin
        /// Signed by the stash. `proof` as in [`Pallet::join`].
        /// ## Effects
        /// The old key is free again. Emits [`Event::OperatorSet`].
        /// ## Fails when
        /// the account is no solver, the key works for somebody, or the proof is not its signature.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::set_operator())]
        pub fn set_operator(
            origin: OriginFor<T>,
            operator: OperatorId,
            proof: OperatorSignature,
        ) -> DispatchResult {
            Self::do_set_operator(ensure_signed(origin)?, operator, proof)
        }

        /// Sets or replaces the standing price for a model.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// Takes a place in the model's book; where that is full, the dearest offer gives way. Emits [`Event::OfferSet`],
        /// and [`Event::OfferEvicted`] for an offer that gave way.
        /// ## Fails when
        /// the account is no solver, is jailed or has less than `MinBond` at work; the model is unknown or retired; the
        /// capacity is zero; the solver has too many offers; or the book is full of cheaper ones.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_offer())]
        pub fn set_offer(origin: OriginFor<T>, model: ModelId, offer: Offer) -> DispatchResult {
            Self::do_set_offer(ensure_signed(origin)?, model, offer)
        }

        /// Withdraws the standing price for a model. Tasks already held stay.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// Emits [`Event::OfferWithdrawn`].
        /// ## Fails when
        /// the account is no solver, or has no offer for this model.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::withdraw_offer())]
        pub fn withdraw_offer(origin: OriginFor<T>, model: ModelId) -> DispatchResult {
            Self::do_withdraw_offer(ensure_signed(origin)?, model)
        }

        /// Leaves jail. Offers must be set again; faults still count until they are forgotten.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// Emits [`Event::Unjailed`].
        /// ## Fails when
        /// the account is no solver, is not jailed, sits not long enough, or has less than `MinBond` of free stake.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::unjail())]
        pub fn unjail(origin: OriginFor<T>) -> DispatchResult {
            Self::do_unjail(ensure_signed(origin)?)
        }

        /// Cancels a pending slash.
        ///
        /// ## Origin
        /// `SlashCancelOrigin`.
        /// ## Effects
        /// The stake is no longer at risk. Emits [`Event::SlashCancelled`].
        /// ## Fails when
        /// no such slash is pending.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::cancel_slash())]
        pub fn cancel_slash(origin: OriginFor<T>, id: SlashId) -> DispatchResult {
            T::SlashCancelOrigin::ensure_origin(origin)?;
            Self::do_cancel_slash(id)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block being built, as the project counts blocks.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
