//! What can happen, at random.

use super::{DELEGATORS, SOLVERS};
use crate::{mock::*, Slashes};
use pensum_primitives::{
    solver::{Fault, Offer, Unit},
    SlashId,
};
use proptest::prelude::*;

/// What somebody does, or the market.
#[derive(Clone, Debug)]
pub enum Step {
    Join {
        who: u8,
        key: u8,
        bond: Balance,
    },
    BondExtra {
        who: u8,
        amount: Balance,
    },
    Unbond {
        who: u8,
        amount: Balance,
    },
    Withdraw {
        who: u8,
    },
    Leave {
        who: u8,
    },
    SetOperator {
        who: u8,
        key: u8,
    },
    SetOffer {
        who: u8,
        model: u64,
        offer: Offer,
    },
    WithdrawOffer {
        who: u8,
        model: u64,
    },
    Unjail {
        who: u8,
    },
    CancelSlash {
        nth: usize,
    },
    Assign {
        model: u64,
        lens: Vec<u32>,
        cap: Balance,
        asset: Option<AssetId>,
        handed_over: bool,
        exclude: u8,
        seed: u128,
    },
    Engage {
        who: u8,
        model: u64,
        prices: Vec<Balance>,
        asset: Option<AssetId>,
    },
    Draw {
        model: u64,
        lens: Vec<u32>,
        size: u32,
        cap: Balance,
        asset: Option<AssetId>,
        exclude: u8,
        seed: u128,
    },
    Lock {
        who: u8,
        amount: Balance,
    },
    Unlock {
        nth: usize,
    },
    WithholdBid {
        nth: usize,
        harmed: u8,
    },
    Agree {
        nth: usize,
    },
    Release {
        nth: usize,
        declined: bool,
    },
    Fault {
        nth: usize,
        fault: Fault,
        harmed: u8,
        rescuer: Option<u8>,
    },
    Delegate {
        who: u8,
        solver: u8,
        amount: Balance,
    },
    Undelegate {
        who: u8,
        solver: u8,
        amount: Balance,
    },
    WithdrawDelegated {
        who: u8,
        solver: u8,
    },
    Claim {
        who: u8,
        solver: u8,
        asset: Option<AssetId>,
    },
    AcceptAsset {
        who: u8,
        asset: AssetId,
    },
    RefuseAsset {
        who: u8,
        asset: AssetId,
    },
    FreezeAsset {
        asset: AssetId,
    },
    ThawAsset {
        asset: AssetId,
    },
    SetRate {
        rate: Option<(Balance, Balance)>,
    },
    SetCommission {
        who: u8,
        commission: u32,
    },
    SetSlashing {
        enabled: bool,
    },
    Pass {
        blocks: u32,
    },
}

fn fault() -> impl Strategy<Value = Fault> {
    prop::sample::select(vec![
        Fault::TimedOut,
        Fault::Wrong,
        Fault::Unrevealed,
        Fault::Unopened,
        Fault::Rejected,
    ])
}

fn offer() -> impl Strategy<Value = Offer> {
    let unit = prop::sample::select(vec![Unit::Native, Unit::Native, Unit::Stable]);
    let amounts = (0..200u128, 0..2u128, 0..100u128);
    (amounts, 0..9u32, unit).prop_map(|((base, per_byte, min_reward), capacity, unit)| Offer {
        base,
        per_byte,
        min_reward,
        capacity,
        unit,
    })
}

/// PEN, or an asset that somebody accepts now and then.
fn currency() -> impl Strategy<Value = Option<AssetId>> {
    prop::option::of(1..4u32)
}

