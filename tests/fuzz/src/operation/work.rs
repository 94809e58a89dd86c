//! What operators send because the input says so.

use super::{choose, some_batch};
use crate::{
    bytes::Bytes,
    people::{actor, Actor, ACTORS, SOLVERS},
    violation::Checked,
    working::{self, Truth},
    world::{Sent, World},
};
use pallet_auction::types::Phase;
use pensum_primitives::{
    operator::Work,
    task::Answer,
    traits::{AuctionDuty, Auctions, Disputes, Duties, Panels, Turn},
    verdict::Unable,
    Balance, Digest,
};
use pensum_runtime::{Auction, Dispute, Panel, Runtime, TaskMarket};
use sp_core::bounded::BoundedVec;

/// How something is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manner {
    /// As it should be.
    Right,
    /// With a lie.
    Lie,
    /// With a lie, and a trace that is wrong from the beginning.
    DeepLie,
    /// Only a part of it, or at the wrong time.
    Partly,
    /// For something that is not the solver's.
    Foreign,
    /// With content that does not fit.
    Misshapen,
    /// Signed with another key.
    Forged,
    /// Twice.
    Twice,
}

/// What an operator does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// Answers.
    Answer,
    /// Gives a batch back.
    Decline,
    /// Takes a batch at auction.
    Take,
    /// Bids for one.
    Bid,
    /// Reveals its bid.
    RevealBid,
    /// Commits to a ballot.
    Commit,
    /// Reveals it.
    Reveal,
    /// Leaves a panel.
    Excuse,
    /// Opens an audited node.
    Open,
}

/// The work of solvers.
#[derive(Clone, Debug)]
pub enum Working {
    /// One solver does one thing.
    One {
        /// Which.
        solver: u8,
        /// What.
        deed: Deed,
        /// How.
        manner: Manner,
        /// For which of what there is.
        choice: u8,
    },
    /// Some of the solvers that are not honest do all they must.
    All {
        /// Which of them, as bits.
        who: u16,
        /// How.
        manner: Manner,
    },
}

