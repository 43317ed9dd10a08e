"""The tensors of a checkpoint's folder: found by their headers, read one at a time on demand.

One `model.safetensors`, or shards that `model.safetensors.index.json` lists. Opening reads headers
only; a file is mapped while a tensor of it is read and no longer, and stacked experts are read one
by one, so what is in memory beside the reader's own tensor is one matrix.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from edgewise.errors import UserError
from edgewise.step3.fp8 import dequantise, scale_shape

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
SCALE = "_scale_inv"
FP8 = "F8_E4M3"
KINDS = {"F32": torch.float32, "BF16": torch.bfloat16, "F16": torch.float16}
SHOWN = 5
"""How many of the tensors that do not fit an error names."""


class Found(NamedTuple):
    """Where a tensor lies and what its header says; `kind` is safetensors' name of a type."""

    file: Path
    shape: tuple[int, ...]
    kind: str


class Part(NamedTuple):
    """The places from `start` up to `stop` of a tensor's dimension `dim`."""

    dim: int
    start: int
    stop: int

    def of(self, shape: tuple[int, ...]) -> tuple[slice, ...]:
        """The index that takes this part from a tensor of that shape."""
        return tuple(
            slice(self.start, self.stop) if dim == self.dim else slice(0, size)
            for dim, size in enumerate(shape)
        )


class Checkpoint:
    """The tensors of `folder`, by name. Raises UserError that names the file, and the tensor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tensors: dict[str, Found] = {}
        for file, listed in _files(folder).items():
            self._look(file, listed)

    def dtype_of(self, name: str) -> torch.dtype:
        """The type to hold a tensor in: as it is stored, and what was fp8 as bf16."""
        return KINDS.get(self.tensors[name].kind, torch.bfloat16)

    def expect(self, shapes: Mapping[str, tuple[int, ...]], *, others: tuple[str, ...]) -> None:
        """Raises UserError unless the tensors are exactly these, beside those whose names begin
        with one of `others`."""
        wrong = [
            f"{name}: missing from {self.folder}" for name in shapes if name not in self.tensors
        ]
        for name, (file, shape, kind) in self.tensors.items():
            if name in shapes:
                if shape != shapes[name]:
                    wrong.append(
                        f"{name} in {file.name}: shape {shape}; the config says {shapes[name]}"
                    )
                elif kind == FP8:
                    wrong += self._wrong_scale(name)
                elif kind not in KINDS:
                    wrong.append(f"{name} in {file.name}: type {kind}; {_readable()} are read")
            elif not name.startswith(others) and not self._is_scale(name, shapes):
                wrong.append(f"{name} in {file.name}: not a tensor of this model")
        if wrong:
            more = f"\n  and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
            listed = "".join(f"\n  {one}" for one in wrong[:SHOWN])
            raise _bad(f"the checkpoint does not fit its config:{listed}{more}")

    def read(self, name: str, into: Tensor, part: Part | None = None) -> None:
        """Fills `into`, of the tensor's or the part's shape, in its own type and on its own device.

        Of a tensor of experts (three dimensions) only whole experts can be a part."""
        found = self.tensors[name]
        scales = self._scales(name) if found.kind == FP8 else None
        whole = Part(0, 0, found.shape[0])
        cut = (part or whole).of(found.shape)
        with torch.no_grad(), _opened(found.file) as file:
            stored = file.get_slice(name)
            if len(found.shape) < 3:
                into.copy_(stored[cut] if scales is None else dequantise(stored[:], scales)[cut])
                return
            for place, e in enumerate(range(found.shape[0])[cut[0]]):
                into[place].copy_(_whole(stored[e], None if scales is None else scales[e]))

    def _scales(self, name: str) -> Tensor:
        with _opened(self.tensors[name + SCALE].file) as file:
            scales = file.get_tensor(name + SCALE)
        if not bool(scales.isfinite().all()):
            raise _bad(f"{name + SCALE} in {self.tensors[name + SCALE].file}: not all are numbers")
        return scales

    def _look(self, path: Path, listed: set[str] | None) -> None:
        """Takes down a file's header. `listed` is what an index says is in it."""
        with _opened(path) as file:
            names = set(file.keys())
            for name in listed - names if listed is not None else ():
                raise _bad(f"{name}: {INDEX} says it is in {path}, but it is not")
            for name in sorted(names):
                if listed is not None and name not in listed:
                    raise _bad(f"{name} is in {path}, but {INDEX} does not say so")
                part = file.get_slice(name)
                self.tensors[name] = Found(path, tuple(part.get_shape()), part.get_dtype())

    def _wrong_scale(self, name: str) -> list[str]:
        found, scale = self.tensors[name], self.tensors.get(name + SCALE)
        if len(found.shape) < 2:
            return [f"{name} in {found.file.name}: type {FP8}; only matrices are read from it"]
        if scale is None:
            return [f"{name + SCALE}: missing from {self.folder}; {name} is {FP8}"]
        if scale.shape != (wanted := scale_shape(found.shape)):
            said = f"shape {scale.shape}; blocks of 128 x 128 need {wanted}"
            return [f"{name + SCALE} in {scale.file.name}: {said}"]
        if scale.kind not in KINDS:
            return [f"{name + SCALE} in {scale.file.name}: type {scale.kind}; F32 is usual"]
        return []

    def _is_scale(self, name: str, shapes: Mapping[str, tuple[int, ...]]) -> bool:
        weight = name.removesuffix(SCALE)
        found = self.tensors.get(weight)
        return weight != name and weight in shapes and found is not None and found.kind == FP8


