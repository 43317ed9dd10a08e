from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.thought import Alternative, Context, MessageKind
from edgewise.core.words import Language
from edgewise.think.understanding.join import Part, join

CONTEXT = Context(Language.ENGLISH, turn="t")
CALL = Call("", "climate.set_power", {"on": True}, Label())


def test_a_clause_without_a_call_is_named_beside_the_calls():
    parts = [Part(MessageKind.COMMAND, CALL, clause="a"), Part(MessageKind.UNKNOWN, clause="florp")]
    thought = join(parts, CONTEXT)
    assert [call.id for call in thought.calls] == ["t.1"]
    assert thought.question is not None
    assert "florp" in thought.question.en
    assert "florp" in thought.question.zh


def test_thanks_beside_a_call_need_no_answer():
    parts = [
        Part(MessageKind.COMMAND, CALL, clause="a"),
        Part(MessageKind.CHAT, clause="b", idle=True),
    ]
    assert join(parts, CONTEXT).question is None


def test_the_alternatives_are_those_of_what_is_open():
    sure, open_ = (Alternative("window.set", 0.1),), (Alternative("roof.set", 0.4),)
    parts = [
        Part(MessageKind.COMMAND, CALL, alternatives=sure, clause="a"),
        Part(MessageKind.UNKNOWN, alternatives=open_, clause="florp"),
    ]
    assert join(parts, CONTEXT).alternatives == open_
    assert join(parts[:1], CONTEXT).alternatives == sure
