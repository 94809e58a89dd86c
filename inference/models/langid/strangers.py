"""Shows what the model answers for languages that it does not know, as `python -m langid.strangers --work DIR`."""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

import graph_file
import reference

from . import clean, packages, sources
from .languages import LANGUAGES

HERE = Path(__file__).resolve().parent
STRANGERS = ["bg", "ca", "eo", "eu", "gl", "hr", "lt", "nn", "sk", "sl", "sr@latin"]
SENTENCES = 300
LEAST_CHARS = 60


def main():
    """One line a language: where 300 of its sentences of 60 and more characters go."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="scratch directory that train.py filled")
    work = parser.parse_args().work.resolve()
    packages.fetch(work)
    graph = graph_file.decode((HERE / "langid.graph").read_bytes())
    texts = {language: set() for language in STRANGERS}
    for language, _, paragraph in sources.strangers(work / "root", STRANGERS):
        for sentence in clean.sentences(paragraph):
            if len(sentence) >= LEAST_CHARS and (language == "bg" or clean.is_clean(language, sentence)):
                texts[language].add(sentence)
    generator = np.random.default_rng(0)
    for language, found in texts.items():
        chosen = generator.choice(sorted(found), min(SENTENCES, len(found)), replace=False)
        answers = Counter(LANGUAGES[reference.answer(graph, text.encode())] for text in chosen)
        print(language, ", ".join(f"{name} {100 * n / len(chosen):.0f} %" for name, n in answers.most_common(3)))


if __name__ == "__main__":
    main()
