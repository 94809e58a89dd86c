//! Every way in which a graph's structure or an input can be wrong, each with its own error.

mod malformed;

use codec::{Decode, Encode};
use malformed::*;
use pensum_graph::{
    builder::{FullyConnected, GraphBuilder, Scales},
    Graph, GraphError, InputError, Limits, RunError,
};

#[test]
fn graph_fails_when_it_is_cut_or_padded() {
    let bytes = classifier();
    let len = bytes.len() as u64;
    assert_eq!(
        structural(&[]),
        GraphError::Length {
            expected: 40,
            found: 0
        }
    );
    assert_eq!(
        structural(&bytes[..39]),
        GraphError::Length {
            expected: 40,
            found: 39
        }
    );
    for cut in [1, 30] {
        let found = len - cut as u64;
        let cut = &bytes[..bytes.len() - cut];
        assert_eq!(structural(cut), GraphError::Length { expected: len, found });
    }
    let padded = [bytes, vec![0]].concat();
    assert_eq!(
        structural(&padded),
        GraphError::Length {
            expected: len,
            found: len + 1
        }
    );
}

#[test]
fn graph_fails_when_magic_version_or_reserved_fields_differ() {
    let bytes = classifier();
    assert_eq!(structural(&patched(&bytes, 0, b"TFL3")), GraphError::Magic);
    assert_eq!(
        structural(&patched(&bytes, 4, &[2])),
        GraphError::FormatVersion { found: 2 }
    );
    assert_eq!(
        structural(&patched(&bytes, 6, &[1])),
        GraphError::Reserved { node: 0 }
    );
    assert_eq!(
        structural(&patched(&bytes, 22, &[1])),
        GraphError::Reserved { node: 0 }
    );
    assert_eq!(
        structural(&patched(&bytes, RECORD + 7, &[1])),
        GraphError::Reserved { node: 1 }
    );
    assert_eq!(
        structural(&patched(&bytes, PARAMETERS + 2, &[1])),
        GraphError::Reserved { node: 1 }
    );
}

#[test]
fn graph_fails_when_it_has_no_node_or_too_many() {
    let bytes = classifier();
    assert_eq!(structural(&patched(&bytes, 8, &[0])), GraphError::NoNodes);
    let many = patched(&bytes, 8, &5000u32.to_le_bytes());
    assert_eq!(
        structural(&many),
        GraphError::TooManyNodes {
            nodes: 5000,
            max: 4096
        }
    );
    let limits = Limits {
        max_nodes: 1,
        ..Limits::default()
    };
    assert_eq!(
        Graph::validate(&bytes, &limits).unwrap_err(),
        GraphError::TooManyNodes { nodes: 2, max: 1 }
    );
}

#[test]
fn graph_fails_when_it_exceeds_a_limit() {
    let bytes = classifier();
    let refused = |limits: Limits| Graph::validate(&bytes, &limits).unwrap_err();
    let (len, cost) = (bytes.len() as u32, Graph::load(&bytes).unwrap().cost());
    assert_eq!(
        refused(Limits {
            max_bytes: len - 1,
            ..Limits::default()
        }),
        GraphError::TooLarge {
            bytes: len.into(),
            max: len - 1
        }
    );
    assert_eq!(
        refused(Limits {
            max_cost: cost - 1,
            ..Limits::default()
        }),
        GraphError::TooCostly { cost, max: cost - 1 }
    );
    assert_eq!(
        refused(Limits {
            max_tensor: 7,
            ..Limits::default()
        }),
        GraphError::TensorTooLarge {
            tensor: 1,
            bytes: 8,
            max: 7
        }
    );
    assert_eq!(
        refused(Limits {
            max_tensor: 1,
            ..Limits::default()
        }),
        GraphError::TensorTooLarge {
            tensor: 0,
            bytes: 2,
            max: 1
        }
    );
    let exact = Limits {
        max_bytes: len,
        max_nodes: 2,
        max_cost: cost,
        max_tensor: 8,
        max_live: 12,
    };
    assert!(Graph::validate(&bytes, &exact).is_ok());
}

#[test]
fn graph_fails_when_its_input_is_no_tensor() {
    let bytes = classifier();
    assert_eq!(
        structural(&patched(&bytes, 20, &[3])),
        GraphError::InputKind { code: 3 }
    );
    assert_eq!(structural(&patched(&bytes, 21, &[0])), GraphError::InputShape);
    assert_eq!(structural(&patched(&bytes, 21, &[5])), GraphError::InputShape);
    assert_eq!(structural(&patched(&bytes, 24, &[0])), GraphError::InputShape);
    assert_eq!(structural(&patched(&bytes, 28, &[1])), GraphError::InputShape);
    assert_eq!(
        structural(&patched(&bytes, 24, &[0, 0, 0, 2])),
        GraphError::InputShape
    );
    assert_eq!(
        structural(&patched(&text(), 24, &65_537u32.to_le_bytes())),
        GraphError::InputShape
    );
    assert_eq!(structural(&patched(&text(), 21, &[2])), GraphError::InputShape);
}

