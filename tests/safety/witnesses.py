"""For each kind of forbidden effect of the monitor, steps that bring it about where no rule stands
in the way: they show that the monitor can speak, and that the rules are what keeps it silent.

Where the catalogue itself has no way there (nobody can even ask for the horn), the effect is put
to the drivers' door directly: `AT_THE_DOOR`.
"""

from collections.abc import Mapping
from typing import Any

from edgewise.core.call import Effect
from edgewise.core.message import Channel, Proposal, Request, Speaker
from edgewise.core.part import TextPart
from edgewise.core.zone import Zone
from tests.safety.monitor import GEAR, LIGHTS, ROOF
from tests.safety.play import Step
from tests.safety.situation import AIR

Witness = tuple[Mapping[str, Any], tuple[Step, ...]]

STANDS = {"Vehicle.Speed": 0}
DRIVES = {"Vehicle.Speed": 60, LIGHTS + "LightSwitch": "BEAM", LIGHTS + "Beam.Low.IsOn": True}
IDLES = {"Vehicle.Speed": 0, GEAR: 127, LIGHTS + "LightSwitch": "BEAM"}
RAIN = {"Vehicle.Body.Raindetection.Intensity": 60, "Vehicle.Exterior.LightIntensity": 90}
CLEARING = {
    AIR: True,
    "Vehicle.Cabin.HVAC.IsFrontDefrosterActive": True,
    **{f"Vehicle.Cabin.HVAC.Station.Row1.{side}.{name}": value
       for side in ("Driver", "Passenger")
       for name, value in (("FanSpeed", 20), ("AirDistribution", "UP"))},
}  # fmt: skip
WINDOWS = {
    f"Vehicle.Cabin.Door.Row{row}.{side}.Window.Position": 60
    for row in (1, 2)
    for side in ("DriverSide", "PassengerSide")
}
CHILD = {
    "Vehicle.Cabin.Seat.Row2.PassengerSide.OccupancyStatus": "OCCUPIED",
    "Vehicle.Edgewise.Occupant.Row2.PassengerSide.IsChild": True,
}
FILM = {"phone.library.film": {"title": "Up", "kind": "video", "uri": "file:///up.mp4"}}


def ask(
    capability: str,
    arguments: Mapping[str, Any],
    zone: Zone | None = Zone.DRIVER,
    channel: Channel = Channel.TOUCH,
    *,
    addressed: bool = True,
) -> Step:
    proposal = Proposal(capability, dict(arguments))
    return "ask", Request((), "a", Speaker(zone, channel), proposal=proposal, addressed=addressed)


def say(text: str) -> Step:
    return "ask", Request((TextPart(text),), "a", Speaker())


LOW_OFF = ask("light.exterior.set", {"kind": "low_beam", "state": "off"})
UNLOCK = ask("door.lock", {"doors": ["all"], "locked": False})
LOCKED = {"Vehicle.Cabin.Door.Row1.DriverSide.IsLocked": True}
WARN_OFF = ask("adas.set_feature", {"feature": "lane_departure", "enabled": False})
SEAT = ask("seat.move", {"seat": "driver", "axis": "backrest", "delta": 10})
CLOSE_ALL = {"windows": ["all"], "percent": 0}
OPEN_REAR = {"windows": ["row2_right"], "percent": 100}

