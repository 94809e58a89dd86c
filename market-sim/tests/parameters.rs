//! The simulation's numbers are the runtime's.

use market_math::audit::share_ppm;
use market_sim::parameters::Parameters;
use std::{collections::BTreeMap, fs, path::Path};

/// The integer constants of a Rust file by `module::NAME`, as far as they are products, sums and quotients of numbers and of each
/// other, or an audit's share.
struct Constants(BTreeMap<String, String>);

impl Constants {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let (mut module, mut found) = (String::new(), BTreeMap::new());
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("pub mod ") {
                module = rest.trim_end_matches(" {").to_string();
            }
            let line = line.trim();
            let Some((name, value)) = line
                .strip_prefix("pub ")
                .unwrap_or(line)
                .strip_prefix("const ")
                .and_then(|rest| rest.split_once(':'))
                .and_then(|(name, rest)| Some((name, rest.split_once('=')?.1)))
            else {
                continue;
            };
            let value = value.trim().trim_end_matches(';').to_string();
            found.insert(format!("{module}::{name}"), value);
        }
        Self(found)
    }

    /// The value of a constant.
    fn value(&self, path: &str) -> u128 {
        let (module, _) = path.split_once("::").unwrap();
        let expression = self
            .0
            .get(path)
            .unwrap_or_else(|| panic!("{path} is not in the runtime's constants"));
        self.sum(module, expression)
    }

    fn sum(&self, module: &str, expression: &str) -> u128 {
        expression
            .split('+')
            .map(|product| self.product(module, product))
            .sum()
    }

    fn product(&self, module: &str, product: &str) -> u128 {
        product
            .split('*')
            .map(|quotient| {
                let mut terms = quotient.split('/').map(|term| self.term(module, term.trim()));
                let first = terms.next().unwrap();
                terms.fold(first, |value, divisor| value / divisor)
            })
            .product()
    }

    fn term(&self, module: &str, term: &str) -> u128 {
        let digits = term.replace('_', "");
        if let Ok(number) = digits.parse() {
            return number;
        }
        if let Some(percent) = term.strip_prefix("Permill::from_percent(") {
            return percent.trim_end_matches(')').parse().unwrap();
        }
        if let Some(arguments) = term.strip_prefix("market_math::audit::share_ppm(") {
            let values: Vec<u128> = arguments
                .trim_end_matches(')')
                .split(", ")
                .map(|argument| self.term(module, argument))
                .collect();
            return share_ppm(values[0], values[1], values[2] as u32).into();
        }
        let path = term.split(" as ").next().unwrap();
        if path.contains("::") {
            self.value(path)
        } else {
            self.value(&format!("{module}::{path}"))
        }
    }
}

#[test]
fn the_numbers_are_those_of_the_runtime() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src/constants.rs");
    let constants = Constants::read(&path);
    let ppm = |path: &str| u32::try_from(constants.value(path)).unwrap();
    let runtime = Parameters {
        min_bond: constants.value("solver::MIN_BOND"),
        min_task_bond: constants.value("solver::MIN_TASK_BOND"),
        bond_factor_ppm: ppm("solver::BOND_FACTOR_PPM"),
        timed_out_share_ppm: ppm("solver::TIMED_OUT_SHARE_PPM"),
        unrevealed_factor: ppm("solver::UNREVEALED_FACTOR"),
        wrong_share_ppm: ppm("solver::WRONG_SHARE_PPM"),
        harmed_share_ppm: ppm("solver::HARMED_SHARE_PPM"),
        repairer_share_ppm: ppm("solver::REPAIRER_SHARE_PPM"),
        jail_threshold: ppm("solver::JAIL_THRESHOLD"),
        jail: ppm("solver::JAIL"),
        tolerance_ppm: ppm("solver::TOLERANCE_PPM"),
        half_weight_reward: constants.value("solver::HALF_WEIGHT_REWARD"),
        max_candidates: ppm("solver::MAX_CANDIDATES"),
        fee_percent: ppm("market::FEE"),
        audit_share_ppm: ppm("dispute::AUDIT_SHARE_PPM"),
    };
    assert_eq!(Parameters::default(), runtime);
}

#[test]
fn expressions_are_read_as_rust_reads_them() {
    let text = [
        ("money::PEN", "1_000_000"),
        ("money::MILLI", "PEN / 1_000"),
        ("time::MINUTE", "60"),
        ("solver::JAIL", "10 * time::MINUTE + 5"),
        ("market::FEE", "Permill::from_percent(2)"),
        ("dispute::LOSS", "time::MINUTE as u128 + 1_000"),
        (
            "dispute::SHARE",
            "market_math::audit::share_ppm(LOSS, money::PEN, 0)",
        ),
    ];
    let constants = Constants(
        text.map(|(path, value)| (path.to_string(), value.to_string()))
            .into(),
    );
    assert_eq!(constants.value("money::MILLI"), 1_000);
    assert_eq!(constants.value("solver::JAIL"), 605);
    assert_eq!(constants.value("market::FEE"), 2);
    assert_eq!(constants.value("dispute::SHARE"), 1_060);
}
