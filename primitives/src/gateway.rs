//! Where this node's inference gateway is: what the node's service writes and the off-chain worker reads.

use alloc::vec::Vec;
use codec::{Decode, Encode};

/// Key of [`GatewaySettings`] in the node's persistent off-chain storage. The node's service, which does not go through
/// the off-chain worker's own functions, writes it below [`sp_core::offchain::STORAGE_PREFIX`]. Without it the node works
/// for no solver; a node started without a gateway removes it.
pub const GATEWAY_SETTINGS_KEY: &[u8] = b"pensum/gateway";

/// How the off-chain worker reaches the gateway.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode)]
pub struct GatewaySettings {
    /// UTF-8, what stands before `/v1/runs`, without a slash at the end: `http://127.0.0.1:9950`.
    pub url: Vec<u8>,
    /// The bearer token, if the gateway wants one.
    pub token: Option<Vec<u8>>,
}
