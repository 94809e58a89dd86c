//! Arguments, checked once.

use super::RpcError;
use hyperlane_primitives::H160;
use pensum_primitives::{bridge::CheckpointId, AccountId, Balance, Digest, ModelId, TaskId};
use serde::Deserialize;
use sp_core::{crypto::Ss58Codec, ecdsa};
use std::str::FromStr;

/// Most items of a list in one answer.
pub(super) const MAX_LIMIT: u32 = 256;
/// Most tasks that one subscription may name.
const MAX_TASKS: u32 = 1024;

/// How many items to list.
pub(super) fn limit(limit: Option<u32>) -> Result<u32, RpcError> {
    match limit {
        None => Ok(MAX_LIMIT),
        Some(0) => Err(RpcError::Malformed {
            argument: "`limit`",
            expected: "a number from 1 to 256",
        }),
        Some(limit) if limit > MAX_LIMIT => Err(RpcError::TooMany {
            argument: "`limit`",
            given: limit as usize,
            most: MAX_LIMIT,
        }),
        Some(limit) => Ok(limit),
    }
}

/// So many bytes, as `0x` hex.
fn bytes<const N: usize>(
    argument: &'static str,
    expected: &'static str,
    hex: &str,
) -> Result<[u8; N], RpcError> {
    let mut bytes = [0; N];
    hex.strip_prefix("0x")
        .filter(|digits| digits.len() == 2 * N)
        .and_then(|digits| hex::decode_to_slice(digits, &mut bytes).ok())
        .ok_or(RpcError::Malformed { argument, expected })?;
    Ok(bytes)
}

/// A hash, or an address on any chain.
pub(super) fn digest(argument: &'static str, hex: &str) -> Result<Digest, RpcError> {
    let expected = "32 bytes as 64 hexadecimal digits after `0x`";
    bytes(argument, expected, hex).map(Digest::from)
}

/// A model's id.
pub(super) fn model(id: &str) -> Result<ModelId, RpcError> {
    digest("The model id", id).map(ModelId)
}

/// A message's id.
pub(super) fn message_id(id: &str) -> Result<Digest, RpcError> {
    digest("The message id", id)
}

/// An address on an EVM chain.
pub(super) fn evm_address(address: &str) -> Result<H160, RpcError> {
    let expected = "20 bytes as 40 hexadecimal digits after `0x`";
    bytes("The address", expected, address).map(H160)
}

/// The public half of a validator's key for checkpoints.
pub(super) fn checkpoint_key(public: &str) -> Result<CheckpointId, RpcError> {
    let expected = "a compressed secp256k1 key: 33 bytes as 66 hexadecimal digits after `0x`";
    let bytes = bytes::<33>("The public key", expected, public)?;
    Ok(CheckpointId::from(ecdsa::Public::from(bytes)))
}

/// An account, as SS58 address or as hex.
pub(super) fn account(account: &str) -> Result<AccountId, RpcError> {
    let malformed = RpcError::Malformed {
        argument: "The account",
        expected: "an SS58 address or 32 bytes as `0x` hex",
    };
    // An address has at most 50 characters, a hex key 66.
    if account.len() > 66 {
        return Err(malformed);
    }
    AccountId::from_ss58check(account)
        .or_else(|_| AccountId::from_str(account))
        .map_err(|_| malformed)
}

/// An amount, as a decimal string.
pub(super) fn amount(amount: &str) -> Result<Balance, RpcError> {
    // `parse` would take a plus sign too; the most has 39 digits.
    let digits = amount.len() <= 39 && amount.bytes().all(|digit| digit.is_ascii_digit());
    let amount = digits.then(|| amount.parse().ok()).flatten();
    amount.ok_or(RpcError::Malformed {
        argument: "The amount",
        expected: "a decimal number of smallest units below 2^128, as a string",
    })
}

/// Which events a subscriber wants. Without any field: all of them.
#[derive(Clone, Default, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFilter {
    /// Only events of this account's tasks.
    pub requester: Option<String>,
    /// Only events of these tasks, at most 1024.
    pub tasks: Option<Vec<TaskId>>,
}

/// A filter that is known to be good.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(super) struct Wanted {
    pub requester: Option<AccountId>,
    /// In ascending order.
    pub tasks: Option<Vec<TaskId>>,
}

