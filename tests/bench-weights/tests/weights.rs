//! That what is counted is what happens, and that counting again gives the same.

use pensum_bench_weights::{
    access::{Access, Counts},
    counting::counted,
    life::{live, Life},
    markdown::page,
    plan::{budgeted, Check},
    quiet::Quiet,
    report::{measure, BUDGET},
};
use sp_io::{storage, TestExternalities};

/// A state with one key.
fn state() -> TestExternalities {
    let mut ext = TestExternalities::new_empty();
    ext.insert(b"known".to_vec(), vec![1, 2, 3]);
    ext
}

fn count(work: impl FnOnce()) -> Access {
    let ((), access) = state().execute_with(|| counted(work));
    access
}

fn counts(reads: u32, writes: u32, read_ops: u32, write_ops: u32) -> Counts {
    Counts {
        reads,
        writes,
        read_ops,
        write_ops,
    }
}

#[test]
fn a_key_that_is_read_twice_is_one_read_in_two_operations() {
    let access = count(|| {
        assert_eq!(storage::get(b"known").as_deref(), Some(&[1, 2, 3][..]));
        assert!(storage::exists(b"known"));
    });
    assert_eq!(access.counts(), counts(1, 0, 2, 0));
}

#[test]
fn what_is_read_after_it_was_written_need_not_be_read() {
    let access = count(|| {
        storage::set(b"known", &[9; 7]);
        assert_eq!(storage::get(b"known").as_deref(), Some(&[9; 7][..]));
    });
    assert_eq!(access.counts(), counts(0, 1, 1, 1));
    let longest: Vec<_> = access.0.values().filter_map(|touch| touch.written).collect();
    assert_eq!(longest, [7]);
}

#[test]
fn what_is_rolled_back_is_not_written_and_what_is_committed_is() {
    let access = count(|| {
        storage::start_transaction();
        storage::set(b"lasts", &[1]);
        storage::start_transaction();
        storage::set(b"undone", &[1]);
        storage::rollback_transaction();
        storage::commit_transaction();
        // It was never there.
        assert_eq!(storage::get(b"undone"), None);
    });
    assert_eq!(access.counts(), counts(1, 1, 1, 2));
}

#[test]
fn looking_for_the_next_key_is_a_read_and_a_cleared_prefix_is_a_write_of_each_key() {
    let access = count(|| {
        assert_eq!(storage::next_key(b"").as_deref(), Some(&b":code"[..]));
        let _cleared = storage::clear_prefix(b"kn", None);
        assert_eq!(storage::get(b"known"), None);
    });
    // The first key, the first of the prefix, the one after it; then what is known to be gone.
    assert_eq!(access.counts(), counts(3, 1, 4, 1));
}

#[test]
fn what_a_block_does_anyway_does_not_count() {
    let mine = count(|| {
        storage::get(b"known");
        storage::set(b"both", &[1]);
        storage::set(b"mine", &[1]);
    });
    let anyway = count(|| {
        storage::get(b"known");
        storage::set(b"both", &[1]);
    });
    assert_eq!(mine.beside(&anyway).counts(), counts(0, 1, 0, 1));
    assert_eq!(mine.beside(&Access::default()), mine);
}

#[test]
fn a_batch_takes_no_more_reads_and_writes_than_one_task() {
    let quiet = &mut Quiet::default();
    let mut lives = budgeted().into_iter().map(|plan| live(plan, quiet).unwrap());
    let sums = |life: Life| {
        let mut sum = Counts::default();
        life.steps.iter().for_each(|step| sum += step.access.counts());
        (sum.reads, sum.writes)
    };
    let one = sums(lives.next().unwrap());
    assert!(
        one.0 > BUDGET && one.1 > BUDGET,
        "{one:?} is too little to be true"
    );
    for life in lives {
        assert_eq!(life.plan.check, Check::Replay);
        assert_eq!(sums(life), one);
    }
}

#[test]
fn counting_again_gives_the_same_page_within_the_budget() {
    let report = measure().unwrap();
    assert_eq!(report.over_budget(), Vec::<u32>::new());
    assert_eq!(page(&measure().unwrap()), page(&report));
}
