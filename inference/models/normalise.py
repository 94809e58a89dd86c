"""The text side of the graph format: lite normalisation (code 1) and hashed character n-grams.

`inference/graph/FORMAT.md` is the rule, this file follows it. Training and the reference interpreter both read text
through here, so a model is always trained on exactly what it will see.
"""

import numpy as np

LITE = 1
SPACE = 0x20

ZERO = [
    (0xD7, 0xD7), (0xF7, 0xF7), (0x2B0, 0x2FF), (0x600, 0x61F), (0x660, 0x66D), (0x6D4, 0x6D4), (0x964, 0x96F),
    (0x2000, 0x2BFF), (0x2E00, 0x2E7F), (0x3000, 0x3004), (0x3008, 0x3030), (0x30FB, 0x30FB), (0xE000, 0xF8FF),
    (0xFE00, 0xFE6F), (0xFEFF, 0xFEFF), (0xFF00, 0xFF20), (0xFF3B, 0xFF40), (0xFF5B, 0xFF65), (0xFFF0, 0xFFFF),
    (0x1F000, 0x1FAFF), (0xE0000, 0x10FFFF),
]
PLUS = [
    (0x41, 0x5A, 0x20), (0xC0, 0xDE, 0x20), (0x388, 0x38A, 0x25), (0x38E, 0x38F, 0x3F), (0x391, 0x3AB, 0x20),
    (0x400, 0x40F, 0x50), (0x410, 0x42F, 0x20), (0x531, 0x556, 0x30),
]
ONE = {0x130: 0x69, 0x178: 0xFF, 0x386: 0x3AC, 0x38C: 0x3CC}
EVEN = [
    (0x100, 0x137), (0x14A, 0x177), (0x1A0, 0x1A0), (0x1F8, 0x21F), (0x1E00, 0x1E95), (0x1EA0, 0x1EFF),
    (0x48A, 0x4BF), (0x4D0, 0x52F),
]
ODD = [(0x139, 0x148), (0x179, 0x17E), (0x1AF, 0x1AF)]


def fold(c):
    """The code point that stands for `c`, or 0 where `c` separates words."""
    if any(a <= c <= b for a, b in ZERO):
        return 0
    if c in ONE:
        return ONE[c]
    for a, b, d in PLUS:
        if a <= c <= b:
            return c + d
    if c < 0xC0:
        return c if 0x61 <= c <= 0x7A else 0
    if any(a <= c <= b for a, b in EVEN):
        return c | 1
    if any(a <= c <= b for a, b in ODD):
        return c + (c & 1)
    return c


_folded = {}


def normalise(text, max_chars):
    """The code points of `text` that the n-grams read, at most `max_chars` of them."""
    out, gap = [], True
    for ch in text:
        c = _folded.get(ch)
        if c is None:
            c = _folded[ch] = fold(ord(ch))
        if c == 0:
            gap = True
            continue
        if gap:
            out.append(SPACE)
            gap = False
        out.append(c)
        if len(out) >= max_chars:
            return out[:max_chars]
    if out:
        out.append(SPACE)
    return out[:max_chars]


def ngram_ids(points, lo, hi, bits):
    """Bucket numbers of the n-grams of `points`, in the order the format gives them."""
    mask = 0xFFFFFFFF
    ids = []
    for p in range(len(points)):
        r = 2166136261
        for n in range(1, hi + 1):
            if p + n > len(points):
                break
            r = (r * 0x9E3779B1 + points[p + n - 1]) & mask
            if n >= lo:
                ids.append((((r ^ (r >> 15)) * 0x85EBCA6B) & mask) >> (32 - bits))
    return np.array(ids, dtype=np.int64)
