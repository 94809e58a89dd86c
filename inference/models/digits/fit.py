"""A 64-32-10 network with relu, trained in float by stochastic gradient descent with momentum."""

from typing import NamedTuple

import numpy as np

HIDDEN = 32
PASSES = 300
BATCH = 32
RATE = 0.05
MOMENTUM = 0.9
WEIGHT_DECAY = 3e-4
# Each time a training image is seen it may move by one pixel and its greys get a little noise: 1437 images are few.
SHIFTED = 0.5
NOISE = 0.05


class Network(NamedTuple):
    """Float weights, one row per unit, and biases."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray


def forward(network, images):
    """Hidden activations and logits of images scaled to 0 … 1."""
    hidden = np.maximum(0, images @ network.hidden.T + network.hidden_bias)
    return hidden, hidden @ network.output.T + network.output_bias


def fit(greys, labels, seed):
    """A network trained on images whose greys run from 0 to 16."""
    generator = np.random.default_rng(seed)
    images = greys / 16.0
    parts = [
        generator.normal(0, np.sqrt(2 / 64), (HIDDEN, 64)), np.zeros(HIDDEN),
        generator.normal(0, np.sqrt(2 / HIDDEN), (10, HIDDEN)), np.zeros(10),
    ]
    speed = [np.zeros_like(part) for part in parts]
    for number in range(PASSES):
        rate = RATE * 0.5 * (1 + np.cos(np.pi * number / PASSES))
        order = generator.permutation(len(images))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            seen = _varied(images[batch], generator)
            for part, step, gradient in zip(parts, speed, _gradients(Network(*parts), seen, labels[batch])):
                step *= MOMENTUM
                step -= rate * (gradient + WEIGHT_DECAY * part)
                part += step
    return Network(*parts)


def _varied(images, generator):
    squares = images.reshape(-1, 8, 8).copy()
    for i in np.flatnonzero(generator.random(len(squares)) < SHIFTED):
        padded = np.pad(squares[i], 1)
        down, right = generator.integers(0, 3, 2)
        squares[i] = padded[down : down + 8, right : right + 8]
    squares += generator.normal(0, NOISE, squares.shape)
    return np.clip(squares, 0, 1).reshape(-1, 64)


def _gradients(network, images, labels):
    hidden, logits = forward(network, images)
    error = np.exp(logits - logits.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(labels)), labels] -= 1
    error /= len(labels)
    back = (error @ network.output) * (hidden > 0)
    return back.T @ images, back.sum(axis=0), error.T @ hidden, error.sum(axis=0)
