//! Errors: each a fact and a remedy.

use frame_support::pallet_macros::pallet_section;

/// Why a call fails.
#[pallet_section]
mod errors {
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
        /// A slash of this solver is pending, and would fall on who comes and miss who goes. Wait until it was applied or
        /// cancelled (see `pending_slashes` in `solver_status`).
        SlashPending,
        /// The commission is above `MaxCommission`. Set a lower one.
        CommissionTooHigh,
        /// This solver takes no delegations. Choose another, or ask it to call `set_commission`.
        DelegationClosed,
        /// Less than `MinDelegation` would be delegated by this account. Delegate more, or undelegate everything.
        DelegationTooSmall,
        /// The solver would have more than `MaxDelegationFactor` times its own bond delegated. Delegate less, or choose another.
        PoolFull,
        /// A slash took all that was delegated to this solver. Choose another; who delegated before can `withdraw_delegated`.
        PoolSpent,
        /// This account has delegated nothing to this solver. See `delegation`.
        NotDelegator,
        /// This account has less than that delegated to this solver. See `staked` in `delegation`.
        NotThatMuchDelegated,
        /// No rewards have arrived since the last claim. Wait until the solver has earned some (see `rewards` in `delegation`).
        NothingToClaim,
        /// This solver accepts the asset already. Nothing needs to be done.
        AssetAccepted,
        /// This solver does not accept the asset. See `accepts` in `solver_status`.
        AssetNotAccepted,
        /// This solver accepts as many assets as it may. Refuse one first.
        TooManyAssets,
        /// This account cannot receive a small amount of the asset. Send the asset's least balance to it, or `assets.touch` it first.
        CannotReceiveAsset,
        /// The pool needs the least balance of this currency, so that the smallest reward can arrive there, and the account has not
        /// that much to spare. Fund it with the currency, or refuse the asset.
        PoolDepositUnaffordable,
        /// The pool has rewards in as many assets as it may. Refuse those again that nobody uses, once their rewards are all claimed.
        TooManyRewardAssets,
        /// The asset is refused already, but its rewards are not all claimed, cannot be moved, or tasks are held that may be paid in it.
        /// Wait for the claims, and until no task is held.
        RewardsOutstanding,
    }
}
