"""Trains the digit model and writes its graph, manifest, samples and vectors beside this file.

Run from `inference/models` as `python -m digits.train`. Takes about 20 seconds on one core.
"""

import json
import platform
from pathlib import Path

import numpy as np
import sklearn

import manifest
import reference
import samples

from . import data, fit, quantise

HERE = Path(__file__).resolve().parent
SEED = 0
SAMPLES_PER_DIGIT = 2


def main():
    """From the images to the committed files."""
    digits = data.load()
    network = fit.fit(digits.train, digits.train_labels, SEED)
    graph = quantise.quantise(network, digits.train)
    (HERE / "digits.graph").write_bytes(graph.encode())

    answers = np.array([reference.answer(graph, image.tobytes()) for image in digits.test])
    right = answers == digits.test_labels
    by_digit = {str(d): round(100 * float(right[digits.test_labels == d].mean()), 2) for d in range(10)}
    float_right = fit.forward(network, digits.test / 16.0)[1].argmax(axis=1) == digits.test_labels
    write_samples(digits)
    labels = [str(digit) for digit in range(10)]
    examples = samples.load(HERE)
    manifest.write(
        HERE, graph, name="digits", version="1.0.0", file="digits.graph",
        task="Names the handwritten digit in an image of 8 by 8 greys from 0 (empty) to 16 (ink), row by row.",
        input={"kind": "tensor", "type": "uint8", "shape": [8, 8], "len": 64, "range": [0, 16]},
        output={"kind": "label", "labels": labels},
        licence="Apache-2.0",
        parents=[],
        data_sets=[{
            "name": "Optical Recognition of Handwritten Digits (UCI), copy of scikit-learn",
            "version": f"scikit-learn {sklearn.__version__}",
            "digest": digits.digest,
            "licence": "CC-BY-4.0",
            "source": "sklearn.datasets.load_digits (BSD-3-Clause package); UCI Machine Learning Repository, "
            "Alpaydin and Kaynak, 1998",
        }],
        publisher="The account that registers the model: in the development chain, the project's model account.",
        royalty_ppm=20_000,
        accuracy=[
            {"set": "held out", "bucket": "one fifth of each digit", "n": len(right),
             "value": round(100 * float(right.mean()), 2), "float": round(100 * float(float_right.mean()), 2),
             "by_label": by_digit},
            {"set": "samples", "bucket": "all", "n": len(examples),
             "value": round(100 * samples.accuracy(graph, labels, examples) / len(examples), 2)},
        ],
        training={
            "script": "python -m digits.train", "seed": SEED, "split_seed": data.SPLIT_SEED,
            "passes": fit.PASSES, "python": platform.python_version(), "numpy": np.__version__,
            "reproducible": "same bits on one machine; other processors may round floats differently",
        },
    )
    edges = [bytes(64), bytes([16]) * 64, bytes([255]) * 64, bytes(range(64)), bytes(range(192, 256))]
    samples.write_vectors(HERE, graph, edges)
    print(f"{right.sum()} of {len(right)} held-out images right ({100 * right.mean():.2f} %), {len(graph.encode())} bytes")


def write_samples(digits):
    """The first held-out images of each digit, none of them trained on."""
    rows = []
    for digit in range(10):
        for image in digits.test[digits.test_labels == digit][:SAMPLES_PER_DIGIT]:
            rows.append(json.dumps({"tensor": image.tolist(), "label": str(digit)}))
    (HERE / "samples.json").write_text("[\n  " + ",\n  ".join(rows) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
