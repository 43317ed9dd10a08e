"""A cloud gets the whole turn, redacted, or nothing; what it fails at, the device does."""

import pytest
from msgspec.structs import replace

from edgewise.agent.reach import CloudSaid
from edgewise.core.event import Attempt, Came, Left
from edgewise.core.label import Label, Residency
from edgewise.core.message import Channel
from edgewise.core.place import Mode
from tests.agent.conftest import House
from tests.agent.scripted_reach import SMALL, ScriptedReach, end_of, kinds, reaching

OPEN = "why is the sky blue"
BROKEN = CloudSaid(failed="cloud_broken", began=True)
REGION = Label(residency=Residency.REGION)
AWAY = CloudSaid(failed="cloud_away")


async def test_a_hard_one_goes_to_the_cloud_and_its_words_are_the_answer(house: House):
    reach = reaching(house, ScriptedReach(wrong=0.9))
    events = await house.ask(OPEN)
    assert kinds(events) == ["Weighed", "Left", "TextDelta", "Came"]
    end = end_of(events)
    assert (end.text, end.source, end.unverified) == ("From the cloud.", "step", False)
    assert [one.body for one in reach.sent] == [OPEN.encode()]


@pytest.mark.parametrize("wrong", [0.3, 0.9])
async def test_a_cloud_that_is_away_leaves_the_devices_words_marked(house: House, wrong: float):
    reaching(house, ScriptedReach(wrong=wrong, answer_wrong=0.9, says=(), ends=AWAY))
    end = end_of(await house.ask(OPEN))
    assert end.text == "(Not checked by a cloud.) Hello there."
    assert (end.source, end.unverified) == ("", True)


@pytest.mark.parametrize(("trouble", "told"), [("account", True), ("request", False)])
async def test_a_cloud_that_refuses_the_key_or_the_model_is_named_with_the_remedy(
    house: House, trouble: str, told: bool
):
    house.mind.declines = True
    ends = CloudSaid((Attempt("step", 0.0, 0.1, trouble, 401),), failed="cloud_refused")
    reaching(house, ScriptedReach(wrong=0.9, says=(), ends=ends))
    text = end_of(await house.ask(OPEN)).text
    assert ("step refused the key or the model (`edgewise clouds`" in text) is told
    house.mind.declines = False
    assert "Hello there." in end_of(await house.ask(OPEN)).text


@pytest.mark.parametrize(
    "reach",
    [
        ScriptedReach(wrong=0.9, says=(), ends=AWAY),
        ScriptedReach(wrong=0.3, says=(), ends=AWAY),
        ScriptedReach(condition=replace(SMALL, online=False)),
    ],
)
async def test_a_refusal_says_which_cloud_can_not_be_reached(house: House, reach: ScriptedReach):
    house.mind.declines = True
    reaching(house, reach)
    end = end_of(await house.ask(OPEN))
    assert end.text == "I can not. step can not be reached now."
    assert not end.unverified


async def test_a_refusal_says_nothing_of_a_cloud_that_was_not_wanted(house: House):
    house.mind.declines = True
    reaching(house, ScriptedReach(condition=replace(SMALL, online=False), mode=Mode.DEVICE_ONLY))
    assert end_of(await house.ask(OPEN)).text == "I can not."


async def test_an_answer_that_breaks_off_goes_on_behind_a_seam(house: House):
    reaching(house, ScriptedReach(wrong=0.9, says=("The sky is",), ends=BROKEN))
    events = await house.ask(OPEN)
    (came,) = [event for event in events if isinstance(event, Came)]
    assert (came.seam, came.failed) == (True, "cloud_broken")
    end = end_of(events)
    assert end.text.startswith("The sky is\n[The cloud broke off here")
    assert end.text.endswith("(Not checked by a cloud.) Hello there.")


@pytest.mark.parametrize(
    ("reach", "code"),
    [
        (ScriptedReach(wrong=0.9, is_safe=False), "not_redacted"),
        (ScriptedReach(wrong=0.9, still_may=False), "consent_withdrawn"),
    ],
)
async def test_nothing_leaves_that_can_not_be_made_safe_or_may_not_any_more(
    house: House, reach: ScriptedReach, code: str
):
    reaching(house, reach)
    events = await house.ask(OPEN)
    assert reach.sent == []
    assert not [event for event in events if isinstance(event, Left)]
    assert [event.failed for event in events if isinstance(event, Came)] == [code]
    assert "Hello there." in end_of(events).text


@pytest.mark.parametrize(
    ("reach", "residency"),
    [
        (ScriptedReach(wrong=0.9, drawn=REGION), Residency.REGION),
        (ScriptedReach(wrong=0.9, drawn=REGION, says=(), ends=AWAY), Residency.ANY),
        (ScriptedReach(wrong=0.9, drawn=REGION, ends=BROKEN), Residency.REGION),
    ],
)
async def test_the_clouds_words_are_bound_by_all_that_it_was_sent_and_the_devices_are_not(
    house: House, reach: ScriptedReach, residency: Residency
):
    reaching(house, reach)
    await house.ask(OPEN)
    (one,) = house.agent._sessions.find("s", Channel.TYPED).exchanges
    assert one.label.residency is residency
