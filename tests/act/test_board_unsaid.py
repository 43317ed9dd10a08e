"""What no words may do is understood, and refused with the reason."""

import pytest

from edgewise.act.board_tools import board_of
from edgewise.act.function import Catalogue
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Impossible
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understand import load_understander
from tests.act.firmware import tool

BOARD = board_of([tool("self.lamp.turn_on"), tool("self.front_door.open")])
UNDERSTANDER = load_understander(BOARD.sayable)


def calls(text: str) -> list[Call]:
    language = Language.ENGLISH if text.isascii() else Language.CHINESE
    context = Context(language, label=label_of(OriginKind.VOICE), turn="t")
    return list(UNDERSTANDER.understand(text, context).calls)


@pytest.mark.parametrize(
    "text",
    ["把前门打开", "打开前门", "open the front door", "please open the front door",
     "unlock the front door", "能帮我打开前门吗"],
)  # fmt: skip
def test_a_door_is_refused_with_the_reason_and_is_no_other_tool(text: str):
    (call,) = calls(text)
    ended = resolve(call, Catalogue(BOARD.functions), snapshot_of({}))
    assert isinstance(ended, Impossible)
    assert "open the front door" in ended.words.en
    assert "can not be asked for by words" in ended.words.en
    assert "打开前门" in ended.words.zh


def test_beside_an_order_it_is_refused_too():
    said = calls("turn on the lamp and open the front door")
    assert {call.capability for call in said} == {"board.lamp_turn_on", "unsaid.front_door_open"}


def test_it_writes_nothing_and_has_no_tool():
    (function,) = [f for f in BOARD.functions if f.capability.name.startswith("unsaid.")]
    assert not function.capability.available
    assert function.capability.actuators == ()
