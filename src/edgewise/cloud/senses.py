"""This machine's ears and voice, as the platform uses them: made when they are first asked for.

Their models run in processes of their own, are loaded with the first sound or text and go when
nobody asks. Whoever holds these closes them at the end.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from edgewise.answer.speak import Voice
from edgewise.perceive.hear import Ears
from edgewise.talk.listening import Activity


class Senses:
    """Ears, a voice, and what tells speech from other sound. `voices` are the voice's names."""

    def __init__(
        self,
        ears: Callable[[], Ears],
        voice: Callable[[], Voice],
        activity: Callable[[], Activity],
        voices: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._make_ears, self._make_voice = ears, voice
        self._make_activity = activity
        self._voices = voices
        self._ears: Ears | None = None
        self._voice: Voice | None = None

    @property
    def ears(self) -> Ears:
        """The one that hears. Raises ModelError where its parts are not installed."""
        if self._ears is None:
            self._ears = self._make_ears()
        return self._ears

    @property
    def voice(self) -> Voice:
        """The one that speaks. Raises ModelError where its parts are not installed."""
        if self._voice is None:
            self._voice = self._make_voice()
        return self._voice

    @property
    def voices(self) -> frozenset[str]:
        """The names of the voices."""
        return self._voices()

    async def activity(self) -> Activity:
        """A new one; each conversation has its own. Raises ModelError, TrustError."""
        return await asyncio.to_thread(self._make_activity)

    async def close(self) -> None:
        """End what was made."""
        for made in (self._ears, self._voice):
            if made is not None:
                await made.close()


def local_senses(folder: Path) -> Senses:
    """Those of the models that come in packages; frequent sentences are kept in `folder`."""

    def ears() -> Ears:
        from edgewise.perceive.ears import LocalEars

        return LocalEars()

    def voice() -> Voice:
        from edgewise.answer.voice import LocalVoice, VoiceSettings

        return LocalVoice(VoiceSettings(cache_folder=folder, remembers=False))

    def activity() -> Activity:
        from edgewise.perceive.voice_activity import VoiceActivity

        return VoiceActivity()

    def voices() -> frozenset[str]:
        from edgewise.answer.voices import voice_names

        return frozenset(voice_names())

    return Senses(ears, voice, activity, voices)
