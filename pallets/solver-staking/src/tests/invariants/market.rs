//! The market and its satellites, as far as they remember what they took.

use super::{
    steps::{as_call, Step},
    SOLVERS,
};
use crate::{mock::*, types::accepted, SlashingEnabled};
use frame_support::traits::{
    fungibles::{Inspect, Mutate},
    tokens::Preservation,
};
use pensum_primitives::{
    solver::{Fault, Unit},
    traits::{Engagement, FaultReport, PanelQuery, Solvers as _},
    AccountId, Digest, TaskId,
};
use sp_runtime::traits::Dispatchable;

/// Work that a solver holds: tasks of a book, an auction or a panel.
pub struct Work {
    pub solver: AccountId,
    pub bonds: Vec<Balance>,
    pub prices: Vec<Balance>,
    pub asset: Option<AssetId>,
}

impl Work {
    pub fn tasks(&self) -> u32 {
        self.bonds.len() as u32
    }

    pub fn bond(&self) -> Balance {
        self.bonds.iter().sum()
    }

    pub fn reward(&self) -> Balance {
        self.prices.iter().sum()
    }

    pub fn agree(&self) {
        Staking::agreed(&self.solver, self.tasks(), self.bond(), self.reward());
    }

    /// Pays it as the market would, at one unit of an asset for a unit of PEN. Where nobody delegated, nobody has a share.
    fn pay(&self) {
        if let Some((pool, share)) = Staking::delegators_share(&self.solver, self.asset, self.reward()) {
            assert!(share <= self.reward());
            // Refused while the asset is frozen, and once the requester has nothing left. Nothing else may keep it out.
            let paid = Currencies::transfer(self.asset, &REQUESTER, &pool, share, Preservation::Preserve);
            let can_pay = Currencies::can_withdraw(self.asset, &REQUESTER, share).into_result(true);
            assert!(paid.is_ok() || can_pay.is_err());
        }
    }
}

/// Whoever gets work is paid in what it takes.
fn accepts(solver: &AccountId, asset: Option<AssetId>) {
    let solver = crate::Solvers::<Test>::get(solver).unwrap();
    assert!(accepted(&solver.accepts, asset));
}

/// What the market and its satellites would remember: live work with the prices of its tasks, and deposits.
#[derive(Default)]
pub struct Market {
    live: Vec<Work>,
    deposits: Vec<(AccountId, Balance)>,
}

impl Market {
    pub fn take(&mut self, nth: usize) -> Option<Work> {
        let at = nth.checked_rem(self.live.len())?;
        Some(self.live.swap_remove(at))
    }

    pub fn take_deposit(&mut self, nth: usize) -> Option<(AccountId, Balance)> {
        let at = nth.checked_rem(self.deposits.len())?;
        Some(self.deposits.swap_remove(at))
    }

    pub fn check(&self) {
        for who in (1..=SOLVERS).map(account) {
            let of_solver = || self.live.iter().filter(|work| work.solver == who);
            let bonds: Balance = of_solver().flat_map(|work| &work.bonds).sum();
            let deposits: Balance = self
                .deposits
                .iter()
                .filter(|(solver, _)| *solver == who)
                .map(|(_, deposit)| deposit)
                .sum();
            let in_flight: usize = of_solver().map(|work| work.bonds.len()).sum();
            assert_eq!(
                (Staking::locked(&who), Staking::in_flight(&who) as usize),
                (bonds + deposits, in_flight)
            );
        }
    }

