"""Random int8 models as .tflite and as graphs, random inputs, and what LiteRT's reference kernels make of them.

    python vectors.py            writes vectors.bin
    python vectors.py --check    makes the vectors again and compares

vectors.bin: `PGLV`, u16 number of models, then per model u32 graph length, graph, u16 number of inputs, u32 input length,
u32 output length, and per input: input, output, 32 bytes BLAKE2b of every activation's BLAKE2b-256 in order.
"""

import argparse
import hashlib
import math
import pathlib
import random
import struct
import sys

import numpy as np

from pgrf import INT8_INPUT, UINT8_INPUT, Graph, addition, clamp_of, factors
from tflite import Model, Reference

SEED = 20_260_901
CHAINS = 48
BRANCHED = 24
MODELS = CHAINS + BRANCHED
INPUTS = 40
FILE = pathlib.Path(__file__).with_name("vectors.bin")


def digest(data):
    """BLAKE2b of 32 bytes."""
    return hashlib.blake2b(data, digest_size=32).digest()


class Pair:
    """The same model as .tflite and as graph, grown operator by operator."""

    def __init__(self, rng, unsigned):
        self.rng = rng
        self.shape = [rng.randint(1, 3), rng.randint(1, 40)]
        self.scale, self.zero = np.float32(rng.uniform(0.005, 0.1)), rng.randint(-128, 127)
        if unsigned:
            self.model = Model(np.uint8, self.shape, self.scale, self.zero + 128)
            self.model.quantize(self.shape, self.scale, self.zero)
        else:
            self.model = Model(np.int8, self.shape, self.scale, self.zero)
        self.dtype = np.uint8 if unsigned else np.int8
        self.input_shape = list(self.shape)
        self.graph = Graph(UINT8_INPUT if unsigned else INT8_INPUT, self.shape)

    def fully_connected(self, style):
        """`style` is how the factor from accumulator to output is drawn."""
        rng, (batch, depth) = self.rng, self.shape
        units = rng.randint(1, 20)
        largest = 3 if style == "large" else 127
        weights = np.array([[rng.randint(-largest, largest) for _ in range(depth)] for _ in range(units)], np.int8)
        scales = units if rng.random() < 0.5 else 1
        spread = math.sqrt(depth) * largest * 45
        if style == "power":
            # Products that lie exactly between two integers.
            weight_scales = [2.0 ** -rng.randint(6, 10) for _ in range(scales)]
            self.rescaled(2.0**-5)
            scale = np.float32(2.0 ** (round(math.log2(spread / 100)) - 13))
        elif style == "fraction":
            # Products that lie between two integers, but for the rounding of the factor.
            weight_scales = [float(rng.randint(1, 3)) for _ in range(scales)]
            self.rescaled(1.0)
            scale = np.float32(2 * rng.randint(3, 60) * max(1, int(spread / 12_000)))
        else:
            weight_scales = [rng.uniform(0.5, 2.0) * 0.005 for _ in range(scales)]
            factor = {"usual": 100 / spread, "large": rng.uniform(0.6, 5.0), "tiny": 2.0**-34}[style]
            scale = np.float32(float(self.scale) * 0.005 / factor)
        weight_scales = np.array(weight_scales, np.float32)
        zero = rng.randint(-128, 127) if rng.random() < 0.7 else -128
        activation = rng.choice(["none", "none", "relu", "relu6", "relu_n1_to_1"])
        bias = bias_scale = None
        if rng.random() < 0.7:
            reach = max(1, int(spread / 4))
            bias = np.array([rng.randint(-reach, reach) for _ in range(units)], np.int32)
            bias_scale = self.scale * weight_scales
        real = factors(self.scale, weight_scales, scale)
        clamp = clamp_of(activation, scale, zero)
        shape = [batch, units]
        self.model.fully_connected(weights, weight_scales, bias, bias_scale, shape, scale, zero, activation)
        self.graph.fully_connected(weights, bias, real, self.zero, zero, clamp, shape)
        self.shape, self.scale, self.zero = shape, scale, zero

    def rescaled(self, scale):
        """A new meaning for the input's values, while the input is all there is."""
        if len(self.model.activations) == 1:
            self.scale = np.float32(scale)
            self.model.tensors[0].quantization.scale = np.array([scale], np.float32)

    def rectify(self):
        """RELU or RELU6 between equal scales, where it only clamps."""
        name = self.rng.choice(["RELU", "RELU6"])
        self.model.rectify(name, self.shape, self.scale, self.zero)
        self.graph.clamp(*clamp_of(name.lower(), self.scale, self.zero), self.shape)

    def reshape(self):
        """To one row, or to one column."""
        elements = math.prod(self.shape)
        shape = [1, elements] if self.rng.random() < 0.7 else [elements, 1]
        self.model.reshape(shape, self.scale, self.zero)
        self.graph.reshape(shape)
        self.shape = shape

    def branch(self, source, units, scale, zero):
        """A layer that reads an activation which others read too: 0 is the input, which is int8 here."""
        rng, depth = self.rng, self.input_shape[1]
        weights = np.array([[rng.randint(-127, 127) for _ in range(depth)] for _ in range(units)], np.int8)
        weight_scale = np.array([float(scale) / float(self.scale) * 100 / (math.sqrt(depth) * 127 * 45)], np.float32)
        shape = [self.input_shape[0], units]
        activation = rng.choice(["none", "relu"])
        real, clamp = factors(self.scale, weight_scale, scale), clamp_of(activation, scale, zero)
        self.model.fully_connected(weights, weight_scale, None, None, shape, scale, zero, activation, source)
        self.graph.fully_connected(weights, None, real, self.zero, zero, clamp, shape, source)
        return len(self.model.activations) - 1

    def add(self, sources, shape):
        """The sum of two activations of any scales."""
        rng, made = self.rng, [self.meaning(source) for source in sources]
        scales = [scale for scale, _ in made]
        spread = rng.choice([0.02, 0.3, 1.0, 2.0, 40.0])
        scale, zero = np.float32(float(max(scales)) * spread), rng.randint(-128, 127)
        activation = rng.choice(["none", "none", "relu", "relu6", "relu_n1_to_1"])
        clamp, zeros = clamp_of(activation, scale, zero), [zero for _, zero in made] + [zero]
        self.model.add(sources, shape, scale, zero, activation)
        self.graph.add(sources, addition(scales, scale), zeros, clamp, shape)
        return len(self.model.activations) - 1

    def concat(self, sources, axis, shape):
        """Activations of one scale side by side."""
        scale, zero = self.meaning(sources[0])
        self.model.concatenation(sources, axis, shape, scale, zero)
        self.graph.concat(sources, axis, shape)
        return len(self.model.activations) - 1

    def meaning(self, source):
        """Scale and zero point of an activation."""
        quantization = self.model.tensors[self.model.activations[source]].quantization
        return quantization.scale[0], int(quantization.zeroPoint[0])

    def arg_max(self):
        """The last operator, if any."""
        shape = self.shape[:1]
        self.model.arg_max(shape)
        self.graph.arg_max(shape)

    def inputs(self):
        """Extremes, then random ones, some of few values so that maxima tie."""
        low, high = (0, 255) if self.dtype is np.uint8 else (-128, 127)
        elements = math.prod(self.input_shape)
        for index in range(INPUTS):
            if index < 2:
                values = [(low, high)[index]] * elements
            elif index % 8 == 2:
                values = [self.rng.choice((low, high)) for _ in range(elements)]
            elif index % 8 == 3:
                values = [self.rng.choice((5, 6)) for _ in range(elements)]
            else:
                values = [self.rng.randint(low, high) for _ in range(elements)]
            yield np.array(values, self.dtype).reshape(self.input_shape)


