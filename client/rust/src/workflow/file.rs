//! A workflow as people write it: JSON or TOML, with steps by name.

use super::{Source, Step};
use crate::{
    amount::Sum,
    asset::{Currency, Money},
    input::{self, Input},
    key::hex_bytes,
    quote::{nobody_offers, usual_cap},
    terms,
    view::Model,
    Amount, BlockNumber, Chain, Error,
};
use pensum_primitives::workflow::{MAX_ACCEPTED, MAX_STEPS};
use serde::Deserialize;
use std::{collections::BTreeMap, fs, path::Path};

/// Most bytes of a file.
const MAX_FILE: u64 = 1024 * 1024;
/// Blocks from a step's posting to its deadline, where the file does not say.
const PATIENCE: BlockNumber = 60;

/// A workflow's file.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowFile {
    /// What pays for all steps: `PEN` if left out, or the symbol or id of an asset. Budget and caps are amounts of it.
    pub asset: Option<String>,
    /// What is held for all steps, fees included; the rest comes back.
    pub budget: Option<String>,
    /// The steps. Each names earlier ones only.
    pub steps: Vec<StepEntry>,
}

/// A step in a file.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepEntry {
    /// Its name.
    pub name: String,
    /// The model: its id, or its name, or NAME@VERSION.
    pub model: String,
    /// What it reads, as `task post` takes it.
    pub input: Option<String>,
    /// The step whose answer it reads.
    pub from: Option<String>,
    /// Under which answer it runs.
    pub when: Option<When>,
    /// Most that the task may cost; a quarter above the cheapest offer if left out.
    pub max_reward: Option<String>,
    /// Blocks from its posting to its deadline.
    pub patience: Option<BlockNumber>,
    /// How its solver is chosen, as `task post` takes it.
    pub matching: Option<String>,
    /// How its answer is verified, as `task post` takes it.
    pub verification: Option<String>,
    /// Least reputation of its solver, in parts per million.
    #[serde(default)]
    pub min_reputation: u32,
    /// Take the model even if it is flagged.
    #[serde(default)]
    pub allow_flagged: bool,
}

/// Under which answer of an earlier step a step runs.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The earlier step.
    pub step: String,
    /// Its labels, or its answers as `0x` hex.
    pub is: Vec<String>,
}

/// A workflow that a chain can take.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// What is held for them.
    pub budget: Money,
}

impl WorkflowFile {
    /// Reads a file: JSON where its name ends in `.json`, else TOML.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let len = fs::metadata(path)
            .map_err(|error| Error::unreadable(path, error))?
            .len();
        if len > MAX_FILE {
            return Err(wrong(format!(
                "{} has more than {MAX_FILE} bytes.",
                path.display()
            )));
        }
        let text = fs::read_to_string(path).map_err(|error| Error::unreadable(path, error))?;
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        let file = match is_json {
            true => serde_json::from_str(&text).map_err(|error| error.to_string()),
            false => toml::from_str(&text).map_err(|error| error.to_string()),
        };
        file.map_err(|error: String| wrong(format!("{} is no workflow: {}.", path.display(), error.trim())))
    }

    /// Looks models and prices up on a chain. `budget` goes before the file's.
    pub async fn resolve(&self, chain: &Chain, budget: Option<Sum>) -> Result<Plan, Error> {
        let currency = match &self.asset {
            Some(name) => chain.find_currency(name).await?,
            None => Currency::Pen,
        };
        let written = self.budget.as_deref().map(str::parse).transpose()?;
        let budget = budget.or(written).ok_or_else(|| {
            Error::usage(
                "NoBudget",
                "The workflow has no budget.",
                "Write `budget` into the file, or give --budget: the caps of all steps, and fees. What is left comes back.",
            )
        })?;
        let budget = currency.read(&budget)?;
        let mut models: BTreeMap<&str, Model> = BTreeMap::new();
        for step in &self.steps {
            if !models.contains_key(step.model.as_str()) {
                models.insert(&step.model, chain.find_model(&step.model).await?);
            }
        }
        let mut steps = self.steps(&models, &currency)?;
        for (step, entry) in steps.iter_mut().zip(&self.steps) {
            if entry.max_reward.is_none() {
                step.max_reward = chain
                    .worth_in(usual(chain, step, &currency).await?, &currency)
                    .await?;
            }
        }
        Ok(Plan { steps, budget })
    }

    /// The steps with their models; a price that the file leaves out is 0.
    fn steps(&self, models: &BTreeMap<&str, Model>, currency: &Currency) -> Result<Vec<Step>, Error> {
        if self.steps.len() > MAX_STEPS as usize {
            return Err(wrong(format!(
                "The workflow has {} steps, and a chain takes {MAX_STEPS}.",
                self.steps.len()
            )));
        }
        let mut steps: Vec<Step> = Vec::new();
        for entry in &self.steps {
            if steps.iter().any(|step| step.name == entry.name) {
                return Err(wrong(format!("Two steps are called `{}`.", entry.name)));
            }
            let model = models
                .get(entry.model.as_str())
                .cloned()
                .ok_or_else(|| wrong(format!("Step `{}` names no model that is known.", entry.name)))?;
            let step = entry.step(model, currency, &steps)?;
            steps.push(step);
        }
        Ok(steps)
    }
}