def _whole(stored: Tensor, scales: Tensor | None) -> Tensor:
    return stored if scales is None else dequantise(stored, scales)


def _readable() -> str:
    return ", ".join([*KINDS, FP8])


def _files(folder: Path) -> dict[Path, set[str] | None]:
    """The files of a checkpoint, each with the names that an index says are in it."""
    index, single = folder / INDEX, folder / SINGLE
    if index.is_file() and single.is_file():
        raise _bad(f"{folder} has both {SINGLE} and {INDEX}; remove the one that is out of date")
    if single.is_file():
        return {single: None}
    if not index.is_file():
        raise _bad(f"{folder} has neither {SINGLE} nor {INDEX}; it holds no weights to load")
    listed: dict[Path, set[str] | None] = {}
    for name, file in _weight_map(index).items():
        if Path(file).name != file or not file.endswith(".safetensors"):
            raise _bad(f"{index}: {name} is said to be in {file!r}, which is no file beside it")
        if not _is_file(folder / file):
            raise _bad(f"{name}: {INDEX} says it is in {folder / file}, which does not exist")
        listed[folder / file] = (listed.get(folder / file) or set()) | {name}
    return listed


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than a name may be
        return False


def _weight_map(index: Path) -> dict[str, str]:
    class Listed(msgspec.Struct):
        weight_map: dict[str, str]

    try:
        return msgspec.json.decode(index.read_bytes(), type=Listed).weight_map
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _bad(f"{index} cannot be read: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The file, with errors of the library and of the disk as UserErrors that name it."""
    try:
        with safe_open(path, framework="pt") as file:
            yield file
    except (SafetensorError, OSError) as error:
        cut = _first_cut(path)
        said = f"it ends within {cut}; fetch it again" if cut else str(error)
        raise _bad(f"{path} cannot be read: {said}") from error


def _first_cut(path: Path) -> str:
    """The tensor, by place in the file, that a file which is too short breaks off in."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > path.stat().st_size:
                return ""
            header = json.loads(file.read(length))
        held = path.stat().st_size - 8 - length
        ends = [(one["data_offsets"][1], n) for n, one in header.items() if n != "__metadata__"]
    except (OSError, ValueError, TypeError, KeyError, IndexError, RecursionError, AttributeError):
        return ""
    return min(((end, name) for end, name in ends if end > held), default=(0, ""))[1]


def _bad(what: str) -> UserError:
    return UserError(what, code="bad_checkpoint")
