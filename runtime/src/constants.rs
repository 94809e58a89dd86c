//! Every number of the runtime, with its unit and its reason, in one file.

use crate::{Balance, BlockNumber};
use frame_support::weights::{
    constants::{WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_MILLIS},
    RuntimeDbWeight,
};
use sp_runtime::{Perbill, Permill};

/// Amounts of the native token, PEN, in its smallest unit.
pub mod money {
    use super::Balance;

    /// Digits after the point.
    pub const DECIMALS: u8 = 12;
    /// One PEN.
    pub const PEN: Balance = 1_000_000_000_000;
    /// A thousandth.
    pub const MILLI: Balance = PEN / 1_000;
    /// A millionth: the order of magnitude of a small task's price.
    pub const MICRO: Balance = PEN / 1_000_000;
    /// An account below this is removed: enough to make dust attacks on state dear, little enough not to bar a newcomer.
    pub const EXISTENTIAL_DEPOSIT: Balance = MILLI;

    /// Deposit for things kept in state: 10 milli an item and 10 micro a byte, so that a model of 131 KB binds about 1.3 PEN.
    pub const fn deposit(items: u32, bytes: u32) -> Balance {
        items as Balance * 10 * MILLI + bytes as Balance * 10 * MICRO
    }
}

/// Time, in blocks of one slot each.
pub mod time {
    use super::BlockNumber;

    /// A slot: long enough to make, send and import a full block (30 to 100 ms measured), short enough for an answer to
    /// feel immediate.
    pub const SLOT_MS: u64 = 1_000;
    /// One minute.
    pub const MINUTE: BlockNumber = 60;
    /// One hour.
    pub const HOUR: BlockNumber = 60 * MINUTE;
    /// An epoch and a session: short, so that a joining validator or a new key is at work within minutes.
    pub const EPOCH: BlockNumber = 2 * MINUTE;
    /// Sessions of an era: elections and reward payouts every six minutes.
    pub const SESSIONS_PER_ERA: u32 = 3;
    /// The election is planned this many sessions before an era ends: two, because a set waits one session in the queue and
    /// eras would otherwise last a session longer.
    pub const PLANNING_OFFSET: u32 = 2;
    /// Eras for which bonded validator stake stays slashable after unbonding.
    pub const BONDING_ERAS: u32 = 28;
    /// Eras a slash waits, so that governance can cancel a mistaken one.
    pub const SLASH_DEFER_ERAS: u32 = 7;
    /// Slots in a thousand with a primary author, as a fraction: so few that one author owns nearly every slot. With the usual 1/4 a
    /// fifth of all heights forked in measurements; with 1/200 none of 106 did.
    pub const PRIMARY_PROBABILITY: (u64, u64) = (1, 200);
}

/// What a block may hold.
pub mod block {
    use super::*;

    /// Execution time of a block: half a slot, so that the slowest importer still keeps up.
    pub const MAX_REF_TIME: u64 = 500 * WEIGHT_REF_TIME_PER_MILLIS;
    /// Ordinary transactions get three quarters; answers always find the rest.
    pub const NORMAL_SHARE: Perbill = Perbill::from_percent(75);
    /// Work of every block before its first transaction.
    pub const AVERAGE_INITIALIZE: Perbill = Perbill::from_percent(5);
    /// Bytes of a block's transactions: what a 100 Mbit/s line carries in half a slot.
    pub const MAX_BYTES: u32 = 5 * 1024 * 1024;
    /// Cost of storage in ParityDB. The SDK's constants are RocksDB's (25 and 100 µs) and cap a one-second block at 493 transfers,
    /// where the machine that measured 0.15 to 0.36 ms for each imports 2 800 to 6 500. These keep a margin of two over that measurement.
    pub const DB_WEIGHT: RuntimeDbWeight = RuntimeDbWeight {
        read: 8 * WEIGHT_REF_TIME_PER_MICROS,
        write: 25 * WEIGHT_REF_TIME_PER_MICROS,
    };
}

/// The inclusion fee.
pub mod fee {
    use super::*;

    /// Smallest units for each picosecond of weight, as a fraction: a transfer of 0.4 ms costs 40 µPEN, a hundredth of a cent
    /// if a PEN is worth a dollar, and a full block of spam 37 mPEN a second.
    pub const PER_PICOSECOND: Perbill = Perbill::from_percent(10);
    /// Smallest units for each byte of a transaction.
    pub const PER_BYTE: Balance = 10_000;
    /// The author's share of inclusion fees; the rest goes to the treasury.
    pub const AUTHOR_SHARE: Permill = Permill::from_percent(80);
    /// How much more an operational transaction's tip counts.
    pub const OPERATIONAL_MULTIPLIER: u8 = 5;
}

