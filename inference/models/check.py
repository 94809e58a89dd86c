"""Checks the committed models with the reference interpreter: digests, vectors and accuracy on the samples.

Run as `python check.py` (needs numpy). Ends with status 1 and says what differs where a file and its manifest disagree.
"""

import json
import sys
from pathlib import Path

import graph_file
import manifest
import samples

HERE = Path(__file__).resolve().parent


def differences(folder):
    """What is wrong with the model in `folder`, one sentence each."""
    stated = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    yield from manifest.faults(stated)
    data = (folder / stated["file"]).read_bytes()
    graph = graph_file.decode(data)
    if graph_file.blake2_256(data) != stated["weights_digest"] or len(data) != stated["weights_bytes"]:
        yield f"{stated['file']} is not the file that the manifest names: run train.py again, or restore the file"
    if graph_file.node_digests(graph) != stated["node_digests"]:
        yield "node digests differ from the manifest's: run train.py again"
    committed = json.loads((folder / "vectors.json").read_text(encoding="utf-8"))
    inputs = [bytes.fromhex(vector["input"][2:]) for vector in committed]
    examples = samples.load(folder)
    if inputs[: len(examples)] != [data for data, _ in examples]:
        yield "vectors.json does not begin with the samples: run train.py again"
    for number, (old, new) in enumerate(zip(committed, samples.vectors(graph, inputs))):
        if old != new:
            yield f"vector {number} gives {new['output']} where {old['output']} is committed: run train.py again"
    right = samples.accuracy(graph, stated["output"]["labels"], examples)
    claimed = next(entry for entry in stated["accuracy"] if entry["set"] == "samples")
    if len(examples) != claimed["n"] or round(100 * right / len(examples), 2) != claimed["value"]:
        claim = f"{claimed['value']} % of {claimed['n']}"
        yield f"{right} of {len(examples)} samples are right, the manifest claims {claim}: run train.py again"


def main():
    """Checks every folder that holds a manifest."""
    folders = sorted(path.parent for path in HERE.glob("*/manifest.json"))
    if not folders:
        print("no model found beside check.py: restore the model folders", file=sys.stderr)
        return 1
    failed = False
    for folder in folders:
        found = list(differences(folder))
        failed |= bool(found)
        print(f"{folder.name}: {'ok' if not found else 'differs'}")
        for sentence in found:
            print(f"  {sentence}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
