"""A model from a folder in the layout of the published checkpoint, and back into one.

Loading fills the layers one after the other: beside the finished model, one matrix is in memory.
What does not fit is told before anything is read.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor, nn

from edgewise.errors import UserError
from edgewise.step3.checkpoint import INDEX, SCALE, SINGLE, Checkpoint
from edgewise.step3.config import Step3Config, Step3VLConfig, text_part
from edgewise.step3.config_file import CONFIG, config_document, read_config
from edgewise.step3.fp8 import BLOCK, quantise
from edgewise.step3.layout import is_projection, tensor_shapes
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.vision_language import Step3VL

VISION = ("vision_model.", "vit_")
"""How the names of the vision part's tensors begin, which stand in the same files."""
SHARD_BYTES = 4 * 2**30


def load_model(
    folder: Path,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str = "cpu",
    plain: bool = False,
    vision: bool = False,
) -> Step3ForCausalLM:
    """The text model of a folder, or with `vision` the whole, a Step3VL, in `dtype` (None: as the
    head is stored).

    Raises UserError, which names the key of the config, or the tensor and its file."""
    config = read_config(folder)
    if vision and not isinstance(config, Step3VLConfig):
        raise UserError(f"{folder} has no vision; load it without", code="bad_checkpoint")
    checkpoint = open_checkpoint(folder, config, vision=vision)
    with torch.device("meta"):  # shapes without memory
        model = model_of(config if vision else text_part(config), plain=plain)
    fill(model, checkpoint, dtype=dtype, device=device)
    return model


def model_of(config: Step3Config, *, plain: bool = False) -> Step3ForCausalLM:
    """The model of a config, with eyes where it has vision."""
    whole = isinstance(config, Step3VLConfig)
    return Step3VL(config, plain=plain) if whole else Step3ForCausalLM(config, plain=plain)


def open_checkpoint(folder: Path, config: Step3Config, *, vision: bool = False) -> Checkpoint:
    """The folder's tensors, once they are seen to be those of the config; without `vision` those of
    the text part, beside which there may be others. Raises UserError."""
    wanted = config if vision else text_part(config)
    checkpoint = Checkpoint(folder)
    checkpoint.expect(tensor_shapes(wanted), others=() if wanted is config else VISION)
    return checkpoint


def fill(
    model: nn.Module,
    checkpoint: Checkpoint,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str = "cpu",
) -> None:
    """Gives a model on the meta device its parameters, one after the other."""
    model.to(dtype or checkpoint.dtype_of("lm_head.weight")).to_empty(device=device)
    for name, weight in model.named_parameters():
        checkpoint.read(name, weight)


def save_model(
    model: Step3ForCausalLM,
    folder: Path,
    *,
    dtype: torch.dtype | None = None,
    fp8: bool = False,
    shard_bytes: int = SHARD_BYTES,
) -> None:
    """Writes a model that `load_model` and other engines read, in `dtype` (None: as it is), the
    large products in block fp8 if `fp8`. The folder appears whole or not at all.

    Raises UserError where it exists and is not empty, or cannot be written."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} exists; name a new folder", code="exists_already")
    part = folder.with_name(folder.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        document = config_document(model.config)
        if fp8:
            document["quantization_config"] = {
                "quant_method": "fp8",
                "weight_block_size": [BLOCK, BLOCK],
            }
        _write_shards(part, _shards(model, dtype, fp8, shard_bytes))
        (part / CONFIG).write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2))
        part.replace(folder)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise UserError(f"{folder} cannot be written: {error}", code="cannot_write") from error


def _shards(
    model: nn.Module, dtype: torch.dtype | None, fp8: bool, shard_bytes: int
) -> Iterator[dict[str, Tensor]]:
    """The tensors in order, in parts of at most `shard_bytes`; one that is larger stands alone."""
    shard: dict[str, Tensor] = {}
    size = 0
    for name, parameter in model.named_parameters():
        for key, tensor in _stored(name, parameter.detach(), dtype, fp8):
            if shard and size + tensor.nbytes > shard_bytes:
                yield shard
                shard, size = {}, 0
            shard[key] = tensor
            size += tensor.nbytes
    yield shard


def _stored(
    name: str, weight: Tensor, dtype: torch.dtype | None, fp8: bool
) -> Iterator[tuple[str, Tensor]]:
    if fp8 and is_projection(name):
        stored, scales = quantise(weight)
        yield name, stored.cpu().contiguous()
        yield name + SCALE, scales.cpu().contiguous()
    else:
        yield name, weight.to("cpu", dtype or weight.dtype).contiguous()


def _write_shards(folder: Path, shards: Iterator[dict[str, Tensor]]) -> None:
    """One file for each shard; more than one get an index, and their number into their names."""
    held: list[dict[str, int]] = []
    for number, shard in enumerate(shards):
        file = folder / f"{number}.safetensors"
        save_file(shard, file, metadata={"format": "pt"})
        file.chmod(folder.stat().st_mode & 0o666)  # the library leaves it to its owner alone
        held.append({name: tensor.nbytes for name, tensor in shard.items()})
    if len(held) == 1:
        (folder / "0.safetensors").rename(folder / SINGLE)
        return
    weight_map: dict[str, str] = {}
    for number, sizes in enumerate(held):
        name = f"model-{number + 1:05}-of-{len(held):05}.safetensors"
        (folder / f"{number}.safetensors").rename(folder / name)
        weight_map |= dict.fromkeys(sizes, name)
    total = sum(size for sizes in held for size in sizes.values())
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / INDEX).write_bytes(msgspec.json.format(msgspec.json.encode(index), indent=2))
