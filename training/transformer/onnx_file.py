# pyright: reportMissingImports=false
"""The network as a file for onnxruntime: weights in a byte each, arithmetic in single precision.

Only the weights are rounded, a step for each output of a layer and each word: rounding what passes
through as well would make what is said of one text depend on those it is computed with.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from liudeng.text.transformer import Output
from training.transformer.fitting import WATCH_OUTPUTS
from training.transformer.network import EPSILON, HIDDEN_FROM, PADDING, Network
from training.transformer.pretrained import HEADS, HIDDEN

OPSET = 20
IR = 10
_STEPS = 127


class _Graph:
    """Nodes and numbers of a graph that is being written."""

    def __init__(self, network: Network) -> None:
        self.weights: dict[str, NDArray[np.float32]] = {
            name: value.float().numpy() for name, value in network.state_dict().items()
        }
        self.nodes: list[Any] = []
        self.numbers: dict[str, Any] = {}

    def constant(self, name: str, value: Any, kind: Any = np.int64) -> str:
        """A number or an array by name, written once."""
        self.numbers[name] = numpy_helper.from_array(np.asarray(value, dtype=kind), name)
        return name

    def add(self, operator: str, inputs: Sequence[str], **options: Any) -> str:
        """A node; returns the name of what it gives."""
        given = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [given], **options))
        return given

    def vector(self, name: str) -> str:
        """A weight in single precision."""
        return self.constant(name, self.weights[name], np.float32)

    def rounded(
        self, name: str, weights: NDArray[np.float32], *, turned: bool = False
    ) -> tuple[str, str]:
        """A matrix in bytes, and the step of each of its rows; perhaps written as columns."""
        steps = np.maximum(np.abs(weights).max(axis=1), 1e-12) / _STEPS
        counted = np.round(weights / steps[:, None])
        counted = counted.T if turned else counted
        return (
            self.constant(f"{name}.bytes", counted, np.int8),
            self.constant(f"{name}.steps", steps, np.float32),
        )

    def linear(self, given: str, name: str) -> str:
        """A linear layer."""
        counted, steps = self.rounded(name, self.weights[f"{name}.weight"], turned=True)
        matrix = self.add("DequantizeLinear", [counted, steps], axis=1)
        return self.add("Add", [self.add("MatMul", [given, matrix]), self.vector(f"{name}.bias")])

    def norm(self, given: str, name: str) -> str:
        """A layer norm."""
        both = [self.vector(f"{name}.weight"), self.vector(f"{name}.bias")]
        return self.add("LayerNormalization", [given, *both], epsilon=EPSILON, axis=-1)


def write(network: Network, path: Path) -> None:
    """Write the network to a file."""
    graph = _Graph(network)
    real = _real(graph)
    mask = _mask(graph, real)
    states = _embedded(graph)
    for number in range(len(network.layers)):
        states = _layer(graph, states, mask, f"layers.{number}")
    _outputs(graph, _pooled(graph, states, real))
    outputs = [
        helper.make_tensor_value_info(output.value, TensorProto.FLOAT, ["texts", None])
        for output in Output
    ]
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ["texts", "tokens"])
    numbers = list(graph.numbers.values())
    made = helper.make_graph(graph.nodes, "transformer", [tokens], outputs, numbers)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _real(graph: _Graph) -> str:
    padding = graph.add("Equal", ["tokens", graph.constant("padding", PADDING)])
    return graph.add("Cast", [graph.add("Not", [padding])], to=TensorProto.FLOAT)


def _mask(graph: _Graph, real: str) -> str:
    missing = graph.add("Sub", [graph.constant("one", 1.0, np.float32), real])
    lowered = graph.add("Mul", [missing, graph.constant("hidden", HIDDEN_FROM, np.float32)])
    return graph.add("Unsqueeze", [lowered, graph.constant("axes_1_2", [1, 2])])


def _embedded(graph: _Graph) -> str:
    counted, steps = graph.rounded("words", graph.weights["words.weight"])
    words = graph.add("Cast", [graph.add("Gather", [counted, "tokens"])], to=TensorProto.FLOAT)
    each = graph.add("Gather", [steps, "tokens"])
    each = graph.add("Unsqueeze", [each, graph.constant("axis_last", [-1])])
    words = graph.add("Mul", [words, each])
    shape = graph.add("Shape", ["tokens"])
    zero, first = graph.constant("zero", 0), graph.constant("first", 1)
    places = graph.add("Range", [zero, graph.add("Gather", [shape, first]), first])
    places = graph.add("Gather", [graph.vector("places.weight"), places])
    return graph.norm(graph.add("Add", [words, places]), "norm")


def _layer(graph: _Graph, states: str, mask: str, name: str) -> str:
    parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
    joined = graph.linear(states, f"{name}.qkv")
    graph.nodes.append(helper.make_node("Split", [joined], parts, axis=-1, num_outputs=3))
    shape = graph.constant("by_head", [0, 0, HEADS, HIDDEN // HEADS])
    query, key, value = (
        graph.add("Transpose", [graph.add("Reshape", [part, shape])], perm=perm)
        for part, perm in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
    )
    scale = graph.constant("scale", (HIDDEN // HEADS) ** -0.5, np.float32)
    near = graph.add("Mul", [graph.add("MatMul", [query, key]), scale])
    shares = graph.add("Softmax", [graph.add("Add", [near, mask])], axis=-1)
    seen = graph.add("Transpose", [graph.add("MatMul", [shares, value])], perm=[0, 2, 1, 3])
    seen = graph.add("Reshape", [seen, graph.constant("together", [0, 0, HIDDEN])])
    attended = graph.linear(seen, f"{name}.attended")
    states = graph.norm(graph.add("Add", [states, attended]), f"{name}.attended_norm")
    inner = graph.add("Gelu", [graph.linear(states, f"{name}.inner")])
    fed = graph.linear(inner, f"{name}.outer")
    return graph.norm(graph.add("Add", [states, fed]), f"{name}.outer_norm")


def _pooled(graph: _Graph, states: str, real: str) -> str:
    share = graph.add("Unsqueeze", [real, "axis_last"])
    over_tokens = graph.constant("axis_1", [1])
    total = graph.add("ReduceSum", [graph.add("Mul", [states, share]), over_tokens], keepdims=0)
    return graph.add("Div", [total, graph.add("ReduceSum", [share, over_tokens], keepdims=0)])


def _outputs(graph: _Graph, pooled: str) -> None:
    weights, biases = graph.weights["head.weight"].T, graph.weights["head.bias"]
    parts = {Output.WATCH: slice(0, WATCH_OUTPUTS), Output.MODERATION: slice(WATCH_OUTPUTS, None)}
    for output, part in parts.items():
        matrix = graph.constant(f"{output}.weight", weights[:, part], np.float32)
        bias = graph.constant(f"{output}.bias", biases[part], np.float32)
        said = graph.add("MatMul", [pooled, matrix])
        graph.nodes.append(helper.make_node("Add", [said, bias], [output.value]))
