use crate::mock::*;
use pensum_primitives::workflow::{StepState::Ready, WorkflowView};

#[test]
fn a_view_tells_what_is_left_and_where_each_step_stands() {
    ExtBuilder.build_and_execute(|| {
        let id = run(vec![given(classifier())]);
        assert_eq!(
            Workflows::view(id),
            Some(WorkflowView {
                id,
                requester: REQUESTER,
                budget: BUDGET,
                asset: None,
                steps: vec![Ready]
            })
        );
        assert_eq!(Workflows::view(id + 1), None);
    });
}

#[test]
fn the_workflows_of_a_requester_are_its_own_and_at_most_the_limit() {
    ExtBuilder.build_and_execute(|| {
        let mine: Vec<_> = (0..4).map(|_| run(languages())).collect();
        let theirs = run_as(OTHER, languages(), BUDGET).unwrap();
        let ids = |who, limit| -> Vec<_> {
            let mut ids: Vec<_> = Workflows::workflows_of(who, limit)
                .into_iter()
                .map(|view| view.id)
                .collect();
            ids.sort();
            ids
        };
        assert_eq!(ids(&REQUESTER, 10), mine);
        assert_eq!(ids(&REQUESTER, 3).len(), 3);
        assert_eq!(ids(&OTHER, 10), [theirs]);
        assert!(ids(&SOLVER, 10).is_empty());
    });
}

#[test]
fn a_view_is_limited_whatever_is_asked() {
    ExtBuilder.build_and_execute(|| {
        for _ in 0..70 {
            run_as(REQUESTER, vec![given(classifier())], 2 * MAX_REWARD).unwrap();
        }
        assert_eq!(Workflows::workflows_of(&REQUESTER, u32::MAX).len(), 64);
    });
}
