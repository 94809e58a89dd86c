"""The committed examples of a model, and the vectors that every executor must reproduce on them."""

import json

import graph_file
import reference


def load(folder):
    """`(input bytes, label)` of each example in `samples.json`: text, or one byte an element."""
    rows = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    return [
        (row["text"].encode() if "text" in row else bytes(row["tensor"]), str(row["label"])) for row in rows
    ]


def accuracy(graph, labels, examples):
    """How many examples the graph answers with their label."""
    return sum(labels[reference.answer(graph, data)] == label for data, label in examples)


def vectors(graph, inputs):
    """Input, output and trace of each input: the bytes that any other executor must give."""
    made = []
    for data in inputs:
        outputs = reference.run(graph, data)
        digests = [
            graph_file.blake2_256(reference.output_bytes(node, output)) for node, output in zip(graph.nodes, outputs)
        ]
        made.append({
            "input": "0x" + data.hex(),
            "output": "0x" + reference.output_bytes(graph.nodes[-1], outputs[-1]).hex(),
            "trace": digests,
        })
    return made


def write_vectors(folder, graph, extra=()):
    """Writes `vectors.json`: the examples of the model, then edge cases."""
    inputs = [data for data, _ in load(folder)] + list(extra)
    lines = [json.dumps(vector) for vector in vectors(graph, inputs)]
    (folder / "vectors.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
