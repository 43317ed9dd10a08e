"""What a person says of an answer is kept beside its turn, without words, and nothing is done."""

from pathlib import Path

import pytest

from edgewise.agent.judgement import judge
from edgewise.agent.trail import Trail
from edgewise.core.event import Judged, NeedsApproval
from edgewise.errors import UserError
from tests.agent.conftest import House


async def test_the_last_word_about_an_answer_counts(house: House, tmp_path: Path) -> None:
    turn = (await house.ask("why is the sky blue"))[-1].turn
    assert await house.agent.judgement(turn) is None
    for good in (True, False, False):
        kept = await house.agent.judge(turn, "s", good=good)
        assert kept is not None
        assert kept.good is good
    assert await house.agent.judgement(turn) == kept
    (path,) = (tmp_path / "trail").glob("*.jsonl")
    assert path.read_bytes().count(b'"judged"') == 2  # what was said twice is kept once
    events = await house.agent.trail(turn)
    assert events is not None
    assert not any(isinstance(event, Judged) for event in events)


async def test_it_is_found_again_from_the_lines_alone(house: House, tmp_path: Path) -> None:
    turn = (await house.ask("why is the sky blue"))[-1].turn
    await house.agent.judge(turn, "s", good=False)
    for path in (tmp_path / "trail").glob("index*"):
        path.unlink()
    trail = Trail(tmp_path / "trail", None)
    found = trail.judgement(turn)
    trail.close()
    assert found is not None
    assert not found.good


async def test_another_sessions_turn_is_not_judged(house: House) -> None:
    turn = (await house.ask("why is the sky blue"))[-1].turn
    assert await house.agent.judge(turn, "other", good=True) is None


async def test_a_turn_that_asks_has_no_answer_yet(house: House, tmp_path: Path) -> None:
    end = (await house.ask("trunk"))[-1]
    assert isinstance(end, NeedsApproval)
    trail = Trail(tmp_path / "trail", None)
    with pytest.raises(UserError, match="no answer") as told:
        judge(trail, end.turn, good=True, at=1.0)
    trail.close()
    assert told.value.code == "nothing_answered"
