"""What holds for every batch of effects and every state, not only for the examples.

States and effects are drawn from the targets of the allow-list and of the closed list; facts always
come from `gather`.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.act.decide import decide, decide_plainly
from edgewise.act.exposure import EXPOSED
from edgewise.act.policy import builtin_policy
from edgewise.core.call import Allow
from edgewise.core.capability import Risk
from edgewise.core.label import OriginKind, join, label_of
from edgewise.core.message import Channel
from edgewise.core.signal import Reading, Snapshot
from edgewise.core.zone import Zone
from tests.safety.situation import (
    CALM,
    GEAR,
    HELD,
    NOW,
    USER,
    facts_of,
    judge,
    snapshot,
    strictness,
)

TARGETS = sorted(
    {row.pattern.replace("*", part) for row in EXPOSED for part in ("Row1.DriverSide", "Row2.Left")}
    | {key for key in CALM if key.startswith("Vehicle.")}
    | {"Vehicle.Not.Known", "elsewhere.thing"}
)
VALUES = [
    True, False, None, 0, 1, 50, 100, -1, 126, 127, "ON", "OFF", "AUTO", "BEAM", "POSITION", "LOCK",
    "OPEN", "CLOSE", "ONE_SHOT_OPEN", "ONE_SHOT_CLOSE", "FAST", "TV", "EMPTY", "OCCUPIED",
    "UNKNOWN", [], {}, {"state": "dialling", "number": "110"}, {"number": "5", "body": "x"},
    {"kind": "video"},
]  # fmt: skip
CLAIMS = ["video", "game", "screen.text", "screen.keyboard", "screen.overlay", "nav.edit",
          "nav.only_destination", "visual_steps=9", "call.emergency", "new_recipient"]  # fmt: skip

effects = st.lists(
    st.tuples(st.sampled_from(TARGETS), st.sampled_from(VALUES)), min_size=1, max_size=5
)
states = st.dictionaries(st.sampled_from(sorted(CALM)), st.sampled_from(VALUES), max_size=12)
labels = st.sampled_from([USER, *(label_of(kind) for kind in OriginKind)])
circumstances = st.fixed_dictionaries(
    {
        "risk": st.sampled_from(list(Risk)),
        "zone": st.sampled_from([None, *Zone]),
        "channel": st.sampled_from(list(Channel)),
        "inferred": st.booleans(),
        "arguments": st.just({"a": 1}),
        "labels": st.fixed_dictionaries({"a": labels}),
        "claims": st.lists(st.sampled_from(CLAIMS), max_size=2).map(tuple),
    }
)
pytestmark = pytest.mark.slow
few = settings(max_examples=500, deadline=None)


def never(facts: Mapping[str, Any]) -> bool:
    """Whether the facts are denied with and without confirmation."""
    return judge(facts).startswith("deny") and judge(facts, confirmed=True).startswith("deny")


@pytest.mark.rule(2)
@few
@given(effects, states, circumstances, st.sampled_from([0.0, 5.0, None]))
def test_nothing_that_darkens_is_ever_done_or_offered_unless_parked(
    batch: list[tuple[str, Any]],
    changes: dict[str, Any],
    more: dict[str, Any],
    speed: float | None,
):
    gear: dict[str, Any] = {"Vehicle.Speed": speed, GEAR: 127}
    dark = ("Vehicle.Body.Lights.LightSwitch", "OFF")
    assert never(facts_of([*batch, dark], snapshot(changes, gear), **more))
    low = ("Vehicle.Body.Lights.Beam.Low.IsOn", False)
    assert never(facts_of([low, *batch], snapshot(changes, gear), **more))


@few
@given(effects, states, circumstances)
@pytest.mark.rule(23, 24, 25, 27)
def test_a_forbidden_class_is_never_performed_whatever_else_is_true(
    batch: list[tuple[str, Any]], changes: dict[str, Any], more: dict[str, Any]
):
    facts = facts_of(batch, snapshot(changes), **more)
    classes = set(facts["effects"])
    forbidden = {"unclassified", "dms.off", "adas.activate", "forbidden_actuator"}
    if facts["driving"] != "parked":
        forbidden |= {"light.exterior.darken", "adas.off"}
    if facts["driving"] == "moving":
        forbidden |= {"door.unlock", "door.open", "trunk.open", "child_lock.off", "flap.open",
                      "driver_seat.move", "mirror.move", "cluster.off"}  # fmt: skip
    if classes & forbidden or not facts["exposed"]:
        assert never(facts)


@few
@given(effects, states, circumstances)
def test_a_yes_rescues_only_what_was_asked_about(
    batch: list[tuple[str, Any]], changes: dict[str, Any], more: dict[str, Any]
):
    facts = facts_of(batch, snapshot(changes), **more)
    plain, confirmed = judge(facts), judge(facts, confirmed=True)
    if plain.startswith("deny"):
        assert confirmed.startswith("deny")
    else:
        assert confirmed == "allow"


@few
@given(effects, states, circumstances, st.sampled_from(sorted(CALM)), st.booleans())
@pytest.mark.rule(1)
def test_losing_or_ageing_a_reading_never_makes_the_policy_milder(
    batch: list[tuple[str, Any]],
    changes: dict[str, Any],
    more: dict[str, Any],
    lost: str,
    stale: bool,
):
    values = {**CALM, **changes}
    if lost in ("Vehicle.IsMoving", "Vehicle.Powertrain.Transmission.IsParkLockEngaged"):
        return  # only ever contradict what speed and lever say
    known = snapshot(changes)
    readings = dict(known.readings)
    if stale:
        readings[lost] = Reading(values[lost], NOW - 3600.0)
    else:
        del readings[lost]
    unknown = Snapshot(readings, NOW, 0.0)
    before = strictness(facts_of(batch, known, **more))
    assert strictness(facts_of(batch, unknown, **more)) >= before


@few
@given(effects, states, circumstances, labels)
@pytest.mark.rule(33, 34)
def test_content_never_proposes_and_its_words_never_make_the_policy_milder(
    batch: list[tuple[str, Any]], changes: dict[str, Any], more: dict[str, Any], label: Any
):
    state = snapshot(changes)
    clean = facts_of(batch, state, **{**more, "labels": {}})
    tainted = facts_of(batch, state, **{**more, "labels": {"a": label_of(OriginKind.WEB)}})
    assert strictness(tainted) >= strictness(clean)
    mixed = join([label, label_of(OriginKind.MESSAGE, "x")])
    assert never(facts_of(batch, state, **more, label=mixed))


@few
@given(effects, states, circumstances, st.lists(st.sampled_from(CLAIMS), max_size=3))
def test_what_a_function_claims_never_makes_the_policy_milder(
    batch: list[tuple[str, Any]], changes: dict[str, Any], more: dict[str, Any], claims: list[str]
):
    state = snapshot(changes)
    silent = facts_of(batch, state, **{**more, "claims": ()})
    claiming = facts_of(batch, state, **{**more, "claims": tuple(claims)})
    assert strictness(claiming) >= strictness(silent)


SAFE = [
    ("Vehicle.Body.Lights.LightSwitch", "BEAM"),
    ("Vehicle.Body.Lights.Beam.Low.IsOn", True),
    ("Vehicle.Body.Lights.Hazard.IsSignaling", True),
    ("Vehicle.Cabin.HVAC.IsFrontDefrosterActive", True),
    ("Vehicle.Body.Windshield.Front.Wiping.Mode", "FAST"),
    ("Vehicle.Cabin.Door.Row1.DriverSide.IsLocked", True),
    ("Vehicle.Cabin.Door.Row1.DriverSide.Window.Position", HELD),
]


@few
@given(
    st.lists(st.sampled_from(SAFE), min_size=1, unique_by=lambda effect: effect[0]),
    states,
    circumstances,
)
@pytest.mark.rule(4)
def test_the_safe_direction_is_always_open(
    batch: list[tuple[str, Any]], changes: dict[str, Any], more: dict[str, Any]
):
    assert judge(facts_of(batch, snapshot(changes), **more)) == "allow"
    lost = Snapshot({}, NOW, 0.0)
    assert judge(facts_of(batch, lost, **more)) == "allow"


@few
@given(states, circumstances)
@pytest.mark.rule(42)
def test_an_emergency_call_is_always_open_to_people_and_asked_about_for_programs(
    changes: dict[str, Any], more: dict[str, Any]
):
    call = [("phone.call.current", {"state": "dialling", "number": "112", "name": "x"})]
    origins = [origin.kind for label in more["labels"].values() for origin in label.origins]
    by_program = more["channel"] in (Channel.API, Channel.MCP, Channel.CLOUD)
    by_program = by_program or OriginKind.CLIENT in origins  # or had a hand in it
    for state in (snapshot(changes), Snapshot({}, NOW, 0.0)):
        facts = facts_of(call, state, **more)
        assert judge(facts) == ("ask R42-program-asks" if by_program else "allow")
        assert judge(facts, confirmed=True) == "allow"


@few
@given(effects, states, circumstances)
def test_the_order_of_effects_never_matters(
    batch: list[tuple[str, Any]], changes: dict[str, Any], more: dict[str, Any]
):
    state = snapshot(changes)
    if len({target for target, _ in batch}) == len(batch):
        assert facts_of(batch, state, **more) == facts_of(batch[::-1], state, **more)
    else:
        assert never(facts_of(batch, state, **more))


@few
@given(effects, states, circumstances, st.booleans())
def test_the_shortcut_never_differs_from_the_plain_way(
    batch: list[tuple[str, Any]], changes: dict[str, Any], more: dict[str, Any], confirmed: bool
):
    facts = facts_of(batch, snapshot(changes), **more)
    policy = builtin_policy()
    quick = decide(policy, facts, confirmed=confirmed)
    assert quick == decide_plainly(policy, facts, confirmed=confirmed)


@few
@given(effects, effects, states, circumstances)
def test_adding_an_effect_never_turns_a_refusal_into_a_permission(
    batch: list[tuple[str, Any]],
    more_effects: list[tuple[str, Any]],
    changes: dict[str, Any],
    more: dict[str, Any],
):
    """But for rules that ask for company: low beam with fog lights, a shade with the roof."""
    state = snapshot(changes)
    facts = facts_of(batch, state, **more)
    company = {"light.fog.on", "light.high_beam.on", "light.high_beam.off", "roof.open",
               "shade.close", "climate.ac.on", "window.open"}  # fmt: skip
    if set(facts["effects"]) & company:
        return
    if decide(builtin_policy(), facts) != Allow():
        together = facts_of(batch + more_effects, state, **more)
        assert decide(builtin_policy(), together) != Allow()
