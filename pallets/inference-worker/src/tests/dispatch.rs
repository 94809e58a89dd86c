//! The plan, without a host.

use super::*;
use crate::mock::{blob, duty, inline};
use proptest::prelude::*;

fn done(output: &[u8]) -> Progress {
    Progress::Done {
        output: output.to_vec().try_into().unwrap(),
        blob: None,
        trace: None,
    }
}

#[test]
fn what_is_due_soonest_is_asked_for_first() {
    let duties = [
        duty(1, 30, &[inline(b"a")]),
        duty(2, 10, &[inline(b"b")]),
        duty(3, 5, &[inline(b"c")]),
    ];
    let batches: Vec<_> = wanted(&duties, &Sent::default(), 5)
        .iter()
        .map(|wanted| wanted.task.batch().0)
        .collect();
    assert_eq!(batches, [2, 1], "batch 3 has no block left");
}

#[test]
fn what_was_not_asked_for_is_pending_and_not_in_trouble() {
    let duties = [duty(1, 7, &[inline(b"a")])];
    assert_eq!(
        plan(&duties, &mut BTreeMap::new(), &Sent::default(), 5),
        Plan::default()
    );
}

#[test]
fn a_blob_of_another_digest_or_length_is_no_answer() {
    let duties = [duty(1, 30, &[blob(b"wool"), blob(b"wool"), blob(b"wool")])];
    let with = |bytes: &[u8]| Progress::Done {
        output: b"x".to_vec().try_into().unwrap(),
        blob: Some(bytes.to_vec().try_into().unwrap()),
        trace: None,
    };
    let task = |place| BatchId(1).task(place);
    let mut progress = [
        (task(0), with(b"woof")),
        (task(1), with(b"wool")),
        (task(2), done(b"x")),
    ]
    .into();
    let plan = plan(&duties, &mut progress, &Sent::default(), 28);
    assert_eq!(
        plan.sheets
            .concat()
            .iter()
            .map(|answer| answer.task)
            .collect::<Vec<_>>(),
        [task(1)]
    );
    assert_eq!(plan.declines, []);
}

#[test]
fn batches_with_long_blobs_do_not_share_a_sheet() {
    let long = [b'x'; 4_096];
    let inputs = vec![blob(&long); 40];
    let duties = [duty(1, 30, &inputs), duty(2, 30, &inputs)];
    let tasks = duties
        .iter()
        .flat_map(|duty| duty.tasks.iter().map(|(task, _)| *task));
    let progress = tasks.map(|task| {
        let output = vec![0; 4].try_into().unwrap();
        (
            task,
            Progress::Done {
                output,
                blob: Some(long.to_vec().try_into().unwrap()),
                trace: None,
            },
        )
    });
    let plan = plan(&duties, &mut progress.collect(), &Sent::default(), 5);
    assert_eq!(plan.sheets.iter().map(Vec::len).collect::<Vec<_>>(), [40, 40]);
}

#[test]
fn a_batch_goes_as_a_whole_however_many_bytes_it_has() {
    let long = [b'x'; 4_096];
    let duties = [duty(1, 30, &vec![blob(&long); 256])];
    let progress = (0..=255).map(|place| {
        let output = vec![0; 1_024].try_into().unwrap();
        (
            BatchId(1).task(place),
            Progress::Done {
                output,
                blob: Some(long.to_vec().try_into().unwrap()),
                trace: None,
            },
        )
    });
    let plan = plan(&duties, &mut progress.collect(), &Sent::default(), 5);
    assert_eq!(plan.sheets.iter().map(Vec::len).collect::<Vec<_>>(), [256]);
}

/// How many of ten tasks are answered when `done` runs are over.
fn answered_of_ten(done_runs: u8, partial_sheets: u8, left: u32, others: Progress) -> usize {
    let mut batch = duty(1, 10, &vec![inline(b"a"); 10]);
    batch.partial_sheets = partial_sheets;
    let state = |place| {
        if place < done_runs {
            done(b"x")
        } else {
            others.clone()
        }
    };
    let mut progress = (0..10)
        .map(|place| (BatchId(1).task(place), state(place)))
        .collect();
    plan(&[batch], &mut progress, &Sent::default(), 10 - left)
        .sheets
        .concat()
        .len()
}

