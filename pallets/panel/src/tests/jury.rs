use crate::mock::*;
use pensum_primitives::{
    panel::{Ballot, PanelVerdict, Question, VOTE_REJECTED, VOTE_STANDS},
    solver::Fault,
    traits::Summons,
};

fn judged(votes: &[Ballot]) -> Vec<u8> {
    let jurors = drawn(Summons {
        tasks: vec![(200, 10)],
        question: Question::Stands,
        size: votes.len() as u8,
        threshold: votes.len() as u8 / 2 + 1,
        rounds: 1,
        ..summons(BATCH)
    });
    let ballots: Vec<_> = jurors.iter().copied().zip(votes.iter().cloned()).collect();
    all_vote(BATCH, &ballots);
    jurors
}

#[test]
fn a_jury_says_by_majority_whether_an_answer_stands() {
    for (winner, loser) in [(VOTE_STANDS, VOTE_REJECTED), (VOTE_REJECTED, VOTE_STANDS)] {
        ExtBuilder::default().build_and_execute(|| {
            let jurors = judged(&[vote(winner), vote(loser), vote(winner)]);
            let (place, PanelVerdict::Agreed { output, members, .. }) = &verdicts()[0] else {
                panic!("no verdict")
            };
            assert_eq!((*place, output.to_vec()), (200, vec![winner]));
            let paid: Vec<_> = members.iter().map(|(member, _)| number(member)).collect();
            assert_eq!(paid, [jurors[0], jurors[2]]);
            let wrong = Told::Fault(jurors[1], Fault::Wrong, 1, price(jurors[1]), BATCH.task(200));
            assert!(Notes::get().contains(&wrong));
        });
    }
}

#[test]
fn what_is_no_vote_counts_as_unable_even_where_all_say_it() {
    ExtBuilder::default().build_and_execute(|| {
        let long: Ballot = vec![Some(vec![VOTE_STANDS, VOTE_STANDS].try_into().unwrap())]
            .try_into()
            .unwrap();
        let empty: Ballot = vec![Some(vec![].try_into().unwrap())].try_into().unwrap();
        let jurors = judged(&[vote(2), vote(2), vote(2), long, empty]);
        assert_eq!(verdicts(), [(200, PanelVerdict::Inconclusive)]);
        let unable: Vec<_> = jurors
            .iter()
            .map(|number| Told::Released(*number, 1, price(*number), true))
            .collect();
        assert_eq!(Notes::get(), unable);
    });
}

#[test]
fn a_hung_jury_is_inconclusive() {
    ExtBuilder::default().build_and_execute(|| {
        judged(&[vote(VOTE_STANDS), vote(VOTE_REJECTED), vote(9)]);
        assert_eq!(verdicts(), [(200, PanelVerdict::Inconclusive)]);
    });
}
