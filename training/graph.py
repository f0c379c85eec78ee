"""A trained network as an int8 ONNX graph.

The graph takes one window (`ids`, `flags`: one number a piece, [CLS] first) and
gives `anchors` (pieces × classes), `at` (candidates; the first is always [CLS],
so that there is one) and `roles` (candidates × roles × pieces), all as
probabilities. Built by hand, so that it is small, fused and the same every time.

Weights have one scale a column and a range of 7 bits, so that no kernel
saturates; activations get their scale from the one window at hand, so a
window's output depends on nothing but its text.
"""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from pipeline.quotes.model.decoding import CANDIDATE
from training.shapes import ANCHOR_CLASSES, FAR, HEADS, PAIR, ROLES

Weights = dict[str, np.ndarray]

_POSITIONS = 256  # a window is never longer
_WEIGHT_RANGE = 63
_MICROSOFT = "com.microsoft"


class _Graph:
    """A growing ONNX graph: nodes and initialisers by name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self.known: set[str] = set()

    def constant(self, name: str, value: np.ndarray) -> str:
        """Store an array under a name, once."""
        if name not in self.known:
            self.known.add(name)
            self.initializers.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def integers(self, *values: int) -> str:
        """Store a vector of integers."""
        return self.constant("int_" + "_".join(map(str, values)), np.array(values, np.int64))

    def add(self, op: str, *inputs: str, domain: str = "", name: str = "", **attributes: Any) -> str:
        """Append a node with one output; return the output's name."""
        output = name or f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], domain=domain, **attributes))
        return output

    def split(self, x: str, parts: int) -> list[str]:
        """Append a split into equal parts along the last axis; return their names."""
        outputs = [f"Split_{len(self.nodes)}_{i}" for i in range(parts)]
        self.nodes.append(helper.make_node("Split", [x], outputs, domain="", axis=-1))
        return outputs

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Append x @ weight.T + bias in fp32."""
        product = self.add("MatMul", x, self.constant(name + ".weight", weight.T.astype(np.float32)))
        return self.add("Add", product, self.constant(name + ".bias", bias))

    def int8_linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Append x @ weight.T + bias in int8."""
        columns = weight.T.astype(np.float32)
        scale = np.maximum(np.abs(columns).max(0), 1e-8) / _WEIGHT_RANGE
        inputs = [
            x,
            self.constant(name + ".q", np.rint(columns / scale).astype(np.int8)),
            self.constant(name + ".scale", scale.astype(np.float32)),
            "",  # zero points: given as zeros, they cost 3 % of the graph's time
            self.constant(name + ".bias", bias),
        ]
        return self.add("DynamicQuantizeMatMul", *inputs, domain=_MICROSOFT)

    def int8_table(self, name: str, weight: np.ndarray, rows: str) -> str:
        """Append a look-up of rows of a table that is kept in int8 with one scale a row."""
        scale = np.maximum(np.abs(weight).max(1, keepdims=True), 1e-8) / 127
        whole = self.constant(name + ".q", np.rint(weight / scale).astype(np.int8))
        found = self.add("Gather", whole, rows, axis=0)
        scales = self.constant(name + ".scale", scale.astype(np.float32))
        found_scales = self.add("Gather", scales, rows, axis=0)
        return self.add("Mul", self.add("Cast", found, to=TensorProto.FLOAT), found_scales)


def build(weights: Weights, layers: int) -> onnx.ModelProto:
    """Return the graph of a network's weights, by name as `training.network.arrays` gives them."""
    g = _Graph()
    count = g.add("Shape", "ids")
    x = _embedding(g, weights, count)
    for i in range(layers):
        x = _layer(g, weights, f"layers.{i}.", x)
    hidden = g.add("Squeeze", x, g.integers(0))
    logits = g.linear(hidden, "anchor", weights["anchor.weight"], weights["anchor.bias"])
    g.add("Softmax", logits, axis=-1, name="anchors")
    _candidates(g)
    _pairs(g, weights, hidden, count)
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["pieces"]) for name in ("ids", "flags")]
    outputs = [
        helper.make_tensor_value_info("anchors", TensorProto.FLOAT, ["pieces", ANCHOR_CLASSES]),
        helper.make_tensor_value_info("at", TensorProto.INT64, ["candidates"]),
        helper.make_tensor_value_info("roles", TensorProto.FLOAT, ["candidates", ROLES, "pieces"]),
    ]
    graph = helper.make_graph(g.nodes, "attributions", inputs, outputs, g.initializers)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="attributions")
    onnx.checker.check_model(model)
    return model


