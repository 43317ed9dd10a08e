"""A trained network as the files that the package ships: encoder and heads in ONNX
with 8-bit weights, word vectors, word pieces."""

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnx import TensorProto

from scripts.npz import write_npz
from scripts.understand.graph import write_graph
from scripts.understand.net import CommandNet


def export(
    net: CommandNet, pieces: Path, names: dict, follows: np.ndarray, temperature: float, to: Path
) -> None:
    """Writes command_model.onnx (word vectors to the scores of all heads), command_words.npy (the
    word vectors, 8 bits, a scale a row), command_model.npz and command_pieces.txt into `to`;
    `follows` are the transitions between kinds of words."""
    net.eval()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        write_graph(net, whole)
        _quantise(whole, to / "command_model.onnx")
    table = net.encoder.table().detach().numpy()
    scale = np.abs(table).max(axis=1, keepdims=True) / 127
    np.save(to / "command_words.npy", np.round(table / scale).astype(np.int8))
    arrays = {
        "scale": scale.astype(np.float16),
        "names": np.array(json.dumps(names, ensure_ascii=False)),
        "temperature": np.float32(temperature),
        "transitions": follows.astype(np.float16),
    }
    write_npz(to / "command_model.npz", arrays)
    shutil.copyfile(pieces, to / "command_pieces.txt")


def _quantise(whole: Path, to: Path) -> None:
    """8-bit weights of which 7 are used (`reduce_range`). Where a processor has no dot product of
    bytes, the runtime adds pairs of products in 16 bits, which clips those of full weights; the
    same sentence would then be understood on one processor and not on another."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        whole, to, op_types_to_quantize=["MatMul", "Attention"], weight_type=QuantType.QInt8,
        per_channel=True, reduce_range=True,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )  # fmt: skip


def main() -> None:
    """Exports what `train.py` left in a folder: python -m scripts.understand.export FROM TO"""
    import sys

    from scripts.understand.net import Encoder

    source, to = Path(sys.argv[1]), Path(sys.argv[2])
    state = torch.load(source / "net.pt", weights_only=True)
    names = json.loads((source / "names.json").read_text("utf-8"))
    layers = 1 + max(int(k.split(".")[2]) for k in state if k.startswith("encoder.layers."))
    inner = len(state["encoder.layers.0.up.bias"])
    encoder = Encoder(len(state["encoder.fixed"]), len(state["encoder.learnt"]), layers, inner)
    sizes = (len(names["functions"]), len(names["tags"]), len(names["of"]))
    net = CommandNet(encoder, *sizes)
    net.load_state_dict(state)
    follows = np.load(source / "transitions.npy")
    export(net, source / "pieces.txt", names, follows, names.pop("temperature"), to)


if __name__ == "__main__":
    main()
