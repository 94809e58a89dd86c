//! The draw: which nodes of the answers claimed before are opened, by the randomness of this block.

use crate::{
    types::{Opening, Tasks},
    weights::WeightInfo,
    Audits, Config, Noted, Pallet, Queue,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{storage::with_storage_layer, weights::Weight};
use market_math::audit;
use pensum_primitives::{
    step::Steps,
    traits::{BlockRandomness, Claims, Models},
    BlockNumber, Digest, TaskId,
};
use sp_runtime::{traits::Get, DispatchError};

/// What one block has done of the draw.
#[derive(Default)]
struct Done {
    /// Entries of the queue.
    entries: u32,
    /// Tasks drawn for.
    tasks: u32,
    /// Claims read.
    claims: u32,
    /// Audits ordered.
    audits: u32,
    /// Blocks looked at for room.
    probes: u32,
}

impl Done {
    fn has_room<T: Config>(&self) -> bool {
        self.tasks < T::MaxDrawsPerBlock::get() && self.audits < T::MaxAuditsPerBlock::get()
    }
}

impl<T: Config> Pallet<T> {
    /// Draws for what was claimed in earlier blocks, in the order of claiming, as far as a block's limits reach.
    pub(crate) fn draw(now: BlockNumber) -> Weight {
        let mut queue = Queue::<T>::get();
        let mut done = Done::default();
        if queue.is_empty() {
            return T::WeightInfo::draw(0, 0, 0, 0, 0);
        }
        let randomness = T::Randomness::of_block();
        while !queue.is_empty() && done.has_room::<T>() {
            done.entries = done.entries.saturating_add(1);
            let tasks = Noted::<T>::take(queue.head).unwrap_or_default();
            let left = Self::draw_entry(tasks, randomness, now, &mut done);
            if left.is_empty() {
                queue.head = queue.head.saturating_add(1);
            } else {
                Noted::<T>::insert(queue.head, left);
                break;
            }
        }
        if queue.is_empty() {
            Queue::<T>::kill();
        } else {
            Queue::<T>::put(queue);
        }
        T::WeightInfo::draw(done.entries, done.tasks, done.claims, done.audits, done.probes)
    }

    /// Draws for the tasks of one entry; what is left of it when the limits are reached.
    fn draw_entry(mut tasks: Tasks, randomness: Digest, now: BlockNumber, done: &mut Done) -> Tasks {
        // They are of one batch and so of one model: the first that still lives tells which.
        let claim = tasks.iter().find_map(|task| {
            done.claims = done.claims.saturating_add(1);
            T::Claims::claim(*task)
        });
        let Some(steps) = claim.and_then(|claim| T::Models::steps(&claim.model)) else {
            done.tasks = done.tasks.saturating_add(tasks.len() as u32);
            return Tasks::new();
        };
        while done.has_room::<T>() {
            let Some(task) = tasks.pop() else { break };
            done.tasks = done.tasks.saturating_add(1);
            let nodes = draw_nodes(T::AuditShare::get(), steps.nodes, randomness, task);
            if !nodes.is_empty() && !Self::order_all(task, &nodes, &steps, now, done) {
                // No block has room: the next one draws again. It was the last, so there is room for it.
                let _pushed_back = tasks.try_push(task);
                break;
            }
        }
        tasks
    }

    /// Orders all these nodes of a task to be opened, and keeps its claim open until the last one is due; or none of them. False where
    /// there is no room for all.
    fn order_all(task: TaskId, nodes: &[u16], steps: &Steps, now: BlockNumber, done: &mut Done) -> bool {
        done.claims = done.claims.saturating_add(1);
        let Some(claim) = T::Claims::claim(task) else {
            return true;
        };
        let bytes = steps.bytes.div_ceil(u64::from(steps.nodes).max(1));
        let mut last = now;
        let placed = with_storage_layer::<_, DispatchError, _>(|| {
            for node in nodes.iter().filter(|node| !Audits::<T>::contains_key(task, node)) {
                let opening = Opening { task, node: *node };
                let until = Self::order(opening, &claim.solver, bytes, now, &mut done.probes)
                    .ok_or(DispatchError::Exhausted)?;
                last = last.max(until);
            }
            Ok(())
        });
        if placed.is_err() {
            return false;
        }
        done.audits = done.audits.saturating_add(nodes.len() as u32);
        // One block more: the market settles at the beginning of a block, before silence is convicted in it.
        T::Claims::postpone(task, last.saturating_add(1));
        true
    }
}

/// The nodes of one task that are opened: each node as likely as any other.
fn draw_nodes(share_ppm: u32, nodes: u16, randomness: Digest, task: TaskId) -> Vec<u16> {
    let number = |place: u32| {
        let hash = sp_io::hashing::blake2_256(&(*b"pensum/audit", randomness, task, place).encode());
        hash.iter()
            .take(8)
            .fold(0u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let nodes = u32::from(nodes);
    let count = audit::openings(share_ppm, nodes, number(0));
    let mut drawn = Vec::<u16>::new();
    // Floyd's way to draw without putting back: a number met before stands for the greatest one, which is new.
    for (greatest, place) in (nodes.saturating_sub(count)..nodes).zip(1u32..) {
        let node = number(place)
            .checked_rem(u64::from(greatest).saturating_add(1))
            .unwrap_or(0) as u16;
        let node = if drawn.contains(&node) {
            greatest as u16
        } else {
            node
        };
        drawn.push(node);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share_of_each_node(share: u32, nodes: u16, draws: u64) -> Vec<f64> {
        let mut times = vec![0u32; usize::from(nodes)];
        for task in 0..draws {
            let drawn = draw_nodes(share, nodes, Digest::repeat_byte(7), TaskId(task));
            let different: std::collections::BTreeSet<_> = drawn.iter().collect();
            assert_eq!(different.len(), drawn.len(), "a node was drawn twice");
            drawn.iter().for_each(|node| times[usize::from(*node)] += 1);
        }
        times
            .iter()
            .map(|times| f64::from(*times) / draws as f64)
            .collect()
    }

    #[test]
    fn every_node_is_drawn_as_often_as_the_share_says() {
        for (share, nodes) in [(71_429, 4), (71_429, 40), (300_000, 7), (1_000_000, 3), (0, 9)] {
            for found in share_of_each_node(share, nodes, 20_000) {
                let wanted = f64::from(share) / 1e6;
                assert!(
                    (found - wanted).abs() < 0.012,
                    "{found} instead of {wanted} of {nodes}"
                );
            }
        }
    }

    #[test]
    fn another_randomness_draws_others() {
        let of = |byte| draw_nodes(100_000, 250, Digest::repeat_byte(byte), TaskId(1));
        assert_ne!(of(1), of(2));
        assert_eq!(of(1), of(1));
        assert_eq!(of(1).len(), 25);
    }
}
