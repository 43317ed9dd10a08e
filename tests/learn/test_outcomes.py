"""Outcomes are read from a real trail: of the device's own answers alone, and without words."""

from pathlib import Path

import pytest

from edgewise.agent.judgement import judge
from edgewise.agent.redact import Redactor
from edgewise.agent.trail import Trail
from edgewise.errors import UserError
from edgewise.learn.outcomes import Outcome, Signal, outcomes_in
from edgewise.route.policy import RoutePolicy
from tests.agent.conftest import House
from tests.agent.scripted_reach import ScriptedReach, reaching

OPEN = "why is the sky blue"
SAMPLED = RoutePolicy(sample=0.05)


@pytest.fixture
async def house(tmp_path: Path):
    made = House(tmp_path, keep_text=False)
    yield made
    await made.agent.close()


def found(folder: Path) -> dict[str, Outcome]:
    return {one.turn: one for one in outcomes_in(folder / "trail").outcomes}


async def test_a_judged_answer_of_the_device_tells_right_or_wrong(house: House, tmp_path: Path):
    reaching(house, ScriptedReach(wrong=0.3, answer_wrong=0.2, chance=0.5, policy=SAMPLED))
    turn = (await house.ask(OPEN))[-1].turn
    await house.agent.judge(turn, "s", good=True)
    await house.agent.judge(turn, "s", good=False)
    one = found(tmp_path)[turn]
    assert (one.signal, one.wrong) == (Signal.JUDGED, 1.0)
    assert one.before is not None
    assert one.after is not None
    assert (one.before.wrong, one.after.wrong) == (0.3, 0.2)
    assert (one.kept, one.compared) == pytest.approx((0.95, 0.05))


async def test_a_judged_answer_of_a_cloud_tells_nothing_of_the_device(house: House, tmp_path: Path):
    reaching(house, ScriptedReach(wrong=0.9))
    turn = (await house.ask(OPEN))[-1].turn
    await house.agent.judge(turn, "s", good=False)
    assert found(tmp_path) == {}
    assert outcomes_in(tmp_path / "trail").counts["cloud judged"] == 1


async def test_a_compared_answer_tells_by_agreement_where_that_is_certain(
    house: House, tmp_path: Path
):
    reach = reaching(house, ScriptedReach(wrong=0.9, chance=0.07, policy=SAMPLED))
    turn = (await house.ask(OPEN))[-1].turn
    one = found(tmp_path)[turn]
    assert (one.signal, one.wrong, one.compared) == (Signal.COMPARED, 1.0, 0.05)
    reach.agreement = lambda one, other: 0.6  # type: ignore[method-assign]
    await house.ask(OPEN)
    seen = outcomes_in(tmp_path / "trail")
    assert len(seen.outcomes) == 1
    assert seen.counts["compared, unsure"] == 1


async def test_a_question_asked_again_was_not_answered_and_one_that_was_gone_on_from_was(
    house: House, tmp_path: Path
):
    reaching(house, ScriptedReach(wrong=0.05))
    turns = [(await house.ask(text))[-1].turn for text in (OPEN, "why is the sky so blue", "who")]
    told = found(tmp_path)
    assert [told[turn].wrong for turn in turns[:2]] == [1.0, 0.0]
    assert {told[turn].signal for turn in turns[:2]} == {Signal.AGAIN}
    assert turns[2] not in told  # nothing came after it


async def test_sessions_are_groups_and_their_names_are_hidden(house: House, tmp_path: Path):
    reaching(house, ScriptedReach(wrong=0.05))
    for session in ("canary-1", "canary-1", "canary-2"):
        turn = (await house.ask(OPEN, session=session))[-1].turn
        await house.agent.judge(turn, session, good=True)
    groups = {one.group for one in found(tmp_path).values()}
    assert len(groups) == 2
    assert not any("canary" in group for group in groups)


async def test_a_torn_or_strange_line_is_passed_by(house: House, tmp_path: Path):
    reaching(house, ScriptedReach(wrong=0.05))
    turn = (await house.ask(OPEN))[-1].turn
    await house.agent.judge(turn, "s", good=True)
    (path,) = (tmp_path / "trail").glob("*.jsonl")
    path.write_bytes(b"\xff{\n" + path.read_bytes() + b'{"event": "new"}\n{"ev')
    assert len(found(tmp_path)) == 1


def test_a_folder_without_a_trail_is_one_clear_error(tmp_path: Path):
    with pytest.raises(UserError, match="no trail") as told:
        outcomes_in(tmp_path)
    assert told.value.code == "no_trail"


async def test_a_judgement_beside_a_running_device_is_read(house: House, tmp_path: Path):
    """As `edgewise feedback` writes it: by another process, with a trail of its own."""
    reaching(house, ScriptedReach(wrong=0.05))
    turn = (await house.ask(OPEN))[-1].turn
    beside = Trail(tmp_path / "trail", Redactor(b"key", house.catalogue))
    judge(beside, turn, good=False, at=2.0)
    beside.close()
    assert found(tmp_path)[turn].wrong == 1.0
