"""The device's own words are the last resort of every search, marked where nobody checked them."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from edgewise.agent.marker import Marker
from edgewise.agent.search import DEADLINE_S, END_S, Search
from edgewise.agent.session import Session
from edgewise.core.label import Label, OriginKind, Residency, Sensitivity, label_of
from edgewise.core.message import Message, Speaker
from edgewise.core.thought import Exchange
from edgewise.core.words import Language, Words
from edgewise.think.chat import Note, Said, unnoted
from tests.agent.conftest import House
from tests.agent.scripted_reach import ScriptedReach, reaching


def searching(house: House) -> Search:
    home = house.agent.home
    message = Message("why", Language.ENGLISH, Label(), Speaker())
    return Search(message, home, Session("s"), Marker("t1", home.clock))


@pytest.mark.parametrize(
    ("held", "text", "unverified"),
    [
        (Said("Blue."), "(Not checked by a cloud.) Blue.", True),
        (None, "(Not checked by a cloud.) Hello there.", True),
        (Said("I do not know.", declined=True), "I do not know.", False),
        (Said("", declined=True), "I have no answer now: the cloud can not be reached", False),
    ],
)
async def test_the_devices_words_stand_in(
    house: House, held: Said | None, text: str, unverified: bool
):
    search = searching(house)
    told = [event.text async for event in search.instead(held)]
    assert "".join(told) == search.found.text
    assert search.found.text.startswith(text)
    assert search.found.unverified is unverified


SAID = Exchange("where is the dam", (), "In Ulm.", label_of(OriginKind.TYPED))
STAYS = replace(SAID, label=Label(SAID.label.origins, residency=Residency.DEVICE))


def after(house: House, *exchanges: Exchange, label: Label = SAID.label) -> Search:
    search = searching(house)
    search.message = replace(search.message, label=label)
    search.session.exchanges = exchanges
    return search


async def test_the_devices_words_are_made_of_the_talk_that_its_model_was_told(house: House):
    for held in (None, Said("Blue.")):
        search = after(house, STAYS)
        async for _ in search.instead(held):
            pass
        assert search.found.drawn.residency is Residency.DEVICE
    told = after(house, STAYS)
    told.told(Words("Nothing.", "无。"))
    assert told.found.drawn == Label()


async def test_what_its_words_tell_of_somebodys_matters_counts(house: House):
    search = after(house, replace(SAID, text="I have HIV"))
    search.said_own("Rest.")
    assert search.found.drawn.sensitivity is Sensitivity.SENSITIVE


async def test_with_a_cloud_private_words_reach_no_further_than_two_answers(house: House):
    reaching(house, ScriptedReach())
    derived = replace(STAYS, text="why there", derived=True)
    assert after(house, STAYS).before == (STAYS,)
    assert after(house, STAYS, derived).before == (STAYS,)
    assert after(house, STAYS, derived, derived).before == ()
    assert after(house, derived, derived, label=STAYS.label).before == (derived, derived)


async def test_without_a_cloud_they_are_handed_on(house: House):
    derived = replace(STAYS, derived=True)
    assert after(house, STAYS, derived, derived).before == (derived, derived)


async def test_somebody_always_has_time_to_answer(house: House):
    search = searching(house)
    search.until = 0.0
    assert search.left_s == 0.1


async def test_a_deadline_counts_from_the_requests_arrival_and_leaves_time_for_the_end(
    house: House,
):
    home = house.agent.home
    mark = Marker("t1", home.clock)
    message = Message("why", Language.ENGLISH, Label(), Speaker())
    search = Search(message, home, Session("s"), mark, deadline_s=2.0)
    assert search.until == mark.arrived + 2.0 - END_S
    short = Search(message, home, Session("s"), mark, deadline_s=0.4)
    assert short.until == pytest.approx(mark.arrived + 0.3)
    assert Search(message, home, Session("s"), mark, 500.0).left_s <= DEADLINE_S


async def test_what_a_models_answer_took_is_kept_and_what_was_said_without_one_is_not(
    house: House,
):
    reach = reaching(house, ScriptedReach())
    await searching(house).held()
    assert reach.own_times == []
    house.mind.took_s = 0.5
    await searching(house).held()
    assert len(reach.own_times) == 1


async def test_an_answer_that_breaks_off_keeps_what_was_written(house: House):
    async def breaks(*_: object, deadline_s: float, note: Note = unnoted) -> AsyncIterator[str]:
        yield "The sky is"
        note(Said(" ... (broken off)", declined=True))
        yield " ... (broken off)"

    house.mind.converse = breaks  # type: ignore[method-assign]
    assert (await searching(house).held()).text == "The sky is ... (broken off)"
