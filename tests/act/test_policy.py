"""The shipped rules: they parse, fit their schema, say what they do, and waste no fact."""

import re

import msgspec
import pytest

from edgewise.act.cedar import Force
from edgewise.act.exposure import EXPOSED
from edgewise.act.policy import builtin_policy, builtin_texts
from edgewise.act.risk import RISK_OF, SAFE_DIRECTION, SERVES_DEFROST
from edgewise.act.screen import Element, Seen
from edgewise.act.screen_step import Action, Step

UNSCOPED = {
    "R42-program-asks",
    "R00-undeclared",
    "R00-unclassified",
    "R24-not-exposed",
    "R34-content-proposes",
}


def texts() -> str:
    return "\n".join(text for name, text in builtin_texts().items() if name.endswith(".cedar"))


def test_the_shipped_policy_loads_once():
    assert builtin_policy() is builtin_policy()
    assert len(builtin_policy().hash) == 64


def test_every_rule_tells_its_words_in_both_languages():
    for rule in builtin_policy().rules:
        assert re.search("[a-z]", rule.words.en), rule.id
        assert re.search("[\u4e00-\u9fff]", rule.words.zh), rule.id
        assert not re.search("[\u4e00-\u9fff]", rule.words.en), rule.id
        assert rule.source, rule.id


@pytest.mark.rule(4, 42)
def test_no_rule_but_those_against_content_and_unknown_targets_can_match_safety_or_emergency():
    reach = {
        rule.id
        for rule in builtin_policy().rules
        if rule.force is not Force.ALLOWS and (not rule.actions or set(rule.actions) & SPECIAL)
    }
    assert reach == UNSCOPED


SPECIAL = {"protect", "rescue"}


def test_the_schema_names_no_fact_that_no_rule_reads():
    facts = set(re.findall(r"^  (\w+)\??:", builtin_texts()["policy.cedarschema"], re.MULTILINE))
    unread = {name for name in facts if not re.search(rf"context\.{name}\b", texts())}
    # What only explains a decision to people, and what a rule of one's own may read.
    assert unread == {"channel"}


def test_every_effect_that_a_rule_names_can_come_about():
    named = set(re.findall(r'"([a-z_]+\.[a-z_.]+)"', texts()))
    made = {name for row in EXPOSED for name in classes_made(row.classify)}
    claimed = {"nav.edit", "nav.only_destination"}
    assert named - made - claimed - DERIVED == set()


def test_every_class_with_a_risk_can_come_about():
    made = {name for row in EXPOSED for name in classes_made(row.classify)}
    assert set(RISK_OF) - made == set()
    assert (SAFE_DIRECTION | SERVES_DEFROST) - made - DERIVED == set()


DERIVED = {"window.open.rear", "window.close.rear", "light.exterior.hand_over", "motion.hold"}
"""Classes that come of more than one value: the place, the rest of the car, a motor being held."""


def classes_made(classify) -> set[str]:
    """Classes that a row yields over values of all kinds."""
    values = [
        True, False, None, 0, 50, 100, "ON", "OFF", "OPEN", "CLOSE", "INACTIVE", "BEAM", "FAST",
        "POSITION", "TV", {}, {"number": "1"}, {"number": "110"}, {"state": "active"},
        {"read": True}, {"invitees": ["a"]}, {"purpose": "toll"}, {"kind": "video"},
    ]  # fmt: skip
    values += [msgspec.to_builtins(step) for step in STEPS]
    return {name for v in values for now in (None, 0, 50, FORM) for name in classify(v, now)}


FORM = msgspec.to_builtins(
    Seen("shop", "Cart", 1, 1, (
        Element("Pay", (0, 0, 500, 500)),
        Element("Code", (600, 600, 900, 900), secret=True),
        Element("Tovább", (600, 0, 900, 500)),
    ))
)  # fmt: skip
STEPS = (Step(Action.TAP, 1, 1), Step(Action.TAP, 700, 1), Step(Action.TYPE, 700, 700, text="1"))
