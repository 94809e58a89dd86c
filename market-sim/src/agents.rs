//! The solvers: what they believe pays, and what they have.

use crate::{
    parameters::Parameters,
    rng::Rng,
    scenario::{Verification, CAPACITY, GUESS_PPM, LABELS, REPEAT_PPM},
};
use market_math::{
    ppm,
    reputation::{Reputation, Weight},
    slash,
};

/// How a solver tries to earn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Strategy {
    /// Runs the model and says what it says.
    Honest,
    /// Never runs it: says what it said to the same input before, or else the most frequent label.
    Lazy,
    /// Never runs it: says what others said. On a panel it commits to a guess, and reveals it only if the others' ballots agree.
    Copying,
    /// Lies in one task of ten, unpredictably, and is honest otherwise.
    Wrong,
    /// Agrees on a false answer with the others of its kind, and never runs the model.
    Colluding,
    /// Lies every other time; as soon as its reputation is worse than a newcomer's, or it sits in jail, it begins anew.
    Whitewashing,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Honest,
        Self::Lazy,
        Self::Copying,
        Self::Wrong,
        Self::Colluding,
        Self::Whitewashing,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Lazy => "lazy",
            Self::Copying => "copying",
            Self::Wrong => "wrong",
            Self::Colluding => "colluding",
            Self::Whitewashing => "whitewashing",
        }
    }

    /// What it asks of the usual price, in parts per million: who does not run the model can undercut who does.
    pub const fn asks_ppm(self) -> u32 {
        match self {
            Self::Honest => 1_000_000,
            Self::Lazy | Self::Copying | Self::Wrong | Self::Colluding | Self::Whitewashing => 900_000,
        }
    }

    /// How often it gives a false answer although it could run the model, in parts per million.
    const fn lies_ppm(self) -> u32 {
        match self {
            Self::Wrong => 100_000,
            Self::Whitewashing => 500_000,
            Self::Honest | Self::Lazy | Self::Copying | Self::Colluding => 0,
        }
    }
}

/// A task: what is right, and whether it was answered before.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// The right label. Label 0 is the most frequent one.
    pub truth: u8,
    /// Whether the same input was answered before.
    pub repeated: bool,
}

impl Task {
    /// The next task.
    pub fn draw(rng: &mut Rng) -> Self {
        let truth = if rng.chance(GUESS_PPM) {
            0
        } else {
            1 + rng.below(LABELS - 1) as u8
        };
        Self {
            truth,
            repeated: rng.chance(REPEAT_PPM),
        }
    }

    /// The false answer on which those who collude agree.
    const fn agreed_lie(&self) -> u8 {
        (self.truth + 1) % LABELS as u8
    }

    /// A false answer of one's own.
    fn own_lie(&self, rng: &mut Rng) -> u8 {
        (self.truth + 1 + rng.below(LABELS - 1) as u8) % LABELS as u8
    }
}

/// What a solver says to a task.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The label.
    pub label: u8,
    /// Whether its trace is the model's own. One that is not has one false node at least, and nobody needs more.
    pub traced: bool,
    /// Whether the model was run for it.
    pub ran: bool,
    /// Whether it is kept back, once committed to, unless others say the same.
    pub timid: bool,
}

/// What a solver did wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It gave an answer that was proven wrong, or differs from the majority's.
    Wrong,
    /// It committed to an answer and did not reveal it.
    Unrevealed,
}

/// What a solver has earned and spent, in the smallest unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Account {
    /// Tasks taken, and seats on panels.
    pub tasks: u64,
    /// Its shares of prices.
    pub paid: u128,
    /// Its shares of others' slashes.
    pub rescued: u128,
    /// What running the model and opening nodes cost.
    pub spent: u128,
    /// What was taken from its stake.
    pub slashed: u128,
    /// Faults.
    pub faults: u64,
}

impl Account {
    /// What is left of it all.
    pub const fn net(&self) -> i128 {
        (self.paid + self.rescued) as i128 - (self.spent + self.slashed) as i128
    }

    /// Two accounts together.
    pub const fn and(self, other: Self) -> Self {
        Self {
            tasks: self.tasks + other.tasks,
            paid: self.paid + other.paid,
            rescued: self.rescued + other.rescued,
            spent: self.spent + other.spent,
            slashed: self.slashed + other.slashed,
            faults: self.faults + other.faults,
        }
    }
}

/// A solver.
#[derive(Clone, Debug)]
pub struct Solver {
    /// How it tries to earn.
    pub strategy: Strategy,
    /// What it asks for a task.
    pub price: u128,
    /// What a run costs it.
    pub run_cost: u128,
    /// Its stake at work.
    pub stake: u128,
    /// What verdicts have taught about it.
    pub reputation: Reputation,
    /// What it has earned, under all its identities.
    pub account: Account,
    /// How many identities it has had.
    pub identities: u32,
    /// What it owns beside its stake.
    purse: u128,
    faults: u32,
    last_fault: u32,
    jailed_until: Option<u32>,
    /// Until when each task or seat keeps it busy.
    busy: Vec<u32>,
}