#[test]
fn a_partial_sheet_is_spent_only_if_it_halves_what_is_left_or_waiting_brings_nothing() {
    assert_eq!(answered_of_ten(4, 3, 8, Progress::Pending), 0);
    assert_eq!(answered_of_ten(5, 3, 8, Progress::Pending), 5);
    assert_eq!(answered_of_ten(4, 3, 2, Progress::Pending), 4);
    assert_eq!(
        answered_of_ten(1, 3, 8, Progress::Failed(Unable::InputRefused)),
        1
    );
    assert_eq!(
        answered_of_ten(1, 3, 8, Progress::Failed(Unable::EngineFailed)),
        0
    );
}

#[test]
fn without_partial_sheets_a_batch_is_answered_as_a_whole() {
    assert_eq!(answered_of_ten(9, 0, 8, Progress::Pending), 0);
    assert_eq!(answered_of_ten(9, 0, 1, Progress::Pending), 0);
    assert_eq!(answered_of_ten(10, 0, 8, Progress::Pending), 10);
}

#[test]
fn a_batch_that_cannot_be_answered_as_a_whole_when_it_must_be_is_given_back() {
    let mut batch = duty(1, 30, &[inline(b"a"), inline(b"b")]);
    batch.partial_sheets = 0;
    let failed = Progress::Failed(Unable::InputRefused);
    let mut progress = [(BatchId(1).task(0), done(b"x")), (BatchId(1).task(1), failed)].into();
    let plan = plan(&[batch], &mut progress, &Sent::default(), 5);
    assert_eq!(
        plan,
        Plan {
            sheets: vec![],
            declines: vec![(BatchId(1), Unable::InputRefused)]
        }
    );
}

fn standing() -> impl Strategy<Value = Standing> {
    let failed = prop::option::of(prop_oneof![
        Just(Unable::ModelMissing),
        Just(Unable::InputRefused)
    ]);
    let flags = any::<[bool; 4]>();
    (flags, failed).prop_map(
        |([on_their_way, answering, pending, in_trouble], failed)| Standing {
            on_their_way,
            answering,
            pending,
            in_trouble,
            failed,
        },
    )
}

proptest! {
    #[test]
    fn a_batch_is_given_back_only_when_nothing_of_it_can_be_answered_or_time_is_up(
        batch in standing(),
        left in 0..10u32,
    ) {
        let unfinished = batch.pending || batch.in_trouble || batch.failed.is_some();
        let hopeless = unfinished && !batch.on_their_way && !batch.answering && !batch.pending;
        let given_back = batch.give_back(left).is_some();
        match left {
            0 | 1 => prop_assert_eq!(given_back, unfinished),
            2 => prop_assert_eq!(given_back, hopeless),
            _ => prop_assert_eq!(given_back, hopeless && !batch.in_trouble),
        }
    }

    #[test]
    fn every_output_is_answered_once_in_ascending_sheets_of_whole_batches(
        sizes in prop::collection::vec(1..=256usize, 1..20),
        repeated: bool,
    ) {
        let duties: Vec<_> =
            sizes.iter().zip(1u64..).map(|(size, id)| duty(id, 30, &vec![inline(b"a"); *size])).collect();
        let tasks: Vec<_> = duties.iter().flat_map(|duty| duty.tasks.iter().map(|(task, _)| *task)).collect();
        let mut sent = Sent::default();
        if repeated {
            tasks.iter().for_each(|task| sent.note_answer(*task, 1));
        }
        let mut progress = tasks.iter().map(|task| (*task, done(b"x"))).collect();
        let plan = plan(&duties, &mut progress, &sent, 20);
        prop_assert_eq!(plan.declines, []);
        let mut answered = Vec::new();
        for sheet in &plan.sheets {
            prop_assert!(sheet.len() <= 256);
            prop_assert!(sheet.is_sorted_by(|a, b| a.task < b.task));
            let batches = sheet.chunk_by(|a, b| a.task.batch() == b.task.batch());
            for batch in batches.clone() {
                prop_assert_eq!(batch.len(), sizes[batch[0].task.batch().0 as usize - 1]);
            }
            prop_assert!(!repeated || batches.count() == 1);
            answered.extend(sheet.iter().map(|answer| answer.task));
        }
        answered.sort();
        prop_assert_eq!(answered, tasks);
    }
}