impl StepEntry {
    fn step(&self, model: Model, currency: &Currency, earlier: &[Step]) -> Result<Step, Error> {
        let max_reward = self.max_reward.as_deref().map(str::parse).transpose()?;
        let source = match (&self.input, &self.from) {
            (Some(text), None) => Source::Given(Input::inline(input::from_text(&model.input, text)?)?),
            (None, Some(from)) => Source::Output(self.place(from, earlier)?),
            _ => {
                return Err(wrong(format!(
                    "Step `{}` needs either `input` or `from`.",
                    self.name
                )))
            }
        };
        let condition = match &self.when {
            Some(when) => Some(self.condition(when, earlier)?),
            None => None,
        };
        let or = |text: &Option<String>, usual: &str| text.clone().unwrap_or_else(|| usual.into());
        Ok(Step {
            name: self.name.clone(),
            model,
            source,
            condition,
            max_reward: match max_reward {
                Some(sum) => currency.read(&sum)?,
                None => currency.units(0),
            },
            patience: self.patience.unwrap_or(PATIENCE),
            matching: terms::matching(&or(&self.matching, "book"))?,
            verification: terms::verification(&or(&self.verification, "replay"))?,
            min_reputation: self.min_reputation,
            allow_flagged: self.allow_flagged,
        })
    }

    fn condition(&self, when: &When, earlier: &[Step]) -> Result<(u8, Vec<Vec<u8>>), Error> {
        let place = self.place(&when.step, earlier)?;
        if when.is.len() > MAX_ACCEPTED as usize {
            return Err(wrong(format!(
                "Step `{}` accepts {} answers, and a chain takes {MAX_ACCEPTED}.",
                self.name,
                when.is.len()
            )));
        }
        let labels: &[String] = earlier
            .get(usize::from(place))
            .map_or(&[], |step| step.model.labels.as_slice());
        let accepted = when.is.iter().map(|answer| accepted(answer, labels, &when.step));
        Ok((place, accepted.collect::<Result<_, _>>()?))
    }

    fn place(&self, name: &str, earlier: &[Step]) -> Result<u8, Error> {
        earlier
            .iter()
            .position(|step| step.name == name)
            .and_then(|place| u8::try_from(place).ok())
            .ok_or_else(|| {
                wrong(format!(
                    "Step `{}` names `{name}`, which is no step before it.",
                    self.name
                ))
            })
    }
}

/// A label as the number that a classifier answers, or hex as it is.
fn accepted(answer: &str, labels: &[String], step: &str) -> Result<Vec<u8>, Error> {
    // A label may look like hex; labels go first.
    let number = labels
        .iter()
        .position(|label| label == answer)
        .and_then(|place| i32::try_from(place).ok());
    match number {
        Some(number) => Ok(number.to_le_bytes().to_vec()),
        None if answer.starts_with("0x") => hex_bytes(answer),
        None => Err(wrong(format!(
            "The model of step `{step}` has no label `{answer}`."
        ))),
    }
}

/// A cap for a step without one.
async fn usual(chain: &Chain, step: &Step, pays: &Currency) -> Result<Amount, Error> {
    let input = match &step.source {
        Source::Given(input) => input.clone(),
        // No answer is longer than what the model reads, and a price grows with the length.
        Source::Output(_) => Input::Inline(vec![0; pensum_primitives::task::MAX_OUTPUT as usize]),
    };
    let quotes = chain
        .offer_quotes(step.model.id, std::slice::from_ref(&input), pays)
        .await?;
    usual_cap(&quotes, step.matching, &step.verification).ok_or_else(|| nobody_offers(step.model.id, &quotes))
}

