//! The chain as `subxt` knows it: like most, but for the name of the asset that pays a fee.

use pensum_primitives::AssetId;
use subxt::{
    config::{substrate::SubstrateConfig, Config, DefaultTransactionExtensions},
    ext::{codec::Encode, scale_decode::DecodeAsType, scale_encode::EncodeAsType},
    ArcMetadata,
};

/// The chain's types.
#[derive(Clone, Debug, Default)]
pub struct Pensum(SubstrateConfig);

/// What pays a fee, as the chain names it in a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, EncodeAsType, DecodeAsType)]
#[codec(crate = subxt::ext::codec)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Payment {
    /// PEN.
    Native,
    /// An asset that has a pool with PEN.
    WithId(AssetId),
}

impl From<Option<AssetId>> for Payment {
    fn from(asset: Option<AssetId>) -> Self {
        asset.map_or(Self::Native, Self::WithId)
    }
}

impl Config for Pensum {
    type AccountId = <SubstrateConfig as Config>::AccountId;
    type Address = <SubstrateConfig as Config>::Address;
    type Signature = <SubstrateConfig as Config>::Signature;
    type Hasher = <SubstrateConfig as Config>::Hasher;
    type Header = <SubstrateConfig as Config>::Header;
    type TransactionExtensions = DefaultTransactionExtensions<Self>;
    type AssetId = Payment;

    fn metadata_for_spec_version(&self, spec_version: u32) -> Option<ArcMetadata> {
        self.0.metadata_for_spec_version(spec_version)
    }

    fn set_metadata_for_spec_version(&self, spec_version: u32, metadata: ArcMetadata) {
        self.0.set_metadata_for_spec_version(spec_version, metadata);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_named_as_the_chain_reads_it() {
        assert_eq!(Payment::from(None).encode(), [0]);
        assert_eq!(Payment::from(Some(1)).encode(), [1, 1, 0, 0, 0]);
    }
}
