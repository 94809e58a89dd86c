"""Writes graphs of FORMAT.md that LiteRT's operators translate to."""

import math
import struct

import numpy as np

INT8, INT32 = 1, 2
FULLY_CONNECTED, RESHAPE, CLAMP, ARG_MAX, CONCAT, ADD = 3, 4, 5, 6, 7, 20
INT8_INPUT, UINT8_INPUT = 1, 2
LITERT_RULE = 2


def factors(input_scale, weight_scales, output_scale):
    """One factor for one weight scale, else one per unit; all scales are float32."""
    return [float(input_scale) * float(w) / float(output_scale) for w in weight_scales]


def multiplier(factor):
    """A factor below one as 32-bit multiplier and exponent."""
    fraction, exponent = math.frexp(factor)
    quantised = math.floor(fraction * 2**31 + 0.5)
    if quantised == 2**31:
        quantised, exponent = 2**30, exponent + 1
    return (0, 0) if exponent < -31 else (quantised, exponent)


def addition(scales, output_scale):
    """Multipliers and exponents of both inputs and the output; all scales are float32."""
    first, second, output = (float(scale) for scale in (*scales, output_scale))
    twice = 2.0 * max(first, second)
    return [multiplier(factor) for factor in (first / twice, second / twice, twice / (2**20 * output))]


def clamp_of(activation, scale, zero_point):
    """Smallest and largest int8 value that a fused activation leaves."""
    def quantised(value):
        quotient = np.float32(value) / np.float32(scale)
        return zero_point + int(np.trunc(quotient + np.copysign(np.float32(0.5), quotient)))

    low, high = -128, 127
    if activation in ("relu", "relu6"):
        low = max(low, quantised(0.0))
    if activation == "relu6":
        high = min(high, quantised(6.0))
    if activation == "relu_n1_to_1":
        low, high = max(low, quantised(-1.0)), min(high, quantised(1.0))
    return low, high


def _dims(shape):
    return struct.pack("<4I", *shape, *[0] * (4 - len(shape)))


class Graph:
    """Nodes one behind the other. Each reads the newest tensor, or those it is given."""

    def __init__(self, input_kind, shape):
        self.input_kind, self.shape = input_kind, shape
        self.records, self.blob = [], b""

    def _node(self, code, kind, shape, parameters=b"", weights=b"", inputs=None):
        inputs = inputs or [len(self.records)]
        body = struct.pack("<BBBBBB", code, 1, kind, len(shape), len(inputs), 0) + _dims(shape)
        body += struct.pack("<II", len(self.blob), len(weights))
        body += struct.pack(f"<{len(inputs)}I", *inputs) + parameters
        self.records.append(struct.pack("<H", len(body) + 2) + body)
        self.blob += weights

    def fully_connected(self, weights, bias, factors, input_zero, output_zero, clamp, shape, source=None):
        """int8 in and out, by the rule of LiteRT."""
        flags = (bias is not None) + 2 * (len(factors) > 1)
        blob = weights.tobytes() + (b"" if bias is None else bias.astype("<i4").tobytes())
        blob += struct.pack(f"<{len(factors)}d", *factors)
        parameters = struct.pack("<BBHIiiii", LITERT_RULE, flags, 0, weights.shape[1], input_zero, output_zero, *clamp)
        self._node(FULLY_CONNECTED, INT8, shape, parameters, blob, None if source is None else [source])

    def reshape(self, shape):
        """The same elements under other dimensions."""
        self._node(RESHAPE, INT8, shape)

    def clamp(self, low, high, shape):
        """Every element within bounds."""
        self._node(CLAMP, INT8, shape, struct.pack("<ii", low, high))

    def arg_max(self, shape):
        """Along the last axis."""
        self._node(ARG_MAX, INT32, shape)

    def add(self, sources, factors, zeros, clamp, shape):
        """The sum of two tensors."""
        parameters = struct.pack("<5i", *zeros, *clamp) + struct.pack("<3i", *(q for q, _ in factors))
        parameters += struct.pack("<3bB", *(e for _, e in factors), 0)
        self._node(ADD, INT8, shape, parameters, inputs=sources)

    def concat(self, sources, axis, shape):
        """Tensors joined along an axis."""
        self._node(CONCAT, INT8, shape, struct.pack("<I", axis), inputs=sources)

    def build(self):
        """The graph's bytes."""
        table = b"".join(self.records)
        header = struct.pack("<4sHHIII", b"PGRF", 1, 0, len(self.records), len(table), len(self.blob))
        header += struct.pack("<BBH", self.input_kind, len(self.shape), 0) + _dims(self.shape)
        return header + table + self.blob
