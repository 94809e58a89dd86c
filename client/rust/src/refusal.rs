//! What node, pool and chain refuse, in their own words.

use crate::{Error, Kind};
use pensum_primitives::operator::Refusal;
use subxt::{
    error::{BackendError, DispatchError, ExtrinsicError, RpcError},
    ext::codec::Decode as _,
    rpcs,
};

/// The node's own methods have codes from 7001 on; these are their names, in order.
const RPC_CODES: [&str; 20] = [
    "UnknownTask",
    "UnknownModel",
    "UnknownSolver",
    "NoRecord",
    "StillOpen",
    "TooMany",
    "Malformed",
    "Chain",
    "DamagedIndex",
    "CannotRun",
    "NoClaim",
    "UnknownWorkflow",
    "NoDelegation",
    "NoWorth",
    "UnknownBlock",
    "LostMessage",
    "MissingLeaves",
    "DamagedMessages",
    "Busy",
    "TooManySubscribers",
];
const FIRST_RPC_CODE: i32 = 7001;
/// JSON-RPC: no such method. Also what the SDK answers where a method is an unsafe one and the address does not allow those.
const METHOD_NOT_FOUND: i32 = -32601;

/// Whether the node does not offer a method, or not at this address.
pub(crate) fn is_unavailable(error: &Error) -> bool {
    error.code == "rpc.Unavailable"
}

/// Whether the chain itself refused, in a block or in a dry run; not the pool, a node or a gateway.
pub(crate) fn is_by_chain(error: &Error) -> bool {
    let elsewhere = ["pool.", "rpc.", "gateway.", "client."];
    error.kind == Kind::Refused && !elsewhere.iter().any(|place| error.code.starts_with(place))
}

/// An error of one RPC request.
pub(crate) fn of_rpc(url: &str, method: &str, error: rpcs::Error) -> Error {
    match error {
        rpcs::Error::User(error) => of_answer(method, error.code, &error.message, error.data),
        rpcs::Error::Deserialization(error) => Error::untrusted(
            "client.Answer",
            format!("The node's answer to `{method}` is not what this command reads: {error}."),
            "Update this command, or ask another node.",
        ),
        other => Error::unreachable(
            "client.Unreachable",
            format!("The connection to {url} failed: {other}."),
            "See whether the node runs, and give its address by --url.",
        ),
    }
}

fn of_answer(
    method: &str,
    code: i32,
    message: &str,
    data: Option<Box<serde_json::value::RawValue>>,
) -> Error {
    let own = code
        .checked_sub(FIRST_RPC_CODE)
        .and_then(|place| usize::try_from(place).ok())
        .and_then(|place| RPC_CODES.get(place));
    if let Some(name) = own {
        let (fact, remedy) = Error::fact_and_remedy(message);
        return Error::refused(format!("rpc.{name}"), fact, remedy);
    }
    if code == METHOD_NOT_FOUND {
        return Error::refused(
            "rpc.Unavailable",
            format!("The node does not offer `{method}` here ({message})."),
            "Ask a Pensum node, on its own machine where the method is an unsafe one.",
        );
    }
    let detail = data
        .and_then(|data| serde_json::from_str::<String>(data.get()).ok())
        .unwrap_or_default();
    of_pool(code, message, &detail)
}

/// Codes of `author_*`: the pool's reasons.
fn of_pool(code: i32, message: &str, detail: &str) -> Error {
    if let Some(refusal) = custom_code(detail).and_then(operator_refusal) {
        return refusal;
    }
    let (name, remedy) = match code {
        1010 if detail.contains("Inability to pay") || detail.contains("balance too low") => {
            return Error::refused(
                "pool.Payment",
                "The account cannot pay the transaction's fee.",
                "Add funds, pay it in another asset by --fee-asset, or sign with another account.",
            )
        }
        1010 => (
            "Invalid",
            "Correct what the reason names; with a stale nonce, send it again.",
        ),
        1012 => (
            "Banned",
            "The pool had this very transaction and gave it up. Wait some minutes.",
        ),
        1013 => ("AlreadyKnown", "Wait for the one that is in the pool."),
        1014 => (
            "PriorityTooLow",
            "Another transaction with this nonce is in the pool. Wait for it.",
        ),
        1016 => ("Full", "The pool is full. Send it again later."),
        _ => (
            "Refused",
            "Correct what the reason names, or look into the node's log.",
        ),
    };
    let reason = if detail.is_empty() {
        message.to_string()
    } else {
        format!("{message}: {detail}")
    };
    Error::refused(
        format!("pool.{name}"),
        format!("The node refused: {reason}."),
        remedy,
    )
}

fn custom_code(detail: &str) -> Option<u8> {
    detail.split("Custom error: ").nth(1)?.trim().parse().ok()
}

/// A refusal of an operator's transaction, by its number.
fn operator_refusal(code: u8) -> Option<Error> {
    let refusal = Refusal::decode(&mut &[code][..]).ok()?;
    (refusal.code() == code).then(|| {
        Error::refused(
            format!("pool.{refusal:?}"),
            format!("The pool refuses the operator's transaction: {refusal:?}."),
            "See `pensum task status` and `pensum solver doctor`.",
        )
    })
}

/// An error of making or sending a transaction.
pub(crate) fn of_extrinsic(url: &str, error: ExtrinsicError) -> Error {
    match error {
        ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(error))) => {
            of_rpc(url, "author_submitAndWatchExtrinsic", error)
        }
        other => Error::metadata("the transaction", other),
    }
}

