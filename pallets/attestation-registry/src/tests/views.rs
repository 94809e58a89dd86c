use super::samples::*;
use crate::{mock::*, Models, MAX_PAGE};
use pensum_primitives::{
    model::{DataSet, InputSchema, ModelKind, ModelState, ModelView},
    Digest, ModelId,
};

#[test]
fn a_view_tells_everything() {
    ExtBuilder::build_and_execute(|| {
        let old = Sample::texts(ALICE).register();
        let parent = Sample::greater(BOB).register();
        let mut sample = Sample::texts(ALICE)
            .version("2")
            .replaces(old)
            .made_from(&[parent]);
        let data_set = DataSet {
            name: text("corpus 1"),
            digest: Some(Digest::zero()),
            licence: text("CC0-1.0"),
        };
        sample.manifest.data_sets = vec![data_set].try_into().unwrap();
        let id = sample.register();

        let entry = Models::<Test>::get(id).unwrap();
        assert_eq!(
            Registry::model_view(&id),
            Some(ModelView {
                id,
                name: "sample".into(),
                version: "2".into(),
                kind: ModelKind::Graph,
                state: ModelState::Active { from: 11 },
                weights: sample.manifest.weights,
                on_chain: true,
                input: InputSchema::Text { max_bytes: 300 },
                output_len: 4,
                labels: vec!["label-0".into(), "label-1".into(), "label-2".into()],
                cost: entry.cost(300),
                licence: "Apache-2.0".into(),
                previous: Some(old),
                parents: vec![parent],
                data_sets: vec![("corpus 1".into(), "CC0-1.0".into())],
                publisher: ALICE,
                royalty_ppm: 10_000,
            })
        );
        assert_eq!(Registry::model_view(&ModelId(Digest::repeat_byte(9))), None);
    });
}

#[test]
fn models_come_page_by_page_in_order_of_their_ids() {
    ExtBuilder::build_and_execute(|| {
        let mut ids: Vec<_> = (0..7)
            .map(|n| {
                Sample::greater(ALICE)
                    .version(&n.to_string())
                    .register_without_graph()
            })
            .collect();
        ids.sort();

        let all = Registry::models_after(None, 100);
        assert_eq!(all.iter().map(|view| view.id).collect::<Vec<_>>(), ids);
        let mut paged = Vec::new();
        while let page @ [_, ..] =
            &Registry::models_after(paged.last().map(|view: &ModelView| view.id), 3)[..]
        {
            assert!(page.len() <= 3);
            paged.extend_from_slice(page);
        }
        assert_eq!(paged, all);
        assert_eq!(Registry::models_after(None, 0), vec![]);
        // A page can begin after an id that is not there.
        assert_eq!(Registry::models_after(Some(ModelId(Digest::zero())), 100), all);
    });
}

#[test]
fn children_are_new_versions_and_models_made_from_it() {
    ExtBuilder::build_and_execute(|| {
        let model = Sample::greater(ALICE).register();
        let next = Sample::greater(ALICE).version("2").replaces(model).register();
        let derived = Sample::texts(BOB).made_from(&[model]).register();
        let mut children = vec![next, derived];
        children.sort();
        assert_eq!(Registry::children(&model, 10), children);
        assert_eq!(Registry::children(&model, 1), children[..1]);
        assert_eq!(Registry::children(&next, 10), vec![]);
    });
}

#[test]
fn a_page_is_bounded_whatever_is_asked() {
    ExtBuilder::build_and_execute(|| {
        let parent = Sample::texts(ALICE).register();
        for n in 0..MAX_PAGE + 3 {
            Sample::greater(ALICE)
                .version(&n.to_string())
                .made_from(&[parent])
                .register_without_graph();
        }
        assert_eq!(Registry::children(&parent, u32::MAX).len(), MAX_PAGE as usize);
        assert_eq!(Registry::models_after(None, u32::MAX).len(), MAX_PAGE as usize);
    });
}