impl EventFilter {
    /// Checks it.
    pub(super) fn check(self) -> Result<Wanted, RpcError> {
        if let Some(tasks) = self
            .tasks
            .as_ref()
            .filter(|tasks| tasks.len() > MAX_TASKS as usize)
        {
            return Err(RpcError::TooMany {
                argument: "The number of `tasks`",
                given: tasks.len(),
                most: MAX_TASKS,
            });
        }
        Ok(Wanted {
            requester: self.requester.as_deref().map(account).transpose()?,
            tasks: self.tasks.map(|mut tasks| {
                tasks.sort_unstable();
                tasks
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_beyond_256_are_refused() {
        assert_eq!(limit(None), Ok(256));
        assert_eq!(limit(Some(256)), Ok(256));
        assert_eq!(limit(Some(257)).unwrap_err().code(), 7006);
        assert_eq!(limit(Some(0)).unwrap_err().code(), 7007);
    }

    #[test]
    fn a_model_id_is_64_digits() {
        let digits = "ab".repeat(32);
        assert_eq!(model(&format!("0x{digits}")).unwrap(), ModelId([0xab; 32].into()));
        for malformed in [digits.as_str(), "0xab", "", &format!("0x{}", "zz".repeat(32))] {
            assert_eq!(model(malformed).unwrap_err().code(), 7007, "{malformed}");
        }
    }

    #[test]
    fn an_account_is_an_address_or_hex() {
        let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        let hex = format!("0x{}", hex::encode(account(alice).unwrap()));
        assert_eq!(account(alice), account(&hex));
        for malformed in ["", "alice", "5Grw", &"x".repeat(100)] {
            assert_eq!(account(malformed).unwrap_err().code(), 7007, "{malformed}");
        }
    }

    #[test]
    fn an_amount_is_decimal_and_fits() {
        assert_eq!(amount("0"), Ok(0));
        assert_eq!(amount(&Balance::MAX.to_string()), Ok(Balance::MAX));
        for malformed in [
            "",
            "+1",
            "-1",
            "1.5",
            "0x1",
            "340282366920938463463374607431768211456",
            &"0".repeat(40),
        ] {
            assert_eq!(amount(malformed).unwrap_err().code(), 7007, "{malformed}");
        }
    }

    #[test]
    fn a_filter_has_a_limit_and_no_unknown_fields() {
        let filter = EventFilter {
            tasks: Some(vec![TaskId(1); 1025]),
            ..Default::default()
        };
        assert_eq!(filter.check().unwrap_err().code(), 7006);
        let filter = EventFilter {
            requester: Some("nobody".into()),
            ..Default::default()
        };
        assert_eq!(filter.check().unwrap_err().code(), 7007);
        assert!(serde_json::from_str::<EventFilter>(r#"{"task": [1]}"#).is_err());
        let filter: EventFilter = serde_json::from_str(r#"{"tasks": [3, 1]}"#).unwrap();
        assert_eq!(filter.check().unwrap().tasks, Some(vec![TaskId(1), TaskId(3)]));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            failure_persistence: None, cases: 2_000, ..proptest::prelude::ProptestConfig::default()
        })]

        #[test]
        fn arguments_of_any_text_are_taken_or_refused_with_their_code(
            text in proptest::prop_oneof![
                "(0x)?[0-9a-fA-FxzZ]{0,70}", "\\PC{0,70}", "[1-9A-HJ-NP-Za-km-z]{40,52}", "[-+0-9.e]{0,42}",
            ],
        ) {
            let codes = [
                model(&text).map(drop),
                message_id(&text).map(drop),
                evm_address(&text).map(drop),
                checkpoint_key(&text).map(drop),
                account(&text).map(drop),
                amount(&text).map(drop),
            ];
            for refused in codes.into_iter().filter_map(Result::err) {
                proptest::prop_assert_eq!(refused.code(), 7007);
                // No refusal repeats what was sent.
                proptest::prop_assert!(text.len() < 8 || !refused.to_string().contains(&text));
            }
            if let Ok(amount) = amount(&text) {
                let again = amount.to_string();
                proptest::prop_assert_eq!(again.trim_start_matches('0'), text.trim_start_matches('0'));
            }
        }

        #[test]
        fn a_filter_of_any_json_is_taken_or_refused(json in "[\\[\\]{}\":,a-z0-9. -]{0,60}") {
            if let Ok(filter) = serde_json::from_str::<EventFilter>(&json) {
                let _ = filter.check();
            }
        }
    }
}
