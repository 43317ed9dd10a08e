"""What this device offers over the Wyoming protocol: the answer to `describe`.

Home Assistant makes of it a speech-to-text, a text-to-speech, a wake word and a conversation
entity. Only what is there is offered. Names and languages alone; it loads nothing.
"""

from msgspec import Struct
from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    HandleModel,
    HandleProgram,
    Info,
    TtsProgram,
    TtsVoice,
    WakeModel,
    WakeProgram,
)

from edgewise.core.words import Language

NAME = "edgewise"
_OURS = Attribution("Edgewise", "")


class Offer(Struct, frozen=True):
    """`hears`: with ears; `voices` by name, empty without a voice; `wakes`: names of wake words;
    `handles`: words can be handed to the device's agent."""

    hears: bool = False
    voices: tuple[str, ...] = ()
    wakes: tuple[str, ...] = ()
    handles: bool = False
    version: str = ""


def info_of(offer: Offer) -> Info:
    """As the protocol has it."""
    return Info(
        asr=[_asr(offer)] if offer.hears else [],
        tts=[_tts(offer)] if offer.voices else [],
        wake=[_wake(offer)] if offer.wakes else [],
        handle=[_handle(offer)] if offer.handles else [],
    )


def _asr(offer: Offer) -> AsrProgram:
    model = AsrModel(
        NAME, _OURS, True, "Moonshine (en) and Whisper (zh)", offer.version, _languages()
    )
    return AsrProgram(
        NAME,
        _OURS,
        True,
        "Speech to text on the device",
        offer.version,
        [model],
        supports_transcript_streaming=True,
    )


def _tts(offer: Offer) -> TtsProgram:
    voices = [
        TtsVoice(name, _OURS, True, name, offer.version, _spoken_by(name)) for name in offer.voices
    ]
    return TtsProgram(
        NAME,
        _OURS,
        True,
        "Text to speech on the device",
        offer.version,
        voices,
        supports_synthesize_streaming=True,
    )


def _wake(offer: Offer) -> WakeProgram:
    models = [
        WakeModel(name, _OURS, True, name, offer.version, ["en"], name.replace("_", " "))
        for name in offer.wakes
    ]
    return WakeProgram(NAME, _OURS, True, "Wake words on the device", offer.version, models)


def _handle(offer: Offer) -> HandleProgram:
    model = HandleModel(NAME, _OURS, True, "The device's agent", offer.version, _languages())
    return HandleProgram(
        NAME,
        _OURS,
        True,
        "Does what is said, under the device's policy",
        offer.version,
        [model],
        supports_home_control=True,
    )


def _languages() -> list[str]:
    return [language.value for language in Language]


def _spoken_by(voice: str) -> list[str]:
    """Its own language; it can say the other one too, with an accent."""
    own = Language.CHINESE if voice.startswith("z") else Language.ENGLISH
    return [own.value]
