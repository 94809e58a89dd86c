use crate::mock::*;
use pensum_primitives::{
    task::Input,
    workflow::StepState::{Answered, Posted, Skipped},
};

#[test]
fn the_language_of_a_text_decides_which_task_runs_next() {
    ExtBuilder.build_and_execute(|| {
        let id = run(languages());
        run_for(1);
        let asked = task(id, 0);
        Desk::answer(asked, &label(2));
        run_for(1);
        let written = task(id, 2);
        assert_eq!(states(id), [Answered(asked), Skipped, Posted(written)]);
        Desk::answer(written, b"Guten Tag");
        run_for(1);
        assert_eq!(ended(id).unwrap(), [Answered(asked), Skipped, Answered(written)]);
    });
}

#[test]
fn nothing_runs_where_no_condition_is_met() {
    ExtBuilder.build_and_execute(|| {
        let id = run(languages());
        run_for(1);
        let asked = task(id, 0);
        Desk::answer(asked, &label(7));
        run_for(1);
        assert_eq!(ended(id).unwrap(), [Answered(asked), Skipped, Skipped]);
    });
}

#[test]
fn whoever_reads_or_asks_a_skipped_step_is_skipped_too() {
    ExtBuilder.build_and_execute(|| {
        let mut steps = languages();
        steps.push(reads(writer(), 1));
        steps.push(reads(writer(), 3));
        steps.push(when(given(shuffler()), 4, &[&[0; 64]]));
        let id = run(steps);
        run_for(1);
        let asked = task(id, 0);
        Desk::answer(asked, &label(9));
        run_for(1);
        assert_eq!(
            ended(id).unwrap(),
            [Answered(asked), Skipped, Skipped, Skipped, Skipped, Skipped]
        );
    });
}

#[test]
fn a_step_reads_the_very_bytes_that_another_answered() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(shuffler()), reads(shuffler(), 0)]);
        run_for(1);
        let first = task(id, 0);
        Desk::answer(first, b"8 bytes!");
        run_for(1);
        let open = Desk::task(task(id, 1));
        assert_eq!(
            open.input,
            Input::Inline(b"8 bytes!".to_vec().try_into().unwrap())
        );
        assert_eq!(open.upstream, [first]);
    });
}

#[test]
fn the_record_names_the_step_that_was_asked_and_the_one_that_was_read() {
    ExtBuilder.build_and_execute(|| {
        let both = when(reads(writer(), 1), 0, &[&label(1)]);
        let same = when(reads(writer(), 0), 0, &[&label(1)]);
        let id = run(vec![given(classifier()), given(writer()), both, same]);
        run_for(1);
        let (asked, read) = (task(id, 0), task(id, 1));
        Desk::answer(asked, &label(1));
        run_for(1);
        assert_eq!(Desk::task(task(id, 3)).upstream, [asked]);
        Desk::answer(read, b"lorem");
        run_for(1);
        assert_eq!(Desk::task(task(id, 2)).upstream, [asked, read]);
    });
}

#[test]
fn no_step_is_posted_before_all_it_needs_is_answered() {
    ExtBuilder.build_and_execute(|| {
        let both = when(reads(writer(), 1), 0, &[&label(1)]);
        let id = run(vec![given(classifier()), given(writer()), both]);
        run_for(3);
        assert_eq!(Desk::open().len(), 2);
        Desk::answer(task(id, 1), b"lorem");
        run_for(3);
        assert_eq!(Desk::open(), [task(id, 0)]);
        Desk::answer(task(id, 0), &label(1));
        run_for(1);
        assert_eq!(Desk::open(), [task(id, 2)]);
    });
}

#[test]
fn patience_counts_from_the_posting() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(shuffler()), reads(shuffler(), 0)]);
        run_for(10);
        Desk::answer(task(id, 0), b"8 bytes!");
        run_for(1);
        assert_eq!(
            Desk::task(task(id, 1)).terms.deadline,
            System::block_number() + 20
        );
    });
}
