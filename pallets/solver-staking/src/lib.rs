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

mod acceptance;
mod assignment;
mod bond;
mod book;
mod commission;
mod delegation;
mod draw;
mod engagement;
mod errors;
mod events;
mod genesis;
mod hooks;
mod invariants;
mod jail;
pub mod ledger;
mod market;
mod operator;
pub mod pool;
mod rewards;
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

use frame_support::pallet_macros::import_section;

// The macro generates items that carry no docs of their own (everything written here has them), and metadata that uses
// `expect`.
#[allow(missing_docs, clippy::expect_used)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[import_section(genesis::genesis)]
#[import_section(hooks::hooks)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        ledger::{Ledger, MAX_REWARD_ASSETS},
        pool::Delegation,
        types::{BookEntry, PendingSlash, Solver},
        WeightInfo,
    };
    use core::marker::PhantomData;
    use frame_support::{
        pallet_prelude::*,
        traits::{fungible, fungibles, ConstBool},
        PalletId,
    };
    use frame_system::pallet_prelude::*;
    use pensum_primitives::{
        operator::{OperatorId, OperatorSignature},
        solver::{Fault, Offer},
        traits::{Models, Rates},
        AccountId, AssetId, Balance, BlockNumber, Digest, ModelId, SlashId, TaskId,
    };
    use sp_core::H256;
    use sp_runtime::SaturatedConversion;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = AccountId, Hash = H256, RuntimeEvent: From<Event<Self>>>
    {
        /// The native token, in which solvers bond.
        type NativeBalance: fungible::Mutate<AccountId, Balance = Balance>
            + fungible::hold::Inspect<AccountId, Reason = Self::RuntimeHoldReason>
            + fungible::hold::Mutate<AccountId, Reason = Self::RuntimeHoldReason>;

        /// What delegators are paid in: PEN, which is none, and the assets of this chain.
        type Currencies: fungibles::Mutate<AccountId, AssetId = Option<AssetId>, Balance = Balance>;

        /// What assets are worth.
        type Rates: Rates;

        /// The runtime's reasons to hold funds, of which this pallet adds one.
        type RuntimeHoldReason: From<HoldReason>;

        /// Where models are looked up before an offer is taken.
        type Models: Models;

        /// Who may cancel a pending slash and switch slashing on and off.
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

        /// Share of a task's bond that an answer not given in time costs, in parts per million; twice as much for each recent fault.
        #[pallet::constant]
        type TimedOutShare: Get<u32>;

        /// How many times as much it costs to commit and not to reveal.
        #[pallet::constant]
        type UnrevealedFactor: Get<u32>;

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

        /// From this the accounts are derived that hold what is delegated to each solver.
        #[pallet::constant]
        type PalletId: Get<PalletId>;

        /// Least stake that one account delegates to one solver.
        #[pallet::constant]
        type MinDelegation: Get<Balance>;

        /// How many times a solver's own bond counts in delegated stake at most. At least one.
        #[pallet::constant]
        type MaxDelegationFactor: Get<u32>;

        /// Most that a solver keeps of its delegators' rewards, in parts per million.
        #[pallet::constant]
        type MaxCommission: Get<u32>;

        /// Blocks before a raised commission holds. At least `UnbondingPeriod`, so that delegators can leave before.
        #[pallet::constant]
        type CommissionNotice: Get<BlockNumber>;

        /// Most slashes applied in one block; the rest waits for the next.
        #[pallet::constant]
        type MaxSlashesPerBlock: Get<u32>;

        /// Weights of the calls and of the hook.
        type WeightInfo: WeightInfo;
    }

    /// Why this pallet holds funds.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// Stake of a solver or delegated to one, at work or on its way out.
        Bond,
    }

    /// Every solver, by the account that bonds.
    #[pallet::storage]
    pub type Solvers<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Solver<T>>;

    /// The solver that each operator key works for.
    #[pallet::storage]
    pub type Operators<T: Config> = StorageMap<_, Blake2_128Concat, OperatorId, AccountId>;

    /// Standing offers per model, cheapest first at [`crate::REFERENCE_LEN`] bytes of input when the last one was set; those quoted in
    /// the stable unit have moved since. A model without offers has no entry. The key is a hash already.
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

    /// Stake that others have put behind a solver, by solver and delegator.
    #[pallet::storage]
    pub type Delegations<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        AccountId,
        Blake2_128Concat,
        AccountId,
        Delegation<T>,
        OptionQuery,
    >;

    /// What each pool has earned for its delegators, in every currency: apart from the solver's record, which every verdict writes.
    #[pallet::storage]
    pub type PoolRewards<T: Config> = StorageMap<_, Blake2_128Concat, AccountId, Ledger, ValueQuery>;

    /// Whether faults put stake at risk. They do unless genesis or a call says otherwise.
    #[pallet::storage]
    pub type SlashingEnabled<T: Config> = StorageValue<_, bool, ValueQuery, ConstBool<true>>;

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

        /// Bonds more. After `leave` this is the way back, as long as stake is on its way out or delegated.
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

        /// Puts stake behind a solver: it backs the solver's work beside its own bond, shares its rewards, and its slashes.
        ///
        /// ## Origin
        /// Signed by anybody.
        /// ## Effects
        /// Moves `amount` to the solver's pool, on hold. Emits [`Event::Delegated`].
        /// ## Fails when
        /// the account is no solver or takes no delegations; one of its slashes is pending; the amount is zero, not covered, or leaves
        /// less than `MinDelegation` delegated; or the solver would have more than `MaxDelegationFactor` times its bond delegated.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::delegate(MAX_REWARD_ASSETS))]
        pub fn delegate(
            origin: OriginFor<T>,
            solver: AccountId,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResultWithPostInfo {
            let assets = Self::do_delegate(ensure_signed(origin)?, solver, amount)?;
            Ok(Some(T::WeightInfo::delegate(assets)).into())
        }

        /// Sends delegated stake on its way out. It backs no new work and earns nothing, but stays slashable, until it is withdrawn.
        ///
        /// ## Origin
        /// Signed by the delegator.
        /// ## Effects
        /// Emits [`Event::Undelegated`].
        /// ## Fails when
        /// the account has not that much delegated to this solver; the amount is zero; less than `MinDelegation` but not nothing would
        /// stay; or too many chunks are on their way.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::undelegate(MAX_REWARD_ASSETS))]
        pub fn undelegate(
            origin: OriginFor<T>,
            solver: AccountId,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResultWithPostInfo {
            let assets = Self::do_undelegate(ensure_signed(origin)?, solver, amount)?;
            Ok(Some(T::WeightInfo::undelegate(assets)).into())
        }

        /// Pays back undelegated stake whose time has come; with the last of it also the rewards, in every asset that the account can
        /// receive. The others wait for `claim_rewards`.
        ///
        /// ## Origin
        /// Signed by the delegator.
        /// ## Effects
        /// Emits [`Event::DelegationWithdrawn`], [`Event::RewardsClaimed`] where rewards are paid, and [`Event::Removed`] where it was
        /// the last stake of a solver that has left.
        /// ## Fails when
        /// the account has nothing delegated to this solver, or nothing whose time has come; a slash of the solver is pending; or tasks
        /// that the solver took before still need the stake behind them.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::withdraw_delegated(T::MaxOffersPerSolver::get(), MAX_REWARD_ASSETS))]
        pub fn withdraw_delegated(origin: OriginFor<T>, solver: AccountId) -> DispatchResultWithPostInfo {
            let (offers, assets) = Self::do_withdraw_delegated(ensure_signed(origin)?, solver)?;
            Ok(Some(T::WeightInfo::withdraw_delegated(offers, assets)).into())
        }

        /// Pays out what delegated stake has earned in one asset; none is PEN.
        ///
        /// ## Origin
        /// Signed by the delegator.
        /// ## Effects
        /// Emits [`Event::RewardsClaimed`], and [`Event::Removed`] where it was the last that is left of a solver.
        /// ## Fails when
        /// the account has nothing delegated to this solver, has earned nothing in this asset since the last time, or cannot receive it.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::claim_rewards(T::MaxOffersPerSolver::get(), MAX_REWARD_ASSETS))]
        pub fn claim_rewards(
            origin: OriginFor<T>,
            solver: AccountId,
            asset: Option<AssetId>,
        ) -> DispatchResultWithPostInfo {
            let (offers, assets) = Self::do_claim_rewards(ensure_signed(origin)?, solver, asset)?;
            Ok(Some(T::WeightInfo::claim_rewards(offers, assets)).into())
        }

        /// Sets what the solver keeps of its delegators' rewards, in parts per million. By the first one it takes delegations.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// The first one holds at once and moves the existential deposit to the pool's account, and the least balance of every asset that
        /// the solver accepts, until the solver is removed. A lower one
        /// holds at once; a higher one after `CommissionNotice` blocks. Takes the place of one announced before. Emits
        /// [`Event::CommissionSet`].
        /// ## Fails when
        /// the account is no solver, the commission is above `MaxCommission`, or the deposit is not covered.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::set_commission())]
        pub fn set_commission(origin: OriginFor<T>, commission: u32) -> DispatchResult {
            Self::do_set_commission(ensure_signed(origin)?, commission)
        }

        /// Switches slashing on or off. While it is off faults lower reputation and jail, but put no stake at risk. Slashes that are
        /// pending already are not touched.
        ///
        /// ## Origin
        /// `SlashCancelOrigin`.
        /// ## Effects
        /// Emits [`Event::SlashingSet`].
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::set_slashing())]
        pub fn set_slashing(origin: OriginFor<T>, enabled: bool) -> DispatchResult {
            T::SlashCancelOrigin::ensure_origin(origin)?;
            SlashingEnabled::<T>::put(enabled);
            Self::deposit_event(Event::SlashingSet { enabled });
            Ok(())
        }

        /// Takes tasks that are paid in a listed asset too. PEN every solver takes.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// All its offers name the asset. Where it takes delegations, moves the asset's least balance to the pool's account, so that the
        /// delegators' part can arrive there. Emits [`Event::AssetAccepted`].
        /// ## Fails when
        /// the account is no solver, accepts the asset already or four others, or cannot receive it; the asset has no rate; the deposit is
        /// not covered; or the pool still has rewards in too many others.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::accept_asset(T::MaxOffersPerSolver::get()))]
        pub fn accept_asset(origin: OriginFor<T>, asset: AssetId) -> DispatchResultWithPostInfo {
            let offers = Self::do_accept_asset(ensure_signed(origin)?, asset)?;
            Ok(Some(T::WeightInfo::accept_asset(offers)).into())
        }

        /// Takes no new tasks that are paid in an asset. Those that it holds are paid in it, and its delegators have their part. Called
        /// again once they have claimed it all, it pays the deposit back; also to who is no solver any more, where the asset was frozen when
        /// the pool was closed.
        ///
        /// ## Origin
        /// Signed by the stash.
        /// ## Effects
        /// No offer of it names the asset. Emits [`Event::AssetRefused`], and [`Event::RewardsClosed`] where no delegator is owed any of
        /// it and no task is held.
        /// ## Fails when
        /// the account is no solver, or does not accept the asset and its pool has no rewards in it, or cannot give them up yet.
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::refuse_asset(T::MaxOffersPerSolver::get()))]
        pub fn refuse_asset(origin: OriginFor<T>, asset: AssetId) -> DispatchResultWithPostInfo {
            let offers = Self::do_refuse_asset(ensure_signed(origin)?, asset)?;
            Ok(Some(T::WeightInfo::refuse_asset(offers)).into())
        }
    }

    impl<T: Config> Pallet<T> {
        /// The block being built, as the project counts blocks.
        pub(crate) fn now() -> BlockNumber {
            frame_system::Pallet::<T>::block_number().saturated_into()
        }
    }
}
