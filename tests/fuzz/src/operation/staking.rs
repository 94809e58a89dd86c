//! What solvers and delegators do with stake and offers.

use super::time;
use crate::{
    assets::{COIN, DOLLAR, UNKNOWN},
    bytes::Bytes,
    genesis,
    models::model,
    people::{actor, delegator, nobody, Actor, ACTORS, DELEGATORS, SOLVERS},
    violation::Checked,
    world::World,
};
use pallet_solver_staking::{pool::Delegation, types::Solver, Delegations, PoolRewards, Solvers};
use pensum_primitives::{
    operator::{ownership_payload, OperatorId, OperatorSignature},
    AccountId, AssetId, Balance, BlockNumber, Digest, SlashId,
};
use pensum_runtime::{
    constants::{money::PEN, solver::MIN_BOND},
    Runtime, RuntimeCall, System,
};
use sp_core::Pair;

type Call = pallet_solver_staking::Call<Runtime>;

/// Somebody does something with stake.
#[derive(Clone, Debug)]
pub struct Staking {
    deed: Deed,
    solver: u8,
    by: u8,
    amount: Balance,
    choice: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Deed {
    Join,
    BondExtra,
    Unbond,
    Withdraw,
    Leave,
    SetOperator,
    SetOffer,
    WithdrawOffer,
    Unjail,
    CancelSlash,
    Delegate,
    Undelegate,
    WithdrawDelegated,
    ClaimRewards,
    SetCommission,
    SetSlashing,
    AcceptAsset,
    RefuseAsset,
}

impl Staking {
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        use Deed::*;
        Self {
            deed: bytes.pick(&[
                Join,
                BondExtra,
                Unbond,
                Unbond,
                Withdraw,
                Leave,
                SetOperator,
                SetOffer,
                SetOffer,
                SetOffer,
                WithdrawOffer,
                Unjail,
                Unjail,
                CancelSlash,
                Delegate,
                Delegate,
                Delegate,
                Undelegate,
                Undelegate,
                WithdrawDelegated,
                ClaimRewards,
                ClaimRewards,
                SetCommission,
                SetCommission,
                SetCommission,
                SetSlashing,
                AcceptAsset,
                AcceptAsset,
                RefuseAsset,
            ]),
            solver: bytes.below(SOLVERS + 2),
            by: bytes.below(DELEGATORS + 1),
            amount: bytes.pick(&[
                0,
                1,
                PEN / 2,
                PEN,
                PEN + 1,
                7 * PEN,
                MIN_BOND,
                40 * PEN,
                100 * PEN,
                Balance::MAX,
            ]),
            choice: bytes.byte(),
        }
    }

    pub(super) fn run(self, world: &mut World) -> Checked {
        let actor = self.solver();
        let who = self.delegator(&actor.stash);
        if let Some(block) = self.possible_from(actor, &who).filter(|_| self.choice >= 64) {
            time::leap_until(world, block, self.choice)?;
        }
        let call = self.call(actor);
        match self.deed {
            Deed::CancelSlash | Deed::SetSlashing if self.by > 0 => {
                world.root(call)?;
            }
            Deed::Delegate | Deed::Undelegate | Deed::WithdrawDelegated | Deed::ClaimRewards => {
                world.signed(&who, call)?;
            }
            _ => {
                world.signed(&actor.stash, call)?;
            }
        }
        Ok(())
    }

