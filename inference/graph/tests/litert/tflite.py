"""Writes small quantised .tflite files, and runs them in LiteRT's reference kernels."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

ACTIVATION = {
    "none": schema.ActivationFunctionType.NONE,
    "relu": schema.ActivationFunctionType.RELU,
    "relu_n1_to_1": schema.ActivationFunctionType.RELU_N1_TO_1,
    "relu6": schema.ActivationFunctionType.RELU6,
}
TYPE = {np.dtype(np.int8): schema.TensorType.INT8, np.dtype(np.uint8): schema.TensorType.UINT8,
        np.dtype(np.int32): schema.TensorType.INT32}


class Model:
    """Operators one behind the other. Each reads the newest activation, or those it is given."""

    def __init__(self, dtype, shape, scale, zero_point):
        self.tensors, self.buffers, self.operators, self.codes = [], [schema.BufferT()], [], []
        self.activations = []
        self.activation(dtype, shape, scale, zero_point)

    def activation(self, dtype, shape, scale=None, zero_point=0):
        """A tensor that the graph computes."""
        index = self._tensor(np.dtype(dtype), shape, 0, scale, zero_point)
        self.activations.append(index)
        return index

    def constant(self, array, scale=None):
        """A tensor with fixed content; `scale` is one number, or one per slice of axis 0."""
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(array.tobytes(), np.uint8)
        self.buffers.append(buffer)
        return self._tensor(array.dtype, array.shape, len(self.buffers) - 1, scale, 0)

    def _tensor(self, dtype, shape, buffer, scale, zero_point):
        tensor = schema.TensorT()
        tensor.name = f"t{len(self.tensors)}"
        tensor.shape = np.array(shape, np.int32)
        tensor.type = TYPE[dtype]
        tensor.buffer = buffer
        if scale is not None:
            scales = np.atleast_1d(np.array(scale, np.float32))
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale = scales
            tensor.quantization.zeroPoint = np.full(len(scales), zero_point, np.int64)
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def operator(self, name, version, inputs, output, options_type=0, options=None):
        """Appends one operator."""
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = code.builtinCode
        code.version = version
        self.codes.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex = len(self.codes) - 1
        operator.inputs = np.array(inputs, np.int32)
        operator.outputs = np.array([output], np.int32)
        operator.builtinOptionsType = options_type
        operator.builtinOptions = options
        self.operators.append(operator)

    def fully_connected(self, weights, weight_scale, bias, bias_scale, shape, scale, zero_point, activation, source=-1):
        """int8 `weights` [units][depth], int32 `bias` or None; reads the activation of this place."""
        inputs = [self.activations[source], self.constant(weights, weight_scale)]
        inputs.append(-1 if bias is None else self.constant(bias, bias_scale))
        options = schema.FullyConnectedOptionsT()
        options.fusedActivationFunction = ACTIVATION[activation]
        output = self.activation(np.int8, shape, scale, zero_point)
        self.operator("FULLY_CONNECTED", 5, inputs, output, schema.BuiltinOptions.FullyConnectedOptions, options)

    def reshape(self, shape, scale, zero_point):
        """The same elements under other dimensions."""
        options = schema.ReshapeOptionsT()
        options.newShape = np.array(shape, np.int32)
        inputs = [self.activations[-1], self.constant(np.array(shape, np.int32))]
        output = self.activation(np.int8, shape, scale, zero_point)
        self.operator("RESHAPE", 1, inputs, output, schema.BuiltinOptions.ReshapeOptions, options)

    def rectify(self, name, shape, scale, zero_point):
        """RELU or RELU6 as an operator of its own."""
        source = self.activations[-1]
        self.operator(name, 2, [source], self.activation(np.int8, shape, scale, zero_point))

    def quantize(self, shape, scale, zero_point):
        """uint8 to int8."""
        source = self.activations[-1]
        output = self.activation(np.int8, shape, scale, zero_point)
        options = schema.QuantizeOptionsT()
        self.operator("QUANTIZE", 1, [source], output, schema.BuiltinOptions.QuantizeOptions, options)

    def add(self, sources, shape, scale, zero_point, activation):
        """The sum of two activations, given by their places."""
        inputs = [self.activations[source] for source in sources]
        options = schema.AddOptionsT()
        options.fusedActivationFunction = ACTIVATION[activation]
        options.potScaleInt16 = False
        output = self.activation(np.int8, shape, scale, zero_point)
        self.operator("ADD", 2, inputs, output, schema.BuiltinOptions.AddOptions, options)

    def concatenation(self, sources, axis, shape, scale, zero_point):
        """Activations of one scale, given by their places, joined along an axis."""
        inputs = [self.activations[source] for source in sources]
        options = schema.ConcatenationOptionsT()
        options.axis = axis
        output = self.activation(np.int8, shape, scale, zero_point)
        self.operator("CONCATENATION", 2, inputs, output, schema.BuiltinOptions.ConcatenationOptions, options)

    def arg_max(self, shape):
        """Along the last axis."""
        axis = len(self.tensors[self.activations[-1]].shape) - 1
        inputs = [self.activations[-1], self.constant(np.array([axis], np.int32))]
        options = schema.ArgMaxOptionsT()
        options.outputType = schema.TensorType.INT32
        output = self.activation(np.int32, shape)
        self.operator("ARG_MAX", 2, inputs, output, schema.BuiltinOptions.ArgMaxOptions, options)

    def build(self):
        """The .tflite bytes."""
        subgraph = schema.SubGraphT()
        subgraph.name = "main"
        subgraph.tensors = self.tensors
        subgraph.operators = self.operators
        subgraph.inputs = np.array(self.activations[:1], np.int32)
        subgraph.outputs = np.array(self.activations[-1:], np.int32)
        model = schema.ModelT()
        model.version = 3
        model.operatorCodes = self.codes
        model.subgraphs = [subgraph]
        model.buffers = self.buffers
        builder = flatbuffers.Builder(4096)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


class Reference:
    """A model in the reference kernels, with every activation kept."""

    def __init__(self, model):
        self.activations = model.activations
        self.interpreter = Interpreter(
            model_content=model.build(),
            experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
            experimental_preserve_all_tensors=True,
            num_threads=1,
        )
        self.interpreter.allocate_tensors()

    def run(self, array):
        """All activations behind the input, in order."""
        self.interpreter.set_tensor(self.activations[0], array)
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(index).copy() for index in self.activations[1:]]
