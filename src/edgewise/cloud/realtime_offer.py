"""What a key may ask of `/v1/realtime`: by which models it is heard and answered aloud, if at all.

Where it is not, the reason stands in the offer, for whoever asks for sound. It opens nothing.
"""

from edgewise.cloud.caller import Caller
from edgewise.cloud.config import Config, ModelConfig, ModelKind
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.refusal import Refused
from edgewise.cloud.senses import Senses
from edgewise.talk.realtime.session import Offer

NO_EARS = (
    "this platform hears nothing; give it a model of the kind transcription over a backend with"
    " embedded = true (docs/guide/realtime.md)"
)
NO_VOICE = (
    "this platform does not speak; give it a model of the kind speech over a backend with"
    " embedded = true (docs/guide/realtime.md), or ask for text"
)


def offer_of(
    config: Config, gateway: Gateway, caller: Caller, model: ModelConfig, senses: Senses | None
) -> Offer:
    """What a session of that key with that model can do."""
    ears, no_ears = _sense(gateway, caller, config.ears_model, ModelKind.TRANSCRIPTION, NO_EARS)
    voice, no_voice = _sense(gateway, caller, config.voice_model, ModelKind.SPEECH, NO_VOICE)
    if senses is None:
        no_ears, no_voice = NO_EARS, NO_VOICE
    return Offer(
        model.name,
        voices=senses.voices if senses is not None and voice is not None else frozenset(),
        ears=ears.name if ears is not None else "",
        no_ears=no_ears,
        no_voice=no_voice,
    )


def senses_models(
    config: Config, gateway: Gateway, caller: Caller, senses: Senses | None
) -> tuple[ModelConfig | None, ModelConfig | None]:
    """The models by which that key is heard, and answered aloud."""
    if senses is None:
        return None, None
    ears, _ = _sense(gateway, caller, config.ears_model, ModelKind.TRANSCRIPTION, NO_EARS)
    voice, _ = _sense(gateway, caller, config.voice_model, ModelKind.SPEECH, NO_VOICE)
    return ears, voice


def _sense(
    gateway: Gateway, caller: Caller, name: str, kind: ModelKind, none: str
) -> tuple[ModelConfig | None, str]:
    """The model of that name, or why it is not to be had."""
    if not name:
        return None, none
    try:
        return gateway.model_for(caller, name, kind), ""
    except Refused as refused:
        return None, refused.problem.message
