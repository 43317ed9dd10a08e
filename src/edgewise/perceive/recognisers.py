"""Which recognisers of speech there are, by name: those of packages, and larger ones of model hubs.

It loads none (`hub_ears.py`), so that settings and lists can name them. A hub's model is a folder
that the owner of the device puts under the hub folder; nothing is fetched here.
"""

from pathlib import Path

from msgspec import Struct

from edgewise.core.words import Language
from edgewise.errors import UserError

MOONSHINE = "moonshine-tiny-en"
WHISPER = "whisper-base"
PACKAGED = {
    MOONSHINE: (Language.ENGLISH,),
    WHISPER: (Language.ENGLISH, Language.CHINESE),
}
"""Those of packages, with their languages; by default each is used for what it does best."""
WHISPER_FILES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")


class HubModel(Struct, frozen=True):
    """An option: the files of its folder, the package that runs it, its licence, where it is."""

    name: str
    files: tuple[str, ...]
    licence: str
    source: str
    package: str = ""
    languages: tuple[Language, ...] = tuple(Language)


_MODEL_LICENSE = "FunASR Model License 1.1 (attribution; read it before you ship it)"
HUB = {
    one.name: one
    for one in (
        HubModel(
            "sense-voice-small", ("model.int8.onnx", "tokens.txt"), _MODEL_LICENSE,
            "k2-fsa/sherpa-onnx, sherpa-onnx-sense-voice-zh-en-ja-ko-yue", "sherpa-onnx",
        ),
        HubModel(
            "paraformer-zh", ("model.int8.onnx", "tokens.txt"), _MODEL_LICENSE,
            "k2-fsa/sherpa-onnx, sherpa-onnx-paraformer-zh", "sherpa-onnx",
        ),
        *(
            HubModel(
                name, WHISPER_FILES, "MIT",
                f"Systran/faster-{name}, or OpenAI's by ct2-transformers-converter",
            )
            for name in ("whisper-small", "whisper-medium", "whisper-large-v3")
        ),
    )
}  # fmt: skip
RECOGNISERS = (*PACKAGED, *HUB)


def checked(name: str) -> str:
    """The name itself. Raises UserError (`unknown_model`), naming those there are."""
    if name not in RECOGNISERS:
        told = f"no recogniser is called {name!r}; known are: {', '.join(RECOGNISERS)}"
        raise UserError(told, code="unknown_model")
    return name


def missing_files(wanted: HubModel, hub_folder: Path) -> tuple[str, ...]:
    """Those of its files that its folder lacks."""
    folder = hub_folder / wanted.name
    return tuple(file for file in wanted.files if not (folder / file).is_file())


def told_missing(wanted: HubModel, missing: tuple[str, ...], where: str) -> str:
    """What is missing and where to get it."""
    return (
        f"{wanted.name}: {', '.join(missing)} not in {where}; get them from {wanted.source}"
        f" (licence: {wanted.licence}) and put them there"
    )
