"""A question waits where its cloud turns out to be away and nobody else can answer; it is said."""

import msgspec
import pytest
from msgspec.structs import replace

from edgewise.act.policy import builtin_policy
from edgewise.agent.explain import explain
from edgewise.agent.reach import CloudSaid
from edgewise.agent.replay import replay
from edgewise.core.event import Kept, Weighed
from edgewise.core.place import Mode, Way
from edgewise.core.words import Language
from edgewise.route.policy import RoutePolicy
from tests.agent.conftest import House
from tests.agent.scripted_reach import SMALL, ScriptedReach, end_of, kinds, reaching

OPEN = "why does the canary sing"


def away(failed: str = "cloud_away", **changed: object) -> ScriptedReach:
    given = {"mode": Mode.CLOUD_ONLY, "says": (), "ends": CloudSaid(failed=failed)} | changed
    return ScriptedReach(queueable=True, **given)  # type: ignore[arg-type]


async def test_it_is_decided_again_with_the_cloud_away_and_recorded(house: House):
    reach = reaching(house, away())
    events = await house.ask(OPEN)
    assert kinds(events) == ["Weighed", "Left", "Came", "Weighed", "Kept", "TextDelta"]
    ways = [event.routing.way for event in events if isinstance(event, Weighed)]
    assert ways == [Way.CLOUD, Way.QUEUE]
    assert "I have kept your question" in end_of(events).text
    (kept,) = [event for event in events if isinstance(event, Kept)]
    assert (kept.endpoint, kept.until, kept.replaced) == ("step", 200.0, {"phone": 1})
    assert reach.kept == reach.sent, "what waits is what would have left"
    assert b"canary" not in msgspec.json.encode(kept)
    again = replay(events, house.catalogue, builtin_policy(), house.mind, RoutePolicy())
    assert again.differences == ()
    for language in Language:
        assert "1970-01-01" in "\n".join(explain(events, language))


@pytest.mark.parametrize("failed", ["cloud_refused", "cloud_budget", "not_redacted"])
async def test_what_no_waiting_mends_does_not_wait(house: House, failed: str):
    reach = reaching(house, away(failed))
    await house.ask(OPEN)
    assert reach.kept == []


async def test_where_the_device_can_answer_it_does(house: House):
    reach = reaching(house, away(mode=Mode.PREFER_CLOUD))
    assert "Hello there." in end_of(await house.ask(OPEN)).text
    assert reach.kept == []


@pytest.mark.parametrize("hedged", [False, True])
async def test_where_the_device_declines_it_waits(house: House, hedged: bool):
    house.mind.declines = True
    begins = {"silent_s": 0.1, "begins_p95_s": 0.01} if hedged else {}
    reach = reaching(house, away(mode=Mode.PREFER_CLOUD, **begins))
    end = end_of(await house.ask(OPEN))
    assert end.text.startswith("I can not ask step now. I have kept your question")
    assert reach.kept == reach.sent


@pytest.mark.parametrize("checked", [False, True])
async def test_where_no_cloud_is_asked_and_the_device_declines_it_waits(
    house: House, checked: bool
):
    house.mind.declines = True
    offline = replace(SMALL, online=False)
    reach = reaching(
        house,
        ScriptedReach(queueable=True, condition=offline, wrong=0.3 if checked else 0.01),
    )
    events = await house.ask(OPEN)
    assert end_of(events).text.startswith("I can not ask now. I have kept your question")
    assert (len(reach.kept), reach.sent) == (1, [])
    again = replay(events, house.catalogue, builtin_policy(), house.mind, RoutePolicy())
    assert again.differences == ()


async def test_a_refusal_that_can_not_wait_is_said_unmarked(house: House):
    house.mind.declines = True
    offline = replace(SMALL, online=False)
    reaching(house, ScriptedReach(mode=Mode.PREFER_CLOUD, condition=offline))
    end = end_of(await house.ask(OPEN))
    assert end.text.startswith("I can not.")
    assert not end.unverified


async def test_an_answer_that_broke_off_is_not_asked_again(house: House):
    reach = reaching(house, away("cloud_broken", says=("It sings",)))
    assert "It sings" in end_of(await house.ask(OPEN)).text
    assert reach.kept == []


async def test_what_had_to_go_for_it_is_said(house: House):
    reaching(house, away(crowded=2))
    assert "2 that waited had to go unasked" in end_of(await house.ask(OPEN)).text


async def test_where_no_more_may_wait_it_is_said(house: House):
    reaching(house, away(has_room=False))
    text = end_of(await house.ask(OPEN)).text
    assert "I have no answer now" in text
    assert "edgewise outbox list" in text
