"""Bodies that are read at once share a bound, by project and all together."""

import pytest

from edgewise.cloud.body_room import BodyRoom
from edgewise.cloud.refusal import Refused


def test_a_project_takes_a_quarter_and_all_together_the_whole() -> None:
    room = BodyRoom(400)
    for project in "abcd":
        room.take(project, 60)
        with pytest.raises(Refused) as own:
            room.take(project, 41)
        assert own.value.status == 429
        room.take(project, 40)
    with pytest.raises(Refused) as full:
        room.take("e", 1)
    assert (full.value.status, full.value.headers["Retry-After"]) == (503, "2")
    room.give("a", 100)
    room.take("e", 100)
