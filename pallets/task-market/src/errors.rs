//! Errors: each a fact and a remedy.

use frame_support::pallet_macros::pallet_section;

/// Why a call fails.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// The post has no inputs. Give at least one.
        NoInputs,
        /// The deadline has passed or is too near for a solver to answer. Put it at least `MinDeadline` blocks ahead.
        DeadlineTooSoon,
        /// The deadline is too far away. Put it at most `MaxDeadline` blocks ahead.
        DeadlineTooFar,
        /// The model's graph is not on chain, so the chain cannot replay it at once. Choose a model whose `model_info` says `on_chain`,
        /// or a window.
        GraphNotOnChain,
        /// An input is too long or of the wrong shape for the model. See `input` in `model_info`.
        InputWrongShape,
        /// The model reads text, and an input is not UTF-8. Encode it as UTF-8.
        InputNotText,
        /// An input named by digest is longer than what an answer can bring. It may have 4096 bytes at most.
        BlobTooLong,
        /// Replaying the whole batch takes more weight than one block has for answers. Post fewer or shorter inputs at once.
        BatchTooCostly,
        /// `min_reputation` is in parts per million. Give at most 1000000.
        ReputationOutOfRange,
        /// Every offer for this model is above `max_reward`. Raise it to the cheapest of the standing offers at least.
        PriceCapBelowOffers,
        /// No solver offers this model. Wait for an offer, or choose another model.
        NobodyOffers,
        /// Solvers offer this model, but none of them accepts this asset. Pay with PEN, or with an asset that one of them accepts
        /// (see `accepts` in `solver_status`).
        AssetNotAccepted,
        /// Every offer for this model is quoted in the stable unit, which has no rate now. Try again when the stable asset's pool has
        /// been traded in (see `assets_worth`), or choose another model.
        OffersWithoutRate,
        /// Solvers offer this model within the price cap, but none is free: they are at capacity, out of free stake, jailed, or
        /// below `min_reputation`. Try again in a block or two, or lower `min_reputation`.
        SolversBusy,
        /// So many tasks would need more solvers than one batch can have. Post fewer at once.
        TooFragmented,
        /// So much of the asset is worth nothing in PEN. Raise `max_reward`.
        WorthNothing,
        /// `max_reward` times the number of tasks is more than any account can have. Lower it.
        EscrowTooLarge,
        /// The free balance in the terms' asset does not cover `max_reward` for every task, or is frozen. Add funds or lower `max_reward`.
        CannotEscrow,
        /// The free balance does not cover the prepaid fee of answering and replaying, or the asset's pool cannot change it into PEN now.
        /// Add funds, or pay with another asset.
        CannotPrepay,
        /// The batch is not open: it has ended or was never posted. Look at `record_get` for tasks that ended.
        BatchNotOpen,
        /// The batch is somebody else's. Only its requester can cancel or accept it.
        NotRequester,
        /// The task is not assigned to this operator's solver. Answer only what `solver_status` lists as yours.
        NotAssigned,
        /// A panel asks several solvers of the book at once; nobody bids for it. Choose `Book`.
        PanelTakesNoAuction,
        /// A panel answers 16 tasks at most. Post fewer at once.
        PanelTasksTooMany,
        /// A panel has 3 to 7 solvers in its first round. Ask for so many.
        PanelSizeOutOfRange,
        /// Less than a majority could agree on two answers, and where all must agree one solver can spoil every task at no cost. Put the
        /// threshold above half of the solvers, and below all of them.
        ThresholdOutOfRange,
        /// The tolerance is in parts per million. Give at most 1000000.
        ToleranceOutOfRange,
        /// A JSON pointer is UTF-8, and empty or beginning with a slash (RFC 6901).
        PointerMalformed,
        /// The window is too short for anybody to check an answer. Give at least `MinWindow` blocks, or for a replay 0.
        WindowTooShort,
        /// The window is too long for the solver to wait. Give at most `MaxWindow` blocks.
        WindowTooLong,
        /// The chain does not know the nodes of the model's graph, so that nobody could disprove an answer step by step. Choose a
        /// model that was registered with its skeleton.
        SkeletonUnknown,
        /// So much is not paid for answers that are verified only when somebody doubts them. Lower `max_reward` to
        /// `MaxWindowedReward` at most, or choose a window of 0.
        RewardTooHighForWindow,
        /// A requester judges answers one by one, since a batch has one jury. Post one task at a time.
        OneTaskForRequester,
        /// An input has more upstream tasks than a record names. Eight are the most.
        TooManyUpstream,
        /// All that lives of the batch is answered. Wait for its window; for an answer that you doubt, challenge it or appeal.
        NothingToCancel,
        /// The panel has begun to reveal its answers. Wait for its verdict.
        PanelReveals,
        /// The answer is not the requester's to accept or refuse: it is verified by replay or by a panel.
        NotForRequester,
        /// The task has no answer whose window is open. Look at `task_status`.
        NotClaimed,
        /// An appeal against the answer is open, and ends by itself. See `until` in `task_status`.
        AppealOpen,
        /// The window for an appeal has passed, and the answer settles.
        AppealTooLate,
        /// Only the side that the last decision went against can appeal: at first the requester, then the loser.
        NotLoser,
        /// The free balance does not cover the bond of the appeal in PEN, which doubles each round. Add funds.
        CannotBond,
        /// Nothing is on hold with this requester for this payee in this asset. See `Stranded`.
        NothingStranded,
        /// The payee still cannot receive the asset. Wait until its issuer lifts what it put on asset or account; or, where the share is less
        /// than an account must have, until the payee has one.
        StillBlocked,
    }
}