#[test]
fn graph_fails_when_a_record_has_a_wrong_length() {
    let bytes = classifier();
    let cut = |len: u16| patched(&bytes, RECORD, &len.to_le_bytes());
    assert_eq!(structural(&cut(1)), GraphError::RecordLength { node: 1 });
    assert_eq!(structural(&cut(59)), GraphError::RecordLength { node: 1 });
    assert_eq!(structural(&cut(61)), GraphError::RecordLength { node: 1 });
    assert_eq!(structural(&cut(9999)), GraphError::RecordLength { node: 1 });
    let fewer = patched(&bytes, 8, &[1]);
    assert_eq!(
        structural(&fewer),
        GraphError::TableLeftOver { bytes: PLAIN as u32 }
    );
    let more = patched(&bytes, 8, &[3]);
    assert_eq!(structural(&more), GraphError::RecordLength { node: 3 });
}

#[test]
fn graph_fails_when_an_operator_or_its_version_is_unknown() {
    let bytes = classifier();
    for code in [0, 8, 16, 255] {
        let found = structural(&patched(&bytes, RECORD + 2, &[code]));
        assert_eq!(found, GraphError::UnknownOperator { node: 1, code });
    }
    let found = structural(&patched(&bytes, RECORD + 3, &[2]));
    assert_eq!(
        found,
        GraphError::OperatorVersion {
            node: 1,
            code: 3,
            version: 2
        }
    );
}

#[test]
fn graph_fails_when_a_node_reads_what_is_not_made_or_leaves_a_tensor_unread() {
    let bytes = GraphBuilder::int8(&[4])
        .clamp(-1, 1)
        .clamp(-2, 2)
        .clamp(-3, 3)
        .build();
    let reads =
        |node: usize, tensor: u32| patched(&bytes, RECORD + 44 * (node - 1) + 32, &tensor.to_le_bytes());
    assert_eq!(
        structural(&reads(1, 1)),
        GraphError::InputOrder { node: 1, tensor: 1 }
    );
    assert_eq!(
        structural(&reads(2, 3)),
        GraphError::InputOrder { node: 2, tensor: 3 }
    );
    assert_eq!(structural(&reads(2, 0)), GraphError::TensorUnused { tensor: 1 });
    assert_eq!(structural(&reads(3, 1)), GraphError::TensorUnused { tensor: 2 });
    assert_eq!(
        structural(&patched(&bytes, RECORD + 6, &[2])),
        GraphError::InputCount { node: 1 }
    );
}

#[test]
fn graph_fails_when_an_operator_cannot_read_its_input() {
    let wrong = [
        GraphBuilder::int8(&[4]).ngram_hash(NGRAMS),
        GraphBuilder::int8(&[4]).embedding_bag(&[0; 8], 2),
        GraphBuilder::text(9).raw_logits(&[1; 9], 1, None),
        GraphBuilder::text(9).reshape(&[9]),
        GraphBuilder::text(9).clamp(0, 1),
        GraphBuilder::text(9).arg_max(),
    ];
    for builder in wrong {
        let found = structural(&builder.build());
        assert!(matches!(found, GraphError::InputType { node: 1 }), "{found:?}");
    }
    let wide = FullyConnected {
        weights: &[1],
        units: 1,
        bias: None,
        scales: Scales::LiteRt(&[1.0]),
        input_zero_point: 0,
        output_zero_point: 0,
        clamp: (0, 1),
    };
    let found = structural(
        &GraphBuilder::int8(&[1])
            .raw_logits(&[1], 1, None)
            .fully_connected(&wide)
            .build(),
    );
    assert_eq!(found, GraphError::InputType { node: 2 });
}

