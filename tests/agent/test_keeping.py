"""A question waits where its cloud turns out to be away and nobody else can answer; it is said."""

import msgspec
import pytest

from edgewise.act.policy import builtin_policy
from edgewise.agent.explain import explain
from edgewise.agent.reach import CloudSaid
from edgewise.agent.replay import replay
from edgewise.core.event import Kept, Weighed
from edgewise.core.place import Mode, Way
from edgewise.core.words import Language
from edgewise.route.policy import RoutePolicy
from tests.agent.conftest import House
from tests.agent.scripted_reach import ScriptedReach, end_of, kinds, reaching

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
