"""What was not carried out says why."""

import pytest

from edgewise.agent.not_done import MAX_QUESTIONS, held, unresolved, without
from edgewise.core.call import Ask, Call, Deny, Impossible, Missing, Resolved, RuleText, Status
from edgewise.core.label import Label
from edgewise.core.words import Words

CALL = Call("t.1", "gui.act", {}, Label())
WORDS = Words("Why not", "为什么不")
RULES = (RuleText("R31-read-back", WORDS),)


def test_what_lacks_is_asked_for_until_nobody_answers():
    lacks = Missing("target", WORDS)
    assert unresolved(CALL, lacks).status is Status.MISSING
    asked = Call("t.1", "gui.act", {}, Label(), asked=("target",) * MAX_QUESTIONS)
    assert unresolved(asked, lacks).code == "not_answered"


def test_what_can_not_be_done_says_why():
    result = unresolved(CALL, Impossible("no_screen", WORDS))
    assert (result.status, result.code, result.words) == (Status.IMPOSSIBLE, "no_screen", WORDS)
    assert without(CALL, WORDS).code == "part_away"
    with pytest.raises(AssertionError):
        unresolved(CALL, Resolved())


def test_what_a_rule_holds_up_names_it():
    for decision, status in ((Ask(RULES), Status.ASKED), (Deny(RULES), Status.DENIED)):
        result = held(CALL, decision)
        assert (result.status, result.code, result.words) == (status, "R31-read-back", WORDS)
