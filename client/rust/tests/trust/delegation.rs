//! Stake that others put behind a solver, from opening the pool to taking the stake back.

use super::{as_number, REQUESTER};
use crate::devnet::DevNet;
use pensum_client::{
    key::{account, hex_bytes, to_hex},
    Chain,
};
use serde_json::{json, Value};
use sp_crypto_hashing::{blake2_128, twox_128};
use subxt::{
    dynamic::{self, Value as Argument},
    ext::scale_value::Composite,
};

const DELEGATOR: &str = "//Bob//stash";
const STAKE: &str = "50000000000000";

/// Before the solver has earned what is claimed later.
pub fn puts_stake_behind(net: &DevNet, solver: &str) {
    let stash = net.address(solver);
    let delegate = ["solver", "delegate", stash.as_str().unwrap(), "50"];
    net.refused(DELEGATOR, &delegate, 1, "SolverStaking.DelegationClosed");
    let opened = net.ok(solver, &["solver", "commission", "100000"]);
    assert_eq!(opened["solver"]["commission"], 100_000);
    let delegated = net.ok(DELEGATOR, &delegate);
    assert_eq!(delegated["delegation"]["staked"], STAKE);
    let claim = ["solver", "claim-rewards", stash.as_str().unwrap()];
    net.refused(DELEGATOR, &claim, 1, "SolverStaking.NothingToClaim");
}

/// After the solver has earned.
pub fn earns_and_leaves(net: &DevNet, solver: &str) {
    let stash = net.address(solver);
    let stash = stash.as_str().unwrap();
    let earned = net.ok(DELEGATOR, &["solver", "delegation", stash]);
    for (place, asset) in [Value::Null, json!(1)].iter().enumerate() {
        let [of, amount] = [0, 1].map(|part| &earned["rewards"][place][part]);
        assert_eq!(of, asset, "{earned}");
        assert!(as_number(amount) > 0, "{earned}");
    }
    let claim = ["solver", "claim-rewards", stash];
    let claimed = net.ok(DELEGATOR, &claim);
    assert_eq!(claimed["delegation"]["staked"], STAKE);
    let dollars = [&claim[..], &["--asset", "tUSD"]].concat();
    net.ok(DELEGATOR, &dollars);
    net.refused(DELEGATOR, &dollars, 1, "SolverStaking.NothingToClaim");
    let left = net.ok(DELEGATOR, &["solver", "undelegate", stash, "50"]);
    assert_eq!(
        (
            &left["delegation"]["staked"],
            &left["delegation"]["leaving"][0][0]
        ),
        (&json!("0"), &json!(STAKE))
    );
    let own = net.ok(DELEGATOR, &["solver", "delegation", stash]);
    assert_eq!(own, left["delegation"]);
    let withdraw = ["solver", "withdraw-delegated", stash];
    net.refused(DELEGATOR, &withdraw, 1, "SolverStaking.NothingToWithdraw");
    ends_the_wait(net, stash, &left["delegation"]["leaving"][0][1]);
    let withdrawn = net.ok(DELEGATOR, &withdraw);
    assert_eq!(withdrawn["delegation"], Value::Null);
    let delegation = ["solver", "delegation", stash];
    net.refused(DELEGATOR, &delegation, 1, "rpc.NoDelegation");
    net.refused(REQUESTER, &delegation, 1, "rpc.NoDelegation");
}

/// Unbonding takes ten minutes. The development chain's root brings the block forward from which this delegation can be withdrawn.
fn ends_the_wait(net: &DevNet, stash: &str, withdrawable_from: &Value) {
    let from = u32::try_from(withdrawable_from.as_u64().unwrap())
        .unwrap()
        .to_le_bytes();
    let delegator = net.account(DELEGATOR);
    let place: Vec<u8> = [twox_128(b"SolverStaking"), twox_128(b"Delegations")]
        .concat()
        .into_iter()
        .chain(hashed(account(stash).unwrap().as_ref()))
        .chain(hashed(delegator.as_ref()))
        .collect();
    let call = net.with_chain(async |chain: Chain| {
        let stored: String = chain
            .rpc
            .request("state_getStorage", [to_hex(&place)])
            .await
            .unwrap();
        let mut stored = hex_bytes(&stored).unwrap();
        let found: Vec<usize> = (0..stored.len())
            .filter(|at| stored[*at..].starts_with(&from))
            .collect();
        let [at] = found[..] else {
            panic!("the block stands at {found:?} of {}", to_hex(&stored));
        };
        stored[at..at + from.len()].copy_from_slice(&1u32.to_le_bytes());
        let item = Argument::unnamed_composite([Argument::from_bytes(&place), Argument::from_bytes(&stored)]);
        let items = Composite::named([("items", Argument::unnamed_composite([item]))]);
        let set = dynamic::transaction("System", "set_storage", items).into_value();
        dynamic::transaction("Sudo", "sudo", Composite::named([("call", set)]))
    });
    net.send("//Alice", &call);
}

/// `Blake2_128Concat`.
fn hashed(key: &[u8]) -> Vec<u8> {
    [&blake2_128(key)[..], key].concat()
}
