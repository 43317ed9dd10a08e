from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.thought import Alternative, Context, MessageKind
from edgewise.core.words import Language
from edgewise.think.understanding import words as say
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


def step(number: int, capability: str = "gui.act") -> Part:
    call = Call("", capability, {"step": number}, Label())
    return Part(MessageKind.COMMAND, call, clause=f"step {number}")


FLORP = Part(MessageKind.UNKNOWN, clause="florp")


def test_a_step_on_the_screen_is_left_behind_a_clause_that_was_not_understood():
    first, air = step(1), Part(MessageKind.COMMAND, CALL, clause="air")
    thought = join([first, FLORP, step(2), air, step(3, "gui.observe")], CONTEXT)
    assert [call.capability for call in thought.calls] == ["gui.act", "climate.set_power"]
    assert thought.question is not None
    for told in (thought.question.en, thought.question.zh):
        assert all(words in told for words in ("“florp”", "“step 2”", "“step 3”"))


def test_a_sentence_whose_steps_are_all_left_asks():
    thought = join([FLORP, step(1)], CONTEXT)
    assert (thought.kind, thought.calls) == (MessageKind.UNKNOWN, ())
    assert thought.question is not None
    assert "“florp”" in thought.question.en


def test_a_step_is_not_left_behind_what_was_understood_or_without_an_order_to_the_screen():
    no = Part(MessageKind.CHAT, question=say.NEGATED, clause="don't")
    thanks = Part(MessageKind.CHAT, clause="thanks", idle=True)
    assert [call.id for call in join([no, thanks, step(1)], CONTEXT).calls] == ["t.1"]
    assert len(join([FLORP, step(1, "app.open")], CONTEXT).calls) == 1
