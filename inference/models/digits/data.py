"""The handwritten digits that scikit-learn carries: 1797 images of 8 × 8 greys from 0 to 16."""

import hashlib
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

SPLIT_SEED = 2024
TEST_SHARE = 0.2


class Digits(NamedTuple):
    """Images as rows of 64 greys, and the digit that each shows."""

    train: np.ndarray
    train_labels: np.ndarray
    test: np.ndarray
    test_labels: np.ndarray
    digest: str


def load():
    """The images, one fifth of each digit held out."""
    bundle = load_digits()
    images, labels = bundle.data.astype(np.uint8), bundle.target.astype(np.int64)
    generator = np.random.default_rng(SPLIT_SEED)
    held_out = np.zeros(len(labels), dtype=bool)
    for digit in range(10):
        own = generator.permutation(np.flatnonzero(labels == digit))
        held_out[own[: round(TEST_SHARE * len(own))]] = True
    digest = hashlib.blake2b(images.tobytes() + labels.astype(np.uint8).tobytes(), digest_size=32).hexdigest()
    return Digits(images[~held_out], labels[~held_out], images[held_out], labels[held_out], "0x" + digest)
