//! Invariants, checked after every test, in the property test and by `try-runtime`.

use crate::{
    queue::{Again, Todo},
    types::{BatchState, Handed, Span, Work},
    BatchCount, Batches, Closings, ClosingsSpan, Config, Endings, HandedOn, KeptRequests, KeptSpan, Pallet,
    Queue, QueueSpan, Requests, Results, Retries, RetriesSpan, Uncredited,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use binary_merkle_tree::{verify_proof, Leaf};
use codec::FullCodec;
use frame_support::{ensure, IterableStorageMap, StorageValue};
use pensum_primitives::{bridge::Domain, Digest};
use sp_io::hashing::keccak_256;
use sp_runtime::{traits::Keccak256, TryRuntimeError};

/// What waits to be sent, first try or not.
#[derive(Default)]
struct Waiting {
    results: BTreeSet<Digest>,
    refunds: BTreeSet<Digest>,
    roots: BTreeSet<(Domain, u64)>,
}

impl Waiting {
    /// False if it waits already.
    fn insert(&mut self, work: Work) -> bool {
        match work {
            Work::Result { request } => self.results.insert(request),
            Work::Refund(refund) => self.refunds.insert(refund.request),
            Work::Root { domain, batch } => self.roots.insert((domain, batch)),
        }
    }
}

impl<T: Config> Pallet<T> {
    /// 1. No line has gaps or anything outside its span, and what is due is in order of its block.
    /// 2. Nothing can be stuck: a request either runs as a task of its own, or has an ending, and then exactly one piece of work hands its
    ///    result on; nothing else has an ending, and no result is handed on twice.
    /// 3. A batch has at least one result and at most `MAX_LEAVES`. Only the last of its chain can be open, and then it stands in line
    ///    to be closed; exactly the closed ones have a piece of work that sends the root; the root that was sent is that of its leaves.
    /// 4. Exactly the requests in line are remembered. For each that went in a batch, the batch and the result are there, and the result is
    ///    proven by its siblings; and neither a batch nor a result is there for nobody.
    /// 5. What waits for an account is something.
    ///
    /// That no route owes more than came by it is in its type: `outstanding` counts down no further than to zero.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let waiting = Self::check_lines()?;
        Self::check_requests(&waiting)?;
        Self::check_batches(&waiting)?;
        Self::check_handed()?;
        for amount in Uncredited::<T>::iter_values() {
            ensure!(amount > 0, "nothing waits for an account");
        }
        Ok(())
    }

    fn check_lines() -> Result<Waiting, TryRuntimeError> {
        let mut waiting = Waiting::default();
        let retries = members::<_, Retries<T>, RetriesSpan<T>>()?;
        let again: Vec<_> = retries.iter().map(|retry| retry.at).collect();
        ensure!(again.is_sorted(), "what is tried again is out of order");
        let closings = members::<_, Closings<T>, ClosingsSpan<T>>()?;
        let closes: Vec<_> = closings.iter().map(|closing| closing.at).collect();
        ensure!(closes.is_sorted(), "batches are closed out of order");
        let first = members::<_, Queue<T>, QueueSpan<T>>()?;
        for work in first
            .into_iter()
            .chain(retries.into_iter().map(|retry| retry.work))
        {
            ensure!(waiting.insert(work), "the same work waits twice");
        }
        ensure!(
            Todo::<T>::length().saturating_add(Again::<T>::length()) as usize
                == waiting
                    .results
                    .len()
                    .saturating_add(waiting.refunds.len())
                    .saturating_add(waiting.roots.len()),
            "a line does not know its length"
        );
        Ok(waiting)
    }

    fn check_requests(waiting: &Waiting) -> Result<(), TryRuntimeError> {
        let mut tasks = BTreeSet::new();
        for (id, request) in Requests::<T>::iter() {
            ensure!(
                request.task.is_some() || Endings::<T>::contains_key(id),
                "a request neither runs nor has ended"
            );
            ensure!(
                request.task.is_none_or(|task| tasks.insert(task)),
                "two requests run as one task"
            );
            ensure!(
                !HandedOn::<T>::contains_key(id),
                "a result was handed on and is still due"
            );
        }
        let ended: BTreeSet<_> = Endings::<T>::iter_keys().collect();
        ensure!(
            ended == waiting.results,
            "an ending without its work, or work without its ending"
        );
        ensure!(
            ended.iter().all(Requests::<T>::contains_key),
            "an ending without its request"
        );
        Ok(())
    }

    fn check_batches(waiting: &Waiting) -> Result<(), TryRuntimeError> {
        let mut closed = BTreeSet::new();
        let closings = members::<_, Closings<T>, ClosingsSpan<T>>()?;
        for (domain, number, batch) in Batches::<T>::iter() {
            ensure!(!batch.leaves.is_empty(), "a batch is empty");
            let count = BatchCount::<T>::get(domain);
            ensure!(number < count, "a batch has a number that is still to come");
            match batch.state {
                BatchState::Open => {
                    ensure!(
                        number.saturating_add(1) == count,
                        "a batch is open that is not the last"
                    );
                    ensure!(
                        closings
                            .iter()
                            .any(|closing| (closing.domain, closing.batch) == (domain, number)),
                        "an open batch would never be closed"
                    );
                }
                BatchState::Closed => {
                    closed.insert((domain, number));
                }
                BatchState::Sent { root, .. } => {
                    ensure!(root == batch.root(), "a root is not that of its leaves");
                }
            }
        }
        ensure!(
            closed == waiting.roots,
            "a closed batch without its work, or work without its batch"
        );
        Ok(())
    }

    fn check_handed() -> Result<(), TryRuntimeError> {
        let kept = members::<_, KeptRequests<T>, KeptSpan<T>>()?;
        ensure!(
            kept.iter().collect::<BTreeSet<_>>().len() == kept.len(),
            "a request is remembered twice"
        );
        ensure!(
            HandedOn::<T>::iter_keys().count() == kept.len() && kept.iter().all(HandedOn::<T>::contains_key),
            "a result is remembered outside of the line"
        );
        let mut batched = 0usize;
        let mut used = BTreeMap::<(Domain, u64), u32>::new();
        for (id, handed) in HandedOn::<T>::iter() {
            let Handed::Batched { domain, batch, index } = handed else {
                continue;
            };
            batched = batched.saturating_add(1);
            let places = used.entry((domain, batch)).or_default();
            *places = places.saturating_add(1);
            let batch = Batches::<T>::get(domain, batch).ok_or("a result without its batch")?;
            let result = Results::<T>::get(id).ok_or("a batched result is missing")?;
            let proof = batch.proof(index).ok_or("a result outside of its batch")?;
            ensure!(
                verify_proof::<Keccak256, _, _>(
                    &batch.root(),
                    proof,
                    batch.leaves.len() as u32,
                    index,
                    Leaf::Hash(keccak_256(&result).into()),
                ),
                "a result is not proven by its siblings"
            );
        }
        ensure!(
            Results::<T>::iter_keys().count() == batched,
            "a result is kept for nobody"
        );
        ensure!(
            Batches::<T>::iter_keys().count() == used.len(),
            "a batch is kept for nobody"
        );
        Ok(())
    }
}

/// Who stands in a line, in order; it has no gaps and nobody stands elsewhere.
fn members<Item, Items, Ends>() -> Result<Vec<Item>, TryRuntimeError>
where
    Item: FullCodec,
    Items: IterableStorageMap<u64, Item>,
    Ends: StorageValue<Span, Query = Span>,
{
    let span = Ends::get();
    let mut members: Vec<_> = Items::iter().collect();
    members.sort_by_key(|(place, _)| *place);
    ensure!(
        members.iter().map(|(place, _)| *place).eq(span.first..span.next),
        "a line has gaps, or somebody stands outside of it"
    );
    Ok(members.into_iter().map(|(_, item)| item).collect())
}
