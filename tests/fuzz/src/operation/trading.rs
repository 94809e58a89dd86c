//! What others do with the assets that pay: they trade, which moves the rates; their admins freeze and block; governance lists.

use crate::{
    assets::{COIN, DOLLAR, UNKNOWN},
    bytes::Bytes,
    people::{actor, admin, delegator, market_maker, nobody, publisher, requester},
    violation::Checked,
    world::World,
};
use codec::Compact;
use frame_support::traits::fungible::NativeOrWithId;
use pallet_assets::{AccountStatus, AssetStatus};
use pensum_primitives::{AccountId, AssetId, Balance};
use pensum_runtime::{constants::money::PEN, Runtime, RuntimeCall};
use sp_runtime::MultiAddress;

/// Somebody does something with an asset.
#[derive(Clone, Debug)]
pub struct Trading {
    deed: Deed,
    asset: AssetId,
    who: u8,
    /// A share of what the market maker began with, in 32ths.
    share: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Deed {
    /// Sells PEN for it.
    Buy,
    /// Sells it for PEN.
    Sell,
    /// Takes liquidity out of the pool of coins.
    Drain,
    /// Gives it away.
    Send,
    Freeze,
    Thaw,
    FreezeAsset,
    ThawAsset,
    Block,
    List,
    Delist,
    SetStable,
    Destroy,
}

impl Trading {
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        use Deed::*;
        Self {
            deed: bytes.pick(&[
                Buy,
                Buy,
                Sell,
                Sell,
                Drain,
                Send,
                Send,
                Freeze,
                Freeze,
                Thaw,
                Thaw,
                Thaw,
                FreezeAsset,
                ThawAsset,
                ThawAsset,
                Block,
                Block,
                List,
                List,
                Delist,
                SetStable,
                Destroy,
            ]),
            asset: bytes.pick(&[DOLLAR, DOLLAR, DOLLAR, DOLLAR, COIN, COIN, COIN, UNKNOWN]),
            who: bytes.byte(),
            share: bytes.below(33),
        }
    }

    pub(super) fn run(self, world: &mut World) -> Checked {
        // There are pools' shares besides, which the same pallet keeps.
        type Assets = pallet_assets::Call<Runtime>;
        let (asset, who) = self.aim();
        let (id, who) = (Compact(asset), MultiAddress::Id(who));
        let call: RuntimeCall = match self.deed {
            Deed::Buy | Deed::Sell => self.swap(),
            Deed::Drain => self.drain(),
            Deed::Send => Assets::transfer {
                id,
                target: who,
                amount: self.amount(),
            }
            .into(),
            Deed::Freeze => Assets::freeze { id, who }.into(),
            Deed::Thaw => Assets::thaw { id, who }.into(),
            Deed::FreezeAsset => Assets::freeze_asset { id }.into(),
            Deed::ThawAsset => Assets::thaw_asset { id }.into(),
            Deed::Block => Assets::block { id, who }.into(),
            // Rarely: nothing more is paid with it in this run.
            Deed::Destroy if !self.who.is_multiple_of(8) => return Ok(()),
            Deed::Destroy => Assets::start_destroy { id }.into(),
            // Mostly it stays listed, or nothing could be paid with it.
            Deed::Delist if !self.who.is_multiple_of(4) => return Ok(()),
            Deed::List => pallet_rates::Call::list { asset: self.asset }.into(),
            Deed::Delist => pallet_rates::Call::delist { asset: self.asset }.into(),
            Deed::SetStable => pallet_rates::Call::set_stable {
                asset: (self.share > 4).then_some(self.asset),
            }
            .into(),
        };
        match self.deed {
            Deed::Buy | Deed::Sell | Deed::Drain => world.signed(&market_maker(), call)?,
            Deed::Send => world.signed(&account(self.who.rotate_left(4)), call)?,
            Deed::List | Deed::Delist | Deed::SetStable if self.who > 8 => world.root(call)?,
            _ if self.who == 255 => world.signed(&nobody(), call)?,
            _ => world.signed(&admin(asset), call)?,
        };
        Ok(())
    }

    /// The asset and the account that are acted upon: of what is thawed, mostly something that is frozen.
    fn aim(&self) -> (AssetId, AccountId) {
        let aim = (self.asset, account(self.who));
        let frozen: Vec<_> = match self.deed {
            Deed::Thaw => pallet_assets::Account::<Runtime>::iter()
                .filter(|(_, _, account)| !matches!(account.status, AccountStatus::Liquid))
                .map(|(asset, who, _)| (asset, who))
                .collect(),
            Deed::ThawAsset => pallet_assets::Asset::<Runtime>::iter()
                .filter(|(_, asset)| asset.status == AssetStatus::Frozen)
                .map(|(asset, _)| (asset, aim.1.clone()))
                .collect(),
            _ => Vec::new(),
        };
        super::fitting(frozen, self.who, aim)
    }

    fn amount(&self) -> Balance {
        let begun = match self.asset {
            COIN => 3_200,
            _ => 32_000_000_000,
        };
        begun / 32 * Balance::from(self.share)
    }

    fn swap(&self) -> RuntimeCall {
        let (pen, asset) = (
            Box::new(NativeOrWithId::Native),
            Box::new(NativeOrWithId::WithId(self.asset)),
        );
        let (path, amount_in) = match self.deed {
            Deed::Buy => (vec![pen, asset], 320 * PEN * Balance::from(self.share)),
            _ => (vec![asset, pen], self.amount()),
        };
        pallet_asset_conversion::Call::swap_exact_tokens_for_tokens {
            path,
            amount_in,
            amount_out_min: 1,
            send_to: market_maker(),
            keep_alive: true,
        }
        .into()
    }

    /// The market maker has provided the pool of coins.
    fn drain(&self) -> RuntimeCall {
        let (pen, coin) = (NativeOrWithId::Native, NativeOrWithId::WithId(COIN));
        let shares = pallet_asset_conversion::Pools::<Runtime>::get((pen.clone(), coin.clone()))
            .map_or(0, |pool| {
                pensum_runtime::PoolAssets::balance(pool.lp_token, market_maker())
            });
        pallet_asset_conversion::Call::remove_liquidity {
            asset1: Box::new(pen),
            asset2: Box::new(coin),
            lp_token_burn: shares / 32 * Balance::from(self.share),
            amount1_min_receive: 0,
            amount2_min_receive: 0,
            withdraw_to: market_maker(),
        }
        .into()
    }
}

/// Somebody who has assets, or may get some.
fn account(choice: u8) -> AccountId {
    match choice % 8 {
        0..=2 => requester(choice / 8),
        3 | 4 => actor(choice / 8).stash.clone(),
        5 => delegator(choice / 8),
        6 => publisher(),
        _ if choice > 128 => pensum_runtime::configs::treasury_account(),
        _ => nobody(),
    }
}
