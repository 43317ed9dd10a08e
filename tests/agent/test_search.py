"""The device's own words are the last resort of every search, marked where nobody checked them."""

import pytest

from edgewise.agent.marker import Marker
from edgewise.agent.search import Search
from edgewise.agent.session import Session
from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.words import Language
from edgewise.think.chat import Said
from tests.agent.conftest import House


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


async def test_somebody_always_has_time_to_answer(house: House):
    search = searching(house)
    search.until = 0.0
    assert search.left_s == 0.1
