"""A trained network as the files that the package ships: encoder in ONNX with 8-bit weights, heads,
word pieces."""

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from scripts.npz import write_npz
from scripts.understand.net import WIDTH, CommandNet


class _Hidden(nn.Module):
    def __init__(self, net: CommandNet) -> None:
        super().__init__()
        self.encoder = net.encoder

    def forward(self, words: Tensor) -> Tensor:
        return self.encoder.read(words)


def export(net: CommandNet, pieces: Path, names: dict, temperature: float, to: Path) -> None:
    """Writes command_model.onnx (word vectors to vectors in their place), command_words.npy (the
    word vectors, 8 bits, a scale a row), command_model.npz and command_pieces.txt into `to`."""
    net.eval()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _Hidden(net).eval(), (torch.randn(1, 12, WIDTH),), str(whole), dynamo=True,
            input_names=["words"], output_names=["hidden"], external_data=False, verbose=False,
            dynamic_shapes=({1: torch.export.Dim("t", min=2, max=96)},),
        )  # fmt: skip
        _quantise(whole, to / "command_model.onnx")
    arrays = {
        f"{head}_{kind[0]}": getattr(getattr(net, head), kind).detach().numpy().astype(np.float16)
        for head in ("functions", "tags", "starts") for kind in ("weight", "bias")
    }  # fmt: skip
    table = net.encoder.table().detach().numpy()
    scale = np.abs(table).max(axis=1, keepdims=True) / 127
    np.save(to / "command_words.npy", np.round(table / scale).astype(np.int8))
    arrays["scale"] = scale.astype(np.float16)
    arrays["names"] = np.array(json.dumps(names, ensure_ascii=False))
    arrays["temperature"] = np.float32(temperature)
    write_npz(to / "command_model.npz", arrays)
    shutil.copyfile(pieces, to / "command_pieces.txt")


def _quantise(whole: Path, to: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(whole, to, weight_type=QuantType.QInt8, per_channel=True, reduce_range=False)


def main() -> None:
    """Exports what `train.py` left in a folder: python -m scripts.understand.export FROM TO"""
    import sys

    from scripts.understand.net import Encoder

    source, to = Path(sys.argv[1]), Path(sys.argv[2])
    state = torch.load(source / "net.pt", weights_only=True)
    names = json.loads((source / "names.json").read_text("utf-8"))
    layers = 1 + max(int(k.split(".")[2]) for k in state if k.startswith("encoder.layers."))
    encoder = Encoder(len(state["encoder.fixed"]), len(state["encoder.learnt"]), layers)
    net = CommandNet(
        encoder, len(names["functions"]), len(names["tags"]), len(state["labels.bias"])
    )
    net.load_state_dict(state)
    export(net, source / "pieces.txt", names, 1.0, to)


if __name__ == "__main__":
    main()
