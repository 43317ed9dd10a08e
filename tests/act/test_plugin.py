"""A decorated function becomes a capability; a broken one is reported and harms nothing."""

import importlib.util
from enum import Enum
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Annotated, Literal

import pytest

from edgewise.act.driver import Driver
from edgewise.act.function import Catalogue
from edgewise.act.plugin import (
    Plugin,
    Range,
    capability,
    functions_of,
    load_plugins,
)
from edgewise.act.plugin_driver import PluginDriver
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Effect, Impossible, Missing, Resolved
from edgewise.core.capability import Kind, Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from edgewise.core.words import Words
from edgewise.core.zone import Zone
from edgewise.errors import UserError
from tests.each_row import each_row

SNIPPET = Path(__file__).resolve().parents[2] / "docs" / "snippets" / "first_capability.py"


class Mode(Enum):
    SOFT = "soft"
    DEEP = "deep"


@capability("massage.start", en=[("knead me", {"mode": "deep"})])
def start(
    mode: Mode,
    zone: Zone = Zone.DRIVER,
    level: Annotated[int, Range(1, 5), "strength"] = 3,
    style: Literal["wave", "pulse"] | None = None,
) -> dict[str, object]:
    """Start the massage.

    More that is not shown.
    """
    return {"mode": mode, "is_enum": isinstance(mode, Mode), "level": level, "style": style}


def asked(name: str, **arguments: object) -> Call:
    return Call("t1", name, dict(arguments), label_of(OriginKind.VOICE, "driver"))


def test_the_declaration_comes_from_the_signature():
    declared = start.capability
    assert declared.words == Words("Start the massage.", "Start the massage.")
    assert [(a.name, a.kind, a.required, a.default) for a in declared.arguments] == [
        ("mode", Kind.CHOICE, True, None),
        ("zone", Kind.ZONE, False, "driver"),
        ("level", Kind.INTEGER, False, 3),
        ("style", Kind.CHOICE, False, None),
    ]
    level = declared.arguments[2]
    assert (level.minimum, level.maximum, level.words.en) == (1, 5, "strength")
    assert [choice.value for choice in declared.arguments[0].choices] == ["soft", "deep"]


def test_the_risk_is_disruptive_unless_said_otherwise():
    assert start.capability.risk is Risk.DISRUPTIVE


def test_the_decorated_function_can_still_be_called():
    assert start(Mode.SOFT)["level"] == 3


def test_a_function_has_no_target_but_its_own():
    assert start.capability.actuators == ("plugin.massage.start",)
    with pytest.raises(TypeError, match="actuators"):
        capability("oven.heat", actuators=["Vehicle.Speed"])  # pyright: ignore[reportCallIssue]


async def test_the_call_goes_through_resolve_and_the_driver():
    catalogue = Catalogue(functions_of([start]))
    resolved = resolve(asked("massage.start", mode="deep"), catalogue, snapshot_of({}))
    assert isinstance(resolved, Resolved)
    assert resolved.effects == (
        Effect("plugin.massage.start", {"mode": "deep", "zone": "driver", "level": 3}),
    )
    driver: Driver = PluginDriver([start])
    receipts = await driver.write(resolved.effects)
    assert receipts == {
        "plugin.massage.start": {"mode": "deep", "is_enum": True, "level": 3, "style": None}
    }


@pytest.mark.parametrize("arguments", [{"mode": "deep", "level": 9}, {"mode": "hard"}, {}])
def test_arguments_out_of_range_never_reach_the_function(arguments: dict[str, object]):
    catalogue = Catalogue(functions_of([start]))
    found = resolve(asked("massage.start", **arguments), catalogue, snapshot_of({}))
    assert isinstance(found, Impossible | Missing)


def test_a_type_that_cannot_be_declared_is_named():
    def bad(when: complex) -> None: ...

    with pytest.raises(UserError, match="'when'"):
        capability("oven.bad")(bad)


def test_an_example_with_an_unknown_argument_is_refused():
    def heat(level: int) -> None: ...

    with pytest.raises(UserError, match="'power'"):
        capability("oven.heat", en=[("heat", {"power": 3})])(heat)


@each_row("name", ["heat", "oven.", ".heat", "oven heat.x"])
def test_a_name_must_be_family_and_verb(name: str):
    def heat() -> None: ...

    with pytest.raises(UserError, match=r"family\.verb"):
        capability(name)(heat)


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, "edgewise.capabilities")


def test_broken_plugins_are_reported_and_the_others_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "good_plugin.py").write_text(SNIPPET.read_text("utf-8"), "utf-8")
    (tmp_path / "bad_plugin.py").write_text("raise SystemError('no wheels')\n", "utf-8")
    (tmp_path / "odd_plugin.py").write_text("things = [1, 2]\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    plugins, problems = load_plugins(
        [
            entry("bad", "bad_plugin"),
            entry("odd", "odd_plugin:things"),
            entry("none", "no_such_plugin"),
            entry("good", "good_plugin"),
            entry("twice", "good_plugin:set_humidity"),
        ]
    )
    assert [plugin.capability.name for plugin in plugins] == ["garage.set_humidity"]
    assert len(problems) == 4
    assert "no wheels" in problems[0]
    assert "already provided by good" in problems[3]


async def test_the_first_capability_of_the_readme_works():
    spec = importlib.util.spec_from_file_location("first_capability", SNIPPET)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    plugin = module.set_humidity
    assert isinstance(plugin, Plugin)
    catalogue = Catalogue(functions_of([plugin]))
    for example in (*plugin.capability.en, *plugin.capability.zh):
        resolved = resolve(asked("garage.set_humidity", **example.arguments), catalogue,
                           snapshot_of({}))  # fmt: skip
        assert isinstance(resolved, Resolved)
        receipts = await PluginDriver([plugin]).write(resolved.effects)
        assert receipts == {"plugin.garage.set_humidity": "the dehumidifier holds 40 %"}