    pub fn run(&mut self, step: Step) {
        match step {
            Step::Assign {
                model: number,
                lens,
                cap,
                asset,
                handed_over,
                exclude,
                seed: drawn,
            } => {
                let excluded = account(exclude);
                let query = Query {
                    model: model(number),
                    input_lens: lens.clone(),
                    max_reward: cap,
                    asset,
                    min_reputation: 0,
                    handed_over,
                    exclude: vec![excluded.clone()],
                    seed: seed(drawn),
                };
                if let Ok(assignment) = query.ask() {
                    assert_ne!(assignment.solver, excluded);
                    accepts(&assignment.solver, asset);
                    assert_eq!(assignment.offer.unit, Unit::Native);
                    let prices: Vec<_> = lens.iter().map(|len| assignment.offer.price(*len)).collect();
                    assert!(prices.iter().all(|price| *price <= cap));
                    assert!((1..=lens.len()).contains(&assignment.bonds.len()));
                    assert_eq!(assignment.taken as usize, assignment.bonds.len());
                    let prices = prices[..assignment.bonds.len()].to_vec();
                    self.live.push(Work {
                        solver: assignment.solver,
                        bonds: assignment.bonds,
                        prices,
                        asset,
                    });
                }
            }
            Step::Engage {
                who,
                model: number,
                prices,
                asset,
            } => {
                let solver = account(who);
                let engagement = Engagement {
                    model: &model(number),
                    prices: &prices,
                    asset,
                    min_reputation: 0,
                };
                if let Ok(bonds) = Staking::engage(&solver, engagement) {
                    assert_eq!(bonds.len(), prices.len());
                    accepts(&solver, asset);
                    self.live.push(Work {
                        solver,
                        bonds,
                        prices,
                        asset,
                    });
                }
            }
            Step::Draw {
                model: number,
                lens,
                size,
                cap,
                asset,
                exclude,
                seed: drawn,
            } => {
                let exclude = [account(exclude)];
                let query = PanelQuery {
                    model: &model(number),
                    input_lens: &lens,
                    size,
                    member_cap: cap,
                    asset,
                    min_reputation: 0,
                    exclude: &exclude,
                    seed: seed(drawn),
                };
                let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
                let Ok(seats) = Staking::draw(query) else {
                    assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1));
                    return;
                };
                assert_eq!(seats.len(), size as usize);
                for seat in seats {
                    assert_ne!(seat.solver, exclude[0]);
                    accepts(&seat.solver, asset);
                    assert!(seat.prices.iter().all(|price| *price <= cap));
                    self.live.push(Work {
                        solver: seat.solver,
                        bonds: seat.bonds,
                        prices: seat.prices,
                        asset,
                    });
                }
            }
            Step::Lock { who, amount } => {
                let solver = account(who);
                let free = Staking::standing(&solver, &model(1), None).map(|standing| standing.free);
                let is_locked = Staking::lock(&solver, amount);
                assert_eq!(is_locked, free.is_some_and(|free| amount <= free));
                if is_locked {
                    self.deposits.push((solver, amount));
                }
            }
            Step::Unlock { nth } => {
                if let Some((solver, amount)) = self.take_deposit(nth) {
                    Staking::unlock(&solver, amount);
                }
            }
            Step::WithholdBid { nth, harmed } => {
                if let Some((solver, bond)) = self.take_deposit(nth) {
                    let withheld = FaultReport {
                        tasks: 0,
                        harmed: account(harmed),
                        ..report(Fault::BidWithheld, bond, 100)
                    };
                    Staking::fault(&solver, withheld);
                }
            }
            Step::Agree { nth } => {
                if let Some(work) = self.take(nth) {
                    work.pay();
                    work.agree();
                }
            }
            Step::Release { nth, declined } => {
                if let Some(work) = self.take(nth) {
                    Staking::released(&work.solver, work.tasks(), work.bond(), work.reward(), declined);
                }
            }
            Step::Fault {
                nth,
                fault,
                harmed,
                rescuer,
            } => {
                if let Some(work) = self.take(nth) {
                    let report = FaultReport {
                        task: TaskId(1),
                        fault,
                        bond: work.bond(),
                        tasks: work.tasks(),
                        reward: work.reward(),
                        harmed: account(harmed),
                        evidence: Digest::zero(),
                    };
                    let slash = Staking::fault(&work.solver, report);
                    // Bonds in the mock are never zero.
                    assert_eq!(slash.is_some(), SlashingEnabled::<Test>::get());
                    if let (Some(id), Some(rescuer)) = (slash, rescuer) {
                        Staking::name_rescuer(id, &account(rescuer));
                    }
                }
            }
            Step::Pass { blocks } => run_for(blocks),
            // Both refused where it is done already.
            Step::FreezeAsset { asset } => {
                let _ = Assets::freeze_asset(RuntimeOrigin::signed(ISSUER), asset);
            }
            Step::ThawAsset { asset } => {
                let _ = Assets::thaw_asset(RuntimeOrigin::signed(ISSUER), asset);
            }
            Step::SetRate { rate } => StableRate::set(rate),
            call => {
                let (origin, call) = as_call(call);
                // A refused call must leave no trace; an accepted one is checked by the invariants.
                let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
                if RuntimeCall::Staking(call).dispatch(origin).is_err() {
                    assert_eq!(before, sp_io::storage::root(sp_runtime::StateVersion::V1));
                }
            }
        }
    }
}
