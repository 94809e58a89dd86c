"""The graph file, version 1: building, writing, reading and digests. `inference/graph/FORMAT.md` is the rule."""

import hashlib
import struct
from dataclasses import dataclass, field

import numpy as np

MAGIC = b"PGRF"
VERSION = 1
TEXT, INT8_TENSOR, UINT8_TENSOR = 0, 1, 2
INT8, INT32, IDS = 1, 2, 3
NGRAM_HASH, EMBEDDING_BAG, FULLY_CONNECTED, RESHAPE, CLAMP, ARG_MAX = 1, 2, 3, 4, 5, 6
LITERT, RAW = 0, 1
BIAS, PER_UNIT = 1, 2

HEADER = struct.Struct("<4sHHIIIBBH4I")
RECORD = struct.Struct("<HBBBBBB4III")
OPERATOR_VERSION = 1


@dataclass
class Node:
    """One operator: what it makes, what it reads, its parameters and weights as bytes."""

    operator: int
    output_type: int
    dimensions: tuple
    inputs: tuple
    parameters: bytes = b""
    weights: bytes = b""

    def record(self, offset):
        """The node's table record, for weights that start at `offset` of the blob."""
        tail = struct.pack(f"<{len(self.inputs)}I", *self.inputs) + self.parameters
        return RECORD.pack(
            RECORD.size + len(tail), self.operator, OPERATOR_VERSION, self.output_type, len(self.dimensions),
            len(self.inputs), 0, *_padded(self.dimensions), offset, len(self.weights),
        ) + tail


@dataclass
class Graph:
    """A chain of nodes from one input; tensor 0 is the input, tensor i the output of node i."""

    input_kind: int
    input_dimensions: tuple
    nodes: list = field(default_factory=list)

    def _append(self, *args, **kwargs):
        self.nodes.append(Node(*args, **kwargs))
        return len(self.nodes)

    def ngram_hash(self, normalisation, lo, hi, bits, max_chars):
        """Text to bucket numbers."""
        longest = sum(max(0, max_chars - n + 1) for n in range(lo, hi + 1))
        parameters = struct.pack("<4BI", normalisation, lo, hi, bits, max_chars)
        return self._append(NGRAM_HASH, IDS, (longest,), (0,), parameters)

    def embedding_bag(self, source, table):
        """The sum of the rows of an int8 table that the ids name."""
        rows, dim = table.shape
        return self._append(EMBEDDING_BAG, INT32, (dim,), (source,), struct.pack("<I", rows), int8_bytes(table))

    def fully_connected_raw(self, source, matrix, dimensions=None):
        """`matrix · x` in int32, for logits that only an arg-max reads."""
        units, depth = matrix.shape
        parameters = struct.pack("<BBHI4i", RAW, 0, 0, depth, 0, 0, 0, 0)
        return self._append(FULLY_CONNECTED, INT32, dimensions or (units,), (source,), parameters, int8_bytes(matrix))

    def fully_connected(self, source, dimensions, matrix, bias, multipliers, shifts, zero_points, clamp):
        """The int8 layer of LiteRT with one multiplier and shift per unit; `zero_points` and `clamp` are pairs."""
        depth = matrix.shape[1]
        parameters = struct.pack("<BBHI4i", LITERT, BIAS | PER_UNIT, 0, depth, *zero_points, *clamp)
        weights = (
            int8_bytes(matrix) + np.asarray(bias, "<i4").tobytes() + np.asarray(multipliers, "<i4").tobytes()
            + int8_bytes(np.asarray(shifts, np.int8))
        )
        return self._append(FULLY_CONNECTED, INT8, dimensions, (source,), parameters, weights)

    def reshape(self, source, output_type, dimensions):
        """The same elements under other dimensions."""
        return self._append(RESHAPE, output_type, dimensions, (source,))

    def arg_max(self, source, dimensions):
        """The position of the first greatest element of the last dimension."""
        return self._append(ARG_MAX, INT32, dimensions, (source,))

    def encode(self):
        """The file."""
        records, weights = [], b""
        for node in self.nodes:
            records.append(node.record(len(weights)))
            weights += node.weights
        table = b"".join(records)
        header = HEADER.pack(
            MAGIC, VERSION, 0, len(self.nodes), len(table), len(weights), self.input_kind,
            len(self.input_dimensions), 0, *_padded(self.input_dimensions),
        )
        return header + table + weights


def decode(data):
    """Reads a file back; raises `ValueError` where it is not what `encode` writes."""
    magic, version, _, count, _, _, kind, rank, _, *dimensions = HEADER.unpack_from(data)
    if magic != MAGIC or version != VERSION:
        raise ValueError("not a graph file of version 1: export the model again")
    graph, at = Graph(kind, tuple(dimensions[:rank])), HEADER.size
    places = []
    for _ in range(count):
        size, operator, _, output_type, node_rank, inputs, _, *rest = RECORD.unpack_from(data, at)
        start = at + RECORD.size
        read = struct.unpack_from(f"<{inputs}I", data, start)
        parameters = data[start + 4 * inputs : at + size]
        graph.nodes.append(Node(operator, output_type, tuple(rest[:node_rank]), read, parameters))
        places.append((rest[4], rest[5]))
        at += size
    for node, (offset, length) in zip(graph.nodes, places):
        node.weights = data[at + offset : at + offset + length]
    if graph.encode() != data:
        raise ValueError("the file holds bytes that no node accounts for: export the model again")
    return graph


def node_digests(graph):
    """`blake2_256(record ‖ weights)` of every node, hexadecimal."""
    digests, offset = [], 0
    for node in graph.nodes:
        digests.append(blake2_256(node.record(offset) + node.weights))
        offset += len(node.weights)
    return digests


def blake2_256(data):
    """The digest that the chain uses everywhere, hexadecimal with 0x."""
    return "0x" + hashlib.blake2b(data, digest_size=32).hexdigest()


def int8_bytes(array):
    """Row-major bytes of an array that already is int8."""
    if array.dtype != np.int8:
        raise TypeError(f"weights are {array.dtype}: quantise them to int8 first")
    return np.ascontiguousarray(array).tobytes()


def _padded(dimensions):
    return (*dimensions, *[0] * (4 - len(dimensions)))
