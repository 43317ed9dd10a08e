"""A question that no one can answer now waits where it may, and the person is told either way."""

import pytest

from edgewise.core.endpoint import Condition
from edgewise.core.place import Mode
from tests.agent.conftest import House
from tests.agent.scripted_reach import ScriptedReach, end_of, reaching

OPEN = "why is the sky blue"


@pytest.mark.parametrize(
    ("has_room", "is_safe", "said"),
    [
        (True, True, "I have kept your question"),
        (False, True, "I have no answer now"),
        (True, False, "I have no answer now"),
    ],
)
async def test_it_is_kept_or_said_not_to_be(house: House, has_room: bool, is_safe: bool, said: str):
    waiting = ScriptedReach(
        mode=Mode.CLOUD_ONLY,
        condition=Condition(),
        queueable=True,
        has_room=has_room,
        is_safe=is_safe,
    )
    reach = reaching(house, waiting)
    assert said in end_of(await house.ask(OPEN)).text
    assert len(reach.kept) == (has_room and is_safe)
    assert reach.sent == []
