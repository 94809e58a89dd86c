"""Trains the language model from Debian packages and writes its graph, manifest and vectors beside this file.

Run from `inference/models` as `python -m langid.train --work DIR`: `DIR` takes 2 GB of packages and text, and what is
there already is used again. Needs apt-get, dpkg-deb and mandoc, installs nothing. About 6 minutes on one idle core.
"""

import argparse
import json
import platform
import shutil
import sys
from pathlib import Path

import numba
import numpy as np

import graph_file
import manifest
import reference
import samples
from normalise import LITE

from . import corpus, edges, evaluate, fit, ngram, packages
from .languages import LANGUAGES, NAMES

HERE = Path(__file__).resolve().parent
SEED = 0
PASSES = 10
SAMPLES_PER_LANGUAGE_AND_PASS = 40_000
# The longest input that a task carries inline.
MAX_BYTES = 4096


def main():
    """From packages to the committed files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="scratch directory, outside the tree")
    work = parser.parse_args().work.resolve()
    missing = [tool for tool in ("apt-get", "dpkg-deb", "mandoc", "tar") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"{', '.join(missing)} not found: this script runs on Debian 12 with mandoc installed")

    sys.stdout.reconfigure(line_buffering=True)
    print("fetching and unpacking the packages")
    packages.fetch(work)
    print("reading their texts")
    texts = corpus.load(work)
    print(f"{len(texts.train)} sentences to train on, {len(texts.test)} held out, {len(texts.wesnoth)} elsewhere")
    packed = ngram.pack([row.text for row in texts.train], [LANGUAGES.index(row.language) for row in texts.train])

    trained = fit.fit(texts.train, packed, SEED, PASSES, SAMPLES_PER_LANGUAGE_AND_PASS)
    table, matrix = fit.quantise(*trained)
    graph = build(table, matrix)
    data = graph.encode()
    for name, parameters in (("float", trained), ("int8", (table, matrix))):
        found = evaluate.TestSet("validation", texts.validation).measure(*parameters)
        print(name, {bucket: entry["macro"] for bucket, entry in found.items()})
    sets = [
        evaluate.TestSet("held out by document", texts.test),
        evaluate.TestSet("wesnoth, a domain never trained on", texts.wesnoth),
    ]
    _compare_with_reference(graph, table, matrix, sets)
    measured = {test.name: test.measure(table, matrix) for test in sets}
    (HERE / "langid.graph").write_bytes(data)
    _write_manifest(graph, work, texts, measured)
    samples.write_vectors(HERE, graph, [text.encode() for text in edges.texts()])
    print(f"{len(data)} bytes, {graph_file.blake2_256(data)}")


def build(table, matrix):
    """The graph: hash n-grams, sum their rows, one linear layer, first maximum."""
    graph = graph_file.Graph(graph_file.TEXT, (MAX_BYTES,))
    ids = graph.ngram_hash(LITE, ngram.LO, ngram.HI, ngram.BITS, ngram.MAX_CHARS)
    hidden = graph.embedding_bag(ids, table)
    logits = graph.fully_connected_raw(hidden, matrix)
    graph.arg_max(logits, (1,))
    return graph


def _compare_with_reference(graph, table, matrix, sets, count=300):
    """The figures come from the compiled kernel: it must answer as the reference interpreter does."""
    for test in sets:
        for chosen, packed in test.buckets.values():
            compiled = ngram.predict(packed.points, packed.starts, table, matrix)
            step = max(1, len(chosen) // count)
            for i in range(0, len(chosen), step):
                if reference.answer(graph, chosen[i].text.encode()) != compiled[i]:
                    raise AssertionError(f"kernel and reference differ on a text of {test.name}: compare ngram.py")


def _write_manifest(graph, work, texts, measured):
    examples = samples.load(HERE)
    accuracy = []
    for name, buckets in measured.items():
        for bucket, entry in buckets.items():
            print(f"{name}, {bucket} characters: {entry['macro']} % of {entry['sentences']}")
            accuracy.append({
                "set": name, "bucket": f"{bucket} characters", "n": entry["sentences"], "value": entry["macro"],
                "by_label": entry["by_language"], "left_out": entry["left_out"], "confusions": entry["confusions"],
            })
    right = samples.accuracy(graph, LANGUAGES, examples)
    accuracy.append({
        "set": "samples", "bucket": "all", "n": len(examples), "value": round(100 * right / len(examples), 2),
    })
    print(f"{right} of {len(examples)} samples right")
    sources = packages.provenance(work)
    (HERE / "sources.json").write_text(
        "[\n" + ",\n".join("  " + json.dumps(entry) for entry in sources) + "\n]\n", encoding="utf-8"
    )
    manifest.write(
        HERE, graph, name="langid", version="1.0.0", file="langid.graph",
        task="Names the language of a short text, one of 26. The answer is the number of a label. A text in any other "
        "language is given the nearest label: the model has no 'unknown'.",
        input={"kind": "text", "max_bytes": MAX_BYTES, "reads": f"the first {ngram.MAX_CHARS} letters and spaces"},
        output={"kind": "label", "labels": LANGUAGES, "names": [NAMES[language] for language in LANGUAGES]},
        licence="Apache-2.0",
        parents=[],
        data_sets=packages.data_sets(sources),
        publisher="The account that registers the model: in the development chain, the project's model account.",
        royalty_ppm=20_000,
        accuracy=accuracy,
        accuracy_note="Macro average in percent: every language counts the same. At most "
        f"{evaluate.MAX_SENTENCES} sentences a language and bucket; a language with fewer than {evaluate.MIN_SENTENCES} "
        "is left out of that bucket. Documents are split by name, so no translation of a test document is trained on. "
        "The samples were written for this project.",
        training={
            "script": "python -m langid.train --work DIR", "sources": "sources.json", "seed": SEED,
            "chosen_by": "learning rate, share of short windows and number of passes by validation documents",
            "sentences": len(texts.train), "samples": PASSES * SAMPLES_PER_LANGUAGE_AND_PASS * len(LANGUAGES),
            "python": platform.python_version(), "numpy": np.__version__, "numba": numba.__version__,
            "reproducible": "same bits on one machine; other processors may round floats differently",
        },
    )


if __name__ == "__main__":
    main()
