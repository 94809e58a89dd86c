//! The lives that are measured: every matching with every verification that the market accepts with it.

use core::fmt;
use pensum_fuzz::assets::DOLLAR;
use pensum_primitives::{
    matching::Matching,
    verification::{Rule, Verification},
    AssetId, Balance, BlockNumber,
};
use pensum_runtime::constants::{auction, market, money::MICRO, money::MILLI};

/// Most that an answer may cost: five times what the cheapest offer asks, so that auctions have room.
pub const MAX_REWARD: Balance = MILLI;
/// The same in the smallest units of the test dollar.
const MAX_REWARD_IN_DOLLARS: Balance = 2_000;
/// Members that a quorum of three may have to pay: a second round has twice as many.
const MOST_MEMBERS: Balance = 6;

/// How a solver is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
pub enum Match {
    /// By the book.
    Book,
    /// By a price that rises, until the first solver takes it.
    Dutch,
    /// By sealed bids of two solvers.
    Sealed,
}

/// How the answer is verified, and what becomes of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
pub enum Check {
    /// The chain runs the model at once.
    Replay,
    /// The window passes.
    Window,
    /// The same, and the chain audits one node.
    Audited,
    /// The requester accepts.
    Accepted,
    /// The requester lets the window pass.
    Passed,
    /// The requester appeals, and the jury lets the answer stand.
    Appealed,
    /// Three solvers answer.
    Quorum,
}

/// One life.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Plan {
    /// How a solver is found.
    pub matching: Match,
    /// How the answer is verified.
    pub check: Check,
    /// Tasks of the batch.
    pub tasks: u32,
    /// Whether price and fees are paid in the test dollar.
    pub in_dollars: bool,
    /// Batches that are posted in the same block, by different requesters.
    pub batches: u32,
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Book => "`Book`",
            Self::Dutch => "`Dutch`",
            Self::Sealed => "`Sealed`",
        })
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Replay => "`Replay{0}`",
            Self::Window => "`Replay{10}`",
            Self::Audited => "`Replay{10}`, one audit",
            Self::Accepted => "`Requester`, accepted",
            Self::Passed => "`Requester`, window passed",
            Self::Appealed => "`Requester`, one appeal",
            Self::Quorum => "`Quorum` of 3",
        })
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let money = self.money();
        write!(f, "{} × {}, {} in {money}", self.matching, self.check, self.tasks)
    }
}

impl Plan {
    /// What it is paid in.
    pub fn money(&self) -> &'static str {
        match self.in_dollars {
            true => "tUSD",
            false => "PEN",
        }
    }

    /// The asset that pays.
    pub fn asset(&self) -> Option<AssetId> {
        self.in_dollars.then_some(DOLLAR)
    }

    /// Most that a task may cost, in what pays.
    pub fn max_reward(&self) -> Balance {
        let answers = match self.check {
            Check::Quorum => MOST_MEMBERS,
            _ => 1,
        };
        match self.in_dollars {
            true => answers * MAX_REWARD_IN_DOLLARS,
            false => answers * MAX_REWARD,
        }
    }
}

impl Match {
    /// How many solvers look for work at auctions: the first one takes what is sold at a rising price.
    pub fn bidders(self) -> usize {
        match self {
            Self::Book => 0,
            Self::Dutch => 1,
            Self::Sealed => 2,
        }
    }

    /// The terms of it.
    pub fn terms(self) -> Matching {
        match self {
            Self::Book => Matching::Book,
            Self::Dutch => Matching::Dutch {
                start: 200 * MICRO,
                end: MAX_REWARD,
                blocks: 10,
            },
            Self::Sealed => Matching::Sealed {
                reserve: MAX_REWARD,
                commit: auction::MIN_WINDOW,
                reveal: auction::MIN_WINDOW,
            },
        }
    }
}

impl Check {
    /// The terms of it.
    pub fn terms(self) -> Verification {
        let window: BlockNumber = market::MIN_WINDOW;
        match self {
            Self::Replay => Verification::Replay { window: 0 },
            Self::Window | Self::Audited => Verification::Replay { window },
            Self::Accepted | Self::Passed | Self::Appealed => Verification::Requester { window },
            Self::Quorum => Verification::Quorum {
                solvers: 3,
                threshold: 2,
                rule: Rule::Exact,
            },
        }
    }

    /// The sizes of batches that are measured.
    fn sizes(self) -> &'static [u32] {
        match self {
            Self::Replay | Self::Window => &[1, 16, 64],
            // A requester judges one answer at a time.
            Self::Audited | Self::Accepted | Self::Passed | Self::Appealed => &[1],
            // A panel answers sixteen tasks at most.
            Self::Quorum => &[1, 16],
        }
    }
}

/// All lives of the table, in its order.
pub fn all() -> Vec<Plan> {
    use Check::{Accepted, Appealed, Audited, Passed, Quorum, Replay, Window};
    let mut plans = Vec::new();
    for matching in [Match::Book, Match::Dutch, Match::Sealed] {
        for check in [Replay, Window, Audited, Accepted, Passed, Appealed, Quorum] {
            if check == Quorum && matching != Match::Book {
                continue;
            }
            plans.extend(check.sizes().iter().map(|&tasks| Plan {
                matching,
                check,
                tasks,
                in_dollars: false,
                batches: 1,
            }));
        }
    }
    let in_dollars = [(Replay, 1), (Replay, 16), (Replay, 64), (Window, 1)];
    plans.extend(in_dollars.map(|(check, tasks)| Plan {
        check,
        in_dollars: true,
        ..cheapest(tasks, 1)
    }));
    plans
}

/// What the budget is for, in batches of all sizes.
pub fn budgeted() -> Vec<Plan> {
    [1, 2, 3, 4, 8, 16, 64, 256]
        .map(|tasks| cheapest(tasks, 1))
        .to_vec()
}

/// Many posts of one task each in the same block.
pub fn busy() -> Plan {
    cheapest(1, 64)
}

fn cheapest(tasks: u32, batches: u32) -> Plan {
    Plan {
        matching: Match::Book,
        check: Check::Replay,
        tasks,
        in_dollars: false,
        batches,
    }
}