/// Assets beside PEN, their pools, and what they are worth.
pub mod asset {
    use super::*;

    /// Bytes of an asset's name or symbol.
    pub const STRING_LIMIT: u32 = 50;
    /// Accounts of an asset that one call of its destruction removes: with two writes each, a tenth of a block.
    pub const REMOVE_ITEMS: u32 = 1_000;
    /// A pool's share of every swap, for those who provide its liquidity: the usual 0.3 %. It is also what a manipulation of the pool's
    /// price costs at least, there and back.
    pub const POOL_FEE: Permill = Permill::from_parts(3_000);
    /// Most that governance can set for one pool.
    pub const MAX_POOL_FEE: Permill = Permill::from_percent(3);
    /// What a pool costs its creator, to the treasury: its three items are never removed.
    pub const POOL_SETUP_FEE: Balance = money::deposit(10, 1_000);
    /// Shares that stay in a pool for ever, so that no rounding is worth stealing.
    pub const MIN_POOL_SHARES: Balance = 100;
    /// Most assets in a swap: every pool has PEN on one side, so that two pools lead from any to any.
    pub const MAX_SWAP_PATH: u32 = 3;
    /// Least PEN in a pool whose price counts: with it, one block of a false price costs its maker 3 to 180 PEN and moves the rate by half
    /// a permille (the table in `pallets/rates/README.md`).
    pub const MIN_LIQUIDITY: Balance = 10_000 * money::PEN;
    /// Blocks over which a rate is averaged: long against what a manipulator can afford to hold a false price, short against how
    /// fast a currency moves.
    pub const WINDOW: BlockNumber = 10 * time::MINUTE;
    /// Most that a rate moves in one block, in parts per million: what a price 30 % away would move it by on average; a wilder price counts
    /// no more than that one.
    pub const MAX_CHANGE_PPM: u32 = 500;
    /// How far from its average a pool's price may be while the rate is in use, in parts per million: a tenth. So nobody loses more
    /// than a tenth to a rate that lags.
    pub const TOLERANCE_PPM: u32 = 100_000;
    /// Blocks for which a new rate must keep near its start: as long as an average takes, so that a start is as hard to falsify.
    pub const SETTLING_PERIOD: BlockNumber = WINDOW;
    /// Blocks without a price after which a rate is not used: a few turns of every listed asset.
    pub const MAX_AGE: BlockNumber = time::MINUTE;
}

/// Nominated staking of validators.
pub mod staking {
    use super::*;

    /// Inflation a year, all of it to validators and nominators.
    pub const INFLATION: Perbill = Perbill::from_percent(5);
    /// Milliseconds of a Julian year.
    pub const YEAR_MS: u64 = 1_000 * 3_600 * 24 * 36_525 / 100;
    /// Most validators: with all of them on two cores each, GRANDPA's messages still fit the shortest gossip period.
    pub const MAX_VALIDATORS: u32 = 100;
    /// Most voters that one on-chain election reads; it runs in a single block.
    pub const MAX_VOTERS: u32 = 500;
    /// Most nominators behind one validator.
    pub const MAX_BACKERS: u32 = 500;
}

/// Solvers' stakes and penalties.
pub mod solver {
    use super::*;