/// Why a transaction that is in a block changed nothing.
pub(crate) fn of_dispatch(error: &DispatchError) -> Error {
    if let DispatchError::Module(module) = error {
        if let Ok(details) = module.details() {
            let (fact, remedy) = Error::fact_and_remedy(&details.variant.docs.join(" "));
            let fact = if fact.is_empty() {
                format!("{} refused with {}.", details.pallet.name(), details.variant.name)
            } else {
                fact
            };
            return Error::refused(
                format!("{}.{}", details.pallet.name(), details.variant.name),
                fact,
                remedy,
            );
        }
    }
    let remedy = match error {
        DispatchError::BadOrigin | DispatchError::RootNotAllowed => "Sign with an account that may do this.",
        DispatchError::Token(_) | DispatchError::Arithmetic(_) => "Check balances and amounts.",
        _ => "Look at the transaction in a block explorer.",
    };
    Error::refused("chain.Failed", format!("The transaction failed: {error}"), remedy)
}

/// Why a transaction cannot be in a block: SCALE of `TransactionValidityError`.
pub(crate) fn of_validity(bytes: &[u8]) -> Error {
    use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};
    match TransactionValidityError::decode(&mut &bytes[..]) {
        Ok(TransactionValidityError::Invalid(InvalidTransaction::Payment)) => {
            of_pool(1010, "", "Inability to pay")
        }
        Ok(error) => {
            let words: &'static str = error.into();
            of_pool(1010, words, "")
        }
        Err(error) => Error::metadata("the dry run's answer", error),
    }
}

/// Any other error of subxt: a broken connection if there is one below it, else metadata that does not fit.
pub(crate) fn of_subxt(url: &str, what: &str, error: impl std::error::Error + 'static) -> Error {
    let mut below: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(this) = below {
        if let Some(rpcs::Error::Client(_)) = this.downcast_ref::<rpcs::Error>() {
            return Error::unreachable(
                "client.Unreachable",
                format!("The connection to {url} failed: {error}."),
                "See whether the node runs, and give its address by --url.",
            );
        }
        below = this.source();
    }
    Error::metadata(what, error)
}

/// Replaces an error's remedy where the command knows a better one.
pub(crate) fn with_remedy(error: Error, code: &str, remedy: &str) -> Error {
    if error.kind == Kind::Refused && error.code == code {
        return Error {
            remedy: remedy.into(),
            ..error
        };
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(text: &str) -> Option<Box<serde_json::value::RawValue>> {
        serde_json::value::to_raw_value(text).ok()
    }

    #[test]
    fn the_nodes_own_refusals_have_a_name_a_fact_and_a_remedy() {
        let error = of_answer(
            "task_status",
            7001,
            "There is no task 7: no such id. Take the id from x",
            None,
        );
        assert_eq!(
            (error.kind, error.code.as_str()),
            (Kind::Refused, "rpc.UnknownTask")
        );
        assert_eq!(error.fact, "There is no task 7: no such id.");
        assert_eq!(error.remedy, "Take the id from x");
    }

    #[test]
    fn the_names_of_the_rpc_codes_are_those_of_the_node() {
        let source = include_str!("../../../node/service/src/rpc/error.rs");
        for (place, name) in RPC_CODES.iter().enumerate() {
            let code = FIRST_RPC_CODE as usize + place;
            assert!(
                source
                    .lines()
                    .any(|line| line.contains(&format!("Self::{name}"))
                        && line.contains(&format!("=> {code},"))),
                "the node has no {name} with code {code}"
            );
        }
        let known = source.matches("=> 70").count();
        assert_eq!(
            known,
            RPC_CODES.len(),
            "the node has codes that are not known here"
        );
    }

    #[test]
    fn a_barred_method_is_told_from_a_refused_transaction() {
        assert!(is_unavailable(&of_answer("x", -32601, "Method not found", None)));
        assert!(is_unavailable(&of_answer(
            "x",
            -32601,
            "RPC call is unsafe to be called externally",
            None
        )));
        let stale = of_answer("x", 1010, "Invalid Transaction", data("Transaction is outdated"));
        assert_eq!(stale.code, "pool.Invalid");
        assert!(stale.fact.contains("Transaction is outdated"));
    }

    #[test]
    fn an_account_that_cannot_pay_is_told_so() {
        let detail = data("Inability to pay some fees (e.g. account balance too low)");
        assert_eq!(
            of_answer("x", 1010, "Invalid Transaction", detail).code,
            "pool.Payment"
        );
        // Invalid (0), Payment (1).
        assert_eq!(of_validity(&[0, 1]).code, "pool.Payment");
        assert_eq!(of_validity(&[0, 3]).code, "pool.Invalid");
        assert!(!is_by_chain(&of_validity(&[0, 3])));
        assert!(is_by_chain(&of_dispatch(&DispatchError::BadOrigin)));
    }

    #[test]
    fn an_operators_refusal_has_its_name() {
        let error = of_answer("x", 1010, "Invalid Transaction", data("Custom error: 4"));
        assert_eq!(error.code, "pool.NotYours");
        let unknown = of_answer("x", 1010, "Invalid Transaction", data("Custom error: 200"));
        assert_eq!(unknown.code, "pool.Invalid");
    }
}
