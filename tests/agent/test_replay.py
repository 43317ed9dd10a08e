"""A recorded turn is compared with today's code, and what was hidden is not guessed."""

import msgspec

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.cedar import Policy, load_policy
from edgewise.act.policy import builtin_policy, builtin_texts
from edgewise.act.resolve import resolve
from edgewise.agent.redact import Redactor
from edgewise.agent.replay import replay
from edgewise.agent.traced import seen_aims, seen_state, traced
from edgewise.core.call import Allow, Call, Resolved
from edgewise.core.event import CallDecided, CallResolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from tests.agent.conftest import House


async def test_the_same_code_gives_no_difference(house: House) -> None:
    for text in ("both", "trunk", "window half", "nonsense"):
        events = await house.ask(text)
        replayed = replay(events, house.catalogue, builtin_policy(), house.mind)
        assert replayed.differences == ()
        assert replayed.compared >= 3


async def test_another_policy_shows_what_it_would_decide(house: House) -> None:
    events = await house.ask("air on")
    replayed = replay(events, house.catalogue, _stricter(), house.mind)
    assert [d.step for d in replayed.differences] == ["start", "decide"]


async def test_another_understanding_shows(house: House) -> None:
    events = await house.ask("air on")
    house.mind.script["air on"] = [("air.set", {"on": False})]
    replayed = replay(events, house.catalogue, builtin_policy(), house.mind)
    assert [d.step for d in replayed.differences] == ["think"]


async def test_a_redacted_turn_is_still_decided_again(house: House) -> None:
    redactor = Redactor(b"key", house.catalogue)
    events = [redactor.redact(event) for event in await house.ask("air on")]
    replayed = replay(events, house.catalogue, _stricter(), house.mind)
    assert "decide" in [d.step for d in replayed.differences]
    assert any(reason.startswith("think") for reason in replayed.not_comparable)


async def test_what_a_record_hid_is_told_as_not_compared(house: House) -> None:
    redactor = Redactor(b"key", house.catalogue)
    at, place = {"seq": 1, "at": 0.0, "turn": "t", "took_ms": 1.0}, "nav.route"
    call = Call("t.1", "no.such_thing", {"latitude": 31.23}, label_of(OriginKind.TYPED))
    resolved = CallResolved(call=call, resolution=Resolved(), state={place: 31.23}, **at)
    decided = CallDecided(
        call="t.1", decision=Allow(), confirmed=False, facts={"about": "‹3:abc›"}, **at
    )
    replayed = replay(
        [redactor.redact(resolved), decided], house.catalogue, builtin_policy(), house.mind
    )
    assert replayed.differences == ()
    assert [reason.split()[0] for reason in replayed.not_comparable] == ["resolve", "decide"]


async def test_a_replay_moves_nothing(house: House) -> None:
    events = await house.ask("window half")
    before = house.car.export_state()
    replay(events, house.catalogue, builtin_policy(), house.mind)
    after = house.car.export_state()
    assert msgspec.json.encode(before) == msgspec.json.encode(after)


def _stricter() -> Policy:
    texts = dict(builtin_texts())
    texts["strict.cedar"] = (
        '@id("R99-nothing") @rule("99") @source("test") @says("No.") @says_zh("不。")\n'
        "forbid (principal, action, resource);"
    )
    return load_policy(texts)


async def test_a_stop_is_replayed_with_what_moved_then(house: House) -> None:
    window, catalogue = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position", builtin_catalogue()
    call = Call("t.1", "dialog.control", {"action": "stop"}, label_of(OriginKind.TYPED))
    snapshot, seen = traced(snapshot_of({window: 40, "Vehicle.Speed": 0}, aims={window: 100}))
    resolution = resolve(call, catalogue, snapshot)
    assert isinstance(resolution, Resolved)
    assert [effect.target for effect in resolution.effects] == [window]
    event = CallResolved(
        seq=1, at=0.0, turn="t", took_ms=1.0, call=call, resolution=resolution,
        state=seen_state(seen), aims=seen_aims(seen),
    )  # fmt: skip
    assert replay([event], catalogue, builtin_policy(), house.mind).differences == ()
    forgotten = msgspec.structs.replace(event, aims={})
    assert replay([forgotten], catalogue, builtin_policy(), house.mind).differences
