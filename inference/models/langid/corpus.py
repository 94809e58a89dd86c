"""The corpus: labelled sentences from all sources, split by document name."""

import pickle
import zlib
from typing import NamedTuple

from . import clean, sources

# Documents are dealt out by crc32 of their name: 0 and 1 of 10 test, 2 validates, the rest trains.
FOLDS = 10
TEST_FOLDS = (0, 1)
VALIDATION_FOLDS = (2,)


class Row(NamedTuple):
    """One sentence."""

    language: str
    domain: str
    document: str
    text: str


class Corpus(NamedTuple):
    """Sentences to train on, to choose by, to test on, and from a domain never trained on."""

    train: list
    validation: list
    test: list
    wesnoth: list


def load(work):
    """Reads the unpacked packages below `work`; the result is kept beside them."""
    cache = work / "corpus.pickle"
    if cache.exists():
        return Corpus(*[[Row(*row) for row in part] for part in pickle.loads(cache.read_bytes())])
    rows = [row for domain, reader in sources.TRAINED.items() for row in _rows(domain, reader(work / "root"))]
    rows = clean.without_shared(rows)
    english = clean.EnglishFilter(rows)
    rows = [row for row in rows if not english.is_english(row)]
    game = [row for domain, reader in sources.UNTRAINED.items() for row in _rows(domain, reader(work / "root"))]
    known = {row.text.lower() for row in rows}
    game = [row for row in clean.without_shared(game, rows) if row.text.lower() not in known]
    game = [row for row in game if not english.is_english(row)]
    corpus = Corpus(
        train=[row for row in rows if fold(row) not in TEST_FOLDS + VALIDATION_FOLDS],
        validation=[row for row in rows if fold(row) in VALIDATION_FOLDS],
        test=[row for row in rows if fold(row) in TEST_FOLDS],
        wesnoth=game,
    )
    cache.write_bytes(pickle.dumps([[tuple(row) for row in part] for part in corpus]))
    return corpus


def fold(row):
    """Which of the ten folds the row's document belongs to: the same for all its translations."""
    return zlib.crc32(row.document.encode()) % FOLDS


def _rows(domain, documents):
    for language, document, paragraph in documents:
        for sentence in clean.sentences(paragraph):
            if clean.is_clean(language, sentence):
                yield Row(language, domain, document, sentence)
