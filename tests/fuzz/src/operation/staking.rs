//! What solvers and delegators do with stake and offers.

use crate::{
    bytes::Bytes,
    genesis,
    models::model,
    people::{actor, delegator, nobody, DELEGATORS, SOLVERS},
    violation::Checked,
    world::World,
};
use pensum_primitives::{Balance, SlashId};
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
        let actor = actor(self.solver);
        let call = self.call();
        match self.deed {
            Deed::CancelSlash | Deed::SetSlashing if self.by > 0 => {
                world.root(call)?;
            }
            Deed::Delegate | Deed::Undelegate | Deed::WithdrawDelegated | Deed::ClaimRewards => {
                let who = match self.by {
                    DELEGATORS => nobody(),
                    by => delegator(by),
                };
                world.signed(&who, call)?;
            }
            _ => {
                world.signed(&actor.stash, call)?;
            }
        }
        Ok(())
    }

    fn call(&self) -> RuntimeCall {
        let actor = actor(self.solver);
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
            // The key of another, with a proof that it never gave.
            Deed::SetOperator => Call::set_operator {
                operator: crate::people::actor(self.choice).pair.public(),
                proof: actor.proof(genesis),
            },
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
                id: SlashId((self.choice % 8).into()),
            },
            Deed::Delegate => Call::delegate { solver, amount },
            Deed::Undelegate => Call::undelegate { solver, amount },
            Deed::WithdrawDelegated => Call::withdraw_delegated { solver },
            Deed::ClaimRewards => Call::claim_rewards { solver },
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
