use crate::{mock::*, weights::WeightInfo};
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo, Pays},
    traits::Authorize,
};
use pensum_primitives::{
    panel::{Ballot, Question, MAX_PANEL_TASKS},
    task::MAX_OUTPUT,
    traits::{Panels as _, Summons},
    verification::Rule,
};

/// The longest ballot, on which nobody else agrees.
fn longest(number: u8, tasks: usize) -> Ballot {
    let mut answer = vec![b' '; MAX_OUTPUT as usize];
    answer[0] = number;
    vec![Some(answer.try_into().unwrap()); tasks].try_into().unwrap()
}

fn last_round(size: u8, rounds: u8) -> u32 {
    u32::from(size) << (rounds - 1)
}

/// Everybody does all it can in a block of its own and nobody agrees, until the last round, which some decide and others miss.
fn dearest_life(size: u8, rounds: u8, tasks: u32) {
    drawn(Summons {
        tasks: (0..tasks).map(|place| (place as u8, 1)).collect(),
        question: Question::Answers(Rule::Exact),
        size,
        threshold: size / 2 + 1,
        rounds,
        ..summons(BATCH)
    });
    for round in 1..=rounds {
        let members = members(BATCH);
        let majority = panel(BATCH).majority() as usize;
        let ballots: Vec<_> = members
            .iter()
            .enumerate()
            .map(|(place, number)| {
                let agrees = round == rounds && place < majority;
                (*number, longest(if agrees { 0 } else { *number }, tasks as usize))
            })
            .collect();
        all_commit(BATCH, &ballots);
        // Whoever completes a threshold that decides nothing first, one more in each block.
        let (early, slow) = ballots.split_at(majority - 1);
        all_reveal(BATCH, early);
        for ballot in slow.iter().rev() {
            if now() < panel(BATCH).until {
                all_reveal(BATCH, std::slice::from_ref(ballot));
            }
            run_for(1);
            if Verdicts::get().len() == 1 || panel(BATCH).members.is_empty() {
                break;
            }
        }
        while Verdicts::get().is_empty() && panel(BATCH).round == round - 1 {
            run_for(1);
        }
        if round < rounds {
            run_for(1);
        }
    }
    while !is_empty() {
        run_for(1);
    }
}

#[test]
fn what_is_prepaid_covers_the_dearest_life() {
    for (size, rounds, tasks) in [(3, 1, 1), (3, 2, 1), (3, 2, 16), (5, 2, 4), (7, 2, 16)] {
        ExtBuilder::default().solvers(24).build_and_execute(|| {
            let blocks = now();
            dearest_life(size, rounds, tasks);
            // Looking at the agenda is every block's own work, whoever stands in it, and what follows from verdicts the market's.
            let others = Weights::agenda(1) * u64::from(now() - blocks)
                + Weights::decided(last_round(size, rounds), tasks);
            let (spent, prepaid) = (Spent::get() - others, Panel::prepaid_weight(size, rounds, tasks));
            assert!(prepaid.all_gte(spent), "{prepaid:?} for {spent:?}");
            assert!(
                prepaid.ref_time() < 2 * spent.ref_time(),
                "{prepaid:?} for {spent:?}"
            );
        });
    }
}

#[test]
fn leaving_takes_no_more_than_what_staying_prepays() {
    let stays = Weights::commit() + Weights::reveal(1) + Weights::authorize(1);
    assert!(stays.all_gte(Weights::excuse()));
}

#[test]
fn what_operators_send_is_operational_and_free_and_weighs_by_its_bytes() {
    ExtBuilder::default().build_and_execute(|| {
        let calls = [
            commit_call(1, BATCH, 1, Default::default()),
            excuse_call(1, BATCH, 1),
            reveal_call(1, BATCH, 1, &ballot(&["a"]), salt(1)),
        ];
        for call in calls {
            let info = RuntimeCall::from(call).get_dispatch_info();
            assert_eq!(
                (info.class, info.pays_fee),
                (DispatchClass::Operational, Pays::No)
            );
        }
        let weigh = |tasks| {
            let call = RuntimeCall::from(reveal_call(1, BATCH, 1, &longest(1, tasks), salt(1)));
            (
                call.get_dispatch_info().call_weight.ref_time(),
                call.weight_of_authorize().ref_time(),
            )
        };
        let (short, long) = (weigh(1), weigh(MAX_PANEL_TASKS as usize));
        assert!(short.0 < long.0 && short.1 < long.1);
    });
}

#[test]
fn the_dearest_step_of_a_usual_panel_fits_a_block() {
    // Half a second is a block's time, and the hook must leave most of it to others.
    let (seats, tasks) = (14, MAX_PANEL_TASKS);
    let step = Weights::tally(seats, tasks, seats * tasks * (MAX_OUTPUT + 3))
        + Weights::settle(seats, tasks)
        + Weights::decided(seats, tasks);
    assert!(step.ref_time() < 50_000_000_000, "{step:?}");
}