    /// Who acts, or is acted upon: mostly somebody of whom the deed makes sense.
    fn solver(&self) -> &'static Actor {
        let fits = |solver: &Solver<Runtime>| match self.deed {
            Deed::Unjail => solver.is_jailed(),
            Deed::Withdraw => !solver.unbonding.is_empty(),
            Deed::Delegate => solver.pool.is_some(),
            Deed::Undelegate | Deed::WithdrawDelegated | Deed::ClaimRewards => {
                solver.pool.is_some_and(|pool| pool.shares > 0)
            }
            Deed::WithdrawOffer => !solver.offers.is_empty(),
            _ => false,
        };
        let fitting = ACTORS
            .iter()
            .filter(|actor| Solvers::<Runtime>::get(&actor.stash).is_some_and(|solver| fits(&solver)))
            .collect();
        super::fitting(fitting, self.choice, actor(self.solver))
    }

    /// Who delegates, or did.
    fn delegator(&self, solver: &AccountId) -> AccountId {
        let who = match self.by {
            DELEGATORS => nobody(),
            by => delegator(by),
        };
        let fits = |delegation: &Delegation<Runtime>| match self.deed {
            Deed::Undelegate => delegation.shares > 0,
            Deed::WithdrawDelegated => !delegation.leaving.is_empty(),
            _ => true,
        };
        let fitting = (0..DELEGATORS).map(delegator).filter(|who| {
            let delegation = Delegations::<Runtime>::get(solver, who);
            self.deed != Deed::Delegate && delegation.is_some_and(|delegation| fits(&delegation))
        });
        super::fitting(fitting.collect(), self.choice.rotate_left(4), who)
    }

    fn asset(&self) -> AssetId {
        [DOLLAR, COIN, DOLLAR, UNKNOWN][usize::from(self.by) % 4]
    }

    /// Currencies in which a solver's pool has rewards.
    fn claimable(&self, actor: &Actor) -> Vec<Option<AssetId>> {
        PoolRewards::<Runtime>::get(&actor.stash).currencies()
    }

    /// The block from which the deed can be done, where it must be waited for.
    fn possible_from(&self, actor: &Actor, delegator: &AccountId) -> Option<BlockNumber> {
        let solver = Solvers::<Runtime>::get(&actor.stash)?;
        match self.deed {
            Deed::Unjail => solver.jailed_until,
            Deed::Withdraw => solver.unbonding.first().map(|chunk| chunk.withdrawable_from),
            Deed::WithdrawDelegated => {
                let delegation = Delegations::<Runtime>::get(&actor.stash, delegator)?;
                delegation.leaving.first().map(|chunk| chunk.withdrawable_from)
            }
            _ => None,
        }
    }

    /// An operator key, and what shows that its holder agrees: mostly a spare one; else that of another, with a proof that it
    /// never gave.
    fn key(&self, actor: &Actor, genesis: Digest) -> (OperatorId, OperatorSignature) {
        if actor.is_honest() || self.choice.is_multiple_of(4) {
            let other = crate::people::actor(self.choice).pair.public();
            return (other, actor.proof(genesis));
        }
        let spare = &crate::people::actor(SOLVERS + self.by % 2).pair;
        let payload = ownership_payload(genesis, &actor.stash);
        (spare.public(), spare.sign(&payload))
    }

    fn call(&self, actor: &Actor) -> RuntimeCall {
        let (amount, solver) = (self.amount, actor.stash.clone());
        let genesis = System::block_hash(0);
        let call = match self.deed {
            Deed::Join => Call::join {
                operator: actor.pair.public(),
                proof: actor.proof(genesis),
                bond: amount,
            },
            Deed::BondExtra => Call::bond_extra { amount },
            Deed::Unbond => Call::unbond { amount },
            Deed::Withdraw => Call::withdraw_unbonded {},
            Deed::Leave => Call::leave {},
            Deed::SetOperator => {
                let (operator, proof) = self.key(actor, genesis);
                Call::set_operator { operator, proof }
            }
            Deed::SetOffer => {
                let number = match self.choice % 8 {
                    // As cheap as others, so that chance decides.
                    0..=4 => self.solver,
                    5 => 0,
                    _ => 250,
                };
                let capacity = [40, 40, 3, 1, 0][usize::from(self.choice / 8) % 5];
                genesis::offer(model(self.by).id(), number, capacity)
            }
            Deed::WithdrawOffer => Call::withdraw_offer {
                model: model(self.by).id(),
            },
            Deed::Unjail => Call::unjail {},
            Deed::CancelSlash => Call::cancel_slash {
                id: super::fitting(
                    pallet_solver_staking::Slashes::<Runtime>::iter_keys().collect(),
                    self.choice,
                    SlashId((self.choice % 8).into()),
                ),
            },
            Deed::Delegate => Call::delegate { solver, amount },
            Deed::Undelegate => Call::undelegate { solver, amount },
            Deed::WithdrawDelegated => Call::withdraw_delegated { solver },
            Deed::ClaimRewards => Call::claim_rewards {
                solver,
                asset: super::fitting(self.claimable(actor), self.choice, None),
            },
            Deed::AcceptAsset => Call::accept_asset { asset: self.asset() },
            Deed::RefuseAsset => Call::refuse_asset { asset: self.asset() },
            Deed::SetCommission => Call::set_commission {
                commission: u32::from(self.choice) * 2_500,
            },
            Deed::SetSlashing => Call::set_slashing {
                enabled: self.choice > 60,
            },
        };
        call.into()
    }
}
