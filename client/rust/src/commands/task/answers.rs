//! How answers are shown.

use crate::terminal::{
    answer::Answer,
    table::{shortened, table},
};
use pensum_client::{
    asset::{Currencies, Paid},
    key::{hex_bytes, to_hex},
    view::{Model, Outcome},
    watch::Ended,
    Chain, Error, Kind, ModelId,
};
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// Characters of an input or an answer in a table.
const WIDTH: usize = 60;

/// An answer for people: its label, or text, or hex.
pub fn answer(model: &Model, outcome: &Outcome, output: &[u8]) -> String {
    if let Some(label) = label(model, outcome, output) {
        return label.into();
    }
    if !outcome.is_answered() {
        return String::new();
    }
    let printable = |text: &&str| !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    match std::str::from_utf8(output).ok().filter(printable) {
        Some(text) => text.into(),
        None => to_hex(output),
    }
}

/// The label of an answer, for a classifier.
pub fn label<'a>(model: &'a Model, outcome: &Outcome, output: &[u8]) -> Option<&'a str> {
    outcome.is_answered().then(|| model.label(output)).flatten()
}

/// An outcome in words.
pub fn outcome(outcome: &Outcome) -> String {
    match outcome.reason() {
        Some(reason) => format!("refunded: {}", reason.replace('_', " ")),
        None => "answered".into(),
    }
}

/// An end as JSON, with its label.
pub fn json_of(end: &Ended, model: &Model) -> Result<Value, Error> {
    let mut json = serde_json::to_value(end).unwrap_or_default();
    json["label"] = json!(label(model, &end.outcome, &hex_bytes(&end.output)?));
    Ok(json)
}

/// What tasks of one model ended with. `inputs` are the inputs for people, in the order of the ends, or empty.
pub fn of_model(
    model: &Model,
    inputs: &[String],
    ended: &[Ended],
    currencies: &Currencies,
) -> Result<(Vec<Value>, String), Error> {
    let mut values = Vec::new();
    let mut rows = Vec::new();
    for (place, end) in ended.iter().enumerate() {
        let mut value = json_of(end, model)?;
        let input = inputs.get(place).cloned().unwrap_or_default();
        if !inputs.is_empty() {
            value["input"] = json!(input);
        }
        values.push(value);
        let said = match end.outcome.is_answered() {
            true => answer(model, &end.outcome, &hex_bytes(&end.output)?),
            false => outcome(&end.outcome),
        };
        rows.push([
            end.task.to_string(),
            shortened(&said, WIDTH),
            currencies.money(end.asset, end.price.0).to_string(),
            shortened(&input, WIDTH),
        ]);
    }
    let header = [
        "task",
        "answer",
        "price",
        if inputs.is_empty() { "" } else { "input" },
    ];
    Ok((values, table(header, &rows, "There are no tasks.")))
}

/// The whole answer of a command that waited for tasks of any models.
pub async fn of_ended(
    chain: &Chain,
    ended: &[Ended],
    models: &BTreeMap<u64, ModelId>,
    currencies: &Currencies,
) -> Result<(Vec<Value>, String), Error> {
    let mut known: BTreeMap<ModelId, Model> = BTreeMap::new();
    let (mut values, mut texts) = (Vec::new(), Vec::new());
    for end in ended {
        let Some(id) = models.get(&end.task.0).copied() else {
            continue;
        };
        if let std::collections::btree_map::Entry::Vacant(place) = known.entry(id) {
            place.insert(chain.rpc.model(id).await?);
        }
        let (value, text) = of_model(&known[&id], &[], std::slice::from_ref(end), currencies)?;
        values.extend(value);
        // All but the first of these tables leave out their header.
        texts.push(match texts.is_empty() {
            true => text,
            false => text.lines().skip(1).collect::<Vec<_>>().join("\n"),
        });
    }
    Ok((values, texts.join("\n")))
}

/// What was paid in all.
pub fn paid(ended: &[Ended]) -> Paid {
    ended.iter().map(|end| (end.asset, end.price.0)).collect()
}

/// The exit code of a command whose tasks ended.
pub fn closing(answer: Answer, ended: &[Ended]) -> Answer {
    let refunded = ended.iter().any(|end| !end.outcome.is_answered());
    answer.with_kind(refunded.then_some(Kind::Refunded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pensum_client::{asset::Currency, Amount, Digest, TaskId};

    fn model(labels: &[&str]) -> Model {
        serde_json::from_value(json!({
            "id": Digest::zero(), "name": "m", "version": "1", "state": { "active": { "from": 0 } }, "weights": Digest::zero(),
            "on_chain": true, "input": { "text": { "max_bytes": 9 } }, "output_len": 4, "labels": labels, "licence": "MIT",
            "previous": null, "publisher": "p", "royalty_ppm": 0,
        }))
        .unwrap()
    }

    fn end(outcome: Outcome, output: &str) -> Ended {
        Ended {
            task: TaskId(256),
            outcome,
            solver: None,
            output: output.into(),
            price: Amount(10),
            asset: None,
            block: 8,
        }
    }

    #[test]
    fn an_answer_is_a_label_or_text_or_hex() {
        let answered = Outcome::answered();
        assert_eq!(answer(&model(&["en", "de"]), &answered, &[1, 0, 0, 0]), "de");
        assert_eq!(answer(&model(&[]), &answered, "schön".as_bytes()), "schön");
        assert_eq!(answer(&model(&[]), &answered, &[1, 0]), "0x0100");
        assert_eq!(answer(&model(&["en"]), &Outcome::refunded(json!("x")), &[]), "");
    }

    #[test]
    fn a_refund_is_told_with_its_reason() {
        let ends = [
            end(Outcome::answered(), "0x00000000"),
            end(Outcome::refunded(json!("nobody_left")), "0x"),
        ];
        let inputs = ["a".to_string(), "b".to_string()];
        let (values, text) = of_model(&model(&["en"]), &inputs, &ends, &Currencies::default()).unwrap();
        assert_eq!(
            (&values[0]["label"], &values[1]["label"]),
            (&json!("en"), &json!(null))
        );
        assert_eq!(values[1]["outcome"], json!({ "refunded": "nobody_left" }));
        assert!(text.contains("refunded: nobody left"), "{text}");
        assert_eq!(paid(&ends).pen(), Amount(20));
    }

    #[test]
    fn a_price_is_told_in_what_paid_it() {
        let mut end = end(Outcome::answered(), "0x00000000");
        (end.asset, end.price) = (Some(1), Amount(50_000));
        let known = Currencies::from_iter([Currency::asset(1, b"tUSD", 6)]);
        let (values, text) = of_model(&model(&["en"]), &[], &[end], &known).unwrap();
        assert_eq!(
            (&values[0]["price"], &values[0]["asset"]),
            (&json!("50000"), &json!(1))
        );
        assert!(text.contains("0.05 tUSD"), "{text}");
    }
}
