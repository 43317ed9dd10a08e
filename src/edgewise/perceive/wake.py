"""Wake words: the shipped ones by a small model on the sound, any phrase by the words heard.

`WakeWord` runs microWakeWord's models (pymicro-wakeword, Apache-2.0) on every 10 ms at 0.3 % of a
core. Their cutoffs were found by cli/eval_wake.py, which measures any. "alexa" ships too and is
left out of what is on by default: it is a trademark.

No model of a Chinese wake word was found that may be embedded. `after_wake_word` does it in any
language: voice activity finds that somebody speaks, the recogniser writes a first few words, and
these are compared by their sound. It costs a recognition for each utterance that is overheard.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from edgewise.errors import UserError
from edgewise.perceive.sounded import Sound, differences, sounds_of
from edgewise.sound.missing import missing_package

WAKE_WORDS = {"hey_jarvis": 0.5, "okay_nabu": 0.75, "hey_mycroft": 0.75, "alexa": 0.9}
"""Each with its cutoff: it is heard when its probability exceeds that, on average of 150 ms.

By `edgewise eval wake` on what `scripts/wake_sets.py` makes of public packages (synthetic speech of
28 voices at three speeds; 8.7 hours of speech and music without them; docs/figures/eval_wake.json):
hey_mycroft is heard 97 times in 100, hey_jarvis 91, okay_nabu 69, each by mistake less than once an
hour. alexa is not measured."""
DEFAULT_WAKE_WORDS = ("hey_mycroft",)
"""The one that met the goal: 95 times in 100, less than once an hour by mistake."""
_REFRACTORY_S = 1.5
"""After a word was heard, so that one saying of it is heard once."""
_LAST_OF_WORD_S = 0.3
"""A word still sure when that time is over is not a new one."""
_STEP_S = 0.01
_FILLERS = {"um", "uh", "er", "hm", "hmm", "ah", "oh", "well", "and", "so", "ok", "okay"} | {
    *("n", "en", "a", "ai", "ei", "o"),  # 嗯 啊 哎 诶 哦
}
_MOST_FILLERS = 2
_LETTERS_PER_SLIP = 8


class WakeWord:
    """Listens for wake words in one stream of sound. Not for two threads at a time."""

    def __init__(
        self,
        names: Sequence[str] = DEFAULT_WAKE_WORDS,
        *,
        cutoffs: Mapping[str, float] | None = None,
    ) -> None:
        """`cutoffs` are others than those of WAKE_WORDS: lower hears more, and more by mistake.

        Raises UserError (`unknown_wake_word`), ModelError (`missing_package`)."""
        cutoff_of = WAKE_WORDS | dict(cutoffs or {})
        if unknown := [name for name in names if name not in WAKE_WORDS]:
            raise UserError(
                f"no wake word is called {unknown[0]!r}; known are: {', '.join(WAKE_WORDS)}. Any "
                "other phrase can be set as one that is recognised by its words",
                code="unknown_wake_word",
            )
        try:
            from pymicro_wakeword import (  # pyright: ignore[reportMissingTypeStubs]
                MicroWakeWord,
                MicroWakeWordFeatures,
                Model,
            )
        except ImportError as error:
            raise missing_package(error, what="a wake word", extra="hear") from error
        self._features: Any = MicroWakeWordFeatures()
        self._models: dict[str, Any] = {}
        for name in dict.fromkeys(names):
            model = MicroWakeWord.from_builtin(Model(name))
            model.probability_cutoff = cutoff_of[name]
            self._models[name] = model
        self._deaf = 0

    def feed(self, data: bytes) -> str | None:
        """The wake word that `data` (samples at LISTENING_HZ, any length) completes, if one."""
        heard: str | None = None
        for features in self._features.process_streaming(data):
            self._deaf = max(0, self._deaf - 1)
            for name, model in self._models.items():
                if not model.process_streaming(features):
                    continue
                if self._deaf:
                    self._deaf = max(self._deaf, round(_LAST_OF_WORD_S / _STEP_S))
                else:
                    heard = name
                    self._deaf = round(_REFRACTORY_S / _STEP_S)
        return heard

    def reset(self) -> None:
        """A new stream begins: forget what was heard. Reads the models anew, some ms."""
        self._features.reset()
        self._deaf = 0
        for model in self._models.values():
            model.reset()

    def close(self) -> None:
        """Give back the models' memory."""
        for model in self._models.values():
            model.close()


def after_wake_word(text: str, phrases: Sequence[str]) -> str | None:
    """What was said after a wake phrase that `text` begins with ("" for nothing), else None.

    Spellings of one sound are the same (你好小编 is 你好小边); one letter in eight may be another
    (小班). Up to two fillers (um, 嗯) may come before.
    """
    heard = sounds_of(text)
    ends = [
        end
        for phrase in phrases
        for skipped in range(_fillers(heard) + 1)
        if (end := _end_of(sounds_of(phrase), heard[skipped:])) is not None
    ]
    if not ends:
        return None
    return text[max(ends) :].lstrip(" ,.!?;:，。！？；：、…")


def _fillers(heard: Sequence[Sound]) -> int:
    """How many fillers come first."""
    count = 0
    while count < min(_MOST_FILLERS, len(heard)) and heard[count].sound in _FILLERS:
        count += 1
    return count


def _end_of(phrase: Sequence[Sound], heard: Sequence[Sound]) -> int | None:
    """Where in the text the phrase ends that `heard` begins with. Letters are compared without
    their words' borders ("edge wise" is "edgewise"), so the count of words may differ by some."""
    wanted = "".join(each.sound for each in phrase)
    if not wanted:
        return None
    allowed = len(wanted) // _LETTERS_PER_SLIP
    best: tuple[int, int] | None = None
    for count in range(1, min(len(heard), len(phrase) + 2) + 1):
        found = "".join(each.sound for each in heard[:count])
        apart = differences(wanted, found)
        if apart <= allowed and (best is None or apart < best[0]):
            best = (apart, heard[count - 1].end)
    return best[1] if best else None
