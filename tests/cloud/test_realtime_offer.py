"""What a key is offered: senses that are there, that it may use; else the reason."""

from typing import Any

import pytest

from edgewise.cloud.caller import Caller, KeyKind
from edgewise.cloud.config import BackendConfig, Config, ModelConfig, ModelKind, Route
from edgewise.cloud.realtime_offer import NO_EARS, NO_VOICE, offer_of, senses_models
from edgewise.cloud.refusal import unknown_model
from edgewise.cloud.senses import Senses
from tests.talk.realtime.loud import LoudActivity, LoudEars, LoudVoice

CHAT = ModelConfig("chat", (Route("up"),))
EARS = ModelConfig("ears", (Route("here"),), kind=ModelKind.TRANSCRIPTION)
VOICE = ModelConfig("voice", (Route("here"),), kind=ModelKind.SPEECH)
BACKENDS = (BackendConfig("up", "http://127.0.0.1/v1"), BackendConfig("here", embedded=True))
SENSES = Senses(lambda: LoudEars(()), LoudVoice, LoudActivity, lambda: frozenset({"af_heart"}))


class Gateway:
    """Knows these models; a key without models may use all."""

    def __init__(self, *models: ModelConfig) -> None:
        self._models = {model.name: model for model in models}

    def model_for(self, caller: Caller, name: str, kind: ModelKind = ModelKind.CHAT) -> ModelConfig:
        caller.check_model(name)
        if name not in self._models or self._models[name].kind is not kind:
            raise unknown_model(name)
        return self._models[name]


def caller(*models: str) -> Caller:
    return Caller("k", KeyKind.DEVELOPER, "o", "p", models=frozenset(models))


def offered(*models: ModelConfig, senses: Senses | None = SENSES, key: Caller) -> Any:
    config = Config(backend=BACKENDS, model=models)
    gateway: Any = Gateway(*models)
    return offer_of(config, gateway, key, CHAT, senses), senses_models(config, gateway, key, senses)


def test_a_platform_with_both_hears_and_speaks():
    offer, models = offered(CHAT, EARS, VOICE, key=caller())
    assert (offer.no_ears, offer.no_voice, offer.ears) == ("", "", "ears")
    assert offer.voices == {"af_heart"}
    assert models == (EARS, VOICE)


@pytest.mark.parametrize(
    ("models", "senses", "key"),
    [((CHAT,), SENSES, caller()), ((CHAT, EARS, VOICE), None, caller())],
)
def test_one_without_says_what_to_configure(models: Any, senses: Any, key: Caller):
    offer, found = offered(*models, senses=senses, key=key)
    assert (offer.no_ears, offer.no_voice) == (NO_EARS, NO_VOICE)
    assert found == (None, None)


def test_a_key_that_may_not_use_them_is_told_so():
    offer, models = offered(CHAT, EARS, VOICE, key=caller("chat", "ears"))
    assert offer.no_ears == ""
    assert "'voice' does not exist or this key may not use it" in offer.no_voice
    assert offer.voices == frozenset()
    assert models == (EARS, None)
