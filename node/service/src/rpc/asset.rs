//! Assets that pay beside PEN.

use super::{views::AssetView, Market, RpcError};
use pensum_primitives::{solver::StringAmount, AssetId, Balance};

impl Market {
    /// The listed assets.
    pub(super) fn assets(&self) -> Result<Vec<AssetView>, RpcError> {
        let listed = self.chain.listed_assets(self.chain.best().hash)?;
        Ok(listed.into_iter().map(AssetView::from).collect())
    }

    /// What an amount of an asset is worth in PEN.
    pub(super) fn asset_worth(&self, asset: AssetId, amount: Balance) -> Result<StringAmount, RpcError> {
        let worth = self.chain.worth(self.chain.best().hash, asset, amount)?;
        worth.map(StringAmount).ok_or(RpcError::NoWorth(asset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        events::Events,
        index::{
            fixture::{storage, FakeChain},
            Index,
        },
    };
    use pensum_primitives::asset::ListedAsset;
    use std::sync::Arc;

    fn market() -> Market {
        let mut chain = FakeChain::new(9, 7);
        let dollar = ListedAsset {
            asset: 1,
            symbol: b"tUSD".to_vec(),
            decimals: 6,
            worth: Some(StringAmount(500_000_000_000)),
            sampled_at: 9,
            stable: true,
        };
        let unsettled = ListedAsset {
            asset: 2,
            symbol: vec![0xff],
            worth: None,
            stable: false,
            ..dollar.clone()
        };
        chain.assets = vec![dollar, unsettled];
        Market::new(Arc::new(chain), Index::new(storage()), Events::default())
    }

    #[test]
    fn listed_assets_are_told_with_symbols_and_decimal_strings() {
        let json = serde_json::to_value(market().assets().unwrap()).unwrap();
        let dollar = serde_json::json!({
            "asset": 1, "symbol": "tUSD", "decimals": 6, "worth": "500000000000", "sampled_at": 9, "stable": true,
        });
        assert_eq!(json[0], dollar);
        assert_eq!(
            (&json[1]["worth"], &json[1]["symbol"]),
            (&serde_json::Value::Null, &"\u{fffd}".into())
        );
    }

    #[test]
    fn an_asset_is_worth_its_rate_and_one_without_rate_or_listing_is_refused() {
        assert_eq!(
            market().asset_worth(1, 3_000_000),
            Ok(StringAmount(1_500_000_000_000))
        );
        for asset in [2, 3] {
            assert_eq!(market().asset_worth(asset, 1).unwrap_err().code(), 7014);
        }
    }
}
