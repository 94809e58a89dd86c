//! Events.

use frame_support::pallet_macros::pallet_section;

/// What the pallet tells.
#[pallet_section]
mod events {
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
        /// The last stake of a solver is gone, and with it its record. Its pool, if it had one, is closed and the deposit paid back.
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
            /// The part of it that those who delegated to the solver bear.
            delegated: Balance,
            /// What the harmed requester was paid.
            harmed: Balance,
            /// What the repairer was paid.
            repairer: Balance,
            /// What the treasury was paid, with every share that could not be paid to a dead account.
            treasury: Balance,
        },
        /// Slashing was switched on or off.
        SlashingSet {
            /// Whether faults put stake at risk from now on.
            enabled: bool,
        },
        /// A fault was recorded while slashing is off: this is what it would have put at risk.
        SlashWaived {
            /// Whose stake it would have taken.
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
        },
        /// A solver set its commission; by its first one it takes delegations.
        CommissionSet {
            /// The solver.
            solver: AccountId,
            /// What it keeps of its delegators' rewards, in parts per million.
            commission: u32,
            /// The block from which it holds.
            from: BlockNumber,
        },
        /// Stake was put behind a solver.
        Delegated {
            /// The solver.
            solver: AccountId,
            /// Who delegated.
            delegator: AccountId,
            /// How much.
            amount: Balance,
        },
        /// Delegated stake was sent on its way out.
        Undelegated {
            /// The solver.
            solver: AccountId,
            /// Who delegated.
            delegator: AccountId,
            /// What it is worth now; a slash lowers it until it is withdrawn.
            amount: Balance,
            /// The block from which it can be withdrawn.
            withdrawable_from: BlockNumber,
        },
        /// Delegated stake was paid back.
        DelegationWithdrawn {
            /// The solver.
            solver: AccountId,
            /// Who delegated.
            delegator: AccountId,
            /// How much.
            amount: Balance,
        },
        /// Rewards of delegated stake were paid out.
        RewardsClaimed {
            /// The solver.
            solver: AccountId,
            /// Who delegated.
            delegator: AccountId,
            /// In which asset; none is PEN.
            asset: Option<AssetId>,
            /// How much, in units of the asset.
            amount: Balance,
        },
        /// A solver accepts an asset from now on.
        AssetAccepted {
            /// The solver.
            solver: AccountId,
            /// The asset.
            asset: AssetId,
        },
        /// A solver gets no new tasks that are paid in an asset. Those that it holds still are.
        AssetRefused {
            /// The solver.
            solver: AccountId,
            /// The asset.
            asset: AssetId,
        },
        /// Everything that delegators of a solver earned in an asset that it refused was claimed, and the deposit was paid back.
        RewardsClosed {
            /// The solver.
            solver: AccountId,
            /// The asset.
            asset: AssetId,
        },
    }
}
