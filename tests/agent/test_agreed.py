"""A yes is good for what was shown, effects and rules; what asks the driver needs the driver."""

import pytest

from edgewise.agent.agreed import asks_driver, covers
from edgewise.core.call import Call, Effect, RuleText
from edgewise.core.event import PendingCall
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Speaker
from edgewise.core.words import Words
from edgewise.core.zone import Zone
from tests.each_row import each_row

CALL = Call("t.1", "window.set", {}, label_of(OriginKind.TYPED))
OPEN = (Effect("Vehicle.Cabin.Door.Row2.DriverSide.Window.Position", 50),)
AIR, CHILD, LOCK = (
    RuleText(name, Words(name, name))
    for name in ("R11-window-with-air-conditioning", "R22-open-beside-child", "R28-child-lock")
)
REAR = Speaker(Zone.ROW2_LEFT)


@pytest.mark.rule(31, 32)
def test_a_yes_covers_what_was_shown_and_fewer_reasons_but_no_other() -> None:
    shown = PendingCall(CALL, OPEN, (AIR, CHILD))
    assert covers(shown, OPEN, (CHILD, AIR), Speaker())
    assert covers(shown, OPEN, (AIR,), Speaker())
    assert not covers(shown, OPEN, (AIR, LOCK), Speaker())
    assert not covers(shown, (Effect(OPEN[0].target, 60),), (AIR,), Speaker())
    assert not covers(shown, (*OPEN, *OPEN), (AIR,), Speaker())
    assert not covers(None, OPEN, (AIR,), Speaker())


@pytest.mark.rule(22, 28)
@each_row("rule", [CHILD, LOCK])
@each_row("zone", [None, Zone.PASSENGER, Zone.ROW2_LEFT, Zone.ALL])
def test_what_asks_the_driver_is_covered_by_nobody_elses_yes(
    rule: RuleText, zone: Zone | None
) -> None:
    shown = PendingCall(CALL, OPEN, (AIR, rule))
    assert asks_driver([AIR, rule])
    assert not covers(shown, OPEN, (rule,), Speaker(zone))
    assert covers(shown, OPEN, (rule,), Speaker(Zone.DRIVER))


def test_what_does_not_ask_the_driver_is_anybodys_who_was_asked() -> None:
    assert not asks_driver([AIR])
    assert covers(PendingCall(CALL, OPEN, (AIR,)), OPEN, (AIR,), REAR)
