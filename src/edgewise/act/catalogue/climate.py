"""Climate: power, temperature, fan, airflow, recirculated air, defrosting, and what they are now.

Temperatures are 16 to 30 °C (VSS gives no range, this is ours); fan levels 0 to 10 are VSS fan
speeds 0 to 100. Rules 9, 10 and 12 are enforced here: front defrost brings fan, airflow and
cooling with it; cooling lets some air move and tells of open windows; zones far apart are told.
"""

from collections.abc import Sequence

from edgewise.act.catalogue.cabin import (
    HVAC,
    aim,
    at_end,
    no_such_place,
    number_at,
    open_windows,
    place,
    place_words,
    sentence,
    settle,
    stations,
    stepped,
    unknown_state,
    zone_in,
)
from edgewise.act.catalogue.climate_capabilities import (
    AIR_MODES,
    DEFROST_TARGETS,
    DIRECTIONS,
    FAN_WORDS,
    HIGHEST_C,
    LOWEST_C,
    READ,
    REAR_DEFROST,
    RECIRCULATION,
    SET_AIRFLOW,
    SET_DEFROST,
    SET_FAN,
    SET_POWER,
    SET_RECIRCULATION,
    SET_TEMPERATURE,
    TEMPERATURE_WORDS,
)
from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.words import words_of
from edgewise.act.defrost_after import (
    AIR_CONDITIONING,
    AT_THE_GLASS,
    FRONT_DEFROST,
    LEAST_FAN_PERCENT,
)
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Note, Resolution, Resolved
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import SINGLE_ZONES, Zone

FAR_APART_K = 3.0
"""Rule 12."""

FAN_PERCENT_A_LEVEL = 10
DISTRIBUTION = {"windshield": AT_THE_GLASS, "face": "MIDDLE", "feet": "DOWN"}


def set_power(call: Call, snapshot: Snapshot) -> Resolution:
    """On: cooling, and air that moves (rule 10; open windows are the policy's to ask about, and
    none is moved here); off: the whole car's cooling and fans, or one zone's fan."""
    on = bool(call.arguments["on"])
    zone = Zone(call.arguments.get("zone", Zone.ALL))
    paths = stations(zone, snapshot)
    if not paths:
        return no_such_place(zone, Words("climate zone", "空调"))
    fans = [f"{path}.FanSpeed" for path in paths]
    data = {"place": _place(snapshot, zone), "state": _on_off(snapshot, on)}
    if not on:
        still = tuple(Effect(fan, 0) for fan in fans)
        cooling = (Effect(AIR_CONDITIONING, False),) if zone is Zone.ALL else ()
        return settle(snapshot, (*cooling, *still), data=data, atomic=True)
    effects = (
        Effect(AIR_CONDITIONING, True),
        *(Effect(fan, FAN_PERCENT_A_LEVEL, because=10) for fan in fans if not aim(snapshot, fan)),
    )
    wide = open_windows(snapshot)
    notes = (_still_open(wide),) if wide else ()
    return settle(snapshot, effects, data=data, notes=notes)


def set_temperature(call: Call, snapshot: Snapshot) -> Resolution:
    """The wanted temperature of a zone, absolute or stepped, with rule 12's note."""
    zone = zone_in(call, snapshot, otherwise=Zone.ALL)
    paths = [f"{path}.Temperature" for path in stations(zone, snapshot)]
    if not paths:
        return no_such_place(zone, Words("climate zone", "空调"))
    wanted: dict[str, float] = {}
    notes: list[Note] = []
    for path in paths:
        if "value" in call.arguments:
            wanted[path] = float(call.arguments["value"])
            continue
        delta = float(call.arguments["delta"])
        step = stepped(snapshot, path, delta, minimum=LOWEST_C, maximum=HIGHEST_C)
        if step is None:
            return unknown_state(TEMPERATURE_WORDS)
        wanted[path], cut = step
        if cut:
            notes = [at_end(delta, f"{wanted[path]:g} °C")]
    notes += _far_apart(snapshot, wanted)
    data = {"place": _place(snapshot, zone), "temperature": f"{next(iter(wanted.values())):g}"}
    effects = (Effect(path, value) for path, value in wanted.items())
    return settle(snapshot, effects, data=data, notes=notes)


