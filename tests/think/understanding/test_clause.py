import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, MessageKind
from edgewise.core.words import Language
from edgewise.think.understanding import words as say
from edgewise.think.understanding.clause import read
from edgewise.think.understanding.join import Part, make_part
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row
from tests.think.understanding.test_guards import understood

KNOWN = Known(builtin_catalogue().capabilities)
VOICE = label_of(OriginKind.VOICE, "driver")
CONTEXT = Context(Language.ENGLISH, label=VOICE, turn="t", names={"contact": ("Mom",)})


def part_of(text: str) -> Part:
    KNOWN.warm()
    clause = normalise(text)
    return read(KNOWN, clause, (), CONTEXT, clause)


def test_an_order_becomes_a_call_that_carries_the_label_of_its_words():
    part = part_of("open the trunk")
    assert part.call is not None
    assert (part.kind, part.call.capability, part.call.label) == (
        MessageKind.COMMAND, "trunk.set", VOICE,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["don't open the trunk", "keep the sunroof closed"])
def test_an_order_to_leave_a_thing_alone_is_answered_and_not_acted_on(text: str):
    part = part_of(text)
    assert (part.call, part.question) == (None, say.NEGATED)


def test_a_question_about_a_state_reads_it_even_when_no_function_is_likely():
    part = part_of("后备箱是不是开着")
    assert part.kind is MessageKind.QUESTION
    assert part.call is not None
    assert part.call.arguments == {"topics": ["trunk"]}


def test_a_part_is_made_with_its_confidence():
    part = make_part("nav.cancel", {}, normalise("stop it"), CONTEXT, 0.87654)
    assert part.call is not None
    assert part.call.confidence == 0.8765


@each_row(
    "text",
    [
        "记住座椅位置1",
        "保存座椅位置2",
        "把座椅位置存为2号",
        "调到座椅位置2",
        "切换到座椅记忆1",
        "remember seat position 2",
        "save seat position 2",
        "recall seat position 2",
        "set the seat to position 2",
    ],
)
def test_the_number_of_a_seat_memory_moves_no_seat(text: str) -> None:
    thought = understood(text)
    assert thought.calls == ()
    assert thought.question == say.NO_SEAT_MEMORY


@each_row("text", ["turn the thing off", "把它关了", "开一下"])
def test_where_the_device_asks_it_tells_what_it_considered_the_likeliest_first(text: str):
    part = part_of(text)
    assert (part.call, part.question is None) == (None, False)
    shares = [alternative.confidence for alternative in part.alternatives]
    assert shares == sorted(shares, reverse=True)
    assert 1 <= len(shares) <= 3
    assert {a.capability for a in part.alternatives} <= set(KNOWN.capabilities)


def test_what_was_understood_is_no_alternative_to_itself():
    part = part_of("open the trunk")
    assert part.alternatives
    assert "trunk.set" not in {a.capability for a in part.alternatives}


@each_row(
    ("text", "arguments"),
    [
        ("that was very well done of you", {}),
        ("undo that", {"action": "undo"}),
        ("he said undo that", {}),
        ("if it rains undo that", {}),
        ("don't undo that", {}),
    ],
)
def test_praise_is_answered_and_what_is_only_told_undoes_nothing(
    text: str, arguments: dict[str, str]
):
    calls = understood(text).calls
    assert all(dict(call.arguments) == arguments for call in calls)
    assert bool(calls) or not arguments


@each_row(
    ("text", "kind", "op"),
    [
        ("cancel my reservation at spago", MessageKind.COMMAND, "cancel"),
        ("is there a table free at spago tonight", MessageKind.QUESTION, "query"),
        ("does spago take reservations", MessageKind.QUESTION, "query"),
    ],
)
def test_a_booking_asked_about_or_called_off_books_nothing(text: str, kind: MessageKind, op: str):
    thought = understood(text)
    assert thought.kind is kind
    assert [call.arguments["op"] for call in thought.calls] == [op]


def test_overhead_lights_are_no_headlights():
    (call,) = understood("dim the overhead lights").calls
    assert call.capability == "light.interior.set"
