"""Items of every kind come in and go out; what can not be is refused by the path of its field."""

import base64

import pytest

from edgewise.core.label import OriginKind
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.realtime.ga import GA
from edgewise.talk.realtime.items import is_reference, item_of, item_shown
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.problem import Problem
from edgewise.talk.realtime.stepfun import STEPFUN

PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG not opened here").decode()


def item(given: object) -> Item:
    return item_of(given, "item", lambda kind: f"{kind}_new", Pictures())


def message(role: str, *content: object) -> dict[str, object]:
    return {"type": "message", "role": role, "content": list(content)}


def test_texts_of_all_roles():
    assert item(message("user", {"type": "input_text", "text": "a"})).who is Who.PERSON
    assert item(message("system", {"type": "input_text", "text": "a"})).who is Who.SYSTEM
    agent = item(message("assistant", {"type": "output_text", "text": "a"}))
    assert (agent.who, agent.text, agent.id) == (Who.AGENT, "a", "item_new")
    spoken = {"type": "output_audio", "transcript": "said"}
    assert item(message("assistant", spoken)).text == "said"


def test_a_picture_becomes_a_part_that_nobody_vouches_for():
    made = item(message("user", {"type": "input_text", "text": "what?"},
                        {"type": "input_image", "image_url": PNG}))  # fmt: skip
    (part,) = made.parts
    assert part.media_type == "image/png"
    assert part.label.origins[0].kind is OriginKind.IMAGE
    assert not part.label.trusted
    shown = item_shown(made, GA)
    assert [one["type"] for one in shown["content"]] == ["input_text", "input_image"]


def test_calls_and_their_results():
    call = item({"type": "function_call", "name": "f", "call_id": "c", "arguments": '{"a":1}'})
    assert (call.call, call.name, call.arguments) == ("c", "f", '{"a":1}')
    assert item_shown(call, GA)["type"] == "function_call"
    result = item({"type": "function_call_output", "call_id": "c", "output": "4 degrees"})
    assert (result.call, result.output) == ("c", "4 degrees")
    assert item_shown(result, GA)["output"] == "4 degrees"


def test_an_answer_is_shown_in_the_words_of_the_dialect():
    said = Item("i", Who.AGENT, "hi", by_sound=True)
    assert item_shown(said, GA)["content"] == [{"type": "output_audio", "transcript": "hi"}]
    assert item_shown(said, STEPFUN)["content"] == [{"type": "audio", "transcript": "hi"}]
    heard = Item("i", Who.PERSON, "hi", by_sound=True)
    assert item_shown(heard, GA)["content"] == [{"type": "input_audio", "transcript": "hi"}]


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({}, "item.type"),
        ({"type": "message"}, "item.role"),
        ({"type": "message", "role": "robot"}, "item.role"),
        (message("user"), "item.content"),
        (message("user", {"type": "input_text"}), "item.content[0].text"),
        (message("user", {"type": "output_text", "text": "x"}), "item.content[0].type"),
        (message("user", {"type": "input_audio", "audio": "AAAA"}), "item.content[0].type"),
        (message("assistant", {"type": "output_audio", "audio": "AA"}), "item.content[0].type"),
        (message("system", {"type": "input_image", "image_url": PNG}), "item.content[0].type"),
        (message("user", {"type": "input_image"}), "item.content[0].image_url"),
        ({"type": "function_call", "name": "f"}, "item"),
        ({"type": "function_call", "name": "f", "arguments": "{"}, "item.arguments"),
        ({"type": "function_call", "name": "f", "arguments": "[]"}, "item.arguments"),
        ({"type": "function_call_output", "output": "x"}, "item"),
        ({"type": "mcp_call"}, "item.type"),
        ({"type": "message", "role": "user", "content": "x", "id": "a b"}, "item.id"),
    ],
)
def test_what_can_not_be_is_refused_by_its_path(given: object, param: str):
    with pytest.raises(Problem) as refused:
        item(given)
    assert refused.value.param == param


def test_a_reference_is_known_from_an_item():
    assert is_reference({"type": "item_reference", "id": "i"})
    assert not is_reference({"type": "item_reference"})
    assert not is_reference("i")
