//! Paying with something else than PEN: from listing to a share that could not be paid, by an account that owns nothing but dollars.

use super::{as_number, REQUESTER};
use crate::{devnet::DevNet, finding};
use pensum_client::{asset::Currency, call, transaction::Call};
use serde_json::{json, Value};
use subxt::{
    dynamic::{self, Value as Argument},
    ext::scale_value::Composite,
};

/// Has no PEN at all.
const DOLLARS: &str = "//Dollars";
/// The admin of the test asset.
const ADMIN: &str = "//Alice";
const TUSD: u32 = 1;
/// For the tasks, and for inclusion.
const PAYS: [&str; 4] = ["--asset", "tUSD", "--fee-asset", "tUSD"];

/// Before the solver takes it.
pub fn is_worth_half_a_pen(net: &DevNet, solver: &str) {
    let listed = net.ok("", &["assets", "list"]);
    let dollar = &listed["assets"][0];
    assert_eq!(
        (
            &dollar["asset"],
            &dollar["name"],
            &dollar["decimals"],
            &dollar["stable"]
        ),
        (&json!(TUSD), &json!("tUSD"), &json!(6), &json!(true))
    );
    let worth = as_number(&dollar["worth"]);
    assert!((490_000_000_000..=510_000_000_000).contains(&worth), "{worth}");
    let post = ["task", "post", "langid", "x", "--asset", "tUSD"];
    net.refused(REQUESTER, &post, 1, "TaskMarket.AssetNotAccepted");
    for name in ["gold", "77"] {
        let unknown = ["task", "post", "langid", "x", "--asset", name];
        net.refused(REQUESTER, &unknown, 1, "client.UnknownAsset");
    }
    let examined = net.ok(solver, &["solver", "doctor"]);
    let finding = finding(&examined, "assets");
    assert_eq!(finding["level"], "warning");
    assert!(finding["fact"].as_str().unwrap().contains("tUSD"), "{finding}");

    net.refused(
        solver,
        &["solver", "accept-asset", "PEN"],
        2,
        "usage.AlwaysAccepted",
    );
    let accepted = net.ok(solver, &["solver", "accept-asset", "tUSD"]);
    assert_eq!(accepted["solver"]["accepts"], json!([TUSD]));
    let five = Currency::asset(TUSD, b"tUSD", 6).units(5_000_000);
    net.send(REQUESTER, &call::transfer(&net.account(DOLLARS), &five));
}

pub fn pays_with_dollars(net: &DevNet, solver: &str) {
    let question = ["langid", "Dove si trova la farmacia?"];
    let quote = [&["task", "quote"][..], &question, &PAYS].concat();
    let quoted = net.ok(DOLLARS, &quote);
    let costs = &quoted["costs"];
    assert_eq!(
        (
            &costs["refusal"],
            &costs["asset"],
            &costs["fee_asset"],
            &quoted["stable"]
        ),
        (&Value::Null, &json!(TUSD), &json!(TUSD), &json!(TUSD))
    );
    let text = net.text(DOLLARS, &quote);
    assert!(text.contains("µPEN (0.0000") && text.contains("tUSD)"), "{text}");
    net.refused(
        DOLLARS,
        &[&["task", "post"][..], &question].concat(),
        1,
        "pool.Payment",
    );

    let cap = ["--max-reward", "0.05"];
    let posted = net.ok(DOLLARS, &[&["task", "post"][..], &question, &PAYS, &cap].concat());
    assert_eq!(posted["tasks"][0]["label"], "it");
    let done = &posted["posted"];
    assert_eq!((&done["asset"], &done["fee_asset"]), (&json!(TUSD), &json!(TUSD)));
    assert!(
        as_number(&done["prepaid"]) > 0 && as_number(&done["fee"]) > 0,
        "{done}"
    );
    let [estimate, prepaid] = [&costs["prepaid"], &done["prepaid"]].map(as_number);
    assert!(
        estimate.abs_diff(prepaid) <= 1,
        "{estimate} was quoted and {prepaid} taken"
    );
    // Ten millionths of a PEN, of which a dollar is worth half of one: twenty of its millionths.
    assert_eq!(posted["paid"], "0");
    let [asset, paid] = [0, 1].map(|place| &posted["paid_assets"][0][place]);
    assert_eq!(asset, TUSD);
    assert!((19..=22).contains(&as_number(paid)), "{paid}");
    let task = posted["tasks"][0]["task"].to_string();
    let record = net.text("", &["record", "show", &task]);
    assert!(record.contains("tUSD"), "{record}");
    runs_a_workflow(net);
    collects_a_stranded_share(net, solver);
}

fn runs_a_workflow(net: &DevNet) {
    let file = "asset = \"tUSD\"\nbudget = \"0.5\"\n[[steps]]\nname = \"only\"\nmodel = \"langid\"\ninput = \"Hol van a patika?\"\n";
    let file = net.file("dollars.toml", file);
    let run = ["workflow", "run", file.to_str().unwrap(), "--fee-asset", "tUSD"];
    let said = net.ok(DOLLARS, &run);
    assert_eq!(
        (&said["started"]["budget"], &said["started"]["asset"]),
        (&json!("500000"), &json!(TUSD))
    );
    assert_eq!(
        (&said["steps"][0]["label"], &said["paid"]),
        (&json!("hu"), &json!("0"))
    );
    assert!(
        (19..=22).contains(&as_number(&said["paid_assets"][0][1])),
        "{said}"
    );
    let collect = ["workflow", "collect", "--asset", "tUSD", "--fee-asset", "tUSD"];
    net.refused(DOLLARS, &collect, 1, "Workflow.NothingStranded");
}

/// The asset's admin blocks the solver's account while it works; once that is lifted, anybody has it paid.
fn collects_a_stranded_share(net: &DevNet, solver: &str) {
    let (payee, requester) = (net.address(solver), net.address(DOLLARS));
    let [payee, requester] = [&payee, &requester].map(|address| address.as_str().unwrap());
    let collect = [
        "task",
        "collect",
        "--asset",
        "tUSD",
        "--payee",
        payee,
        "--requester",
        requester,
    ];
    net.refused(REQUESTER, &collect, 1, "TaskMarket.NothingStranded");
    net.refused(
        REQUESTER,
        &["task", "collect", "--asset", "PEN"],
        2,
        "usage.NothingStranded",
    );
    let admin = |does: &str| net.send(ADMIN, &of_admin(does, net, solver));
    admin("block");
    let cap = ["--max-reward", "0.05"];
    let posted = net.ok(
        DOLLARS,
        &[
            &["task", "post", "langid", "Wo ist die Apotheke?"][..],
            &PAYS,
            &cap,
        ]
        .concat(),
    );
    assert_eq!(
        posted["tasks"][0]["label"], "de",
        "whoever cannot be paid does not hold up the answer"
    );
    net.refused(REQUESTER, &collect, 1, "TaskMarket.StillBlocked");
    admin("thaw");
    let collected = net.ok(REQUESTER, &collect);
    assert_eq!(collected["asset"], TUSD);
    assert!(as_number(&collected["amount"]) > 0, "{collected}");
}

fn of_admin(does: &str, net: &DevNet, who: &str) -> Call {
    let who = Argument::unnamed_variant("Id", [Argument::from_bytes(net.account(who))]);
    let arguments = [("id", Argument::u128(TUSD.into())), ("who", who)];
    dynamic::transaction("Assets", does, Composite::named(arguments))
}
