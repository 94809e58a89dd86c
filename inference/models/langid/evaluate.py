"""Accuracy by length bucket: the mean over languages, so that a language with much text does not drown the others."""

from collections import Counter

import numpy as np

from . import ngram
from .languages import LANGUAGES

BUCKETS = {"20-40": (20, 40), "40-60": (40, 60), "60+": (60, 10**6)}
# A language with fewer sentences in a bucket is left out of that bucket's mean: its figure would be noise.
MIN_SENTENCES = 30
MAX_SENTENCES = 400


class TestSet:
    """At most 400 sentences a language and length bucket, drawn once and packed."""

    def __init__(self, name, rows, seed=0):
        self.name = name
        self.buckets = {}
        generator = np.random.default_rng(seed)
        for bucket, (least, most) in BUCKETS.items():
            chosen = []
            for language in LANGUAGES:
                fitting = [row for row in rows if row.language == language and least <= len(row.text) < most]
                if len(fitting) > MAX_SENTENCES:
                    fitting = [fitting[i] for i in generator.choice(len(fitting), MAX_SENTENCES, replace=False)]
                chosen += fitting
            packed = ngram.pack([row.text for row in chosen], [LANGUAGES.index(row.language) for row in chosen])
            self.buckets[bucket] = (chosen, packed)

    def measure(self, table, matrix):
        """One entry per bucket: macro accuracy, its sentences, accuracy by language, what was left out, confusions."""
        return {
            bucket: _measured(packed.labels, ngram.predict(packed.points, packed.starts, table, matrix))
            for bucket, (_, packed) in self.buckets.items()
        }


def _measured(labels, answers):
    by_language, left_out, sentences = {}, {}, 0
    for number, language in enumerate(LANGUAGES):
        own = labels == number
        count = int(own.sum())
        if count < MIN_SENTENCES:
            left_out[language] = count
            continue
        sentences += count
        by_language[language] = round(100 * float((answers[own] == number).mean()), 2)
    wrong = labels != answers
    confusions = Counter((LANGUAGES[a], LANGUAGES[b]) for a, b in zip(labels[wrong], answers[wrong]))
    return {
        "macro": round(float(np.mean(list(by_language.values()))), 2),
        "sentences": sentences,
        "by_language": by_language,
        "left_out": left_out,
        "confusions": {f"{a}>{b}": count for (a, b), count in confusions.most_common(12)},
    }
