"""The network as an ONNX graph with the fused operators of ONNX Runtime.

Written node by node: the runtime's own fusions do not find the attention in what torch exports, and
the fused graph takes a fifth less time. The heads are part of it, so their weights have 8 bits too.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from scripts.understand.net import HEADS, WIDTH, CommandNet, Layer

RUNTIME = "com.microsoft"
EPSILON = 1e-12


class _Graph:
    """Nodes and constants of a graph while it is written."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: torch.Tensor | np.ndarray) -> str:
        array = value.detach().numpy() if isinstance(value, torch.Tensor) else value
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, op: str, inputs: list[str], output: str, domain: str = "", **attributes) -> str:
        made = helper.make_node(op, inputs, [output], name=output, domain=domain, **attributes)
        self.nodes.append(made)
        return output


def write_graph(net: CommandNet, to: Path) -> None:
    """The graph, in float32: words (1, T, 384) -> scores of all heads (1, T, outputs)."""
    graph = _Graph()
    encoder = net.encoder
    graph.node("Shape", ["words"], "length", start=1, end=2)
    places = graph.constant("places", encoder.place.weight)
    zero = graph.constant("zero", np.array([0], np.int64))
    graph.node("Slice", [places, zero, "length"], "own_places")
    graph.node("Add", ["words", "own_places"], "placed")
    norm = [graph.constant(f"norm_{k}", getattr(encoder.norm, k)) for k in ("weight", "bias")]
    seen = graph.node("LayerNormalization", ["placed", *norm], "normed", axis=-1, epsilon=EPSILON)
    for number, layer in enumerate(encoder.layers):
        assert isinstance(layer, Layer)
        seen = _layer(graph, layer, seen, f"layer{number}_")
    heads = (net.functions, net.labels, net.tags, net.starts)
    weights = graph.constant("heads_weight", torch.cat([head.weight for head in heads]).T)
    bias = graph.constant("heads_bias", torch.cat([head.bias for head in heads]))
    graph.node("MatMul", [seen, weights], "unbiased")
    graph.node("Add", ["unbiased", bias], "scores")
    outputs = sum(head.out_features for head in heads)
    shapes = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "t", width])
        for name, width in (("words", WIDTH), ("scores", outputs))
    ]
    body = helper.make_graph(graph.nodes, "command_model", shapes[:1], shapes[1:], graph.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(RUNTIME, 1)]
    onnx.save(helper.make_model(body, opset_imports=opsets, ir_version=9), to)


def _layer(graph: _Graph, layer: Layer, seen: str, name: str) -> str:
    """One layer behind the node `seen`; the name of its output."""
    own = {
        f"{part}_{kind}": graph.constant(
            f"{name}{part}_{kind}",
            value.T if kind == "weight" and "norm" not in part else value,
        )
        for part in ("qkv", "out", "norm1", "up", "down", "norm2")
        for kind, value in getattr(layer, part).named_parameters()
    }
    graph.node("Attention", [seen, own["qkv_weight"], own["qkv_bias"]], f"{name}attention",
               RUNTIME, num_heads=HEADS)  # fmt: skip
    graph.node("MatMul", [f"{name}attention", own["out_weight"]], f"{name}mixed")
    graph.node(
        "SkipLayerNormalization",
        [f"{name}mixed", seen, own["norm1_weight"], own["norm1_bias"], own["out_bias"]],
        f"{name}middle", RUNTIME, epsilon=EPSILON,
    )  # fmt: skip
    graph.node("MatMul", [f"{name}middle", own["up_weight"]], f"{name}wide")
    graph.node("BiasGelu", [f"{name}wide", own["up_bias"]], f"{name}active", RUNTIME)
    graph.node("MatMul", [f"{name}active", own["down_weight"]], f"{name}narrow")
    return graph.node(
        "SkipLayerNormalization",
        [f"{name}narrow", f"{name}middle", own["norm2_weight"], own["norm2_bias"],
         own["down_bias"]],
        f"{name}seen", RUNTIME, epsilon=EPSILON,
    )  # fmt: skip