    /// Least bond of a solver: a new identity must cost more than a bad reputation loses.
    pub const MIN_BOND: Balance = 10 * money::PEN;
    /// Least stake behind one task: a wrong answer to the cheapest task still costs a thousand times its price.
    pub const MIN_TASK_BOND: Balance = 10 * money::MILLI;
    /// Stake behind a task for each unit of its reward, in parts per million: twenty times. With ten, audits that deter would have to
    /// open so much that verification costs more than a tenth of an honest run (see `market_math::audit`).
    pub const BOND_FACTOR_PPM: u32 = 20_000_000;
    /// Share of a task's bond that an answer not given in time costs, in parts per million: a tenth, twice as much for each recent
    /// fault. A node that was down once loses twice the task's reward, and not its stake.
    pub const TIMED_OUT_SHARE_PPM: u32 = 100_000;
    /// How many times as much it costs to commit and not to reveal: whoever committed was there, and saw what it would lose.
    pub const UNREVEALED_FACTOR: u32 = 2;
    /// Least stake that somebody delegates to one solver: enough that rounding never matters.
    pub const MIN_DELEGATION: Balance = money::PEN;
    /// How many times a solver's own bond counts in delegated stake: a solver always has a quarter of what it risks.
    pub const MAX_DELEGATION_FACTOR: u32 = 3;
    /// Most that a solver keeps of its delegators' rewards, in parts per million: half.
    pub const MAX_COMMISSION_PPM: u32 = 500_000;
    /// Share of the remaining stake that a proven wrong answer costs beside the task's bond, in parts per million: 1 %.
    pub const WRONG_SHARE_PPM: u32 = 10_000;
    /// The harmed requester's share of a slash, in parts per million: half.
    pub const HARMED_SHARE_PPM: u32 = 500_000;
    /// The share of whoever repaired the damage, in parts per million: three tenths; the treasury has the rest.
    pub const REPAIRER_SHARE_PPM: u32 = 300_000;
    /// Blocks for which unbonding stake stays slashable.
    pub const UNBONDING: BlockNumber = 10 * time::MINUTE;
    /// Blocks before a raised commission holds: as long as leaving takes, so that nobody pays it who did not want to.
    pub const COMMISSION_NOTICE: BlockNumber = UNBONDING;
    /// Blocks in which governance can cancel a slash.
    pub const SLASH_DEFER: BlockNumber = 5 * time::MINUTE;
    /// Recent faults that put a solver in jail.
    pub const JAIL_THRESHOLD: u32 = 3;
    /// Blocks of jail.
    pub const JAIL: BlockNumber = 10 * time::MINUTE;
    /// Price difference within which chance, weighted by stake, decides: 2 %.
    pub const TOLERANCE_PPM: u32 = 20_000;
    /// A usual reward: it weighs half as much in reputation as the greatest can.
    pub const HALF_WEIGHT_REWARD: Balance = money::MILLI;
    /// Most chunks of stake on their way out.
    pub const MAX_UNBONDING: u32 = 16;
    /// Most offers for one model: the book is one storage item, read once for each post.
    pub const MAX_OFFERS_PER_MODEL: u32 = 128;
    /// Most models that one solver offers.
    pub const MAX_OFFERS_PER_SOLVER: u32 = 64;
    /// Most solvers whose records one assignment reads: enough that a few cheap offers without capacity cannot bar the book.
    pub const MAX_CANDIDATES: u32 = 16;
    /// Most slashes applied in one block; the rest waits.
    pub const MAX_SLASHES_PER_BLOCK: u32 = 8;
}

/// Models.
pub mod model {
    use super::*;

    /// Blocks until a new version of a model can be used: time for its users to look at it.
    pub const ACTIVATION_DELAY: BlockNumber = time::MINUTE;
    /// Blocks after retirement until the graph's deposit can be reclaimed: longer than any task lives.
    pub const RECLAIM_DELAY: BlockNumber = market::MAX_DEADLINE + market::MAX_WINDOW + time::HOUR;
    /// Most work of one replay in multiply-accumulates: a tenth of a block, see [`market::REPLAY_PS_PER_MAC`].
    pub const MAX_REPLAY_COST: u64 = block::MAX_REF_TIME / 10 / market::REPLAY_PS_PER_MAC;
    /// Most work of one node of a graph that is verified by steps: a third of a block, which leaves room for hashing its bytes.
    pub const MAX_STEP_COST: u64 = block::MAX_REF_TIME / 3 / market::REPLAY_PS_PER_MAC;
}

/// The market.
pub mod market {
    use super::*;

