"""What this machine hears, speaks and sees with, as its owner set it; made when first asked for.

A part whose extra or whose models are missing is left out, and `missing` says what to install: a
device without senses works as before. Models run in processes of their own, which start with their
first use and end when idle; what tells speech from noise and hears the wake word runs here, for
each conversation its own.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from edgewise.core.words import Language, Words
from edgewise.device.config import SensesConfig
from edgewise.hosting.lacking import Lack, lacks_of
from edgewise.perceive.hear import NO_WORDS, Vocabulary
from edgewise.perceive.recognisers import HUB, missing_files

if TYPE_CHECKING:
    from edgewise.answer.speak import Voice
    from edgewise.device.runtime import Device
    from edgewise.perceive.ears import EarsSettings
    from edgewise.perceive.hear import Ears
    from edgewise.talk.listening import Activity
    from edgewise.talk.waking import Waking

EMBEDDED = "embedded"


def lacks(config: SensesConfig, hub_folder: Path | None = None) -> tuple[Lack, ...]:
    """What is missing of the senses that are on; of a hub's recogniser, in `hub_folder`. Looks at
    names only; no file is read."""
    found = tuple(
        lack for sense, name in wanted(config).items() if name for lack in lacks_of(sense)
    )
    return found if hub_folder is None else (*found, *_recogniser(config.hear, hub_folder))


def wanted(config: SensesConfig) -> dict[str, str]:
    """What is set for each sense; empty: off."""
    return {"hear": config.hear, "speak": config.speak, "see": config.see}


class Senses:
    """The senses of one device. For one event loop; close it in the end. `vocabulary`
    gives what is likely to be heard here."""

    def __init__(
        self,
        config: SensesConfig,
        folder: Path,
        vocabulary: Callable[[Language], Vocabulary] = lambda language: NO_WORDS,
    ) -> None:
        self.config = config
        self._vocabulary = vocabulary
        self._cache_folder = folder / "cache"
        self._models_folder = folder / "models"
        self._lacking = {lack.sense for lack in lacks(config, self._models_folder)}

    @property
    def language(self) -> Language | None:
        """The one that is spoken here; None: told apart in each turn."""
        return Language(self.config.language) if self.config.language else None

    def vocabulary(self, language: Language | None = None) -> Vocabulary:
        """The words that are likely here: of that language, else of the one that is spoken, else
        of all."""
        language = language or self.language
        languages = [language] if language is not None else list(Language)
        known = [self._vocabulary(one) for one in languages]
        words = dict.fromkeys(word for one in known for word in one.words)
        names = dict.fromkeys(name for one in known for name in one.names)
        return Vocabulary(tuple(words), tuple(names))

    def words(self) -> tuple[str, ...]:
        """Those of `vocabulary`."""
        return self.vocabulary().words

    @cached_property
    def ears(self) -> "Ears | None":
        """Recognition of speech."""
        if not self._has("hear"):
            return None
        from edgewise.perceive.ears import LocalEars

        return LocalEars(ears_settings(self.config.hear, self._models_folder))

    @cached_property
    def voice(self) -> "Voice | None":
        """Speech."""
        if not self._has("speak"):
            return None
        from edgewise.answer.voice import LocalVoice, VoiceSettings
        from edgewise.answer.voices import DEFAULTS

        voices = DEFAULTS | self.config.voices
        return LocalVoice(VoiceSettings(cache_folder=self._cache_folder, voices=voices))

    @property
    def voices(self) -> frozenset[str]:
        """The names of voices there are."""
        if not self._has("speak"):
            return frozenset()
        from edgewise.answer.voices import voice_names

        return frozenset(voice_names())

    @property
    def activity(self) -> "Callable[[], Activity] | None":
        """Makes what tells speech from other sound, one for each conversation; its first making
        reads the model and may raise ModelError, TrustError."""
        if not self._has("hear"):
            return None
        from edgewise.perceive.voice_activity import VoiceActivity

        return VoiceActivity

    def waking(self, otherwise: str = "") -> "Waking | None":
        """The wake word of one conversation, `otherwise` where none is set; None where there is
        none. Raises UserError, ModelError."""
        name = self.config.wake or otherwise
        if not name or not self._has("hear"):
            return None
        from edgewise.perceive.wake import WAKE_WORDS, WakeWord, after_wake_word
        from edgewise.talk.waking import Waking

        if name in WAKE_WORDS:
            return Waking(WakeWord((name,)), (name.replace("_", " "),), after_wake_word)
        return Waking(None, (name,), after_wake_word)

    async def warm(self, language: Language) -> None:
        """Have loaded what a conversation in that language needs. Raises ModelError."""
        if self.ears is not None:
            await self.ears.warm(language)
        if self.voice is not None:
            await self.voice.warm(language)

    def memory_bytes(self) -> dict[str, int]:
        """What each sense's process holds now; without those that do not run."""
        held: dict[str, int] = {}
        for name in ("ears", "voice"):
            process = getattr(self.__dict__.get(name), "process_id", None)
            if isinstance(process, int):
                with suppress(OSError, ValueError):
                    pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
                    held[name] = int(pages) * os.sysconf("SC_PAGE_SIZE")
        return held

    async def close(self) -> None:
        """End what was begun."""
        for name in ("ears", "voice"):
            if (made := self.__dict__.pop(name, None)) is not None:
                await made.close()

    def _has(self, sense: str) -> bool:
        return bool(wanted(self.config)[sense]) and sense not in self._lacking


def ears_settings(name: str, hub_folder: Path) -> "EarsSettings":
    """Of the recogniser that `senses.hear` names; those of packages where it is empty."""
    from edgewise.perceive.ears import EarsSettings

    if name in ("", EMBEDDED):
        return EarsSettings()
    return EarsSettings(name, name, hub_folder=hub_folder)


def _recogniser(name: str, hub_folder: Path) -> list[Lack]:
    if name not in HUB:
        return []
    wanted, found = HUB[name], list[Lack]()
    if wanted.package and find_spec(wanted.package.replace("-", "_")) is None:
        told = Words(f"{name} runs on {wanted.package}", f"{name} 需要 {wanted.package}")
        found.append(Lack("hear", told, f"pip install {wanted.package}"))
    if missing := missing_files(wanted, hub_folder):
        files, folder = ", ".join(missing), hub_folder / name
        told = Words(f"{name}: {files} not in {folder}", f"{name}：{folder} 中没有 {files}")
        found.append(Lack("hear", told, f"{wanted.source} -> {folder}"))
    return found


def senses_of(device: "Device", config: SensesConfig, folder: Path) -> Senses:
    """The senses of a device, whose vocabulary is what it can do and the names it knows now."""

    def vocabulary(language: Language) -> Vocabulary:
        from edgewise.perceive.vocabulary import vocabulary_of

        known = device.names.current()
        return vocabulary_of(
            device.agent.catalogue.capabilities,
            language,
            contacts=known.get("contact", ()),
            places=known.get("place", ()),
            names=[
                name
                for kind in ("app", "screen_app", "scene", "song")
                for name in known.get(kind, ())
            ],
        )

    return Senses(config, folder, vocabulary)
