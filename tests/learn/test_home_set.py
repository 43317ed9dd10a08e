import json
from pathlib import Path
from typing import Any

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.home import Home
from edgewise.core.label import Label
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.learn.home_set import desk_capabilities, evaluate_home, load_home_rows

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
HOUSE = {
    "areas": [{"name": "Den", "id": "den"}],
    "floors": [{"name": "Loft", "id": "loft"}],
    "entities": [{"name": "Den Lamp", "id": "light.den", "area": "den"}],
}


def row(text: str, intent: str, lang: str = "en", **more: Any) -> dict[str, Any]:
    slots = [{"name": name, "value": value} for name, value in more.pop("slots", {}).items()]
    return {"text": text, "lang": lang, "intent": intent, "slots": slots,
            "file": "light_HassX.yaml"} | more  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        row("den lamp on", "HassTurnOn", slots={"name": "Den Lamp"}),
        row("is the den lamp on", "HassGetState", slots={"name": "Den Lamp", "state": "on"}),
        row("lights off", "HassTurnOff", slots={"domain": "light", "area": "Den"},
            context={"area": "Den"}),
        row("tea timer, one hour", "HassStartTimer", slots={"hours": 1, "name": ["tea ", "tea"]}),
        row("关台灯", "HassTurnOff", "zh-HK", slots={"name": "台灯"}),
        row("书房亮一点", "HassLightSet", "zh-TW", slots={"area": "书房", "brightness": 50}),
    ]  # fmt: skip
    made = tmp_path / "ha_intents"
    made.mkdir()
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in rows)
    (made / "data.jsonl").write_text(lines, "utf-8")
    (made / "fixtures_en.json").write_text(json.dumps(HOUSE), "utf-8")
    return tmp_path


def controls(**arguments: object) -> Thought:
    call = Call("1", "home.control", arguments, Label())  # pyright: ignore[reportArgumentType]
    return Thought(MessageKind.COMMAND, (call,), 0.9)


def test_a_row_knows_its_home_and_where_it_is_said(folder: Path):
    lamp, _, lights, _ = load_home_rows(folder, "ha_en")
    assert lamp.home.areas == ("Den",)
    assert lamp.home.entities[0].area == "Den"
    assert (lamp.home.here, lights.home.here) == ("", "Den")


def test_the_chinese_home_is_one_for_all_rows(folder: Path):
    first, second = load_home_rows(folder, "ha_zh")
    assert first.home == second.home
    assert first.home.areas == ("书房",)
    assert [(e.name, e.domain) for e in first.home.entities] == [("台灯", "light")]


def test_lengths_are_compared_as_seconds(folder: Path):
    timer = load_home_rows(folder, "ha_en")[3]
    assert timer.slots["duration_s"] == (3600.0,)


def test_functions_slots_and_false_acts_are_counted_apart(folder: Path):
    def understand(text: str, language: Language, home: Home) -> Thought:
        del language, home
        if text.startswith("is"):
            return controls(name="Den Lamp", action="on")
        if text == "lights off":
            return controls(domain="light", action="off")
        return controls(name="den lamp", action="on")

    outcome = evaluate_home("ha_en", load_home_rows(folder, "ha_en"), understand, CAPABILITIES)
    assert (outcome.rows, outcome.right, outcome.exact) == (4, 2, 1)
    assert (outcome.quiet, outcome.acted) == (1, 1)
    assert len(outcome.misses) == 3
    names = {result.metric: result.value for result in outcome.results()}
    assert names["ha_en functions and slots"] == 25.0
    assert names["ha_en false acts"] == 100.0


def test_a_desk_has_no_car():
    names = {capability.name for capability in desk_capabilities(CAPABILITIES.values())}
    assert {"home.control", "media.play", "alarm.manage"} <= names
    assert not any(name.startswith(("window.", "light.", "climate.", "door.")) for name in names)


def test_a_missing_set_says_what_is_missing(tmp_path: Path):
    with pytest.raises(UserError, match="ha_en"):
        load_home_rows(tmp_path, "ha_en")
