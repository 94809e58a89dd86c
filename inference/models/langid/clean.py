"""From paragraphs to sentences worth learning from."""

import math
import re
from collections import Counter, defaultdict

from .languages import LATIN, SCRIPTS

MIN_LETTERS = {"ja": 6, "zh": 6, "ko": 6}
MIN_LETTERS_LATIN = 12
MAX_CHARS = 400

ENGLISH_STOP_WORDS = frozenset(
    "the of and to is that with for this are be was it you your not or by from which if an will can has have".split()
)
_BOILERPLATE = re.compile(r"copyright|©|\bGPL\b|licen[sc]e|https?:|www\.|@\w+\.\w", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_]|[«„“¿¡])|(?<=[。！？])|\n+")


def sentences(paragraph):
    """The sentences of a paragraph, with white space made single."""
    for part in _END_OF_SENTENCE.split(paragraph):
        part = " ".join(part.split())
        if part:
            yield part


def is_clean(language, sentence):
    """Whether a sentence is mostly letters, in the right script, and neither boilerplate nor obviously English."""
    if len(sentence) > MAX_CHARS or _BOILERPLATE.search(sentence):
        return False
    letters = [ord(c) for c in sentence if c.isalpha()]
    if len(letters) < MIN_LETTERS.get(language, MIN_LETTERS_LATIN):
        return False
    if len(letters) < 0.6 * len(sentence.replace(" ", "")):
        return False
    ranges = SCRIPTS.get(language, LATIN)
    in_script = sum(any(a <= c <= b for a, b in ranges) for c in letters)
    if in_script < 0.6 * len(letters):
        return False
    if language == "ja" and not any(0x3040 <= c <= 0x30FF for c in letters):
        return False
    if language == "en":
        return True
    words = _WORD.findall(sentence.lower())
    english = sum(word in ENGLISH_STOP_WORDS for word in words)
    return not (english >= 2 and english >= 0.15 * len(words))


def without_shared(rows, others=()):
    """Drops repeats within a language, and text that occurs under several labels, here or in `others`."""
    owners = defaultdict(set)
    for row in [*rows, *others]:
        owners[row.text.lower()].add(row.language)
    seen, kept = set(), []
    for row in rows:
        key = row.text.lower()
        if len(owners[key]) == 1 and key not in seen:
            seen.add(key)
            kept.append(row)
    return kept


class EnglishFilter:
    """A word-count Bayes test: is a sentence under another Latin label more likely English?"""

    def __init__(self, rows):
        self.counts = defaultdict(Counter)
        for row in rows:
            self.counts[row.language].update(_WORD.findall(row.text.lower()))
        self.totals = {language: sum(counts.values()) for language, counts in self.counts.items()}
        self.vocabulary = len(set().union(*self.counts.values()))

    def is_english(self, row):
        """True where the words of the row are likelier in English than in the language it is labelled with."""
        if row.language == "en" or row.language in SCRIPTS:
            return False
        words = _WORD.findall(row.text.lower())
        return self._log_likelihood("en", words) > self._log_likelihood(row.language, words)

    def _log_likelihood(self, language, words):
        counts, total = self.counts[language], self.totals[language] + self.vocabulary
        return sum(math.log((counts[word] + 1) / total) for word in words)
