"""Recognisers by name: those of the packages, and larger ones of model hubs as options.

A hub's model is a folder that the owner of the device puts under the hub folder; nothing is
fetched here. SenseVoice and Paraformer run on sherpa-onnx (Apache-2.0, an own package); any Whisper
converted for CTranslate2 runs as the default one does. Used in the ears' process alone.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from edgewise.core.words import Language
from edgewise.errors import ModelError, UserError
from edgewise.perceive.hear import Vocabulary
from edgewise.perceive.mel import Samples
from edgewise.perceive.moonshine import NAME as MOONSHINE
from edgewise.perceive.moonshine import Moonshine
from edgewise.perceive.perceive import language_of
from edgewise.perceive.recognise import Guess, Recogniser
from edgewise.perceive.whisper import FILES, Whisper
from edgewise.perceive.whisper import NAME as WHISPER
from edgewise.sound.pcm import LISTENING_HZ


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
            HubModel(name, FILES, "MIT", f"Systran/faster-{name}, or OpenAI's by ct2-transformers-"
                     "converter")
            for name in ("whisper-small", "whisper-medium", "whisper-large-v3")
        ),
    )
}  # fmt: skip


def load_recogniser(name: str, hub_folder: Path | None = None, threads: int = 1) -> Recogniser:
    """The recogniser of that name. Raises UserError (`unknown_model`) naming those there are,
    ModelError (`model_missing`, `missing_package`), TrustError."""
    if name == MOONSHINE:
        return Moonshine(threads)
    if name == WHISPER:
        return Whisper(threads=threads)
    if name not in HUB:
        known = ", ".join((MOONSHINE, WHISPER, *HUB))
        told = f"no recogniser is called {name!r}; known are: {known}"
        raise UserError(told, code="unknown_model")
    wanted = HUB[name]
    folder = _folder_of(wanted, hub_folder)
    if not wanted.package:
        return Whisper(folder, name=name, threads=threads)
    return Sherpa(wanted, folder, threads)


def _folder_of(wanted: HubModel, hub_folder: Path | None) -> Path:
    folder = (hub_folder or Path()) / wanted.name
    missing = [file for file in wanted.files if not (folder / file).is_file()]
    if hub_folder is None or missing:
        where = folder if hub_folder is not None else f"the hub folder's {wanted.name}"
        told = (
            f"{wanted.name}: {', '.join(missing or wanted.files)} not in {where}; get them from"
            f" {wanted.source} (licence: {wanted.licence}) and put them there"
        )
        raise ModelError(told, code="model_missing")
    return folder


class Sherpa:
    """SenseVoice or Paraformer. It gives no probabilities; its confidence is 1 where it wrote."""

    longest_s = 28.0

    def __init__(self, wanted: HubModel, folder: Path, threads: int = 1) -> None:
        self.name = wanted.name
        try:
            sherpa: Any = importlib.import_module("sherpa_onnx")
        except ImportError as error:
            told = f"{wanted.name} runs on {wanted.package}; install: pip install {wanted.package}"
            raise ModelError(told, code="missing_package") from error
        files = [str(folder / file) for file in wanted.files]
        maker = sherpa.OfflineRecognizer
        try:
            if wanted.name.startswith("sense-voice"):
                self._model: Any = maker.from_sense_voice(
                    model=files[0], tokens=files[1], num_threads=threads, use_itn=True
                )
            else:
                self._model = maker.from_paraformer(
                    paraformer=files[0], tokens=files[1], num_threads=threads
                )
        except RuntimeError as error:
            told = f"{folder} can not be loaded by {wanted.package}: {error}"
            raise ModelError(told, code="model_missing") from error

    def recognise(
        self,
        samples: Samples,
        *,
        language: Language | None,
        vocabulary: Vocabulary,
        is_final: bool,
        is_cancelled: Callable[[], bool],
    ) -> Guess:
        """The words in `samples`."""
        del vocabulary, is_final, is_cancelled
        stream: Any = self._model.create_stream()
        stream.accept_waveform(LISTENING_HZ, samples)
        self._model.decode_stream(stream)
        text: str = stream.result.text.strip()
        spoken = language or language_of(text)
        return Guess(text, spoken, 1.0 if text else 0.0)
