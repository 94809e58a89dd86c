//! Assets: what a requester may pay with beside PEN, and what it is worth.
//!
//! Every price, cap and bond in the market is an amount of PEN. A batch that is paid in a listed asset fixes at posting what its
//! `max_reward` of that asset is worth; from then on a price of `p` PEN under a cap of `c` PEN costs `p / c` of that `max_reward`.

use crate::{Balance, BlockNumber};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{traits::Convert, Either};

/// A fungible asset of this chain other than PEN. Where an `Option` of it says what is paid with, none is PEN.
pub type AssetId = u32;

/// Most assets that can be listed at once.
pub const MAX_LISTED: u32 = 16;

/// What is known of a listed asset.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct ListedAsset {
    /// The asset.
    pub asset: AssetId,
    /// Its symbol.
    pub symbol: Vec<u8>,
    /// Decimals of its whole unit.
    pub decimals: u8,
    /// What one whole unit is worth, in the smallest units of PEN; none while it has no rate that can be trusted.
    pub worth: Option<crate::solver::StringAmount>,
    /// The block in which its pool was last looked at.
    pub sampled_at: BlockNumber,
    /// Whether offers quoted in the stable unit count in whole units of it.
    pub stable: bool,
}

/// Tells PEN from the assets, where one money is made of both.
pub struct PenOrAsset;

impl Convert<Option<AssetId>, Either<(), AssetId>> for PenOrAsset {
    fn convert(asset: Option<AssetId>) -> Either<(), AssetId> {
        asset.map_or(Either::Left(()), Either::Right)
    }
}

/// What a price costs of an asset, of which `each` was set aside for a price cap of `cap`: never more than that. Rounded up: whoever
/// chose an asset with large units bears what they are too large, or a requester could have a task answered for none of them.
pub fn cost_of(price: Balance, cap: Balance, each: Balance) -> Balance {
    if price >= cap {
        return each;
    }
    market_math::ratio::proportion_rounded_up(each, price, cap).unwrap_or(each)
}
