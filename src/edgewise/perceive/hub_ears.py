"""Loads recognisers by name: those of the packages, and larger ones of model hubs as options.

Which there are stands in `recognisers.py`. SenseVoice and Paraformer run on sherpa-onnx
(Apache-2.0, an own package); any Whisper converted for CTranslate2 runs as the default one does.
Used in the ears' process alone.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edgewise.core.words import Language
from edgewise.errors import ModelError
from edgewise.perceive.hear import Vocabulary
from edgewise.perceive.mel import Samples
from edgewise.perceive.moonshine import Moonshine
from edgewise.perceive.perceive import language_of
from edgewise.perceive.recognise import Guess, Recogniser
from edgewise.perceive.recognisers import (
    HUB,
    MOONSHINE,
    WHISPER,
    HubModel,
    checked,
    missing_files,
    told_missing,
)
from edgewise.perceive.whisper import Whisper
from edgewise.sound.pcm import LISTENING_HZ


def load_recogniser(name: str, hub_folder: Path | None = None, threads: int = 1) -> Recogniser:
    """The recogniser of that name. Raises UserError (`unknown_model`) naming those there are,
    ModelError (`model_missing`, `missing_package`), TrustError."""
    if name == MOONSHINE:
        return Moonshine(threads)
    if name == WHISPER:
        return Whisper(threads=threads)
    wanted = HUB[checked(name)]
    folder = _folder_of(wanted, hub_folder)
    if not wanted.package:
        return Whisper(folder, name=name, threads=threads)
    return Sherpa(wanted, folder, threads)


def _folder_of(wanted: HubModel, hub_folder: Path | None) -> Path:
    missing = wanted.files if hub_folder is None else missing_files(wanted, hub_folder)
    folder = (hub_folder or Path()) / wanted.name
    if missing:
        where = str(folder) if hub_folder is not None else f"the hub folder's {wanted.name}"
        raise ModelError(told_missing(wanted, missing, where), code="model_missing")
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
