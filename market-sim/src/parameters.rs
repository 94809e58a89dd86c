//! The runtime's numbers. `tests/parameters.rs` compares them with `runtime/src/constants.rs`.

/// One PEN in its smallest unit.
pub const PEN: u128 = 1_000_000_000_000;
/// A thousandth.
pub const MILLI: u128 = PEN / 1_000;

/// What the runtime sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parameters {
    /// Least bond of a solver.
    pub min_bond: u128,
    /// Least stake behind one task.
    pub min_task_bond: u128,
    /// Stake behind a task for each unit of its reward, in parts per million.
    pub bond_factor_ppm: u32,
    /// Share of a task's bond that silence costs the first time, in parts per million.
    pub timed_out_share_ppm: u32,
    /// How many times as much it costs to commit and not to reveal.
    pub unrevealed_factor: u32,
    /// Share of the remaining stake that a proven wrong answer costs beside the task's bond, in parts per million.
    pub wrong_share_ppm: u32,
    /// The harmed requester's share of a slash, in parts per million.
    pub harmed_share_ppm: u32,
    /// The share of whoever repaired the damage, in parts per million.
    pub repairer_share_ppm: u32,
    /// Recent faults that put a solver in jail.
    pub jail_threshold: u32,
    /// Blocks of jail, and blocks after which one fault is forgotten.
    pub jail: u32,
    /// Price difference within which chance decides, in parts per million.
    pub tolerance_ppm: u32,
    /// A reward that weighs half as much in reputation as the greatest can.
    pub half_weight_reward: u128,
    /// Most solvers whose records one assignment reads.
    pub max_candidates: u32,
    /// The protocol's share of every price, in percent.
    pub fee_percent: u32,
    /// The share of a claimed answer's nodes that is opened on average, in parts per million.
    pub audit_share_ppm: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            min_bond: 10 * PEN,
            min_task_bond: 10 * MILLI,
            bond_factor_ppm: 20_000_000,
            timed_out_share_ppm: 100_000,
            unrevealed_factor: 2,
            wrong_share_ppm: 10_000,
            harmed_share_ppm: 500_000,
            repairer_share_ppm: 300_000,
            jail_threshold: 3,
            jail: 600,
            tolerance_ppm: 20_000,
            half_weight_reward: MILLI,
            max_candidates: 16,
            fee_percent: 2,
            audit_share_ppm: 95_239,
        }
    }
}

impl Parameters {
    /// The protocol's share of every price, in parts per million.
    pub const fn fee_ppm(&self) -> u32 {
        self.fee_percent * 10_000
    }
}
