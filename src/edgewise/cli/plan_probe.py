"""A made-up model for a measurement: a GGUF file of chosen sizes and format with random weights.

llama.cpp works on random weights as long as on learnt ones, if the blocks' 16-bit scales spread as
those do: with one scale for all it was a quarter faster (it looks scales up in a table of 256 KB).
Nothing else of a block matters; its other bytes are random.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import Struct

from edgewise.plan.arch import Architecture, Dense, Gqa, LayerGroup
from edgewise.plan.number_format import NumberFormat

VOCABULARY = 512
"""Of a probe, unless another is asked for: enough to name its prompt by numbers."""
SCALE, SPREAD = 2.0**-9, 0.5
"""The middle of the scales, and how their logarithms spread, in a matrix and among matrices
(SmolLM2's: about that)."""
OFFSET = -8
"""A block's second scale, its offset, by its first: four bits go from -8 to 7."""


class Layout(Struct, frozen=True):
    """A block: its bytes, its weights, and the first byte of each 16-bit scale (ggml-common.h)."""

    size_bytes: int
    weights: int
    scales: tuple[int, ...]


LAYOUTS = {
    NumberFormat.FP16: Layout(2, 1, ()),
    NumberFormat.Q8_0: Layout(34, 32, (0,)),
    NumberFormat.Q6_K: Layout(210, 256, (208,)),
    NumberFormat.Q5_K: Layout(176, 256, (0, 2)),
    NumberFormat.Q5_1: Layout(24, 32, (0, 2)),
    NumberFormat.Q5_0: Layout(22, 32, (0,)),
    NumberFormat.Q4_K: Layout(144, 256, (0, 2)),
    NumberFormat.Q4_1: Layout(20, 32, (0, 2)),
    NumberFormat.Q4_0: Layout(18, 32, (0,)),
    NumberFormat.Q3_K: Layout(110, 256, (108,)),
    NumberFormat.Q2_K: Layout(84, 256, (80, 82)),
}
"""Formats that a probe can be made of."""


def probe_model(
    layers: int, attention: Gqa, hidden: int, width: int, vocab: int = VOCABULARY
) -> Architecture:
    """The sizes of a probe: a Llama with that many layers."""
    return Architecture(
        name="probe",
        hidden=hidden,
        vocab=vocab,
        groups=(LayerGroup(layers, attention, Dense(width), NumberFormat.FP16),),
        tied=True,
        max_context=8192,
    )


def write_probe(path: Path, model: Architecture, stored: NumberFormat) -> None:
    """Write the probe as a GGUF file with its matrices in `stored`, one of `LAYOUTS`; widths are
    multiples of its block. Raises ImportError without the package `gguf`."""
    gguf: Any = import_module("gguf")
    group = model.groups[0]
    attention, ffn = group.attention, group.ffn
    assert isinstance(attention, Gqa), "a probe is a Llama"
    assert isinstance(ffn, Dense), "a probe is a Llama"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(group.layers)
    writer.add_context_length(model.max_context)
    writer.add_embedding_length(model.hidden)
    writer.add_feed_forward_length(ffn.width)
    writer.add_head_count(attention.heads)
    writer.add_head_count_kv(attention.kv_heads)
    writer.add_key_length(attention.head_dim)
    writer.add_value_length(attention.head_dim)
    writer.add_rope_dimension_count(attention.head_dim)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(model.vocab)
    _add_vocabulary(writer, gguf, model.vocab)
    queries, keys = attention.heads * attention.head_dim, attention.kv_heads * attention.head_dim
    matrices = {
        "attn_q": (queries, model.hidden),
        "attn_k": (keys, model.hidden),
        "attn_v": (keys, model.hidden),
        "attn_output": (model.hidden, queries),
        "ffn_gate": (ffn.width, model.hidden),
        "ffn_up": (ffn.width, model.hidden),
        "ffn_down": (model.hidden, ffn.width),
    }
    _add_norm(writer, "output_norm", model.hidden)
    _add_matrix(writer, gguf, "token_embd", (model.vocab, model.hidden), NumberFormat.Q8_0)
    for layer in range(group.layers):
        for name, (outputs, inputs) in matrices.items():
            _add_matrix(writer, gguf, f"blk.{layer}.{name}", (outputs, inputs), stored)
        for name in ("attn_norm", "ffn_norm"):
            _add_norm(writer, f"blk.{layer}.{name}", model.hidden)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_norm(writer: Any, name: str, width: int) -> None:
    import numpy

    writer.add_tensor(f"{name}.weight", numpy.ones(width, dtype=numpy.float32))


def _add_matrix(
    writer: Any, gguf: Any, name: str, shape: tuple[int, int], stored: NumberFormat
) -> None:
    """Rows of random blocks."""
    import numpy

    outputs, inputs = shape
    layout = LAYOUTS[stored]
    random = numpy.random.default_rng(list(name.encode()))
    if stored is NumberFormat.FP16:
        writer.add_tensor(f"{name}.weight", (random.standard_normal(shape) * 0.02).astype("f2"))
        return
    blocks = random.integers(
        0, 256, (outputs, inputs // layout.weights, layout.size_bytes), dtype=numpy.uint8
    )
    middle = SCALE * numpy.exp(random.normal(0, SPREAD))
    for first, times in zip(layout.scales, (1, OFFSET), strict=False):
        scales = times * middle * numpy.exp(random.normal(0, SPREAD, blocks.shape[:2]))
        blocks[:, :, first : first + 2] = scales.astype("f2")[:, :, None].view(numpy.uint8)
    kind = gguf.GGMLQuantizationType[stored.name]
    writer.add_tensor(f"{name}.weight", blocks.reshape(outputs, -1), raw_dtype=kind)


def _add_vocabulary(writer: Any, gguf: Any, size: int) -> None:
    """Tokens of made-up letters and no merges: a probe is asked by numbers."""
    tokens = ["<end>", *(f"t{number}" for number in range(1, size))]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL] + [gguf.TokenType.NORMAL] * (size - 1))
    writer.add_token_merges(["t 1"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