    /// The protocol's share of every price.
    pub const FEE: Permill = Permill::from_percent(2);
    /// What cancelling an assigned task costs, as a share of its price, paid to the solver for its trouble. An answer can be read in the
    /// transaction pool before it is settled: a small share would invite reading it there and cancelling.
    pub const CANCEL_FEE: Permill = Permill::from_percent(50);
    /// Share of a block that answering one batch may take: it must fit what operational transactions have for themselves.
    pub const ANSWER_SHARE: Perbill = Perbill::from_percent(20);
    /// Overdue tasks handled in one block, 90 ms of weight if each is a batch of its own; the rest waits for the next.
    pub const MAX_EXPIRIES_PER_BLOCK: u32 = 128;
    /// Answers go before anything whose priority is its tip.
    pub const ANSWER_PRIORITY: u64 = u64::MAX / 2;
    /// Weight of one multiply-accumulate of a replayed graph, in picoseconds: as the market's weights have it.
    pub const REPLAY_PS_PER_MAC: u64 = pallet_task_market::weights::MULTIPLY_ACCUMULATE;
    /// Blocks a solver has for its answer. A graph needs one; the rest is for a node that was killed: 3 to 16 seconds to start and
    /// some five until its peers send blocks again, so that a restart costs nobody a slash.
    pub const ANSWER_WINDOW: BlockNumber = 20;
    /// Least blocks between posting and deadline.
    pub const MIN_DEADLINE: BlockNumber = 2;
    /// Most blocks between posting and deadline.
    pub const MAX_DEADLINE: BlockNumber = 24 * time::HOUR;
    /// Least window in which an answer can be disproven or refused: time for a watcher to see it in a block, run the model and send
    /// its proof.
    pub const MIN_WINDOW: BlockNumber = 10;
    /// Longest window: the solver's stake and pay wait for so long.
    pub const MAX_WINDOW: BlockNumber = time::HOUR;
    /// Most that a task may cost whose answer is replayed only when somebody doubts it: the stake behind it is twenty times as much, and
    /// what a wrong answer is worth to somebody else is bounded by what the task is worth.
    pub const MAX_WINDOWED_REWARD: Balance = 10 * money::PEN;
    /// Bond of a first appeal, in units of the task's price cap: each of the six jurors of a second round can be paid it once. Where the first
    /// round's three decide, at least half of the bond is left to the other side.
    pub const APPEAL_BOND_FACTOR: u32 = 6;
    /// Blocks in which the loser of a jury's verdict can appeal.
    pub const APPEAL_WINDOW: BlockNumber = time::MINUTE;
    /// Jurors of a first appeal; then twice as many, and four times.
    pub const JURY_SIZE: u8 = 3;
}

/// Auctions.
pub mod auction {
    use super::*;

    /// Least blocks in which a batch can be taken, bids committed, or revealed: one to see it, one to be included, one to spare.
    pub const MIN_WINDOW: BlockNumber = 3;
    /// Bids are multiples of this, rounded up: nobody undercuts by dust.
    pub const TICK: Balance = money::MICRO / 1_000;
    /// How much dearer a round without bids makes the next, in parts per million: a quarter.
    pub const BUMP_PPM: u32 = 250_000;
    /// Least deposit behind a bid.
    pub const MIN_DEPOSIT: Balance = solver::MIN_TASK_BOND;
    /// Deposit behind a bid as a share of the most that the batch can cost, in parts per million: all of it, so that a ring of bidders
    /// never gains by withholding the lower of its bids.
    pub const DEPOSIT_SHARE_PPM: u32 = 1_000_000;
    /// Most bids in one round; the requester prepays the revealing of all of them.
    pub const MAX_BIDS: u32 = 16;
    /// Auctions, bids, awards and returned tasks that the hook handles in one block; the rest waits for the next.
    pub const MAX_WORK_PER_BLOCK: u32 = 256;
}

/// Panels: quorums and juries.
pub mod panel {
    use super::*;

    /// Blocks in which members commit. They run the model in that time, and a node that was killed must be back: as for an answer.
    pub const COMMIT_WINDOW: BlockNumber = market::ANSWER_WINDOW;
    /// Blocks in which members reveal: the same reason.
    pub const REVEAL_WINDOW: BlockNumber = market::ANSWER_WINDOW;
    /// Share of a block that drawing and tallying may take; the rest waits for the next block.
    pub const HOOK_SHARE: Perbill = Perbill::from_percent(10);
}

/// Fraud proofs and audits.
pub mod dispute {
    use super::*;

