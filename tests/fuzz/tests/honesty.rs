//! Honest solvers do what they are told when they are told, and the chain takes it.

use pensum_fuzz::{
    genesis,
    models::model,
    operation::next_block,
    people::{actor, requester},
    working,
    world::{Sent, World},
};
use pensum_primitives::{
    matching::Matching,
    task::{Input, Terms},
    verification::Verification,
    BatchId,
};
use pensum_runtime::constants::money::MICRO;
use sp_core::bounded::BoundedVec;

/// Solvers are told after each block what they can do in the next: after the last one in which bids are committed, that they must
/// reveal. What they then send in the same block is refused, and rightly.
#[test]
fn bids_that_were_committed_in_the_last_block_for_it_are_revealed() {
    let (mut chain, blocks) = genesis::chain();
    chain.execute_with(|| {
        let mut world = World::new(blocks, true);
        let batch = BatchId(0);
        world.begin_block(0).expect("the world is sound");
        let post = pallet_task_market::Call::post {
            terms: Terms {
                model: model(0).id(),
                max_reward: 300 * MICRO,
                asset: None,
                deadline: world.blocks.number() + 90,
                matching: Matching::Sealed {
                    reserve: 300 * MICRO,
                    commit: 4,
                    reveal: 5,
                },
                verification: Verification::Replay { window: 0 },
                min_reputation: 0,
                allow_flagged: false,
            },
            inputs: BoundedVec::truncate_from(vec![Input::Inline(BoundedVec::truncate_from(
                model(0).input(1),
            ))]),
        };
        assert_eq!(world.signed(&requester(0), post.into()), Ok(true));
        for entropy in 0..4 {
            next_block(&mut world, entropy).expect("nothing is wrong");
        }
        // One of those that reveal at once, one of those that wait for the last block, and for free.
        for number in [0, 2] {
            let bid = working::bid(&mut world, actor(number), batch, 0, 0);
            assert_eq!(working::send(&mut world, actor(number), bid), Ok(Sent::Included));
        }
        for entropy in 0..7 {
            next_block(&mut world, entropy).expect("nothing is wrong");
        }
        let told = world.story.unwrap_or_default();
        let happened = |event: &str| told.iter().filter(|line| line.contains(event)).count();
        assert_eq!(
            (happened("BidRevealed"), happened("AuctionWon")),
            (2, 1),
            "{told:#?}"
        );
    });
}