def _embedding(g: _Graph, w: Weights, count: str) -> str:
    word = g.int8_table("word", w["word.weight"], "ids")
    positions = g.constant("position", w["position.weight"][:_POSITIONS])
    position = g.add("Slice", positions, g.integers(0), count, g.integers(0))
    flag = g.add("Gather", g.constant("flag", w["flag.weight"]), "flags", axis=0)
    x = g.add("Add", g.add("Add", word, position), flag)
    return g.add("Unsqueeze", _norm(g, w, x, "norm"), g.integers(0))


def _layer(g: _Graph, w: Weights, p: str, x: str) -> str:
    qkv = g.int8_linear(x, p + "qkv", w[p + "qkv.weight"], w[p + "qkv.bias"])
    q, k, v = g.split(qkv, 3)
    attention = g.add("MultiHeadAttention", q, k, v, num_heads=HEADS, domain=_MICROSOFT)
    out = g.int8_linear(attention, p + "out", w[p + "out.weight"], w[p + "out.bias"])
    x = _norm(g, w, g.add("Add", x, out), p + "norm1")
    up = g.int8_linear(x, p + "up", w[p + "up.weight"], w[p + "up.bias"])
    # The tanh form: training's erf scored no better on val, and int8 errs more than it does.
    up = g.add("FastGelu", up, domain=_MICROSOFT)
    down = g.int8_linear(up, p + "down", w[p + "down.weight"], w[p + "down.bias"])
    return _norm(g, w, g.add("Add", x, down), p + "norm2")


def _norm(g: _Graph, w: Weights, x: str, name: str) -> str:
    gamma, beta = (
        g.constant(name + ".weight", w[name + ".weight"]),
        g.constant(name + ".bias", w[name + ".bias"]),
    )
    return g.add("LayerNormalization", x, gamma, beta, axis=-1, epsilon=1e-12)


def _candidates(g: _Graph) -> None:
    none = g.add("Gather", "anchors", g.constant("zero", np.array(0, np.int64)), axis=1)
    likely = g.add("Less", none, g.constant("candidate", np.array(1 - CANDIDATE, np.float32)))
    found = g.add("Squeeze", g.add("NonZero", likely), g.integers(0))
    g.add("Concat", g.integers(0), found, axis=0, name="at")


def _pairs(g: _Graph, w: Weights, hidden: str, count: str) -> None:
    token = g.linear(hidden, "token", w["token.weight"], w["token.bias"])
    anchor = g.add("Gather", hidden, "at", axis=0)
    head_bias = w["head.bias"] + np.repeat(np.array([1, 0], np.float32), PAIR)
    head = g.linear(anchor, "head", w["head.weight"], head_bias)
    scale, shift = g.split(g.add("Unsqueeze", head, g.integers(1)), 2)
    distance = g.add("Gather", g.constant("distance", w["distance"]), _offsets(g, count), axis=0)
    z = g.add("Add", g.add("Add", g.add("Mul", token, scale), shift), distance)
    z = g.add("Transpose", g.add("Relu", z), perm=[0, 2, 1])
    smooth_inputs = [g.constant(f"smooth.{kind}", w[f"smooth.{kind}"]) for kind in ("weight", "bias")]
    smooth = g.add("Relu", g.add("Conv", z, *smooth_inputs, kernel_shape=[5], pads=[2, 2]))
    role_weight = g.constant("role.weight", w["role.weight"][:, :, None])
    logits = g.add("Conv", g.add("Add", z, smooth), role_weight, g.constant("role.bias", w["role.bias"]))
    g.add("Softmax", logits, axis=1, name="roles")


def _offsets(g: _Graph, count: str) -> str:
    zero, one = g.constant("zero", np.array(0, np.int64)), g.constant("one", np.array(1, np.int64))
    pieces = g.add("Range", zero, g.add("Squeeze", count), one)
    offsets = g.add("Sub", g.add("Unsqueeze", pieces, g.integers(0)), g.add("Unsqueeze", "at", g.integers(1)))
    inside = g.add(
        "Clip",
        offsets,
        g.constant("low", np.array(-FAR, np.int64)),
        g.constant("high", np.array(FAR, np.int64)),
    )
    return g.add("Add", inside, g.constant("far", np.array(FAR, np.int64)))
