//! The plot of a market's history, as SVG.

use crate::{agents::Strategy, lives::Lives, report::in_milli, world::Point};
use std::fmt::Write;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 140.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;
/// Amounts up to this, in thousandths of a PEN, are drawn to scale; greater ones by their logarithm.
const LINEAR: f64 = 10.0;

const fn colour(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Honest => "#1b7837",
        Strategy::Lazy => "#e08214",
        Strategy::Copying => "#8073ac",
        Strategy::Wrong => "#b2182b",
        Strategy::Colluding => "#2166ac",
        Strategy::Whitewashing => "#555555",
    }
}

/// Losses are thousands of times what is earned; on this scale both can be seen.
fn scaled(milli: f64) -> f64 {
    milli.signum() * (1.0 + milli.abs() / LINEAR).log10()
}

/// Where amounts and tasks lie on the picture.
struct Frame {
    low: f64,
    high: f64,
    tasks: u32,
}

impl Frame {
    fn of(history: &[Point]) -> Self {
        let values = || {
            let points = history.iter().flat_map(|point| point.net.values());
            points.map(|net| scaled(in_milli(*net)))
        };
        Self {
            low: values().fold(0.0, f64::min),
            high: values().fold(0.1, f64::max),
            tasks: history.last().map_or(0, |point| point.tasks).max(1),
        }
    }

    fn x(&self, tasks: u32) -> f64 {
        LEFT + f64::from(tasks) / f64::from(self.tasks) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, milli: f64) -> f64 {
        let share = (scaled(milli) - self.low) / (self.high - self.low);
        HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
    }

    fn holds(&self, milli: f64) -> bool {
        (self.low..=self.high).contains(&scaled(milli))
    }
}

/// Earnings of one solver of each strategy over the tasks posted.
pub fn svg(lives: &Lives) -> String {
    let history = lives.history();
    let frame = Frame::of(&history);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{LEFT}\" y=\"20\" font-size=\"14\">{}: earnings of one solver, mPEN (logarithmic beyond {LINEAR})</text>\n",
        lives.scenario.name
    );
    let text = |svg: &mut String, x: f64, y: f64, anchor: &str, words: &str| {
        let line = format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>\n");
        svg.push_str(&line);
    };
    let magnitudes = (1..=7).map(|power| 10f64.powi(power));
    let ticks = magnitudes.flat_map(|amount| [amount, -amount]).chain([0.0]);
    for milli in ticks.filter(|milli| frame.holds(*milli)) {
        let (y, right) = (frame.y(milli), WIDTH - RIGHT);
        let colour = if milli == 0.0 { "#000" } else { "#ddd" };
        let line = format!("<path d=\"M{LEFT} {y:.1}H{right:.1}\" stroke=\"{colour}\"/>\n");
        svg.push_str(&line);
        text(&mut svg, LEFT - 6.0, y + 4.0, "end", &format!("{milli}"));
    }
    for quarter in 0..=4 {
        let tasks = frame.tasks / 4 * quarter;
        text(
            &mut svg,
            frame.x(tasks),
            HEIGHT - BOTTOM + 20.0,
            "middle",
            &tasks.to_string(),
        );
    }
    text(
        &mut svg,
        frame.x(frame.tasks / 2),
        HEIGHT - 10.0,
        "middle",
        "tasks posted",
    );
    for (place, strategy) in Strategy::ALL.into_iter().enumerate() {
        let mut path = String::new();
        for point in &history {
            let net = point.net.get(&strategy).copied().unwrap_or(0);
            let command = if path.is_empty() { 'M' } else { 'L' };
            let _infallible = write!(
                path,
                "{command}{:.1} {:.1}",
                frame.x(point.tasks),
                frame.y(in_milli(net))
            );
        }
        let colour = colour(strategy);
        let line = format!("<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
        svg.push_str(&line);
        let (x, y) = (WIDTH - RIGHT + 12.0, TOP + 20.0 * place as f64);
        let swatch = format!(
            "<rect x=\"{x}\" y=\"{}\" width=\"14\" height=\"4\" fill=\"{colour}\"/>\n",
            y - 6.0
        );
        svg.push_str(&swatch);
        text(&mut svg, x + 20.0, y, "start", strategy.name());
    }
    svg.push_str("</svg>\n");
    svg
}