impl Working {
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        use Manner::*;
        let all = bytes.one_in(3);
        let manner = bytes.pick(&[
            Right, Right, Right, Right, Right, Right, Lie, Lie, DeepLie, Partly, Foreign, Misshapen, Forged,
            Twice,
        ]);
        if all {
            let who = u16::from_le_bytes([bytes.byte(), bytes.byte()]);
            return Self::All {
                who: if bytes.one_in(2) { u16::MAX } else { who },
                manner: match manner {
                    Lie | DeepLie => manner,
                    _ => Right,
                },
            };
        }
        Self::One {
            solver: bytes.below(SOLVERS + 2),
            deed: bytes.pick(&[
                Deed::Answer,
                Deed::Answer,
                Deed::Answer,
                Deed::Decline,
                Deed::Take,
                Deed::Take,
                Deed::Bid,
                Deed::Bid,
                Deed::RevealBid,
                Deed::Commit,
                Deed::Reveal,
                Deed::Excuse,
                Deed::Open,
                Deed::Open,
            ]),
            manner,
            choice: bytes.byte(),
        }
    }

    /// All solvers that are not honest do all they must.
    pub const fn everybody(manner: Manner) -> Self {
        Self::All {
            who: u16::MAX,
            manner,
        }
    }

    pub(super) fn run(self, world: &mut World) -> Checked {
        match self {
            Self::One {
                solver,
                deed,
                manner,
                choice,
            } => one(world, actor(solver), deed, manner, choice),
            Self::All { who, manner } => {
                let driven = ACTORS.iter().enumerate().filter(|(_, actor)| !actor.is_honest());
                for (number, actor) in driven {
                    if who & (1 << (number % 16)) != 0 {
                        all(world, actor, manner)?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// Everything that a solver must do now.
fn all(world: &mut World, actor: &Actor, manner: Manner) -> Checked {
    let duties = <TaskMarket as Duties>::duties(&actor.stash, u32::MAX).len();
    let seats = <Panel as Panels>::duties(&actor.stash, u32::MAX).len();
    let bids = <Auction as Auctions>::open_to(&actor.stash, u32::MAX).len();
    let audits = <Dispute as Disputes>::audits(&actor.stash, u32::MAX).len();
    let lists = [
        (Deed::Answer, duties),
        (Deed::Commit, seats),
        (Deed::Reveal, seats),
        (Deed::RevealBid, bids),
        (Deed::Open, audits),
    ];
    for (deed, count) in lists {
        // From the back: what is done leaves the list.
        for choice in (0..count.min(usize::from(u8::MAX))).rev() {
            one(world, actor, deed, manner, choice as u8)?;
        }
    }
    Ok(())
}

fn one(world: &mut World, actor: &Actor, deed: Deed, manner: Manner, choice: u8) -> Checked {
    let harmless = matches!(deed, Deed::Take | Deed::Bid | Deed::Decline | Deed::Excuse);
    if actor.is_honest() && !(manner == Manner::Right || harmless && manner == Manner::Forged) {
        return Ok(());
    }
    let Some(mut work) = work(world, actor, deed, manner, choice) else {
        return Ok(());
    };
    if manner == Manner::Misshapen {
        misshape(&mut work);
    }
    let false_ballot = deed == Deed::Commit && matches!(manner, Manner::Lie | Manner::DeepLie);
    let signer = match manner {
        // Nobody else's key is this solver's.
        Manner::Forged => &crate::people::actor(choice.wrapping_add(1)).pair,
        _ => working::key(actor),
    };
    let batch = match &work {
        Work::Commit { batch, .. } => Some(*batch),
        _ => None,
    };
    let again = (manner == Manner::Twice).then(|| work.clone());
    let sent = working::send_with(world, actor, signer, work)?;
    if let (true, Sent::Included, Some(batch)) = (false_ballot, sent, batch) {
        *world.ledger.lies.entry(batch).or_default() += 1;
    }
    if let Some(work) = again {
        working::send_with(world, actor, signer, work)?;
    }
    Ok(())
}

fn work(world: &mut World, actor: &Actor, deed: Deed, manner: Manner, choice: u8) -> Option<Work> {
    match deed {
        Deed::Answer => answer(actor, manner, choice).map(Work::Answer),
        Deed::Decline => {
            let held = <TaskMarket as Duties>::duties(&actor.stash, u32::MAX);
            let held = held.into_iter().map(|duty| duty.batch).collect();
            Some(Work::Decline {
                batch: choose(held, choice).unwrap_or_else(|| some_batch(choice)),
                reason: Unable::EngineFailed,
            })
        }
        Deed::Take | Deed::Bid | Deed::RevealBid => auction(world, actor, deed, manner, choice),
        Deed::Commit | Deed::Reveal | Deed::Excuse => panel(world, actor, deed, manner, choice),
        Deed::Open => {
            let audits = <Dispute as Disputes>::audits(&actor.stash, u32::MAX);
            working::open(world, &choose(audits, choice)?)
        }
    }
}

fn answer(actor: &Actor, manner: Manner, choice: u8) -> Option<Vec<Answer>> {
    let holder = match manner {
        Manner::Foreign => &crate::people::actor(choice).stash,
        _ => &actor.stash,
    };
    let duty = choose(<TaskMarket as Duties>::duties(holder, u32::MAX), choice)?;
    let truthful = match manner {
        Manner::Lie => Truth::WrongAtEnd,
        Manner::DeepLie => Truth::WrongFromStart,
        _ => Truth::Right,
    };
    match manner {
        Manner::Partly => {
            let (task, input) = choose(duty.tasks.clone(), choice)?;
            Some(vec![working::answer(&duty, task, &input, truthful)?])
        }
        Manner::Foreign | Manner::Misshapen => working::sheet(&duty, truthful),
        _ => Some(
            // What cannot be read is answered all the same.
            duty.tasks
                .iter()
                .filter_map(|(task, input)| {
                    working::answer(&duty, *task, input, truthful)
                        .or_else(|| (!actor.is_honest()).then(|| working::made_up(&duty, *task, input)))
                })
                .collect(),
        ),
    }
}

fn auction(world: &mut World, actor: &Actor, deed: Deed, manner: Manner, choice: u8) -> Option<Work> {
    let mut open = <Auction as Auctions>::open_to(&actor.stash, u32::MAX);
    // What solvers are told holds for the next block; this one may be the last before it.
    let reveals = |duty: &AuctionDuty| {
        let auction = pallet_auction::Auctions::<Runtime>::get(duty.batch);
        let phase = auction.and_then(|auction| auction.phase(world.blocks.number()));
        matches!(phase, Some((Phase::Revealing { .. }, _)))
    };
    open.retain(|duty| match deed {
        Deed::Take => matches!(duty.turn, Turn::Take { .. }),
        Deed::Bid => matches!(duty.turn, Turn::Bid { .. }),
        _ => matches!(duty.turn, Turn::Reveal { .. }) && reveals(duty),
    });
    let duty = match choose(open, choice) {
        Some(duty) => duty,
        None if manner == Manner::Foreign => {
            let batch = some_batch(choice);
            return Some(match deed {
                Deed::Take => Work::Take { batch, floor: 0 },
                _ => working::bid(world, actor, batch, 0, choice.into()),
            });
        }
        None => return None,
    };
    let round = match manner {
        Manner::Partly => duty.round.wrapping_add(1),
        _ => duty.round,
    };
    match duty.turn {
        Turn::Take { price } => Some(Work::Take {
            batch: duty.batch,
            floor: match manner {
                Manner::Partly => Balance::MAX,
                _ => price / 8 * Balance::from(choice % 8),
            },
        }),
        Turn::Bid { reserve } => {
            let price = match manner {
                Manner::Lie => reserve.saturating_add(1),
                _ => reserve / 8 * Balance::from(choice % 9),
            };
            Some(working::bid(world, actor, duty.batch, round, price))
        }
        Turn::Reveal { .. } => working::reveal_bid(world, &duty),
    }
}

fn panel(world: &mut World, actor: &Actor, deed: Deed, manner: Manner, choice: u8) -> Option<Work> {
    let mut seats = <Panel as Panels>::duties(&actor.stash, u32::MAX);
    // What the input asks for at the wrong time is sent all the same.
    if manner != Manner::Partly {
        seats.retain(|duty| working::commits(duty) == (deed != Deed::Reveal));
    }
    let duty = choose(seats, choice)?;
    let truthful = !matches!(manner, Manner::Lie | Manner::DeepLie);
    Some(match deed {
        Deed::Commit => {
            let mut ballot = working::ballot(&duty, truthful);
            if manner == Manner::Foreign {
                ballot.iter_mut().for_each(|answer| *answer = None);
            }
            working::commit(world, actor, &duty, ballot)
        }
        Deed::Reveal => working::reveal(world, &duty)?,
        _ => Work::Excuse {
            batch: duty.batch,
            round: duty.round,
            reason: Unable::EngineFailed,
        },
    })
}

/// Spoils what is sent.
fn misshape(work: &mut Work) {
    match work {
        Work::Answer(answers) => {
            answers.reverse();
            if let [answer] = answers.as_mut_slice() {
                answer.trace = match &answer.trace {
                    Some(_) => None,
                    None => Some(BoundedVec::truncate_from(vec![Digest::zero()])),
                };
            }
        }
        Work::Reveal { ballot, .. } => {
            let longer = ballot.iter().cloned().chain([None]).collect();
            *ballot = BoundedVec::truncate_from(longer);
        }
        Work::RevealBid { price, .. } => *price = price.wrapping_add(1),
        Work::Commit { round, .. } | Work::Excuse { round, .. } => *round = round.wrapping_add(1),
        Work::Open { step, .. } => {
            let longer = step.weights.iter().copied().chain([0]).collect();
            step.weights = BoundedVec::truncate_from(longer);
        }
        Work::Decline { .. } | Work::Take { .. } | Work::Bid { .. } => {}
    }
}