/// Any of them, in proportions that keep solvers at work.
pub fn step() -> impl Strategy<Value = Step> {
    let who = || 1..=SOLVERS;
    let models = || 1..3u64;
    prop_oneof![
        2 => (who(), 1..=SOLVERS + 2, 900..6_000u128).prop_map(|(who, key, bond)| Step::Join { who, key, bond }),
        3 => (who(), 0..4_000u128).prop_map(|(who, amount)| Step::BondExtra { who, amount }),
        3 => (who(), 0..2_000u128).prop_map(|(who, amount)| Step::Unbond { who, amount }),
        3 => who().prop_map(|who| Step::Withdraw { who }),
        1 => who().prop_map(|who| Step::Leave { who }),
        1 => (who(), 1..=SOLVERS + 2).prop_map(|(who, key)| Step::SetOperator { who, key }),
        6 => (who(), models(), offer()).prop_map(|(who, model, offer)| Step::SetOffer { who, model, offer }),
        1 => (who(), models()).prop_map(|(who, model)| Step::WithdrawOffer { who, model }),
        3 => who().prop_map(|who| Step::Unjail { who }),
        1 => (0..4usize).prop_map(|nth| Step::CancelSlash { nth }),
        16 => (models(), prop::collection::vec(0..300u32, 1..6), 100..1_500u128, currency(), any::<bool>(), who(), any::<u128>())
            .prop_map(|(model, lens, cap, asset, handed_over, exclude, seed)| {
                Step::Assign { model, lens, cap, asset, handed_over, exclude, seed }
            }),
        4 => (who(), models(), prop::collection::vec(0..900u128, 1..4), currency())
            .prop_map(|(who, model, prices, asset)| Step::Engage { who, model, prices, asset }),
        6 => (models(), prop::collection::vec(0..300u32, 1..4), 0..4u32, 100..1_500u128, currency(), who(), any::<u128>())
            .prop_map(|(model, lens, size, cap, asset, exclude, seed)| {
                Step::Draw { model, lens, size, cap, asset, exclude, seed }
            }),
        8 => (who(), 1..12u32).prop_map(|(who, asset)| Step::AcceptAsset { who, asset }),
        4 => (who(), 1..12u32).prop_map(|(who, asset)| Step::RefuseAsset { who, asset }),
        1 => (1..4u32).prop_map(|asset| Step::FreezeAsset { asset }),
        2 => (1..4u32).prop_map(|asset| Step::ThawAsset { asset }),
        2 => prop::option::of((0..9u128, 0..5u128)).prop_map(|rate| Step::SetRate { rate }),
        3 => (who(), 0..3_000u128).prop_map(|(who, amount)| Step::Lock { who, amount }),
        2 => any::<usize>().prop_map(|nth| Step::Unlock { nth }),
        1 => (any::<usize>(), 1..120u8).prop_map(|(nth, harmed)| Step::WithholdBid { nth, harmed }),
        8 => (DELEGATORS, who(), 0..9_000u128).prop_map(|(who, solver, amount)| Step::Delegate { who, solver, amount }),
        4 => (DELEGATORS, who(), 0..4_000u128).prop_map(|(who, solver, amount)| Step::Undelegate { who, solver, amount }),
        6 => (DELEGATORS, who()).prop_map(|(who, solver)| Step::WithdrawDelegated { who, solver }),
        4 => (DELEGATORS, who(), currency()).prop_map(|(who, solver, asset)| Step::Claim { who, solver, asset }),
        3 => (who(), 0..600_000u32).prop_map(|(who, commission)| Step::SetCommission { who, commission }),
        1 => prop::bool::weighted(0.8).prop_map(|enabled| Step::SetSlashing { enabled }),
        6 => any::<usize>().prop_map(|nth| Step::Agree { nth }),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(nth, declined)| Step::Release { nth, declined }),
        6 => (any::<usize>(), fault(), 1..120u8, prop::option::of(who()))
            .prop_map(|(nth, fault, harmed, rescuer)| Step::Fault { nth, fault, harmed, rescuer }),
        5 => (1..12u32).prop_map(|blocks| Step::Pass { blocks }),
    ]
}

/// A step that is a call, with its origin.
pub fn as_call(step: Step) -> (RuntimeOrigin, crate::Call<Test>) {
    use crate::Call;
    match step {
        Step::Join { who, key, bond } => {
            let (operator, proof) = operator_for(key, &account(who));
            (
                origin(who),
                Call::join {
                    operator,
                    proof,
                    bond,
                },
            )
        }
        Step::BondExtra { who, amount } => (origin(who), Call::bond_extra { amount }),
        Step::Unbond { who, amount } => (origin(who), Call::unbond { amount }),
        Step::Withdraw { who } => (origin(who), Call::withdraw_unbonded {}),
        Step::Leave { who } => (origin(who), Call::leave {}),
        Step::SetOperator { who, key } => {
            let (operator, proof) = operator_for(key, &account(who));
            (origin(who), Call::set_operator { operator, proof })
        }
        Step::SetOffer {
            who,
            model: number,
            offer,
        } => (
            origin(who),
            Call::set_offer {
                model: model(number),
                offer,
            },
        ),
        Step::WithdrawOffer { who, model: number } => {
            (origin(who), Call::withdraw_offer { model: model(number) })
        }
        Step::Unjail { who } => (origin(who), Call::unjail {}),
        Step::CancelSlash { nth } => {
            let id = Slashes::<Test>::iter_keys().nth(nth).unwrap_or(SlashId(u64::MAX));
            (RuntimeOrigin::root(), Call::cancel_slash { id })
        }
        Step::Delegate { who, solver, amount } => (
            origin(who),
            Call::delegate {
                solver: account(solver),
                amount,
            },
        ),
        Step::Undelegate { who, solver, amount } => (
            origin(who),
            Call::undelegate {
                solver: account(solver),
                amount,
            },
        ),
        Step::WithdrawDelegated { who, solver } => (
            origin(who),
            Call::withdraw_delegated {
                solver: account(solver),
            },
        ),
        Step::Claim { who, solver, asset } => (
            origin(who),
            Call::claim_rewards {
                solver: account(solver),
                asset,
            },
        ),
        Step::AcceptAsset { who, asset } => (origin(who), Call::accept_asset { asset }),
        Step::RefuseAsset { who, asset } => (origin(who), Call::refuse_asset { asset }),
        Step::SetCommission { who, commission } => (origin(who), Call::set_commission { commission }),
        Step::SetSlashing { enabled } => (RuntimeOrigin::root(), Call::set_slashing { enabled }),
        other => unreachable!("{other:?} is the market's"),
    }
}
