"""How bad a class is, and what the safe direction is."""

from edgewise.act.risk import RISK_OF, SAFE_DIRECTION, risk_of
from edgewise.core.capability import Risk


def test_no_class_of_the_safe_direction_is_risky():
    assert risk_of(SAFE_DIRECTION) is Risk.REVERSIBLE
    assert not SAFE_DIRECTION & set(RISK_OF)


def test_risk_is_that_of_the_worst_class_and_nothing_is_a_read():
    assert risk_of(()) is Risk.READ
    assert risk_of(("light.interior", "window.open")) is Risk.DISRUPTIVE
    assert risk_of(("window.open", "door.unlock", "message.send")) is Risk.SAFETY_CRITICAL


def test_a_contact_and_a_scene_are_no_trifles():
    assert risk_of(("contact.write",)) is Risk.DISRUPTIVE
    assert risk_of(("scene.write",)) is Risk.DISRUPTIVE


def test_what_a_tool_says_of_itself_makes_it_no_milder():
    """Nobody here can read what a tool behind a server or a plug-in does with its arguments."""
    assert risk_of(("tool",)) is Risk.DISRUPTIVE
