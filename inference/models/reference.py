"""The format's operators in plain numpy int64: slow, short, and the yardstick for every other executor."""

import struct

import numpy as np

import graph_file
from normalise import LITE, ngram_ids, normalise


class Refused(ValueError):
    """The input is not what the graph reads."""


def run(graph, data):
    """The output of every node, in order, for the input bytes `data`; the last one is the answer."""
    tensors = [_input(graph, data)]
    for node in graph.nodes:
        tensors.append(_OPERATORS[node.operator](node, tensors[node.inputs[0]]))
    return tensors[1:]


def answer(graph, data):
    """The class that the graph's final arg-max names."""
    return int(run(graph, data)[-1].reshape(-1)[0])


def output_bytes(node, output):
    """The bytes whose digest is the node's trace entry."""
    stored = {graph_file.INT8: "<i1", graph_file.INT32: "<i4", graph_file.IDS: "<u4"}[node.output_type]
    return output.astype(stored).tobytes()


def trace(graph, data):
    """One digest per node."""
    outputs = run(graph, data)
    return [graph_file.blake2_256(output_bytes(node, output)) for node, output in zip(graph.nodes, outputs)]


def _input(graph, data):
    if graph.input_kind == graph_file.TEXT:
        if len(data) > graph.input_dimensions[0]:
            raise Refused(f"{len(data)} bytes, the graph reads at most {graph.input_dimensions[0]}: shorten the text")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("the text is not UTF-8: encode it so") from error
    if len(data) != np.prod(graph.input_dimensions):
        raise Refused(f"{len(data)} bytes, the graph reads {graph.input_dimensions}: one byte an element")
    if graph.input_kind == graph_file.UINT8_TENSOR:
        tensor = np.frombuffer(data, np.uint8).astype(np.int64) - 128
    else:
        tensor = np.frombuffer(data, np.int8).astype(np.int64)
    return tensor.reshape(graph.input_dimensions)


def _ngram_hash(node, text):
    normalisation, lo, hi, bits, max_chars = struct.unpack("<4BI", node.parameters)
    if normalisation != LITE:
        raise Refused(f"normalisation {normalisation} is unknown: export with 1")
    return ngram_ids(normalise(text, max_chars), lo, hi, bits)


def _embedding_bag(node, ids):
    (rows,) = struct.unpack("<I", node.parameters)
    table = np.frombuffer(node.weights, np.int8).reshape(rows, node.dimensions[0]).astype(np.int64)
    return table[ids].sum(axis=0)


def _fully_connected(node, tensor):
    rule, flags, _, depth, input_zero, output_zero, low, high = struct.unpack("<BBHI4i", node.parameters)
    units, weights = node.dimensions[-1], node.weights
    matrix = np.frombuffer(weights, np.int8, units * depth).reshape(units, depth).astype(np.int64)
    at = units * depth
    sums = (tensor.reshape(-1, depth) - input_zero) @ matrix.T
    if flags & graph_file.BIAS:
        sums = sums + np.frombuffer(weights, "<i4", units, at)
        at += 4 * units
    if rule == graph_file.LITERT:
        count = units if flags & graph_file.PER_UNIT else 1
        multiplier = np.frombuffer(weights, "<i4", count, at).astype(np.int64)
        shift = 31 - np.frombuffer(weights, np.int8, count, at + 4 * count).astype(np.int64)
        rounded = (sums * multiplier + (np.int64(1) << (shift - 1))) >> shift
        sums = np.clip(rounded + output_zero, low, high)
    return sums.reshape(node.dimensions)


def _reshape(node, tensor):
    return tensor.reshape(node.dimensions)


def _clamp(node, tensor):
    return np.clip(tensor, *struct.unpack("<2i", node.parameters))


def _arg_max(node, tensor):
    return np.argmax(tensor, axis=-1).reshape(node.dimensions)


_OPERATORS = {
    graph_file.NGRAM_HASH: _ngram_hash,
    graph_file.EMBEDDING_BAG: _embedding_bag,
    graph_file.FULLY_CONNECTED: _fully_connected,
    graph_file.RESHAPE: _reshape,
    graph_file.CLAMP: _clamp,
    graph_file.ARG_MAX: _arg_max,
}
