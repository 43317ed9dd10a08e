"""A record is told as the five steps, with the rules in plain words."""

from msgspec.structs import replace

from edgewise.agent.explain import explain, explain_correction
from edgewise.core.event import CallFinished, CallResolved, Event
from edgewise.core.words import Language
from tests.agent.conftest import WINDOW, House


async def test_every_step_has_its_line(house: House) -> None:
    lines = list(explain(await house.ask("window half")))
    for step in ("turn", "perceive", "route", "think", "act", "answer"):
        assert any(line.startswith(step) for line in lines), step


async def test_a_change_is_told_from_before_to_after(house: House) -> None:
    text = "\n".join(explain(await house.ask("window half")))
    assert f"{WINDOW}: 0 -> 50" in text
    assert f"read back {WINDOW} = 50" in text


async def test_a_refusal_names_rule_and_facts_in_the_language_asked_for(house: House) -> None:
    house.car.drive(speed_km_h=100, gear="D")
    events = await house.ask("lights off")
    english = "\n".join(explain(events))
    assert "denied" in english
    assert "R02" in english
    assert "driving=moving" in english
    chinese = "\n".join(explain(events, Language.CHINESE))
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)


async def test_each_result_stands_under_its_own_call(house: House) -> None:
    events = await house.ask("window half")
    other = [renamed(event) for event in events if isinstance(event, CallResolved | CallFinished)]
    resolved = [event for event in events if isinstance(event, CallResolved)]
    finished = [event for event in events if isinstance(event, CallFinished)]
    lines = list(explain([*resolved, other[0], *finished, other[1]]))
    second = next(n for n, line in enumerate(lines[1:], 1) if line.startswith("act"))
    assert any("read back" in line for line in lines[:second])
    assert any("read back" in line for line in lines[second:])


def renamed(event: CallResolved | CallFinished) -> Event:
    if isinstance(event, CallResolved):
        return replace(event, call=replace(event.call, id="other"))
    return replace(event, result=replace(event.result, call="other"))


async def test_what_the_person_said_afterwards_is_one_line(house: House) -> None:
    turn = (await house.ask("air on"))[0].turn
    named = await house.agent.correct(turn, "s", "window.set")
    assert named is not None
    assert explain_correction(named).split() == ["meant", "window.set"]
    nothing = replace(named, meant="nothing")
    assert explain_correction(nothing, Language.CHINESE).split() == ["本意", "不该有任何操作"]
