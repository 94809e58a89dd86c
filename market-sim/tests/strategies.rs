//! What must be true of the market: honesty earns the most, everything else loses.

use market_sim::{
    agents::Strategy,
    collusion,
    lives::Lives,
    parameters::Parameters,
    plot, report,
    scenario::{Matching, Scenario, Verification},
    world::{Tally, World},
};

const TASKS: u32 = 10_000;
/// Enough of them that no strategy is judged by its luck.
const LIVES: u64 = 8;
/// How much less than the honest a dishonest strategy earns at least for each task, in parts per million of its price.
const MARGIN_PPM: i128 = 50_000;

fn live(scenario: Scenario, parameters: Parameters) -> Lives {
    Lives::run(scenario, parameters, TASKS, 1, LIVES)
}

fn named(name: &str) -> Scenario {
    Scenario::all()
        .into_iter()
        .find(|scenario| scenario.name == name)
        .unwrap()
}

fn dishonest() -> impl Iterator<Item = Strategy> {
    Strategy::ALL.into_iter().skip(1)
}

/// Tasks of all lives.
const fn all_tasks() -> u32 {
    TASKS * LIVES as u32
}

#[test]
fn honesty_earns_the_most_in_every_market_and_everything_else_loses() {
    for scenario in Scenario::all() {
        let lives = live(scenario, Parameters::default());
        let (honest, each) = (
            lives.net_per_task_ppm(Strategy::Honest),
            lives.net(Strategy::Honest),
        );
        let market = lives.scenario.name;
        assert!(honest > 0 && each > 0, "{market}");
        assert!(lives.account(Strategy::Honest).tasks > 0, "{market}");
        for strategy in dishonest() {
            let (other, other_each) = (lives.net_per_task_ppm(strategy), lives.net(strategy));
            let name = strategy.name();
            assert!(
                other < honest - MARGIN_PPM,
                "{name} in {market}: {other} ppm, honest {honest} ppm"
            );
            assert!(other_each < 0, "{name} in {market}: {other_each} each");
        }
    }
}

#[test]
fn lying_loses_when_nobody_watches_but_the_audits() {
    for name in ["replay-audited", "replay-audited-dear", "replay-audited-sealed"] {
        let lives = live(named(name), Parameters::default());
        for strategy in dishonest() {
            let account = lives.account(strategy);
            assert!(account.faults > 0, "{name}: {} was never met", strategy.name());
            // Without what others' slashes bring.
            assert!(
                account.slashed + account.spent > account.paid,
                "{name}: {} gains",
                strategy.name()
            );
        }
        assert_eq!(lives.account(Strategy::Honest).slashed, 0, "{name}");
    }
}

#[test]
fn no_wrong_answer_is_paid_where_the_chain_replays() {
    let tally = live(named("replay-at-once"), Parameters::default()).tally();
    assert_eq!((tally.wrong_paid, tally.right_slashed), (0, 0));
}

#[test]
fn a_bond_of_four_times_the_price_would_not_deter_from_lying_about_dear_tasks() {
    let parameters = Parameters {
        bond_factor_ppm: 4_000_000,
        ..Parameters::default()
    };
    let lives = live(named("replay-audited-dear"), parameters);
    assert!(lives.net_per_task_ppm(Strategy::Lazy) > lives.net_per_task_ppm(Strategy::Honest));
}

#[test]
fn without_audits_lying_would_pay() {
    let parameters = Parameters {
        audit_share_ppm: 0,
        ..Parameters::default()
    };
    let lives = live(named("replay-audited"), parameters);
    assert!(lives.net_per_task_ppm(Strategy::Lazy) > lives.net_per_task_ppm(Strategy::Honest));
}

#[test]
fn a_new_identity_costs_more_than_a_bad_reputation() {
    for name in ["replay-at-once", "replay-audited", "quorum"] {
        let lives = live(named(name), Parameters::default());
        let identities = lives.identities(Strategy::Whitewashing) as usize;
        assert!(
            identities > 2 * lives.solvers(Strategy::Whitewashing),
            "{name}: nobody began anew"
        );
        assert!(lives.net(Strategy::Whitewashing) < 0, "{name}");
    }
}

#[test]
fn copying_on_a_panel_is_impossible_and_withholding_loses() {
    let copying = live(named("quorum"), Parameters::default()).account(Strategy::Copying);
    assert!(copying.faults > 0 && copying.net() < 0);
    assert!(copying.paid < copying.slashed / 10);
}

#[test]
fn who_collude_below_the_threshold_lose_and_harm_next_to_nobody() {
    // A fifth of the stake against four of five.
    let lives = live(collusion::scenario(5, 4, 6), Parameters::default());
    assert!(lives.net(Strategy::Colluding) < 0);
    assert!(lives.net_per_task_ppm(Strategy::Honest) > MARGIN_PPM);
    let tally = lives.tally();
    assert!(tally.wrong_paid * 10_000 < all_tasks(), "{tally:?}");
    assert!(tally.right_slashed * 10_000 < all_tasks(), "{tally:?}");
}

#[test]
fn a_panel_that_must_be_unanimous_is_held_up_by_a_few_that_risk_nothing() {
    let lives = live(collusion::scenario(3, 3, 6), Parameters::default());
    assert!(lives.tally().refunded > all_tasks() / 10);
    assert!(lives.net(Strategy::Honest) < 0);
    assert!(lives.net(Strategy::Colluding) >= 0);
}

#[test]
fn the_same_seed_gives_the_same_files_and_another_seed_gives_others() {
    let files = |seed| {
        let lives = Lives::run(named("quorum"), Parameters::default(), 2_000, seed, 2);
        (
            report::csv(&lives),
            plot::svg(&lives),
            report::Table(&lives).to_string(),
        )
    };
    assert_eq!(files(7), files(7));
    assert_ne!(files(7).0, files(8).0);
}

#[test]
fn every_task_ends_once() {
    for scenario in Scenario::all() {
        let Tally {
            answered,
            wrong_paid,
            refunded,
            ..
        } = World::new(scenario, Parameters::default(), 3).run(2_000).tally;
        assert_eq!(answered + wrong_paid + refunded, 2_000);
    }
}

#[test]
fn the_csv_has_a_line_for_each_strategy_at_each_point_and_the_plot_a_curve() {
    let scenario = Scenario::new("small", Verification::ReplayAtOnce, Matching::Book);
    let lives = Lives::run(scenario, Parameters::default(), 1_000, 1, 2);
    let csv = report::csv(&lives);
    assert_eq!(csv.lines().count(), 11 * Strategy::ALL.len());
    assert!(csv.starts_with("small,0,honest,0.000000\n"));
    let svg = plot::svg(&lives);
    assert_eq!(svg.matches("stroke-width=\"2\"").count(), Strategy::ALL.len());
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
}