#[test]
fn graph_fails_when_an_operator_does_not_make_its_output() {
    let builders = [
        GraphBuilder::text(64)
            .ngram_hash(NGRAMS)
            .embedding_bag(&[1; 16], 2),
        GraphBuilder::int8(&[2]).raw_logits(&[1; 4], 2, None),
        GraphBuilder::int8(&[2]).reshape(&[2]),
        GraphBuilder::int8(&[2]).clamp(0, 1),
        GraphBuilder::int8(&[2, 2]).arg_max(),
    ];
    for builder in builders {
        let bytes = builder.build();
        for kind in [0, 1, 2, 3, 4] {
            if kind != bytes[RECORD + 4] {
                let found = structural(&patched(&bytes, RECORD + 4, &[kind]));
                assert_eq!(found, GraphError::OutputType { node: 1 });
            }
        }
        for wrong in [[5, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 2]] {
            let found = structural(&patched(&bytes, RECORD + 8, &wrong));
            let by_weights = matches!(found, GraphError::WeightsLength { node: 1 });
            assert!(
                found == GraphError::OutputShape { node: 1 } || by_weights,
                "{found:?}"
            );
        }
        assert_eq!(
            structural(&patched(&bytes, RECORD + 5, &[2])),
            GraphError::OutputShape { node: 1 }
        );
    }
    let bag = RECORD + 44;
    assert_eq!(
        structural(&patched(&text(), bag + 5, &[0])),
        GraphError::OutputShape { node: 2 }
    );
    let column = [patched(&text(), bag + 5, &[2]), Vec::new()].concat();
    let column = patched(&column, bag + 8, &[2, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(structural(&column), GraphError::OutputShape { node: 2 });
}

#[test]
fn graph_fails_when_its_output_is_no_tensor_of_numbers() {
    let bytes = GraphBuilder::text(64).ngram_hash(NGRAMS).build();
    assert_eq!(structural(&bytes), GraphError::OutputNotNumbers);
}

#[test]
fn graph_fails_when_weights_are_missing_extra_or_misplaced() {
    let bytes = classifier();
    let field = |at, value: u32| patched(&bytes, RECORD + at, &value.to_le_bytes());
    assert_eq!(structural(&field(24, 1)), GraphError::WeightsOffset { node: 1 });
    assert_eq!(structural(&field(28, 99)), GraphError::WeightsLength { node: 1 });
    assert_eq!(structural(&field(28, 11)), GraphError::WeightsLength { node: 1 });
    let second = patched(&bytes, RECORD + 60 + 24, &0u32.to_le_bytes());
    assert_eq!(structural(&second), GraphError::WeightsOffset { node: 2 });
    let len = u32::from_le_bytes(bytes[16..20].try_into().unwrap());
    let extra = [patched(&bytes, 16, &(len + 3).to_le_bytes()), vec![0; 3]].concat();
    assert_eq!(structural(&extra), GraphError::WeightsLeftOver { bytes: 3 });
    let clamp = [patched(&clamp(), 16, &[1]), vec![0]].concat();
    assert_eq!(
        structural(&patched(&clamp, RECORD + 28, &[1])),
        GraphError::WeightsLength { node: 1 }
    );
}

#[test]
fn input_fails_when_it_does_not_fit() {
    let bytes = classifier();
    let graph = Graph::load(&bytes).unwrap();
    let wrong = InputError::WrongLength {
        expected: 2,
        found: 3,
    };
    assert_eq!(graph.check_input(&[1, 2, 3]), Err(wrong));
    assert_eq!(graph.run(&[1, 2, 3]), Err(RunError::Input(wrong)));
    assert_eq!(graph.run_traced(&[1, 2, 3]), Err(RunError::Input(wrong)));
    assert_eq!(graph.check_input(&[1, 2]), Ok(()));

    let bytes = text();
    let graph = Graph::load(&bytes).unwrap();
    assert_eq!(
        graph.check_input(&[b'a'; 65]),
        Err(InputError::TooLong { len: 65, max: 64 })
    );
    assert_eq!(graph.check_input(b"abc\xFF"), Err(InputError::NotUtf8 { at: 3 }));
    assert_eq!(
        graph.run(b"\xC3"),
        Err(RunError::Input(InputError::NotUtf8 { at: 0 }))
    );
    assert_eq!(graph.check_input(&[b'a'; 64]), Ok(()));
    assert_eq!(graph.check_input(b""), Ok(()));
}

#[test]
fn input_and_run_errors_say_what_to_do_and_survive_encoding() {
    let errors = [
        RunError::Input(InputError::TooLong { len: 65, max: 64 }),
        RunError::Input(InputError::WrongLength {
            expected: 2,
            found: 3,
        }),
        RunError::Input(InputError::NotUtf8 { at: 3 }),
        RunError::NotValidated { node: 1 },
    ];
    for error in errors {
        assert!(error.to_string().ends_with('.'));
        assert_eq!(RunError::decode(&mut &error.encode()[..]), Ok(error));
    }
    let shown = InputError::TooLong { len: 65, max: 64 }.to_string();
    assert_eq!(shown, "The text has 65 bytes, the model takes 64. Shorten it.");
}
