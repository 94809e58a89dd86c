"""Fits the language model: float training on balanced samples, then int8 with one scale for the table and one for
the matrix."""

from collections import defaultdict

import numpy as np

from . import ngram
from .languages import LANGUAGES

RATE = 0.8
# Share of samples cut to a random window of 8 to 59 characters.
SHORT = 0.85
# Share of samples written without accents, as people often type.
PLAIN = 0.06
CLIPPED = 99.95


def balanced(rows, generator, per_language):
    """Row numbers: every language equally often, its domains by the square root of their size."""
    groups = defaultdict(lambda: defaultdict(list))
    for i, row in enumerate(rows):
        groups[row.language][row.domain].append(i)
    drawn = []
    for language in LANGUAGES:
        domains = [np.array(numbers) for numbers in groups[language].values()]
        weight = np.sqrt([len(numbers) for numbers in domains])
        counts = generator.multinomial(per_language, weight / weight.sum())
        drawn += [generator.choice(numbers, count) for numbers, count in zip(domains, counts)]
    drawn = np.concatenate(drawn)
    generator.shuffle(drawn)
    return drawn


def fit(rows, packed, seed, passes, per_language, report=print):
    """A float table and matrix after `passes × per_language × languages` samples."""
    generator = np.random.default_rng(seed)
    table = generator.uniform(-1 / ngram.DIM, 1 / ngram.DIM, (1 << ngram.BITS, ngram.DIM)).astype(np.float32)
    matrix = np.zeros((len(LANGUAGES), ngram.DIM), dtype=np.float32)
    table_seen = np.zeros(len(table), dtype=np.float32)
    matrix_seen = np.zeros(len(matrix), dtype=np.float32)
    samples = passes * per_language * len(LANGUAGES)
    rate, decay = RATE, RATE / samples
    for number in range(passes):
        order = balanced(rows, generator, per_language)
        loss = ngram.train(
            packed.points, packed.bare, packed.starts, packed.labels, order, SHORT, PLAIN, table, matrix,
            table_seen, matrix_seen, rate, decay, int(generator.integers(1 << 31)),
        )
        rate -= decay * len(order)
        report(f"seed {seed} pass {number + 1}/{passes} loss {loss:.4f}")
    return table, matrix


def quantise(table, matrix):
    """int8 copies of both; the few largest table entries are clipped so that the rest keep their precision."""
    table_scale = np.percentile(np.abs(table), CLIPPED) / 127
    matrix_scale = np.abs(matrix).max() / 127
    return (
        np.clip(np.rint(table / table_scale), -127, 127).astype(np.int8),
        np.clip(np.rint(matrix / matrix_scale), -127, 127).astype(np.int8),
    )
