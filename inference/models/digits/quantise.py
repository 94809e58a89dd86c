"""From the float network to an int8 graph, with the scales and multipliers that LiteRT would use."""

import numpy as np

import graph_file

from .fit import forward

# A grey of 0 … 16 arrives as uint8 and becomes int8 by subtracting 128, so its scale is 1/16 and its zero point -128.
INPUT_SCALE, INPUT_ZERO = np.float32(1 / 16), -128


def quantise(network, images):
    """The graph of a float network; `images` (greys) tell how large activations grow."""
    hidden, logits = forward(network, images / 16.0)
    hidden_scale, hidden_zero = np.float32(hidden.max() / 255), -128
    low, high = min(0.0, logits.min()), max(0.0, logits.max())
    output_scale = np.float32((high - low) / 255)
    output_zero = int(np.rint(-128 - low / output_scale))

    graph = graph_file.Graph(graph_file.UINT8_TENSOR, (8, 8))
    flat = graph.reshape(0, graph_file.INT8, (1, 64))
    entry, between, result = (INPUT_SCALE, INPUT_ZERO), (hidden_scale, hidden_zero), (output_scale, output_zero)
    middle = _layer(graph, flat, network.hidden, network.hidden_bias, entry, between, relu=True)
    last = _layer(graph, middle, network.output, network.output_bias, between, result)
    graph.arg_max(last, (1,))
    return graph


def _layer(graph, source, matrix, bias, entry, result, relu=False):
    """Adds a fully connected layer with one weight scale per unit."""
    (in_scale, in_zero), (out_scale, out_zero) = entry, result
    scales = (np.abs(matrix).max(axis=1) / 127).astype(np.float32)
    weights = np.clip(np.rint(matrix / scales[:, None]), -127, 127).astype(np.int8)
    whole_bias = np.rint(bias / (np.float64(in_scale) * scales)).astype(np.int64)
    pairs = [multiplier(np.float64(in_scale) * np.float64(scale) / np.float64(out_scale)) for scale in scales]
    return graph.fully_connected(
        source, (1, len(matrix)), weights, whole_bias, [q for q, _ in pairs], [e for _, e in pairs],
        (in_zero, out_zero), (max(-128, out_zero) if relu else -128, 127),
    )


def multiplier(ratio):
    """The fixed-point multiplier and exponent of a float ratio, as LiteRT computes them."""
    fraction, exponent = np.frexp(ratio)
    q, e = int(np.floor(fraction * 2**31 + 0.5)), int(exponent)
    if q == 2**31:
        q, e = 2**30, e + 1
    if e < -31:
        return 0, 0
    if e > 30:
        return 2**31 - 1, 30
    return q, e
