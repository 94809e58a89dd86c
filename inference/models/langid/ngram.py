"""The model's arithmetic, compiled: packed text, n-gram buckets, one pass of training, integer prediction."""

import unicodedata
from typing import NamedTuple

import numpy as np
from numba import njit

from normalise import SPACE, normalise

LO, HI = 1, 4
BITS = 13
DIM = 16
MAX_CHARS = 220
# Longest text kept for training: windows are cut from anywhere in it.
PACKED_CHARS = 400


class Packed(NamedTuple):
    """Normalised texts end to end; text i is `points[starts[i]:starts[i + 1]]`, and the same of `bare`: no accents."""

    points: np.ndarray
    bare: np.ndarray
    starts: np.ndarray
    labels: np.ndarray


def pack(texts, labels):
    """Normalises texts and lays them end to end."""
    points, starts = [], [0]
    for text in texts:
        points.append(np.array(normalise(text, PACKED_CHARS), dtype=np.uint32))
        starts.append(starts[-1] + len(points[-1]))
    points = np.concatenate(points)
    known, where = np.unique(points, return_inverse=True)
    bare = np.array([_bare(point) for point in known], dtype=np.uint32)[where]
    return Packed(points, bare, np.array(starts, dtype=np.int64), np.array(labels, dtype=np.int64))


def _bare(point):
    """The plain Latin letter under an accented one; every other code point itself."""
    base = {"đ": "d", "ł": "l", "ı": "i", "ø": "o"}.get(chr(point), unicodedata.normalize("NFD", chr(point))[0])
    return ord(base) if "a" <= base <= "z" else point


@njit(cache=True)
def buckets(window, length, ids):
    """Writes the buckets of `window[:length]` into `ids`, in the format's order; returns how many."""
    count = 0
    for p in range(length):
        r = np.uint32(2166136261)
        for n in range(1, HI + 1):
            if p + n > length:
                break
            r = np.uint32(r * np.uint32(0x9E3779B1) + window[p + n - 1])
            if n >= LO:
                mixed = np.uint32((r ^ (r >> np.uint32(15))) * np.uint32(0x85EBCA6B))
                ids[count] = np.int64(mixed >> np.uint32(32 - BITS))
                count += 1
    return count


@njit(cache=True)
def cut(text, start, chars, window):
    """Copies a piece of `text` that starts at a word, as `normalise` would give it; returns its length."""
    while start > 0 and text[start] != SPACE:
        start -= 1
    end = min(len(text), start + chars)
    # Back to the last whole word, unless that leaves less than half (scripts without spaces are cut anywhere).
    stop = end
    while stop > start + chars // 2 and stop < len(text) and text[stop] != SPACE:
        stop -= 1
    if stop > start + chars // 2:
        end = stop
    length = 0
    if start < end and text[start] != SPACE:
        window[0] = SPACE
        length = 1
    for i in range(start, end):
        if length < MAX_CHARS:
            window[length] = text[i]
            length += 1
    if 0 < length < MAX_CHARS and window[length - 1] != SPACE:
        window[length] = SPACE
        length += 1
    return length


@njit(cache=True)
def train(points, bare, starts, labels, order, short, plain, table, matrix, table_seen, matrix_seen, rate, decay, seed):
    """Stochastic gradient descent over `order`; updates the float table and matrix in place; returns the mean loss.

    A share `short` of the samples is cut to a random window, a share `plain` loses its accents. Steps shrink as in
    Adagrad, with one running sum of squares a row. `rate` falls by `decay` each sample.
    """
    np.random.seed(seed)
    classes = matrix.shape[0]
    window = np.zeros(MAX_CHARS + 2, dtype=np.uint32)
    ids = np.zeros(HI * MAX_CHARS, dtype=np.int64)
    hidden = np.zeros(DIM, dtype=np.float32)
    back = np.zeros(DIM, dtype=np.float32)
    error = np.zeros(classes, dtype=np.float32)
    loss = 0.0
    for sample in order:
        source = bare if np.random.random() < plain else points
        text = source[starts[sample] : starts[sample + 1]]
        if len(text) < 3:
            continue
        if np.random.random() < short:
            chars = np.random.randint(8, 60)
            length = cut(text, np.random.randint(0, max(1, len(text) - chars // 2)), chars, window)
        else:
            length = cut(text, 0, MAX_CHARS, window)
        count = buckets(window, length, ids)
        if count == 0:
            continue
        hidden[:] = 0
        for i in range(count):
            hidden += table[ids[i]]
        hidden /= np.float32(count)
        top = np.float32(-1e30)
        for k in range(classes):
            z = np.float32(0)
            for d in range(DIM):
                z += matrix[k, d] * hidden[d]
            error[k] = z
            top = max(top, z)
        total = np.float32(0)
        for k in range(classes):
            error[k] = np.exp(error[k] - top)
            total += error[k]
        for k in range(classes):
            error[k] /= total
        label = labels[sample]
        loss -= np.log(max(error[label], np.float32(1e-9)))
        error[label] -= np.float32(1)
        back[:] = 0
        for k in range(classes):
            square = np.float32(0)
            for d in range(DIM):
                back[d] += error[k] * matrix[k, d]
                square += hidden[d] * hidden[d]
            matrix_seen[k] += error[k] * error[k] * square / np.float32(DIM)
            step = np.float32(rate * error[k] / (np.sqrt(matrix_seen[k]) + 1e-6))
            for d in range(DIM):
                matrix[k, d] -= step * hidden[d]
        back /= np.float32(count)
        square = np.float32(0)
        for d in range(DIM):
            square += back[d] * back[d]
        square /= np.float32(DIM)
        for i in range(count):
            row = ids[i]
            table_seen[row] += square
            step = np.float32(rate / (np.sqrt(table_seen[row]) + 1e-6))
            for d in range(DIM):
                table[row, d] -= step * back[d]
        rate -= decay
    return loss / len(order)


@njit(cache=True)
def predict(points, starts, table, matrix):
    """The class of each text: the first greatest logit of the integer (or float) model."""
    window = np.zeros(MAX_CHARS + 2, dtype=np.uint32)
    ids = np.zeros(HI * MAX_CHARS, dtype=np.int64)
    answers = np.zeros(len(starts) - 1, dtype=np.int64)
    hidden = np.zeros(DIM, dtype=np.float64)
    for t in range(len(starts) - 1):
        length = min(MAX_CHARS, starts[t + 1] - starts[t])
        for i in range(length):
            window[i] = points[starts[t] + i]
        count = buckets(window, length, ids)
        hidden[:] = 0
        for i in range(count):
            hidden += table[ids[i]]
        best = -np.inf
        for k in range(matrix.shape[0]):
            z = 0.0
            for d in range(DIM):
                z += matrix[k, d] * hidden[d]
            if z > best:
                best, answers[t] = z, k
    return answers
