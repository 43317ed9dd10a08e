"""A model for the planner from what a person names: one of the list, a config.json, a GGUF file."""

import struct
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.errors import ModelError, UserError
from edgewise.plan import gguf_config, hf_config
from edgewise.plan.arch import Architecture
from edgewise.plan.builtin import find_model, models_from
from edgewise.plan.gguf_config import GgufTensor
from edgewise.plan.hf_quantization import Quantization, quantization_of
from edgewise.plan.stored import StoredWeights

MAGIC = b"GGUF"
HEADER = struct.Struct("<4sIQQ")
VERSIONS = (2, 3)
MOST_ENTRIES = 1_000_000
MOST_JSON_BYTES = 10_000_000


class ReadModel(Struct, frozen=True):
    """A model and where it was read; `weights` are a file's exact bytes, None where not known.
    `folder` is a local one that an engine is given, empty for a model of the list."""

    architecture: Architecture
    source: str
    weights: StoredWeights | None = None
    quantization: Quantization | None = None
    folder: str = ""


def read_model(path_or_name: str | Path) -> ReadModel:
    """The model of that name, of a `config.json`, of a folder with one, or of a GGUF file.

    Raises UserError that names what is wrong, and ModelError for a GGUF file without the extra
    `plan`."""
    path = Path(path_or_name)
    if path.is_dir():
        path = path / "config.json"
        if not path.is_file():
            raise UserError(f"{path} is not there; name the folder of a model with its config.json")
    if path.is_file():
        try:
            return _from_file(path)
        except OSError as error:
            raise _wrong(path, f"cannot be read: {error.strerror or error}") from error
    name = str(path_or_name)
    if name.lower().endswith((".json", ".gguf")):
        raise UserError(f"{name} is not there; name a file that is", code="bad_architecture")
    listed = models_from(files("edgewise.plan").joinpath("models.toml").read_bytes())
    model = find_model(name, listed)
    return ReadModel(model, model.source)


def read_gguf(path: Path) -> ReadModel:
    """The model of a GGUF file, of which only the header is read. Raises as `read_model` does."""
    _check_header(path)
    try:
        gguf: Any = import_module("gguf")
    except ImportError as error:
        raise ModelError(
            "reading a GGUF file needs the extra plan: pip install 'edgewise[plan]'",
            code="model_missing",
        ) from error
    try:
        reader = _bounded(gguf)(path, "r")
        metadata = {
            key: field.contents()
            for key, field in reader.fields.items()
            if not key.startswith("tokenizer.")
        }
        tensors = [
            GgufTensor(
                name=str(tensor.name),
                shape=tuple(int(side) for side in tensor.shape),
                stored=str(tensor.tensor_type.name).lower(),
                size_bytes=int(tensor.n_bytes),
            )
            for tensor in reader.tensors
        ]
    except (ValueError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise _wrong(path, f"is cut short or damaged ({error}); fetch it again") from error
    parts = metadata.get("split.count", 0)
    if not isinstance(parts, int):
        raise _wrong(path, f"is damaged: split.count is {parts!r}; fetch it again")
    if parts > 1:
        raise _wrong(path, f"is one of {parts} parts; join them (llama-gguf-split --merge)")
    own = str(metadata.get("general.name") or path.stem)
    architecture = gguf_config.architecture_of(metadata, tensors, own)
    return ReadModel(architecture, str(path), gguf_config.weights_of(tensors))


def _bounded(gguf: Any) -> Any:
    """The library's reader that stops at a file's end: by itself it reads nothing there and goes
    on, for as long as a damaged length says."""

    library: Any = gguf.GGUFReader

    def get(self: Any, offset: int, dtype: Any, count: int = 1, override_order: Any = None) -> Any:
        found = library._get(self, offset, dtype, count, override_order)
        if len(found) < int(count):
            raise ValueError(f"it ends at byte {len(self.data)}")
        return found

    return type("Bounded", (library,), {"_get": get})


def _from_file(path: Path) -> ReadModel:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) == MAGIC:
            return read_gguf(path)
    if path.suffix.lower() == ".gguf":
        raise _wrong(path, "does not begin with GGUF; it is no GGUF file")
    if path.stat().st_size > MOST_JSON_BYTES:
        raise _wrong(path, "is neither a GGUF file nor a config.json; name one of them")
    try:
        values = msgspec.json.decode(path.read_bytes())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _wrong(path, f"is no JSON: {error}") from error
    name = path.parent.resolve().name if path.name == "config.json" else path.stem
    return ReadModel(
        hf_config.architecture_of(values, name),
        str(path),
        quantization=quantization_of(values),
        folder=str(path.parent if path.name == "config.json" else path),
    )


def _check_header(path: Path) -> None:
    """Refuse a file whose first bytes promise what no file holds: the library would follow them."""
    with path.open("rb") as file:
        start = file.read(HEADER.size)
    if len(start) < HEADER.size:
        raise _wrong(path, f"is cut short: {len(start)} bytes; fetch it again")
    _, version, tensors, entries = HEADER.unpack(start)
    if version not in VERSIONS:
        raise _wrong(path, f"is of GGUF version {version}; 2 and 3 can be read")
    if tensors > MOST_ENTRIES or entries > MOST_ENTRIES:
        raise _wrong(path, f"is damaged: {tensors} tensors, {entries} entries; fetch it again")


def _wrong(path: Path, what: str) -> UserError:
    return UserError(f"{path} {what}", code="bad_architecture")