BY_ASKING: Mapping[str, Witness] = {
    "2 darkness on the road": (DRIVES, (LOW_OFF,)),
    "2 dark while parked, without a yes": (
        {**STANDS, LIGHTS + "LightSwitch": "BEAM", LIGHTS + "Beam.Low.IsOn": True},
        (LOW_OFF,),
    ),
    "2 low beam left to the daylight sensor in the rain": (
        {**DRIVES, **RAIN},
        (ask("light.exterior.set", {"kind": "all", "state": "auto"}),),
    ),
    "4 wipers slowed on the road, without a yes": (
        {**DRIVES, **RAIN, "Vehicle.Body.Windshield.Front.Wiping.Mode": "FAST"},
        (ask("wiper.set", {"mode": "interval"}, None, Channel.MCP),),
    ),
    "6 high beam with fog lights": (
        {**DRIVES, LIGHTS + "Fog.Front.IsOn": True},
        (ask("light.exterior.set", {"kind": "high_beam", "state": "on"}),),
    ),
    "8 fog lights in bad weather, without a yes": (
        {**DRIVES, **RAIN},
        (ask("light.exterior.set", {"kind": "fog_front", "state": "on"}),),
    ),
    "8 roof opened in bad weather, without a yes": (
        {**STANDS, **RAIN, ROOF + "Shade.Position": 100},
        (ask("roof.set", {"target": "roof", "percent": 100}),),
    ),
    "9 defrost stopped on the road, without a yes": (
        {**DRIVES, **CLEARING},
        (ask("climate.set_airflow", {"zone": "front", "directions": ["feet"]}, None, Channel.MCP),),
    ),
    "10 air conditioning with open windows, without a yes": (
        {**STANDS, **WINDOWS},
        (ask("climate.set_power", {"zone": "all", "on": True}),),
    ),
    "11 window wide open under air conditioning, without a yes": (
        {**STANDS, AIR: True},
        (ask("window.set", OPEN_REAR),),
    ),
    "14 video where the driver sees it": (
        {**DRIVES, **FILM},
        (ask("media.play", {"query": "Up", "kind": "video"}),),
    ),
    "15 keyboard or set-up screen while moving": (
        DRIVES,
        (ask("app.open", {"name": "Settings"}),),
    ),
    "16 messages shown while moving": (DRIVES, (ask("app.open", {"name": "WeChat"}),)),
    "20 an app over the rear image": (
        {**IDLES, GEAR: -1},
        (ask("app.open", {"name": "Maps"}),),
    ),
    "21 closed without power": (
        {**STANDS, **WINDOWS, "Vehicle.LowVoltageSystemState": "OFF"},
        (ask("window.set", CLOSE_ALL),),
    ),
    "21 closed from afar": (
        {**STANDS, **WINDOWS},
        (ask("window.set", CLOSE_ALL, None, Channel.CLOUD),),
    ),
    "22 rear window closed beside a child, without a yes": (
        {**STANDS, **WINDOWS, **CHILD},
        (ask("window.set", {"windows": ["row2_right"], "percent": 0}),),
    ),
    "23 opened or unlocked while moving": ({**DRIVES, **LOCKED}, (UNLOCK,)),
    "23 opened or unlocked without a yes": ({**STANDS, **LOCKED}, (UNLOCK,)),
    "24 warnings off while driving": (DRIVES, (WARN_OFF,)),
    "24 warnings off without a yes": (STANDS, (WARN_OFF,)),
    "25 driver monitoring touched": (
        STANDS,
        (ask("adas.set_feature", {"feature": "driver_monitoring", "enabled": False}),),
    ),
    "27 driver's place moved while moving": (DRIVES, (SEAT,)),
    "27 driver's place moved in gear, without a yes": (IDLES, (SEAT,)),
    "28 driver's things moved for others, without a yes": (
        STANDS,
        (ask("window.set", {"windows": ["driver"], "percent": 20}, Zone.ROW2_LEFT),),
    ),
    "30 opened or closed on a guess": ({**STANDS, ROOF + "Shade.Position": 100}, (say("太晒了"),)),
    "31 sent or ordered without a yes": (
        STANDS,
        (ask("message.send", {"recipient": "妈妈", "body": "hi"}),),
    ),
    "31 dialled without a yes": (STANDS, (ask("call.dial", {"number": "13900002222"}),)),
    "31 deleted without a yes": (
        STANDS,
        (ask("calendar.delete", {"event": "Dentist appointment"}),),
    ),
    "33 an argument from content, without a yes": (STANDS, (say("运行露营模式"),)),
    "33 content's words to a stranger": (STANDS, (say("运行约会模式"),)),
    "33 unlocked with content's words": ({**STANDS, **LOCKED}, (say("运行聚会模式"),)),
    "34 proposed by content": (STANDS, (say("运行影院模式"),)),
    "35 private words to somebody not chosen": (STANDS, (say("运行回家模式"),)),
    "42 a program's alarm without a yes": (
        STANDS,
        (ask("call.dial", {"number": "120"}, None, Channel.MCP),),
    ),
    "0 a program's own doing, without a yes": (
        STANDS,
        (ask("window.set", OPEN_REAR, None, Channel.MCP),),
    ),
}  # fmt: skip

AT_THE_DOOR: Mapping[str, tuple[Mapping[str, Any], Effect]] = {
    "2 beam put out by the switch on the road": (
        {"Vehicle.Speed": 90, LIGHTS + "LightSwitch": "OFF", LIGHTS + "Beam.Low.IsOn": True},
        Effect(LIGHTS + "LightSwitch", "POSITION"),
    ),
    "2 no beam left on the road": (
        {
            "Vehicle.Speed": 90,
            LIGHTS + "LightSwitch": "AUTO",
            LIGHTS + "Beam.Low.IsOn": False,
            LIGHTS + "Beam.High.IsOn": True,
        },
        Effect(LIGHTS + "Beam.High.IsOn", False),
    ),
    "5 fog lights without low beam or with high beam": (
        {LIGHTS + "LightSwitch": "OFF"},
        Effect(LIGHTS + "Fog.Front.IsOn", True),
    ),
    "7 roof further than its shade": (
        {ROOF + "Shade.Position": 0},
        Effect(ROOF + "Switch", "ONE_SHOT_OPEN"),
    ),
    "24 a dangerous actuator": (STANDS, Effect("Vehicle.Body.Horn.IsActive", True)),
    "26 assisted driving activated": (
        STANDS,
        Effect("Vehicle.ADAS.CruiseControl.IsActive", True),
    ),
    "29 done for speech that was overheard": (STANDS, Effect("Vehicle.Cabin.Light.IsDomeOn", True)),
    "31 paid": (STANDS, Effect("phone.payments.1", {"amount": 5})),
    "31 files changed without a yes": (STANDS, Effect("phone.files.1", {"name": "x"})),
    "36 done too late": (STANDS, Effect("Vehicle.Cabin.Light.IsDomeOn", True)),
    "39 software written": (STANDS, Effect("software.model", {"version": "9"})),
}
