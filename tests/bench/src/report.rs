//! The report: figures and curves, for `scripts/bench` and whoever reads its output.

use crate::{
    failure::Measured,
    sample::{median, spread},
};
use serde::Serialize;
use std::{fs, path::Path};

/// What a figure should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// At most this.
    Max(f64),
}

/// A number.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub value: f64,
    /// In what.
    pub unit: String,
    /// What it should be, where the design says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
    /// What it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
    /// What that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer_value: Option<f64>,
    /// How many times as much it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// What was measured, each time; `value` is the median.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<f64>,
    /// What it tells, where the name does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What measures it again.
    pub command: String,
}

/// A curve.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    /// What it is called.
    pub name: String,
    /// In what `y` is.
    pub unit: String,
    /// Where it was measured.
    pub x: Vec<f64>,
    /// What was measured.
    pub y: Vec<f64>,
    /// What `x` is.
    pub x_label: String,
    /// What `y` is.
    pub y_label: String,
}

/// Everything.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The numbers.
    pub figures: Vec<Figure>,
    /// The curves.
    pub curves: Vec<Curve>,
    #[serde(skip)]
    command: String,
}

/// Rounds to six digits: more would claim to be known.
fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

impl Report {
    /// An empty one, of what this command measures.
    pub fn of(command: &str) -> Self {
        Self {
            figures: Vec::new(),
            curves: Vec::new(),
            command: command.into(),
        }
    }

    /// Adds the median of what was measured.
    pub fn measured(&mut self, name: &str, unit: &str, samples: &[f64]) -> &mut Figure {
        self.figures.push(Figure {
            name: name.into(),
            value: rounded(median(samples)),
            unit: unit.into(),
            goal: None,
            peer: None,
            peer_value: None,
            ratio: None,
            samples: samples.iter().copied().map(rounded).collect(),
            note: None,
            command: self.command.clone(),
        });
        self.figures.last_mut().expect("one was added")
    }

    /// Adds a number that was counted or computed.
    pub fn counted(&mut self, name: &str, unit: &str, value: f64) -> &mut Figure {
        let figure = self.measured(name, unit, &[value]);
        figure.samples.clear();
        figure
    }

    /// Adds a curve.
    pub fn curve(&mut self, name: &str, unit: &str, labels: (&str, &str), points: &[(f64, f64)]) {
        self.curves.push(Curve {
            name: name.into(),
            unit: unit.into(),
            x: points.iter().map(|(x, _)| *x).collect(),
            y: points.iter().map(|(_, y)| rounded(*y)).collect(),
            x_label: labels.0.into(),
            y_label: labels.1.into(),
        });
    }

    /// Writes it as JSON.
    pub fn write(&self, file: &Path) -> Measured {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, serde_json::to_string_pretty(self)?)?;
        Ok(())
    }

    /// For people.
    pub fn table(&self) -> String {
        let figures = self.figures.iter().map(Figure::line);
        let curves = self.curves.iter().map(Curve::line);
        figures.chain(curves).collect::<Vec<_>>().join("\n")
    }
}

impl Figure {
    /// Sets what it should be.
    pub fn goal(&mut self, goal: Goal) -> &mut Self {
        self.goal = Some(goal);
        self
    }

    /// Compares it.
    pub fn against(&mut self, peer: &str, peer_value: f64) -> &mut Self {
        self.peer = Some(peer.into());
        self.peer_value = Some(rounded(peer_value));
        self.ratio = (peer_value != 0.0).then(|| rounded(self.value / peer_value));
        self
    }

    /// Says what it tells.
    pub fn note(&mut self, note: &str) -> &mut Self {
        self.note = Some(note.into());
        self
    }

    /// Whether it is as it should be; nothing where it need not be anything.
    pub fn is_met(&self) -> Option<bool> {
        self.goal.map(|goal| match goal {
            Goal::Max(most) => self.value <= most,
        })
    }

    fn line(&self) -> String {
        let mut line = format!("{:<54} {:>10} {:<16}", self.name, shown(self.value), self.unit);
        if self.samples.len() > 1 {
            let share = spread(&self.samples) * 100.0;
            line += &format!(" ± {share:.0} % of {}", self.samples.len());
        }
        if let (Some(peer), Some(ratio)) = (&self.peer, self.ratio) {
            line += &format!(", {} × {peer}", shown(ratio));
        }
        match self.is_met() {
            Some(true) => line + ", goal met",
            Some(false) => line + ", GOAL MISSED",
            None => line,
        }
    }
}

impl Curve {
    fn line(&self) -> String {
        let points = self.x.iter().zip(&self.y);
        let points: Vec<String> = points.map(|(x, y)| format!("{x}: {}", shown(*y))).collect();
        format!("{:<54} {} ({})", self.name, points.join(", "), self.unit)
    }
}

fn shown(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        medium if medium >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}
