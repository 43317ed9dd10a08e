"""Words are found where the decision says, and whatever fails ends in the device's own."""

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edgewise.act.policy import builtin_policy
from edgewise.agent.explain import explain
from edgewise.agent.reach import CloudSaid
from edgewise.agent.replay import replay
from edgewise.core.endpoint import NO_KEY, Condition, Consent
from edgewise.core.event import Came, Checked, Event, Left, Weighed, from_json, to_json
from edgewise.core.place import Mode, Way
from edgewise.core.words import Language
from edgewise.route.ability import REFUSED
from edgewise.route.policy import RoutePolicy
from tests.agent.conftest import House
from tests.agent.scripted_reach import GIVEN, SMALL, STEP, ScriptedReach, end_of, kinds, reaching

OPEN = "why is the sky blue"
AWAY = CloudSaid(failed="cloud_away")


def ways(events: list[Event]) -> list[Way]:
    return [e.routing.way for e in events if isinstance(e, Weighed | Checked)]


async def test_an_easy_question_stays_at_home_unchecked(house: House):
    reach = reaching(house, ScriptedReach(wrong=0.01))
    events = await house.ask(OPEN)
    assert kinds(events) == ["Weighed", "TextDelta", "TextDelta"]
    assert (end_of(events).text, end_of(events).source, reach.sent) == ("Hello there.", "", [])


async def test_a_checked_answer_that_holds_is_told_whole(house: House):
    reach = reaching(house, ScriptedReach(wrong=0.3, answer_wrong=0.1))
    events = await house.ask(OPEN)
    assert kinds(events) == ["Weighed", "Checked", "TextDelta"]
    assert (end_of(events).text, reach.sent) == ("Hello there.", [])


async def test_an_answer_in_doubt_is_never_heard_and_a_clouds_is(house: House):
    reaching(house, ScriptedReach(wrong=0.3, answer_wrong=0.9))
    events = await house.ask(OPEN)
    assert kinds(events) == ["Weighed", "Checked", "Left", "TextDelta", "Came", "Compared"]
    assert ways(events) == [Way.DEVICE, Way.CLOUD]
    assert "Hello" not in end_of(events).text


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        (ScriptedReach(mode=Mode.CLOUD_ONLY, condition=Condition(model="small")), "can not answer"),
        (
            ScriptedReach(mode=Mode.CLOUD_ONLY, condition=Condition(), queueable=True),
            "I have kept your question",
        ),
    ],
)
async def test_what_no_one_may_answer_now_is_said(house: House, reach: ScriptedReach, said: str):
    reaching(house, reach)
    events = await house.ask(OPEN)
    assert said in end_of(events).text
    assert reach.sent == []
    assert len(reach.kept) == reach.queueable


async def test_a_command_is_weighed_by_nobody(house: House):
    reach = reaching(house, ScriptedReach(mode=Mode.CLOUD_ONLY))
    assert kinds(await house.ask("air on")) == []
    assert reach.lasts == []


async def test_a_session_remembers_its_last_way(house: House):
    reach = reaching(house, ScriptedReach(wrong=0.9))
    await house.ask(OPEN)
    await house.ask(OPEN)
    assert reach.lasts == ["", "cloud"]


async def test_a_record_explains_and_can_be_weighed_again(house: House, tmp_path: Path):
    reaching(house, ScriptedReach(wrong=0.3, answer_wrong=0.9))
    events = [from_json(to_json(event)) for event in await house.ask(OPEN)]
    for language in Language:
        told = "\n".join(explain(events, language))
        assert "step" in told
        assert "0.9" in told
    again = replay(events, house.catalogue, builtin_policy(), house.mind, RoutePolicy())
    assert again.differences == ()
    other = RoutePolicy(version="2", post_threshold=0.95)
    changed = replay(events, house.catalogue, builtin_policy(), house.mind, other)
    assert [(d.step, d.now["way"]) for d in changed.differences] == [("check", "device")]


async def test_no_word_of_anybody_stands_in_the_records_of_the_way(house: House):
    reaching(house, ScriptedReach(wrong=0.9, ends=AWAY, says=()))
    events = await house.ask("the canary sings at dawn")
    records = [one for one in events if isinstance(one, Weighed | Checked | Left | Came)]
    assert {type(one) for one in records} >= {Weighed, Left, Came}
    assert b"canary" not in msgspec.json.encode(records)


@pytest.mark.parametrize("wrong", [0.3, 0.9])
@pytest.mark.parametrize(
    ("why", "told"),
    [
        (NO_KEY, " The key of step can not be used: see `edgewise clouds`."),
        (REFUSED, " step refused the key or the model: see `edgewise clouds`."),
        ("away", " step can not be reached now."),
    ],
)
async def test_an_owner_hears_what_shuts_the_device_out_of_its_cloud(
    house: House, wrong: float, why: str, told: str
):
    house.mind.declines = True
    reach = reaching(house, ScriptedReach(wrong=wrong, why=why))
    assert end_of(await house.ask(OPEN)).text == f"I can not.{told}"
    assert reach.sent == []
    house.mind.declines = False
    assert "step" not in end_of(await house.ask(OPEN)).text


@pytest.mark.parametrize("declines", [True, False])
async def test_the_devices_answer_for_a_cloud_that_is_away_is_marked(house: House, declines: bool):
    house.mind.declines = declines
    offline = replace(SMALL, online=False)
    reaching(house, ScriptedReach(mode=Mode.PREFER_CLOUD, condition=offline))
    end = end_of(await house.ask(OPEN))
    assert end.unverified is not declines
    told = (
        "I can not. step can not be reached now."
        if declines
        else "(Not checked by a cloud.) Hello there."
    )
    assert end.text == told


@pytest.mark.parametrize(
    ("mode", "consents", "may_go"),
    [
        (Mode.PREFER_DEVICE, (GIVEN,), True),
        (Mode.PREFER_DEVICE, (), False),
        (Mode.DEVICE_ONLY, (GIVEN,), False),
        (Mode.ASK, (GIVEN,), False),
    ],
)
@pytest.mark.parametrize("online", [True, False])
async def test_an_exchange_keeps_which_clouds_its_question_might_have_gone_to(
    house: House, mode: Mode, consents: tuple[Consent, ...], may_go: bool, online: bool
):
    now = ScriptedReach(mode=mode, consents=consents, condition=replace(SMALL, online=online))
    reaching(house, now)
    await house.ask(OPEN)
    later = reaching(house, ScriptedReach(wrong=0.9))
    await house.ask("and at night")
    assert [(one.text, one.clouds) for one in later.told] == [
        (OPEN, (STEP.recipient,) if may_go else ())
    ]
    assert not later.told[0].stock


async def test_an_answer_made_of_earlier_words_goes_no_further_than_they(house: House):
    reaching(house, ScriptedReach(mode=Mode.DEVICE_ONLY))
    await house.ask(OPEN)
    reaching(house, ScriptedReach())
    await house.ask("why is grass green")
    later = reaching(house, ScriptedReach(wrong=0.9))
    await house.ask("and at night")
    assert [one.clouds for one in later.told] == [(), ()]
    await house.ask("and by day")
    await house.ask("and by noon")
    assert later.told[-1].clouds == (STEP.recipient,), "two turns later the talk is free of it"


@pytest.mark.parametrize("phrase", ["no", "cancel", "yes", "purr"])
async def test_a_phrase_of_the_device_is_no_answer(house: House, phrase: str):
    reach = reaching(house, ScriptedReach(wrong=0.9))
    events = await house.ask(phrase)
    await house.ask(OPEN)
    assert all(one.stock for one in reach.told if not kinds(events))
