"""When the house's own model is asked: behind what was not understood, never behind a refusal."""

from types import SimpleNamespace
from typing import Any, cast

from edgewise.agent.acting import Ledger
from edgewise.agent.by_adviser import adviser_for
from edgewise.agent.search import Search
from edgewise.core.call import Call, Result, Status
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Channel, Message, Speaker
from edgewise.core.part import TextPart
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.think.understanding.words import NOT_LATER, UNCLEAR

VOICE = label_of(OriginKind.VOICE)
WANTED = Call("t.1", "light.interior.set", {}, VOICE)
QUESTION = Thought(MessageKind.QUESTION)


def is_asked(thought: Thought, *results: Result, **changes: Any) -> bool:
    """Whether the model is asked, after such results; `changes` are of the search."""
    speaker = changes.pop("speaker", Speaker(None, Channel.VOICE))
    label = changes.pop("label", VOICE)
    message = Message("x", Language.ENGLISH, label, speaker, (TextPart("x", label),))
    home = SimpleNamespace(adviser=SimpleNamespace(proposes=True), reach=None)
    for name in ("adviser", "reach"):
        if name in changes:
            setattr(home, name, changes.pop(name))
    search = SimpleNamespace(message=message, home=home, answer=None, shown=None)
    for name, value in changes.items():
        setattr(search, name, value)
    return adviser_for(cast(Search, search), thought, Ledger(results=list(results))) is not None


def gone(status: Status = Status.IMPOSSIBLE, code: str = "unavailable") -> Result:
    return Result("t.1", WANTED.capability, status, code=code, words=Words("no", "不"))


def wanted(confidence: float, *, inferred: bool = False, fixed: str = "") -> Thought:
    call = Call("t.1", WANTED.capability, {}, VOICE, inferred=inferred)
    return Thought(MessageKind.COMMAND, (call,), confidence, fixed=fixed)


def test_an_open_question_and_what_was_not_understood_are_given_to_it():
    assert is_asked(QUESTION)
    assert is_asked(Thought(MessageKind.UNKNOWN, question=UNCLEAR))


def test_what_was_refused_on_purpose_is_not():
    assert not is_asked(Thought(MessageKind.UNKNOWN, question=NOT_LATER))
    assert not is_asked(Thought(MessageKind.QUESTION, question=Words("I know.", "我知道。")))


def test_a_hint_at_what_the_device_has_not_is_and_a_plain_order_is_not():
    assert is_asked(wanted(0.95, inferred=True), gone())
    assert is_asked(wanted(0.7), gone())
    assert not is_asked(wanted(0.95), gone())
    assert not is_asked(wanted(0.7, fixed="safe"), gone())


def test_what_was_done_denied_or_failed_is_not():
    for status, code in ((Status.DONE, ""), (Status.DENIED, "denied"), (Status.FAILED, "broken")):
        assert not is_asked(wanted(0.7), gone(status, code))


def test_it_is_asked_by_nobody_but_a_person_and_where_no_cloud_is():
    assert not is_asked(QUESTION, speaker=Speaker(None, Channel.API))
    assert not is_asked(QUESTION, label=label_of(OriginKind.WEB))
    assert not is_asked(QUESTION, reach=object())
    assert not is_asked(QUESTION, adviser=None)
    assert not is_asked(QUESTION, adviser=SimpleNamespace(proposes=False))
    assert not is_asked(QUESTION, shown=object())
    assert not is_asked(QUESTION, answer=object())
