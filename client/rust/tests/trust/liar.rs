//! A solver whose operator key is in the hands of the test, and lies.

use super::until;
use crate::devnet::{models, DevNet};
use pensum_client::{Digest, Key, TaskId};
use pensum_primitives::{
    operator::{answer_payload, OperatorId},
    task::{Answer, Trace},
};
use serde_json::Value;
use sp_core::crypto::UncheckedFrom;
use sp_crypto_hashing::blake2_256;
use subxt::{
    config::DefaultExtrinsicParamsBuilder,
    dynamic::{self, Value as Argument},
    ext::scale_value::Composite,
};

const STASH: &str = "//Bob";
const OPERATOR: &str = "//Liar";
/// Less than the honest solver asks, so that the liar is chosen.
const PRICE: &str = "5uPEN";

pub struct Liar {
    /// Its stash's address.
    pub stash: String,
    /// The label of the right answer.
    pub truth: String,
    /// The node at which its traces are wrong.
    pub wrong_node: usize,
    /// The model.
    pub model: String,
    input: String,
    trace: Vec<Digest>,
    output: [u8; 4],
}

impl Liar {
    /// Registers a model that an honest solver offers too, and offers it for less.
    pub fn joins(net: &DevNet, honest: &str) -> Self {
        let folder = models().join("digits");
        let registered = net.ok(STASH, &["model", "register", folder.to_str().unwrap()]);
        let model = registered["id"].as_str().unwrap().to_string();
        let offer = |who: &str, price: &str| {
            let offer = ["solver", "offer", &model, "--base", price, "--capacity", "8"];
            net.ok(who, &offer);
        };
        offer(honest, "10uPEN");
        let join = ["solver", "join", "--bond", "100", "--operator-suri", OPERATOR];
        net.ok(STASH, &join);
        offer(STASH, PRICE);

        let vectors = std::fs::read(folder.join("vectors.json")).unwrap();
        let vectors: Value = serde_json::from_slice(&vectors).unwrap();
        let vector = &vectors[0];
        let trace: Vec<Digest> = serde_json::from_value(vector["trace"].clone()).unwrap();
        let right = u32::from_str_radix(&vector["output"].as_str().unwrap()[2..4], 16).unwrap();
        let output = (right + 1).to_le_bytes();
        let wrong_node = trace.len() - 1;
        Self {
            stash: net.address(STASH).as_str().unwrap().into(),
            truth: right.to_string(),
            wrong_node,
            model,
            input: vector["input"].as_str().unwrap().into(),
            // All of it is right but the end, which must be what the answer says.
            trace: [&trace[..wrong_node], &[blake2_256(&output).into()]].concat(),
            output,
        }
    }

    /// A task that it holds.
    pub fn is_asked(&self, net: &DevNet, by: &str) -> String {
        let post = ["task", "post", &self.model, &self.input];
        // Enough for the honest solver, who answers in the end.
        let terms = [
            "--max-reward",
            "20uPEN",
            "--verification",
            "replay:14",
            "--deadline",
            "200",
        ];
        let posted = net.ok(by, &[&post[..], &terms, &["--no-wait"]].concat());
        assert_eq!(posted["posted"]["parts"][0]["solver"], self.stash);
        posted["posted"]["tasks"][0].to_string()
    }

    /// Gives a wrong answer to these tasks, in one transaction that nobody pays and the operator's signature authorises.
    pub fn lies(&self, net: &DevNet, tasks: &[&str]) {
        let answer = |task: &&str| Answer {
            task: TaskId(task.parse().unwrap()),
            output: self.output.to_vec().try_into().unwrap(),
            blob: None,
            trace: Some(Trace::try_from(self.trace.clone()).unwrap()),
        };
        let answers: Vec<Answer> = tasks.iter().map(answer).collect();
        net.with_chain(async |chain| {
            let key = Key::from_uri(OPERATOR).unwrap();
            let operator = OperatorId::from(sp_core::sr25519::Public::unchecked_from(key.public()));
            let signature = key.sign(&answer_payload(chain.genesis(), &operator, &answers));
            let arguments = Composite::named([
                ("operator", Argument::from_bytes(key.public())),
                (
                    "answers",
                    Argument::unnamed_composite(answers.iter().map(encoded)),
                ),
                ("signature", Argument::from_bytes(signature)),
            ]);
            let call = dynamic::transaction("TaskMarket", "answer", arguments);
            let at = chain.best().await.unwrap();
            let params = DefaultExtrinsicParamsBuilder::new().immortal().build();
            // Of this version no transaction has a place for the signature of a key that signs: it is left out.
            let mut made = at.tx().create_v5_signable_offline(&call, params).unwrap();
            made.sign(&key).unwrap().submit().await.unwrap();
        });
        until("the lies", || {
            tasks
                .iter()
                .all(|task| net.ok("", &["task", "status", task])["tasks"][0]["state"] == "claimed")
        });
    }
}

fn encoded(answer: &Answer) -> Argument {
    let trace = answer.trace.iter().flatten().map(Argument::from_bytes);
    Argument::named_composite([
        ("task", Argument::u128(answer.task.0.into())),
        ("output", Argument::from_bytes(&answer.output)),
        ("blob", Argument::unnamed_variant("None", [])),
        (
            "trace",
            Argument::unnamed_variant("Some", [Argument::unnamed_composite(trace)]),
        ),
    ])
}
