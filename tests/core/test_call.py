"""The payload hash names exactly what would be done."""

import pytest

from edgewise.core.call import Call, Effect, RuleText, payload_hash
from edgewise.core.label import OriginKind, label_of
from edgewise.core.words import Words

CALL = Call("t1.1", "message.send", {"recipient": "Mom", "body": "hi"}, label_of(OriginKind.TYPED))
EFFECT = Effect("phone.messages.t1.1", {"to": "Mom", "body": "hi"})


RULE = RuleText("R31-read-back", Words("I repeat it.", "我复述一遍。"))


def test_the_same_payload_has_the_same_hash() -> None:
    assert payload_hash([(CALL, [EFFECT], [RULE])]) == payload_hash([(CALL, [EFFECT], [RULE])])


@pytest.mark.parametrize(
    "effect",
    [
        Effect(EFFECT.target, {"to": "Mom", "body": "hi!"}),
        Effect(EFFECT.target, {"to": "Dad", "body": "hi"}),
        Effect("phone.messages.t1.2", EFFECT.value),
    ],
)
def test_any_other_effect_has_another_hash(effect: Effect) -> None:
    assert payload_hash([(CALL, [effect], [RULE])]) != payload_hash([(CALL, [EFFECT], [RULE])])


def test_one_call_more_gives_another_hash() -> None:
    assert payload_hash([(CALL, [EFFECT], [RULE]), (CALL, [EFFECT], [RULE])]) != payload_hash(
        [(CALL, [EFFECT], [RULE])]
    )


@pytest.mark.rule(31)
def test_one_more_reason_to_ask_gives_another_hash_and_their_order_none() -> None:
    other = RuleText("R33-origin", RULE.words)
    both, turned = ([(CALL, [EFFECT], rules)] for rules in ([RULE, other], [other, RULE]))
    assert payload_hash(both) == payload_hash(turned) != payload_hash([(CALL, [EFFECT], [RULE])])
