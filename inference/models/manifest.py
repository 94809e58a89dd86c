"""The manifest: what a model is, where it comes from and how well it does, as JSON beside the graph file.

Registration copies its first part on chain (`pensum-primitives`, `model.rs`); texts there hold at most 128 bytes,
labels 32, and at most 32 data sets are named.
"""

import json

import graph_file

MAX_TEXT = 128
MAX_LABEL = 32
MAX_DATA_SETS = 32
MAX_ROYALTY_PPM = 100_000


def write(folder, graph, **fields):
    """Writes `manifest.json` with the digests of the graph; `fields` are the rest, in the order given."""
    data = graph.encode()
    manifest = {
        "name": fields.pop("name"),
        "version": fields.pop("version"),
        "kind": "graph",
        "task": fields.pop("task"),
        "file": fields.pop("file"),
        "weights_digest": graph_file.blake2_256(data),
        "weights_bytes": len(data),
        "node_digests": graph_file.node_digests(graph),
        **fields,
    }
    problems = list(faults(manifest))
    if problems:
        raise ValueError("; ".join(problems))
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return manifest


def faults(manifest):
    """What keeps a manifest from being registered."""
    data_sets = manifest["data_sets"]
    texts = [manifest["name"], manifest["version"], manifest["licence"]]
    texts += [entry[field] for entry in data_sets for field in ("name", "licence")]
    for text in texts:
        if len(text.encode()) > MAX_TEXT:
            yield f"'{text[:40]}…' has more than {MAX_TEXT} bytes: shorten it"
    for label in manifest["output"]["labels"]:
        if len(label.encode()) > MAX_LABEL:
            yield f"label '{label}' has more than {MAX_LABEL} bytes: shorten it"
    if len(data_sets) > MAX_DATA_SETS:
        yield f"{len(data_sets)} data sets are more than {MAX_DATA_SETS}: group them"
    if not 0 <= manifest["royalty_ppm"] <= MAX_ROYALTY_PPM:
        yield f"a royalty of {manifest['royalty_ppm']} ppm is above 10 %: lower it"