    /// What a challenger loses unless it is right: dearer than the block space that a proof takes, cheap beside what a right one earns.
    pub const CHALLENGE_BOND: Balance = money::PEN;
    /// Gain of a made-up answer, in parts of its price: all of it, since nothing was run.
    const GAIN: u128 = 1_000_000;
    /// What a conviction takes, in the same unit: the bond and the price that is not paid.
    const LOSS: u128 = solver::BOND_FACTOR_PPM as u128 + 1_000_000;
    /// What a cheater shall lose on average beyond its gain, in parts per million of that: as much again. With half of it `market-sim`
    /// still shows single lucky cheaters.
    const MARGIN_PPM: u32 = 1_000_000;
    /// The share of the nodes of each claimed answer that audits open on average: cheating loses though nobody watches, and
    /// verification costs 1.1 honest runs.
    pub const AUDIT_SHARE_PPM: u32 = market_math::audit::share_ppm(GAIN, LOSS, MARGIN_PPM);
    /// Blocks that a solver has to open a node: as for an answer.
    pub const OPEN_WINDOW: BlockNumber = market::ANSWER_WINDOW;
    /// Nodes that one solver must open in the same block at most: each may take megabytes.
    pub const SOLVER_PACE: u32 = 2;
    /// Openings go before answers: one that is crowded out is slashed as a wrong answer.
    pub const OPEN_PRIORITY: u64 = market::ANSWER_PRIORITY + 1;
    /// Bytes of steps that are due in the same block at most: half of what operational transactions have for themselves.
    pub const MAX_DUE_BYTES: u64 = block::MAX_BYTES as u64 / 8;
    /// Tasks that one block draws audits for: more than a block can bring, so that no flood of claims delays the draw until they settle.
    pub const MAX_DRAWS_PER_BLOCK: u32 = 4_096;
    /// Nodes that one block orders to be opened.
    pub const MAX_AUDITS_PER_BLOCK: u32 = 64;
    /// Most weight of a challenge: half a block.
    pub const STEP_SHARE: Perbill = Perbill::from_percent(50);
}

/// Workflows.
pub mod workflow {
    /// Steps posted and ended tasks noted in one block; the rest waits for the next.
    pub const MAX_WORK_PER_BLOCK: u32 = 32;
}

/// Other chains.
pub mod bridge {
    use super::*;
    use pensum_primitives::bridge::Domain;

    /// By which numbers other chains know the networks: `PEN` in ASCII and a number, so that no signature of one is worth anything on another.
    pub mod domain {
        use super::Domain;

        /// The preset `development`.
        pub const DEVELOPMENT: Domain = Domain(0x5045_4e01);
        /// The preset `local_testnet`.
        pub const LOCAL_TESTNET: Domain = Domain(0x5045_4e02);
    }

    /// Messages that stay in the state with their checkpoints and signatures: hours of a busy bridge for a relayer or a validator that was
    /// away, and at most 70 MB. Older ones lie in every node's index.
    pub const MESSAGE_WINDOW: u32 = 8_192;
    /// Blocks between the change of a security module and its effect on a test network: messages that are on their way still arrive, and
    /// whoever sees a set that is not the other chain's can raise alarm. A public network's genesis says an hour at least.
    pub const ISM_DELAY: BlockNumber = time::MINUTE;
    /// What a validator loses of its stake for signing a checkpoint that this chain never had: all of it. No accident does that, since nodes
    /// sign finalised state only, and one such signature can be worth whatever lies in the contracts that trust it.
    pub const BAD_CHECKPOINT_SLASH: Perbill = Perbill::from_percent(100);
    /// Checkpoints go after answers, whose solvers lose stake when they are late, and before anything whose priority is its tip.
    pub const CHECKPOINT_PRIORITY: u64 = market::ANSWER_PRIORITY - 1;
    /// Results, roots and refunds that one block sends: some 30 ms of weight; the rest waits for the next.
    pub const MAX_WORK_PER_BLOCK: u32 = 32;
    /// Blocks until what the mailbox did not take is offered again: a pause lasts minutes, and retries take half of a block's work at most.
    pub const RETRY_AFTER: BlockNumber = time::MINUTE;
    /// Blocks for which a batch of results waits for company: half a minute more beside the minutes in which EVM chains become final.
    pub const BATCH_PERIOD: BlockNumber = 30;
    /// Results whose way and proof are remembered: at most 25 MB of state.
    pub const KEPT_RESULTS: u32 = 16_384;
    /// Gas of Hyperlane's `process` with four signatures and a result of usual length, the callback not counted: 150 000 measured in
    /// `contracts/gas.json`, and a third more for larger validator sets.
    pub const RESULT_GAS: u64 = 200_000;
    /// Gas of `process` with a root into a `ResultRegistry`, measured likewise.
    pub const ROOT_GAS: u64 = 250_000;
    /// What each result of a batch pays of that: a batch that is closed by time after a third of it is full still pays for itself.
    pub const SHARE_GAS: u64 = 12_000;
    /// Gas of `process` with a token message into `HypERC20Collateral`, which moves an ERC-20.
    pub const TRANSFER_GAS: u64 = 200_000;
}