impl Solver {
    /// A solver that has just joined.
    pub fn new(strategy: Strategy, price: u128, run_cost: u128, capital: u128, min_bond: u128) -> Self {
        // Who means to throw an identity away bonds no more than it must.
        let stake = match strategy {
            Strategy::Whitewashing => min_bond,
            _ => capital,
        };
        Self {
            strategy,
            price,
            run_cost,
            stake,
            reputation: Reputation::new(),
            account: Account::default(),
            identities: 1,
            purse: capital.saturating_sub(stake),
            faults: 0,
            last_fault: 0,
            jailed_until: None,
            busy: Vec::new(),
        }
    }

    /// Forgets what it is no longer busy with, and lets it out of jail when its time has come and it still has the least bond.
    pub fn wake(&mut self, now: u32, parameters: &Parameters) {
        self.busy.retain(|until| *until > now);
        let is_over = self.jailed_until.is_some_and(|until| now >= until);
        if is_over && self.stake >= parameters.min_bond {
            self.jailed_until = None;
        }
    }

    /// Whether it can take a task behind which this bond is locked.
    pub fn is_ready(&self, bond: u128) -> bool {
        self.jailed_until.is_none() && self.stake >= bond && self.busy.len() < CAPACITY
    }

    /// It takes a task or a seat.
    pub fn take(&mut self, until: u32) {
        self.account.tasks += 1;
        self.busy.push(until);
    }

    /// Answers a task.
    pub fn answer(&self, task: &Task, verification: Verification, rng: &mut Rng) -> Answer {
        let says = |label, ran| Answer {
            label,
            traced: ran,
            ran,
            timid: false,
        };
        let on_panel = matches!(verification, Verification::Quorum { .. });
        match self.strategy {
            // An answer to the same input, right because it was verified, with its trace.
            Strategy::Lazy | Strategy::Copying if task.repeated => Answer {
                traced: true,
                ..says(task.truth, false)
            },
            Strategy::Lazy => says(0, false),
            Strategy::Copying => Answer {
                timid: on_panel,
                ..says(0, false)
            },
            Strategy::Colluding => says(task.agreed_lie(), false),
            Strategy::Honest | Strategy::Wrong | Strategy::Whitewashing => {
                if rng.chance(self.strategy.lies_ppm()) {
                    says(task.own_lie(rng), false)
                } else {
                    says(task.truth, true)
                }
            }
        }
    }

    /// Its answer was verified.
    pub fn agreed(&mut self, price: u128, parameters: &Parameters) {
        self.reputation = self
            .reputation
            .agreed(Weight::of(price, parameters.half_weight_reward));
    }

    /// It is at fault: what it loses. As `solver-staking` does it, but at once; the delay of a slash changes when, not what.
    pub fn fault(
        &mut self,
        fault: Fault,
        bond: u128,
        price: u128,
        now: u32,
        parameters: &Parameters,
    ) -> u128 {
        let recent = self.recent_faults(now, parameters);
        let amount = match fault {
            Fault::Wrong => {
                let beside = self.stake.saturating_sub(bond);
                slash::wrong(bond, beside, parameters.wrong_share_ppm)
            }
            Fault::Unrevealed => slash::unrevealed(
                bond,
                parameters.timed_out_share_ppm,
                parameters.unrevealed_factor,
                recent,
            ),
        }
        .min(self.stake);
        self.stake -= amount;
        self.account.slashed += amount;
        self.account.faults += 1;
        self.reputation = self
            .reputation
            .failed(Weight::of(price, parameters.half_weight_reward));
        self.faults = recent + 1;
        self.last_fault = now;
        if self.faults >= parameters.jail_threshold {
            self.jailed_until = Some(now + parameters.jail);
        }
        if self.strategy == Strategy::Whitewashing {
            self.begin_anew_if_better(parameters);
        }
        amount
    }

    fn recent_faults(&self, now: u32, parameters: &Parameters) -> u32 {
        let forgotten = (now - self.last_fault).checked_div(parameters.jail).unwrap_or(0);
        self.faults.saturating_sub(forgotten)
    }

    /// A new identity costs nothing here but a bond, and the former bond is free at once: more than it could hope for.
    fn begin_anew_if_better(&mut self, parameters: &Parameters) {
        let newcomer = Reputation::new();
        let has_reason = self.jailed_until.is_some() || self.reputation.score_ppm() < newcomer.score_ppm();
        if !has_reason || self.stake + self.purse < parameters.min_bond {
            return;
        }
        self.purse = self.stake + self.purse - parameters.min_bond;
        self.stake = parameters.min_bond;
        self.reputation = newcomer;
        self.faults = 0;
        self.jailed_until = None;
        self.identities += 1;
    }
}

/// So many parts per million of an amount.
pub const fn part(amount: u128, share_ppm: u32) -> u128 {
    ppm::times_rounded_up(amount, share_ppm)
}