def pair(rng, number):
    """One model; the number decides what is in it, chance the rest."""
    made = Pair(rng, unsigned=number % 6 == 5)
    if number % 12 == 7:
        made.arg_max()
        return made
    made.fully_connected(("usual", "power", "fraction", "large", "usual", "power")[number % 6] if number != 14 else "tiny")
    if number % 4 == 1:
        made.rectify()
    if number % 3 == 1:
        made.reshape()
    if number % 3 != 0:
        made.fully_connected("usual")
    if number % 4 >= 2:
        made.arg_max()
    return made


def branched(rng, number):
    """One model in which activations have several readers."""
    made = Pair(rng, unsigned=False)
    batch, width = made.shape
    exact = number % 3 == 0

    def scale():
        return np.float32(2.0 ** -rng.randint(3, 8) if exact else rng.uniform(0.01, 0.3))

    if exact:
        made.rescaled(scale())
    one, zero = scale(), rng.randint(-128, 127)
    first = made.branch(0, width, one, zero)
    if number % 2 == 0:
        total = made.add([0, first], made.input_shape)
        made.add([rng.choice([0, first]), total], made.input_shape)
        return made
    second = made.branch(0, rng.randint(1, 9) if number % 4 == 1 else width, one, zero)
    units = made.model.tensors[made.model.activations[second]].shape[1]
    if number % 4 == 1:
        joined = made.concat([second, first, second], 1, [batch, width + 2 * int(units)])
        made.add([joined, joined], [batch, width + 2 * int(units)])
    else:
        joined = made.concat([first, second], 0, [2 * batch, width])
        made.add([joined, joined], [2 * batch, width])
    return made


def vectors():
    """The bytes of the file."""
    rng = random.Random(SEED)
    out = b"PGLV" + struct.pack("<H", MODELS)
    for number in range(MODELS):
        made = pair(rng, number) if number < CHAINS else branched(rng, number)
        reference, graph = Reference(made.model), made.graph.build()
        # The graph converts uint8 on its way in, the .tflite in an operator of its own.
        skipped = 1 if made.dtype is np.uint8 else 0
        rows = []
        for array in made.inputs():
            activations = [a.tobytes() for a in reference.run(array)[skipped:]]
            rows.append((array.tobytes(), activations[-1], digest(b"".join(map(digest, activations)))))
        out += struct.pack("<I", len(graph)) + graph
        out += struct.pack("<HII", len(rows), len(rows[0][0]), len(rows[0][1]))
        out += b"".join(part for row in rows for part in row)
    return out


def main():
    """Writes the file, or compares it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with vectors.bin instead of writing it")
    made = vectors()
    if not parser.parse_args().check:
        FILE.write_bytes(made)
        print(f"{FILE.name}: {MODELS} models, {INPUTS} inputs each, {len(made)} bytes, {digest(made).hex()}")
    elif FILE.read_bytes() == made:
        print(f"{FILE.name} is what LiteRT gives: {digest(made).hex()}")
    else:
        sys.exit(f"{FILE.name} differs from what LiteRT gives. Install requirements.txt, or run without --check.")


if __name__ == "__main__":
    main()