def set_fan(call: Call, snapshot: Snapshot) -> Resolution:
    """The fan level of a zone, absolute or stepped."""
    zone = zone_in(call, snapshot, otherwise=Zone.ALL)
    paths = [f"{path}.FanSpeed" for path in stations(zone, snapshot)]
    if not paths:
        return no_such_place(zone, Words("fan", "风量"))
    speeds: dict[str, int] = {}
    notes: list[Note] = []
    for path in paths:
        if "level" in call.arguments:
            speeds[path] = int(call.arguments["level"]) * FAN_PERCENT_A_LEVEL
            continue
        delta = int(call.arguments["delta"])
        step = stepped(snapshot, path, delta * FAN_PERCENT_A_LEVEL, minimum=0, maximum=100)
        if step is None:
            return unknown_state(FAN_WORDS)
        speeds[path] = round(step[0])
        if step[1]:
            notes = [at_end(delta, str(speeds[path] // FAN_PERCENT_A_LEVEL))]
    level = next(iter(speeds.values())) // FAN_PERCENT_A_LEVEL
    data = {"place": _place(snapshot, zone), "level": level}
    return settle(snapshot, (Effect(p, s) for p, s in speeds.items()), data=data, notes=notes)


def set_airflow(call: Call, snapshot: Snapshot) -> Resolution:
    """Where the air blows; VSS 6.0 has one direction at a time."""
    directions: list[str] = call.arguments["directions"]
    if len(directions) > 1:
        return impossible(
            "one_direction",
            "The air can blow one way at a time: the windshield, the face or the feet.",
            "出风方向一次只能选一个：前挡风、面部或脚部。",
        )
    zone = zone_in(call, snapshot, otherwise=Zone.ALL)
    paths = stations(zone, snapshot)
    if not paths:
        return no_such_place(zone, Words("vent", "出风口"))
    words = words_of(DIRECTIONS, directions[0])
    data = {"place": _place(snapshot, zone), "direction": say(snapshot, words.en, words.zh)}
    value = DISTRIBUTION[directions[0]]
    return settle(snapshot, (Effect(f"{p}.AirDistribution", value) for p in paths), data=data)


def set_recirculation(call: Call, snapshot: Snapshot) -> Resolution:
    """Air from inside or from outside."""
    mode = str(call.arguments["mode"])
    words = words_of(AIR_MODES, mode)
    return settle(
        snapshot,
        (Effect(RECIRCULATION, mode == "recirculate"),),
        data={"mode": sentence(say(snapshot, words.en, words.zh))},
    )


def set_defrost(call: Call, snapshot: Snapshot) -> Resolution:
    """Defrost on or off; in front with all that rule 9 asks for.

    The windows of rule 10 stay as they are here: a question about a child at a window must never
    hold up a clear view.
    """
    target, on = str(call.arguments["target"]), bool(call.arguments["on"])
    effects: list[Effect] = []
    if target in ("front", "all"):
        effects.append(Effect(FRONT_DEFROST, on))
        effects += _clears_windshield(snapshot) if on else ()
    if target in ("rear", "all"):
        effects.append(Effect(REAR_DEFROST, on))
    words = words_of(DEFROST_TARGETS, target)
    data = {
        "target": sentence(say(snapshot, words.en, words.zh)),
        "state": _on_off(snapshot, on),
    }
    return settle(snapshot, effects, data=data, atomic=True)


def read(call: Call, snapshot: Snapshot) -> Resolution:
    """What the climate is set to and how warm it is, unknown said as unknown."""
    zone = zone_in(call, snapshot, otherwise=Zone.DRIVER)
    paths = stations(zone, snapshot)
    if not paths:
        return no_such_place(zone, Words("climate zone", "空调"))
    cabin_c = number_at(snapshot, f"{HVAC}.AmbientAirTemperature")
    outside_c = number_at(snapshot, "Vehicle.Exterior.AirTemperature")
    set_c = number_at(snapshot, f"{paths[0]}.Temperature")
    fan = number_at(snapshot, f"{paths[0]}.FanSpeed")
    cooling = aim(snapshot, AIR_CONDITIONING)
    level = None if fan is None else round(fan / FAN_PERCENT_A_LEVEL)
    state_en = {True: "on", False: "off"}.get(cooling, "in an unknown state")
    state_zh = {True: "开着", False: "关着"}.get(cooling, "状态未知")
    en = (
        f"It is {_degrees_en(cabin_c)} inside and {_degrees_en(outside_c)} outside. "
        f"{_place(snapshot, zone)} is set to {_degrees_en(set_c)}, "
        f"fan {'unknown' if level is None else level}; the air conditioning is {state_en}."
    )
    zh = (
        f"车内{_degrees_zh(cabin_c)}，车外{_degrees_zh(outside_c)}。"
        f"{_place(snapshot, zone)}设定{_degrees_zh(set_c)}，"
        f"风量{'未知' if level is None else f'{level}挡'}，空调{state_zh}。"
    )
    data = {
        "zone": zone.value,
        "cabin_c": cabin_c,
        "outside_c": outside_c,
        "temperature_c": set_c,
        "fan_level": level,
        "air_conditioning": cooling,
        "said": say(snapshot, en, zh),
    }
    return Resolved(data=data)


def _clears_windshield(snapshot: Snapshot) -> tuple[Effect, ...]:
    front = stations(Zone.FRONT, snapshot)
    weak = [p for p in front if (number_at(snapshot, f"{p}.FanSpeed") or 0) < LEAST_FAN_PERCENT]
    return (
        *(Effect(f"{path}.FanSpeed", LEAST_FAN_PERCENT, because=9) for path in weak),
        *(Effect(f"{path}.AirDistribution", AT_THE_GLASS, because=9) for path in front),
        Effect(AIR_CONDITIONING, True, because=9),
    )


def _far_apart(snapshot: Snapshot, wanted: dict[str, float]) -> list[Note]:
    """Rule 12: tell when the zones end more than 3 K apart."""
    every = [f"{stations(zone, snapshot)[0]}.Temperature" for zone in SINGLE_ZONES]
    ends = {path: wanted.get(path, number_at(snapshot, path)) for path in every}
    known = [value for value in ends.values() if value is not None]
    known += [value for path, value in wanted.items() if path not in ends]
    if not known or max(known) - min(known) <= FAR_APART_K:
        return []
    return [
        Note(
            Words(
                f"The zones are now up to {max(known) - min(known):g} degrees apart.",
                f"各区温度现在最多相差{max(known) - min(known):g}度。",
            ),
            rule=12,
        )
    ]


def _still_open(zones: Sequence[Zone]) -> Note:
    """Rule 10: which windows stand open and that nobody moved them."""
    words = place_words(zones)
    return Note(
        Words(
            f"Open windows let the cooling out: {words.en}. I leave them as they are.",
            f"{words.zh}车窗开着，会影响制冷，我没有动它。",
        ),
        rule=10,
    )


def _place(snapshot: Snapshot, zone: Zone) -> str:
    if zone is Zone.ALL:
        return say(snapshot, "Climate", "空调")
    return place(snapshot, (zone,), Words("climate", "空调"))


def _on_off(snapshot: Snapshot, on: bool) -> str:
    return say(snapshot, "on" if on else "off", "已打开" if on else "已关闭")


def _degrees_en(value: float | None) -> str:
    return "an unknown temperature" if value is None else f"{value:g} °C"


def _degrees_zh(value: float | None) -> str:
    return "温度未知" if value is None else f"{value:g}度"


FUNCTIONS: tuple[Function, ...] = (
    Function(SET_POWER, set_power),
    Function(SET_TEMPERATURE, set_temperature),
    Function(SET_FAN, set_fan),
    Function(SET_AIRFLOW, set_airflow),
    Function(SET_RECIRCULATION, set_recirculation),
    Function(SET_DEFROST, set_defrost),
    Function(READ, read),
)
