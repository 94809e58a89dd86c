//! Verification and settlement of one task, as the chain does it.

use crate::{
    agents::{Answer, Fault, Task},
    matching::{self, Chosen},
    scenario::{Verification, MAX_HANDOVERS, NODES},
    world::World,
};
use market_math::{
    audit,
    equivalence::{self, Rule, Standing},
};

/// Rounds of a panel.
const PANEL_ROUNDS: u32 = 2;

/// A member of a panel with what it says; none where it keeps its answer back.
struct Ballot {
    member: Chosen,
    label: Option<[u8; 1]>,
}

impl World {
    /// One task from posting to its end.
    pub(crate) fn solve(&mut self, task: &Task) {
        match self.scenario.verification {
            Verification::ReplayAtOnce => {
                self.solve_by_one(task, |_, answer, task| answer.label != task.truth, true)
            }
            // Where an audit convicts, the next answer is unproven too, and nobody has the repairer's share.
            Verification::ReplayAudited => self.solve_by_one(task, Self::is_convicted, false),
            Verification::Quorum { solvers, threshold } => self.solve_by_panel(task, solvers, threshold),
        }
    }

    /// One solver after the other, until one is not convicted, who has the repairer's share of the slashes before if it `repairs`.
    fn solve_by_one(
        &mut self,
        task: &Task,
        convicts: impl Fn(&mut Self, &Answer, &Task) -> bool,
        repairs: bool,
    ) {
        let (mut failed, mut slashes) = (Vec::new(), Vec::new());
        while failed.len() <= MAX_HANDOVERS {
            let chosen = matching::choose(
                self.scenario.matching,
                &self.solvers,
                &failed,
                self.max_reward(),
                &self.parameters,
                &mut self.rng,
            );
            let Some(chosen) = chosen else { break };
            let answer = self.ask(chosen.solver, task);
            if !convicts(self, &answer, task) {
                self.pay(chosen, &slashes);
                self.count(Some(answer.label == task.truth));
                return;
            }
            let slash = self.blame(chosen, Fault::Wrong);
            if repairs {
                slashes.push(slash);
            }
            failed.push(chosen.solver);
        }
        self.count(None);
    }

    /// Nobody watches: only an audit that meets the false node convicts.
    fn is_convicted(&mut self, answer: &Answer, _: &Task) -> bool {
        if answer.traced {
            return false;
        }
        let opened = audit::openings(self.parameters.audit_share_ppm, NODES, self.rng.number());
        self.rng.chance(audit::detection_ppm(NODES, opened, 1))
    }

    /// A panel, and where it does not agree one of twice its size.
    fn solve_by_panel(&mut self, task: &Task, solvers: u32, threshold: u32) {
        let member_cap = self.scenario.price * 2;
        let mut former = Vec::new();
        for round in 0..PANEL_ROUNDS {
            let (size, majority) = (solvers << round, threshold << round);
            let mut draw = |excluded: &[usize]| {
                matching::draw(
                    &self.solvers,
                    excluded,
                    size,
                    member_cap,
                    &self.parameters,
                    &mut self.rng,
                )
            };
            let Some(members) = draw(&former).or_else(|| draw(&[])) else {
                break;
            };
            former.extend(members.iter().map(|member| member.solver));
            if self.vote(task, members, majority as usize) {
                return;
            }
        }
        self.count(None);
    }

    /// One round of a panel; whether it decided.
    fn vote(&mut self, task: &Task, members: Vec<Chosen>, majority: usize) -> bool {
        let answers: Vec<(Chosen, Answer)> = members
            .into_iter()
            .map(|member| (member, self.ask(member.solver, task)))
            .collect();
        let others: Vec<u8> = answers
            .iter()
            .filter(|(_, answer)| !answer.timid)
            .map(|(_, answer)| answer.label)
            .collect();
        let ballots: Vec<Ballot> = answers
            .into_iter()
            .map(|(member, answer)| {
                // It sees the others' ballots before its own, but its commitment is made.
                let reveals = !answer.timid || most_frequent(&others) == Some(answer.label);
                Ballot {
                    member,
                    label: reveals.then_some([answer.label]),
                }
            })
            .collect();
        let labels: Vec<Option<&[u8]>> = ballots
            .iter()
            .map(|ballot| ballot.label.as_ref().map(|label| label.as_slice()))
            .collect();
        let tally = equivalence::tally(Rule::Exact, &labels, majority);
        for (ballot, standing) in ballots.iter().zip(&tally.standings) {
            match standing {
                Standing::Agrees => self.pay(ballot.member, &[]),
                Standing::Differs => {
                    self.blame(ballot.member, Fault::Wrong);
                    if ballot.label == Some([task.truth]) {
                        self.tally.right_slashed += 1;
                    }
                }
                Standing::Unreadable => {
                    self.blame(ballot.member, Fault::Unrevealed);
                }
                Standing::Apart => (),
            }
        }
        let winner = tally.winner.and_then(|winner| ballots[winner].label);
        if let Some(label) = winner {
            self.count(Some(label == [task.truth]));
        }
        winner.is_some()
    }
}

fn most_frequent(labels: &[u8]) -> Option<u8> {
    let times = |label: &u8| labels.iter().filter(|other| *other == label).count();
    labels.iter().copied().max_by_key(|label| (times(label), *label))
}
