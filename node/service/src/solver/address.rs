//! Where the off-chain worker finds the gateway: one entry of the off-chain storage.

use super::url::GatewayUrl;
use codec::{Decode, Encode};
use pensum_gateway::Token;
use pensum_primitives::gateway::{GatewaySettings, GATEWAY_SETTINGS_KEY};
use sp_core::offchain::{OffchainStorage, STORAGE_PREFIX};

/// Tells the worker.
pub(super) fn remember(storage: &mut impl OffchainStorage, url: &str, token: Option<&Token>) {
    let settings = GatewaySettings {
        url: url.as_bytes().to_vec(),
        token: token.map(|token| token.reveal().as_bytes().to_vec()),
    };
    storage.set(STORAGE_PREFIX, GATEWAY_SETTINGS_KEY, &settings.encode());
}

/// What the worker was told, for whoever else asks the gateway: its address and its token.
pub(crate) fn recall(storage: &impl OffchainStorage) -> Option<(GatewayUrl, Option<String>)> {
    let bytes = storage.get(STORAGE_PREFIX, GATEWAY_SETTINGS_KEY)?;
    let settings = GatewaySettings::decode(&mut bytes.as_slice()).ok()?;
    let url = GatewayUrl::parse(&String::from_utf8(settings.url).ok()?).ok()?;
    Some((
        url,
        settings.token.and_then(|token| String::from_utf8(token).ok()),
    ))
}

/// Takes it back, so that a node that is no solver does not ask a gateway that is not there.
pub(super) fn forget(storage: &mut impl OffchainStorage) {
    storage.remove(STORAGE_PREFIX, GATEWAY_SETTINGS_KEY);
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::offchain::storage::InMemOffchainStorage;

    #[test]
    fn the_worker_reads_what_was_written_until_it_is_forgotten() {
        let mut storage = InMemOffchainStorage::default();
        let token = Token::new("0123456789abcdef0123456789abcdef").unwrap();
        remember(&mut storage, "http://127.0.0.1:9955", Some(&token));
        let bytes = storage.get(STORAGE_PREFIX, GATEWAY_SETTINGS_KEY).unwrap();
        let settings = GatewaySettings::decode(&mut &bytes[..]).unwrap();
        assert_eq!(settings.url, b"http://127.0.0.1:9955");
        assert_eq!(settings.token.as_deref(), Some(token.reveal().as_bytes()));
        let (url, shown) = recall(&storage).unwrap();
        assert_eq!(
            (url.as_str(), shown.as_deref()),
            ("http://127.0.0.1:9955", Some(token.reveal()))
        );
        forget(&mut storage);
        assert!(recall(&storage).is_none());
        assert_eq!(storage.get(STORAGE_PREFIX, GATEWAY_SETTINGS_KEY), None);
    }
}
