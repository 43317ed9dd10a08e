"""The payload hash names exactly what would be done."""

import pytest

from edgewise.core.call import Call, Effect, payload_hash
from edgewise.core.label import OriginKind, label_of

CALL = Call("t1.1", "message.send", {"recipient": "Mom", "body": "hi"}, label_of(OriginKind.TYPED))
EFFECT = Effect("phone.messages.t1.1", {"to": "Mom", "body": "hi"})


def test_the_same_payload_has_the_same_hash() -> None:
    assert payload_hash([(CALL, [EFFECT])]) == payload_hash([(CALL, [EFFECT])])


@pytest.mark.parametrize(
    "effect",
    [
        Effect(EFFECT.target, {"to": "Mom", "body": "hi!"}),
        Effect(EFFECT.target, {"to": "Dad", "body": "hi"}),
        Effect("phone.messages.t1.2", EFFECT.value),
    ],
)
def test_any_other_effect_has_another_hash(effect: Effect) -> None:
    assert payload_hash([(CALL, [effect])]) != payload_hash([(CALL, [EFFECT])])


def test_one_call_more_gives_another_hash() -> None:
    assert payload_hash([(CALL, [EFFECT]), (CALL, [EFFECT])]) != payload_hash([(CALL, [EFFECT])])
