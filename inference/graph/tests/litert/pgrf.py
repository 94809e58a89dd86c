"""Writes graphs of FORMAT.md that LiteRT's operators translate to."""

import struct

import numpy as np

INT8, INT32 = 1, 2
FULLY_CONNECTED, RESHAPE, CLAMP, ARG_MAX = 3, 4, 5, 6
INT8_INPUT, UINT8_INPUT = 1, 2
LITERT_RULE = 2


def factors(input_scale, weight_scales, output_scale):
    """One factor for one weight scale, else one per unit; all scales are float32."""
    return [float(input_scale) * float(w) / float(output_scale) for w in weight_scales]


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
    """Nodes one behind the other."""

    def __init__(self, input_kind, shape):
        self.input_kind, self.shape = input_kind, shape
        self.records, self.blob = [], b""

    def _node(self, code, kind, shape, parameters=b"", weights=b""):
        body = struct.pack("<BBBBBB", code, 1, kind, len(shape), 1, 0) + _dims(shape)
        body += struct.pack("<III", len(self.blob), len(weights), len(self.records)) + parameters
        self.records.append(struct.pack("<H", len(body) + 2) + body)
        self.blob += weights

    def fully_connected(self, weights, bias, factors, input_zero, output_zero, clamp, shape):
        """int8 in and out, by the rule of LiteRT."""
        flags = (bias is not None) + 2 * (len(factors) > 1)
        blob = weights.tobytes() + (b"" if bias is None else bias.astype("<i4").tobytes())
        blob += struct.pack(f"<{len(factors)}d", *factors)
        parameters = struct.pack("<BBHIiiii", LITERT_RULE, flags, 0, weights.shape[1], input_zero, output_zero, *clamp)
        self._node(FULLY_CONNECTED, INT8, shape, parameters, blob)

    def reshape(self, shape):
        """The same elements under other dimensions."""
        self._node(RESHAPE, INT8, shape)

    def clamp(self, low, high, shape):
        """Every element within bounds."""
        self._node(CLAMP, INT8, shape, struct.pack("<ii", low, high))

    def arg_max(self, shape):
        """Along the last axis."""
        self._node(ARG_MAX, INT32, shape)

    def build(self):
        """The graph's bytes."""
        table = b"".join(self.records)
        header = struct.pack("<4sHHIII", b"PGRF", 1, 0, len(self.records), len(table), len(self.blob))
        header += struct.pack("<BBH", self.input_kind, len(self.shape), 0) + _dims(self.shape)
        return header + table + self.blob
