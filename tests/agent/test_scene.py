"""A scene runs its steps as calls of their own, and keeps them as untrusted as they were saved."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue
from edgewise.act.policy import builtin_policy
from edgewise.agent.home import Home
from edgewise.agent.scene import MAX_STEPS, expand
from edgewise.core.call import Call, Effect
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.device.phone.store import DocumentStore
from edgewise.testing.clock import ManualClock
from tests.agent.conftest import ScriptedMind

TYPED = label_of(OriginKind.TYPED, "driver")
AIR = {"capability": "air.set", "arguments": {"on": True}, "label": msgspec.to_builtins(TYPED)}


@pytest.fixture
async def home(tmp_path: Path) -> Home:
    clock = ManualClock()
    stores = DocumentStore(tmp_path / "s.sqlite", clock)
    return Home(Catalogue(), builtin_policy(), Drivers(stores.drivers), ScriptedMind({}), clock)


async def save(home: Home, name: str, *steps: Any) -> None:
    await home.drivers.write([Effect(f"scene.saved.{name}", {"name": name, "steps": list(steps)})])


def run(name: Any, label: Label = TYPED) -> Call:
    return Call("t.1", "scene.run", {"name": name}, label, clause="nap time", asked_at=3.0)


async def test_a_scene_becomes_its_steps_in_order(home: Home) -> None:
    await save(home, "nap", AIR, AIR | {"capability": "window.set", "arguments": {}})
    before, after = Call("t.0", "x", {}, TYPED), Call("t.2", "y", {}, TYPED)
    calls = await expand([before, run("Nap"), after], home)
    assert [call.capability for call in calls] == ["x", "air.set", "window.set", "y"]
    assert [call.id for call in calls] == ["t.0", "t.1.1", "t.1.2", "t.2"]
    assert calls[1].arguments == {"on": True}
    assert calls[1].asked_at == 3.0


async def test_a_step_is_as_untrusted_as_when_it_was_saved(home: Home) -> None:
    await save(home, "nap", AIR | {"label": msgspec.to_builtins(label_of(OriginKind.WEB, "a.b"))})
    (call,) = await expand([run("nap")], home)
    assert not call.label.trusted
    assert call.label.untrusted_origins()[0].detail == "a.b"


async def test_an_untrusted_runner_does_not_borrow_the_step_s_trust(home: Home) -> None:
    await save(home, "nap", AIR)
    (call,) = await expand([run("nap", label_of(OriginKind.MESSAGE, "Eve"))], home)
    assert not call.label.trusted


async def test_a_scene_does_not_run_scenes(home: Home) -> None:
    await save(home, "nap", AIR | {"capability": "scene.run", "arguments": {"name": "nap"}}, AIR)
    assert [call.capability for call in await expand([run("nap")], home)] == ["air.set"]


async def test_only_so_many_steps_are_run(home: Home) -> None:
    await save(home, "nap", *[AIR] * (MAX_STEPS + 5))
    assert len(await expand([run("nap")], home)) == MAX_STEPS


async def test_an_unknown_scene_is_left_to_its_function_to_refuse(home: Home) -> None:
    await save(home, "nap", AIR)
    for name in ("evening", None, 7):
        assert await expand([run(name)], home) == [run(name)]


async def test_steps_that_are_no_calls_are_left_out(home: Home) -> None:
    await save(home, "nap", "junk", {}, {"capability": 5}, AIR | {"arguments": [1]}, AIR)
    assert [call.capability for call in await expand([run("nap")], home)] == ["air.set"]


async def test_a_step_without_a_readable_label_has_no_trust(home: Home) -> None:
    bare = {"capability": "air.set"}
    await save(home, "nap", AIR | {"label": "typed"}, bare, AIR | {"label": {}})
    calls = await expand([run("nap", TYPED)], home)
    assert [call.label.trusted for call in calls] == [False] * 3


async def test_an_argument_of_a_step_keeps_its_label(home: Home) -> None:
    web = msgspec.to_builtins(label_of(OriginKind.WEB, "a.b"))
    await save(home, "nap", AIR | {"labels": {"on": web, "odd": 7}})
    (call,) = await expand([run("nap")], home)
    assert call.label.trusted
    assert not call.label_of("on").trusted
    assert not call.label_of("odd").trusted


async def test_a_guessed_scene_is_a_guess_step_by_step(home: Home) -> None:
    await save(home, "nap", AIR)
    (call,) = await expand([msgspec.structs.replace(run("nap"), inferred=True)], home)
    assert call.inferred


async def test_a_step_knows_who_chose_its_scene(home: Home) -> None:
    await save(home, "nap", AIR, {**AIR, "arguments": {}})
    chosen = {"name": label_of(OriginKind.WEB, "a.b")}
    for call in await expand([msgspec.structs.replace(run("nap"), labels=chosen)], home):
        assert call.label.trusted
        assert not all(label.trusted for label in call.labels.values())


async def test_an_argument_called_scene_keeps_its_own_label(home: Home) -> None:
    web = msgspec.to_builtins(label_of(OriginKind.WEB, "a.b"))
    await save(home, "nap", {**AIR, "arguments": {"scene": "x"}, "labels": {"scene": web}})
    chosen = msgspec.structs.replace(run("nap"), labels={"name": TYPED})
    (call,) = await expand([chosen], home)
    assert not call.label_of("scene").trusted