fn wrong(fact: String) -> Error {
    Error::usage("Workflow", fact, "See the examples beside the command's source.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Digest;
    use serde_json::json;

    fn models() -> BTreeMap<&'static str, Model> {
        let model: Model = serde_json::from_value(json!({
            "id": Digest::zero(), "name": "langid", "version": "1", "state": { "active": { "from": 0 } },
            "weights": Digest::zero(), "on_chain": true, "input": { "text": { "max_bytes": 4096 } }, "output_len": 4,
            "labels": ["en", "de", "fr"], "licence": "MIT", "previous": null, "publisher": "p", "royalty_ppm": 0,
        }))
        .unwrap();
        [("langid", model)].into()
    }

    fn refusal(steps: serde_json::Value) -> String {
        let file: WorkflowFile = serde_json::from_value(json!({ "steps": steps })).unwrap();
        file.steps(&models(), &Currency::Pen).unwrap_err().fact
    }

    #[test]
    fn the_examples_are_workflows_and_say_the_same_in_both_formats() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        let toml = WorkflowFile::read(&folder.join("letters.toml")).unwrap();
        let json = WorkflowFile::read(&folder.join("letters.json")).unwrap();
        assert_eq!(toml, json);
        let steps = toml.steps(&models(), &Currency::Pen).unwrap();
        assert_eq!(steps[1].condition, Some((0, vec![vec![1, 0, 0, 0]])));
        assert!(matches!(steps[0].source, Source::Given(_)));
    }

    #[test]
    fn a_step_names_earlier_ones_by_name_and_labels_by_text_or_hex() {
        let file: WorkflowFile = serde_json::from_value(json!({ "steps": [
            { "name": "a", "model": "langid", "input": "x" },
            { "name": "b", "model": "langid", "from": "a", "when": { "step": "a", "is": ["fr", "0x07000000"] },
              "max_reward": "3uPEN", "verification": "replay:12", "matching": "dutch:1uPEN..2uPEN/9" },
        ] }))
        .unwrap();
        let steps = file.steps(&models(), &Currency::Pen).unwrap();
        assert_eq!(steps[1].source, Source::Output(0));
        assert_eq!(
            steps[1].condition,
            Some((0, vec![vec![2, 0, 0, 0], vec![7, 0, 0, 0]]))
        );
        assert_eq!((steps[1].max_reward.units, steps[1].patience), (3_000_000, 60));
        assert_eq!(terms::verification_text(&steps[1].verification), "replay:12");
    }

    #[test]
    fn caps_are_amounts_of_what_pays() {
        let file: WorkflowFile = serde_json::from_value(json!({ "asset": "tUSD", "steps": [
            { "name": "a", "model": "langid", "input": "x", "max_reward": "0.05" },
        ] }))
        .unwrap();
        let usd = Currency::asset(1, b"tUSD", 6);
        let steps = file.steps(&models(), &usd).unwrap();
        assert_eq!(steps[0].max_reward, usd.units(50_000));
        assert_eq!(
            file.steps(&models(), &Currency::Pen).unwrap()[0].max_reward.units,
            crate::amount::PEN / 20
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        let a = json!({ "name": "a", "model": "langid", "input": "x" });
        for (second, fact) in [
            (
                json!({ "name": "a", "model": "langid", "input": "y" }),
                "Two steps",
            ),
            (
                json!({ "name": "b", "model": "langid", "from": "c" }),
                "no step before it",
            ),
            (
                json!({ "name": "b", "model": "langid" }),
                "either `input` or `from`",
            ),
            (
                json!({ "name": "b", "model": "langid", "input": "y", "from": "a" }),
                "either `input` or `from`",
            ),
            (
                json!({ "name": "b", "model": "langid", "input": "y", "when": { "step": "a", "is": ["xx"] } }),
                "no label `xx`",
            ),
        ] {
            let told = refusal(json!([a.clone(), second]));
            assert!(told.contains(fact), "{told}");
        }
        let unknown = serde_json::from_value::<WorkflowFile>(json!({ "steps": [], "limit": 3 }));
        assert!(unknown.is_err());
    }
}
