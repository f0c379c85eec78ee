"""Write a trained network as an ONNX graph, in fp32 or in int8.

    export.py CHECKPOINT OUT.onnx [--int8]

The graph takes one window (`ids`, `flags`: one number a piece, [CLS] first) and
gives `anchors` (pieces × classes), `at` (candidates; the first is always [CLS],
so that there is one) and `roles` (candidates × roles × pieces), all as
probabilities. Built by hand, so that it is small, fused and the same every time.

int8: weights have one scale a column and a range of 7 bits, so that no kernel
saturates; activations get their scale from the one window at hand, so a
window's output depends on nothing but its text.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from net import FAR, HEADS, LAYERS, PAIR, AttributionNet, distance_bucket
from pipeline.quotes.model.decoding import CANDIDATE

POSITIONS = 256
WEIGHT_RANGE = 63
MICROSOFT = "com.microsoft"


class Graph:
    """A growing ONNX graph: nodes and initialisers by name."""

    def __init__(self, int8: bool) -> None:
        self.int8 = int8
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

    def add(self, op: str, *inputs: str, outputs: int = 1, domain: str = "", name: str = "", **attributes: object):
        """Append a node; return its output name, or a tuple of them."""
        base = name or f"{op}_{len(self.nodes)}"
        names = [base] if outputs == 1 else [f"{base}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, domain=domain, **attributes))
        return names[0] if outputs == 1 else tuple(names)

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray | None, quantise: bool = True) -> str:
        """Append x @ weight.T + bias."""
        columns = weight.T.astype(np.float32)
        if self.int8 and quantise:
            scale = np.maximum(np.abs(columns).max(0), 1e-8) / WEIGHT_RANGE
            inputs = [
                x,
                self.constant(name + ".q", np.rint(columns / scale).astype(np.int8)),
                self.constant(name + ".scale", scale.astype(np.float32)),
                self.constant("zero_" + str(len(scale)), np.zeros(len(scale), np.int8)),
            ]
            if bias is not None:
                inputs.append(self.constant(name + ".bias", bias))
            return self.add("DynamicQuantizeMatMul", *inputs, domain=MICROSOFT)
        product = self.add("MatMul", x, self.constant(name + ".weight", columns))
        return product if bias is None else self.add("Add", product, self.constant(name + ".bias", bias))

    def table(self, name: str, weight: np.ndarray, rows: str) -> str:
        """Append a look-up of rows of a table, with one scale a row in int8."""
        if not self.int8:
            return self.add("Gather", self.constant(name, weight), rows, axis=0)
        scale = np.maximum(np.abs(weight).max(1, keepdims=True), 1e-8) / 127
        whole = self.add("Gather", self.constant(name + ".q", np.rint(weight / scale).astype(np.int8)), rows, axis=0)
        scales = self.add("Gather", self.constant(name + ".scale", scale.astype(np.float32)), rows, axis=0)
        return self.add("Mul", self.add("Cast", whole, to=TensorProto.FLOAT), scales)


def build(weights: dict[str, np.ndarray], int8: bool) -> onnx.ModelProto:
    """Return the graph of a network."""
    g = Graph(int8)
    count = g.add("Shape", "ids")
    x = _embedding(g, weights, count)
    for i in range(LAYERS):
        x = _layer(g, weights, f"layers.{i}.", x)
    hidden = g.add("Squeeze", x, g.integers(0))
    logits = g.linear(hidden, "anchor", weights["anchor.weight"], weights["anchor.bias"], quantise=False)
    g.add("Softmax", logits, axis=-1, name="anchors")
    _candidates(g)
    _pairs(g, weights, hidden, count)
    vector = lambda name: helper.make_tensor_value_info(name, TensorProto.INT64, ["pieces"])  # noqa: E731
    outputs = [
        helper.make_tensor_value_info("anchors", TensorProto.FLOAT, ["pieces", 3]),
        helper.make_tensor_value_info("at", TensorProto.INT64, ["candidates"]),
        helper.make_tensor_value_info("roles", TensorProto.FLOAT, ["candidates", 4, "pieces"]),
    ]
    graph = helper.make_graph(g.nodes, "attributions", [vector("ids"), vector("flags")], outputs, g.initializers)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="attributions")
    onnx.checker.check_model(model)
    return model


def _embedding(g: Graph, w: dict[str, np.ndarray], count: str) -> str:
    word = g.table("word", w["word.weight"], "ids")
    positions = g.constant("position", w["position.weight"][:POSITIONS])
    position = g.add("Slice", positions, g.integers(0), count, g.integers(0))
    flag = g.add("Gather", g.constant("flag", w["flag.weight"]), "flags", axis=0)
    x = g.add("Add", g.add("Add", word, position), flag)
    return g.add("Unsqueeze", _norm(g, w, x, "norm"), g.integers(0))


def _layer(g: Graph, w: dict[str, np.ndarray], p: str, x: str) -> str:
    qkv = g.linear(x, p + "qkv", w[p + "qkv.weight"], w[p + "qkv.bias"])
    q, k, v = g.add("Split", qkv, axis=-1, outputs=3)
    attention = g.add("MultiHeadAttention", q, k, v, num_heads=HEADS, domain=MICROSOFT)
    out = g.linear(attention, p + "out", w[p + "out.weight"], w[p + "out.bias"])
    x = _norm(g, w, g.add("Add", x, out), p + "norm1")
    up = g.linear(x, p + "up", w[p + "up.weight"], None)
    up = g.add("BiasGelu", up, g.constant(p + "up.bias", w[p + "up.bias"]), domain=MICROSOFT)
    down = g.linear(up, p + "down", w[p + "down.weight"], w[p + "down.bias"])
    return _norm(g, w, g.add("Add", x, down), p + "norm2")


def _norm(g: Graph, w: dict[str, np.ndarray], x: str, name: str) -> str:
    gamma, beta = g.constant(name + ".weight", w[name + ".weight"]), g.constant(name + ".bias", w[name + ".bias"])
    return g.add("LayerNormalization", x, gamma, beta, axis=-1, epsilon=1e-12)


def _candidates(g: Graph) -> None:
    none = g.add("Gather", "anchors", g.constant("zero", np.array(0, np.int64)), axis=1)
    likely = g.add("Less", none, g.constant("candidate", np.array(1 - CANDIDATE, np.float32)))
    found = g.add("Squeeze", g.add("NonZero", likely), g.integers(0))
    g.add("Concat", g.integers(0), found, axis=0, name="at")


def _pairs(g: Graph, w: dict[str, np.ndarray], hidden: str, count: str) -> None:
    token = g.linear(hidden, "token", w["token.weight"], w["token.bias"], quantise=False)
    anchor = g.add("Gather", hidden, "at", axis=0)
    head_bias = w["head.bias"] + np.repeat(np.array([1, 0], np.float32), PAIR)
    head = g.linear(anchor, "head", w["head.weight"], head_bias, quantise=False)
    scale, shift = g.add("Split", g.add("Unsqueeze", head, g.integers(1)), axis=-1, outputs=2)
    distance = g.add("Gather", g.constant("distance", w["distance"]), _offsets(g, count), axis=0)
    z = g.add("Add", g.add("Add", g.add("Mul", token, scale), shift), distance)
    z = g.add("Transpose", g.add("Relu", z), perm=[0, 2, 1])
    smooth_inputs = [g.constant(f"smooth.{kind}", w[f"smooth.{kind}"]) for kind in ("weight", "bias")]
    smooth = g.add("Relu", g.add("Conv", z, *smooth_inputs, kernel_shape=[5], pads=[2, 2]))
    role_weight = g.constant("role.weight", w["role.weight"][:, :, None])
    logits = g.add("Conv", g.add("Add", z, smooth), role_weight, g.constant("role.bias", w["role.bias"]))
    g.add("Softmax", logits, axis=1, name="roles")


def _offsets(g: Graph, count: str) -> str:
    zero, one = g.constant("zero", np.array(0, np.int64)), g.constant("one", np.array(1, np.int64))
    pieces = g.add("Range", zero, g.add("Squeeze", count), one)
    offsets = g.add("Sub", g.add("Unsqueeze", pieces, g.integers(0)), g.add("Unsqueeze", "at", g.integers(1)))
    inside = g.add("Clip", offsets, g.constant("low", np.array(-FAR, np.int64)), g.constant("high", np.array(FAR, np.int64)))
    return g.add("Add", inside, g.constant("far", np.array(FAR, np.int64)))


def load_weights(checkpoint: Path) -> dict[str, np.ndarray]:
    """Read a checkpoint; the distance table is spread out to one row a distance."""
    net = AttributionNet()
    net.load_state_dict(torch.load(checkpoint, weights_only=True))
    weights = {k: v.numpy() for k, v in net.state_dict().items()}
    buckets = distance_bucket(torch.arange(-FAR, FAR + 1)).numpy()
    return weights | {"distance": weights["distance.weight"][buckets]}


def main() -> None:
    """Export a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--int8", action="store_true")
    args = parser.parse_args()
    onnx.save(build(load_weights(args.checkpoint), args.int8), args.out)
    print(args.out, f"{args.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
