"""A device of one's own: the LED driver, one function for it, the shipped policy, one turn."""

from pathlib import Path

from docs.snippets.led_driver import LedDriver
from edgewise.act.catalogue import dialog
from edgewise.act.driver import Drivers
from edgewise.act.function import Catalogue, Function
from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.agent.home import Home
from edgewise.agent.trail import Trail
from edgewise.core.call import Call, Effect, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Example, Kind, Risk
from edgewise.core.clock import SystemClock
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.hosting.mind import load_thinking

SET_LAMP = Capability(
    "porch.set_light",
    Words("set the porch light", "调节门廊灯"),
    Risk.REVERSIBLE,
    (Argument("percent", Kind.INTEGER, Words("brightness", "亮度"), True, (), 0, 100, "%"),),
    actuators=("home.light.porch",),
    undoable=True,
    en=(Example("set the porch light to 40 percent", {"percent": 40}),),
    zh=(Example("把门廊灯调到百分之四十", {"percent": 40}),),
    done=Words("The porch light is at {percent}.", "门廊灯已调到{percent}。"),
)


def set_lamp(call: Call, _snapshot: Snapshot) -> Resolution:
    """Pure: what the call means. The policy judges these effects; the driver carries them out."""
    return Resolved((Effect("home.light.porch", call.arguments["percent"]),))


def make_agent(leds: Path, data: Path) -> Agent:
    """An agent over the lamps in `leds`, its trail (with texts) in `data`."""
    catalogue = Catalogue([*dialog.FUNCTIONS, Function(SET_LAMP, set_lamp)])
    clock = SystemClock()
    home = Home(
        catalogue=catalogue,
        policy=builtin_policy(),
        drivers=Drivers([LedDriver(leds, clock)]),
        mind=load_thinking(catalogue.capabilities),
        clock=clock,
        always_read=("home",),
    )
    return Agent(home, Trail(data, redactor=None))
