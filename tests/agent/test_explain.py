"""A record is told as the five steps, with the rules in plain words."""

from edgewise.agent.explain import explain
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
