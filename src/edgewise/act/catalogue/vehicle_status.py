"""What the car knows of itself, topic by topic, as plain values and as a sentence.

Each topic is a function of snapshot and zones. A value that is missing, or for the speed older than
a second, is said to be unknown; it is never guessed. What a motor moves is told as it is now and
on its way, not as it will be.
"""

from collections.abc import Callable, Mapping, Sequence

from edgewise.act.catalogue.cabin import (
    aim,
    doors,
    goal_of,
    number_at,
    number_here,
    on_its_way,
    place_words,
    sentence,
)
from edgewise.act.catalogue.rows import counted
from edgewise.core.signal import JsonValue, Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import SINGLE_ZONES, Zone

Told = tuple[dict[str, JsonValue], Words]
Topic = Callable[[Snapshot, Sequence[Zone]], Told]

FRESH_SPEED_S = 1.0
BATTERY = "Vehicle.Powertrain.TractionBattery"
LIGHTS = "Vehicle.Body.Lights"
SUNROOF = "Vehicle.Cabin.Sunroof"
DAY_S = 86_400


def speed(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """How fast the car goes."""
    value = snapshot.fresh("Vehicle.Speed", within_s=FRESH_SPEED_S)
    return _amount("speed_km_h", value, Words("The speed", "车速"), Words(" km/h", "公里每小时"))


def driving_range(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """How far the energy lasts."""
    metres = number_at(snapshot, "Vehicle.Powertrain.Range")
    kilometres = None if metres is None else round(metres / 1000)
    return _amount(
        "range_km", kilometres, Words("The remaining range", "剩余续航"), Words(" km", "公里")
    )


def battery(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """The state of charge."""
    percent = number_at(snapshot, f"{BATTERY}.StateOfCharge.Displayed")
    whole = None if percent is None else round(percent)
    return _amount("battery_percent", whole, Words("The battery", "电量"), Words("%", "%"))


def charging(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """Whether it charges, up to where, and how long still."""
    active = snapshot.get(f"{BATTERY}.Charging.IsCharging")
    limit = number_at(snapshot, f"{BATTERY}.Charging.ChargeLimit")
    left_s = number_at(snapshot, f"{BATTERY}.Charging.TimeToComplete")
    minutes = None if left_s is None else round(left_s / 60)
    data: dict[str, JsonValue] = {
        "charging": active,
        "charge_limit_percent": limit,
        "minutes_to_complete": minutes,
    }
    if active is None:
        return data, Words("Whether it is charging is unknown.", "充电状态未知。")
    if not active:
        return data, Words("The car is not charging.", "现在没有在充电。")
    en, zh = "The car is charging", "正在充电"
    if limit is not None:
        en, zh = f"{en} up to {limit:g}%", f"{zh}，上限{limit:g}%"
    if minutes:
        en, zh = f"{en}, {counted(minutes, 'minute')} to go", f"{zh}，还需{minutes}分钟"
    return data, Words(en + ".", zh + "。")


def tyres(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """Tyre pressures in kPa, and which are low."""
    wheels = {
        Words("front left", "左前"): "Row1.Wheel.Left",
        Words("front right", "右前"): "Row1.Wheel.Right",
        Words("rear left", "左后"): "Row2.Wheel.Left",
        Words("rear right", "右后"): "Row2.Wheel.Right",
    }
    pressures: dict[str, JsonValue] = {}
    low: list[Words] = []
    for words, wheel in wheels.items():
        tyre = f"Vehicle.Chassis.Axle.{wheel}.Tire"
        pressures[words.en.replace(" ", "_")] = number_at(snapshot, f"{tyre}.Pressure")
        if snapshot.get(f"{tyre}.IsPressureLow") is True:
            low.append(words)
    known = [value for value in pressures.values() if value is not None]
    data: dict[str, JsonValue] = {
        "pressure_kpa": pressures,
        "low": [words.en.replace(" ", "_") for words in low],
    }
    if low:
        return data, Words(
            f"Tyre pressure is low: {', '.join(w.en for w in low)}.",
            f"{'、'.join(w.zh for w in low)}轮胎胎压偏低。",
        )
    if len(known) < len(wheels):
        return data, Words("Some tyre pressures are unknown.", "部分轮胎的胎压未知。")
    low_kpa, high_kpa = min(known), max(known)
    span = f"{low_kpa:g}" if low_kpa == high_kpa else f"{low_kpa:g}-{high_kpa:g}"
    return data, Words(f"Tyre pressures are fine, {span} kPa.", f"胎压正常，{span}千帕。")


def locks(snapshot: Snapshot, zones: Sequence[Zone]) -> Told:
    """Which doors are locked."""
    return _each(
        snapshot, zones, "IsLocked", "locked",
        (Words("door", "车门"), Words("doors", "车门")),
        (Words("locked", "已锁"), Words("unlocked", "没有锁")),
    )  # fmt: skip


def doors_open(snapshot: Snapshot, zones: Sequence[Zone]) -> Told:
    """Which doors are open."""
    return _each(
        snapshot, zones, "IsOpen", "doors_open",
        (Words("door", "车门"), Words("doors", "车门")),
        (Words("open", "开着"), Words("closed", "关好了")),
    )  # fmt: skip


def windows(snapshot: Snapshot, zones: Sequence[Zone]) -> Told:
    """How far windows are open."""
    paths = {z: f"{doors((z,), snapshot)[0]}.Window.Position" for z in _places(zones)}
    percents = {zone: number_here(snapshot, path) for zone, path in paths.items()}
    told = {zone: _opening(snapshot, path) for zone, path in paths.items()}
    data: dict[str, JsonValue] = {"window_percent": {z.value: p for z, p in percents.items()}}
    if len(paths) > 1 and all(words == _opened(0) for words in told.values()):
        return data, Words("All windows are closed.", "车窗都关着。")
    return data, _join(
        [
            Words(f"{place_words((z,)).en} window {words.en}",
                  f"{place_words((z,)).zh}车窗{words.zh}")
            for z, words in told.items()
        ]
    )  # fmt: skip


def sunroof(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """Where the sunroof and its shade stand."""
    roof_path, shade_path = f"{SUNROOF}.Position", f"{SUNROOF}.Shade.Position"
    roof, shade = number_here(snapshot, roof_path), number_here(snapshot, shade_path)
    roof_words, shade_words = _opening(snapshot, roof_path), _opening(snapshot, shade_path)
    return {"sunroof_percent": roof, "shade_percent": shade}, Words(
        f"The sunroof is {roof_words.en}, its shade {shade_words.en}.",
        f"天窗{roof_words.zh}，遮阳帘{shade_words.zh}。",
    )


def trunk(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """Whether the trunks are open."""
    rear_path, front_path = (f"Vehicle.Body.Trunk.{end}.IsOpen" for end in ("Rear", "Front"))
    rear, front = snapshot.get(rear_path), snapshot.get(front_path)
    parts = [_is(Words("trunk", "后备箱"), rear, *_open_shut(snapshot, rear_path))]
    if front is not None:
        shut = _open_shut(snapshot, front_path)
        parts.append(_is(Words("front trunk", "前备箱"), front, *shut))
    return {"trunk_open": rear, "front_trunk_open": front}, _join(parts)


def lights(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """Which exterior lights are on."""
    lamps = {
        "low_beam": (Words("headlights", "大灯"), "Beam.Low.IsOn"),
        "high_beam": (Words("high beam", "远光灯"), "Beam.High.IsOn"),
        "fog_front": (Words("front fog lights", "前雾灯"), "Fog.Front.IsOn"),
        "fog_rear": (Words("rear fog light", "后雾灯"), "Fog.Rear.IsOn"),
        "position": (Words("position lights", "示廓灯"), "Parking.IsOn"),
        "daytime": (Words("daytime running lights", "日行灯"), "Running.IsOn"),
        "hazard": (Words("hazard lights", "双闪"), "Hazard.IsSignaling"),
    }
    states = {name: aim(snapshot, f"{LIGHTS}.{path}") for name, (_, path) in lamps.items()}
    on = [lamps[name][0] for name, value in states.items() if value is True]
    unknown = [lamps[name][0] for name, value in states.items() if value is None]
    data: dict[str, JsonValue] = {
        "light_switch": aim(snapshot, f"{LIGHTS}.LightSwitch"),
        "lights": states,
    }
    if len(unknown) == len(lamps):
        return data, Words("The state of the exterior lights is unknown.", "车外灯状态未知。")
    en = f"On outside: {', '.join(w.en for w in on)}" if on else "No exterior light is on"
    zh = f"车外开着：{'、'.join(w.zh for w in on)}" if on else "车外灯都没有开"
    if unknown:
        en += f"; unknown: {', '.join(w.en for w in unknown)}"
        zh += f"；状态未知：{'、'.join(w.zh for w in unknown)}"
    return data, Words(en + ".", zh + "。")


def inside_lights(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """Which lights inside are on."""
    found = {
        "reading": _any_lit(snapshot, "Vehicle.Cabin.Light.Spotlight"),
        "ambient": _any_lit(snapshot, "Vehicle.Cabin.Light.AmbientLight"),
        "dome": aim(snapshot, "Vehicle.Cabin.Light.IsDomeOn"),
    }
    names = {
        "reading": Words("reading light", "阅读灯"),
        "ambient": Words("ambient light", "氛围灯"),
        "dome": Words("dome light", "顶灯"),
    }
    on_off = Words("on", "开着"), Words("off", "关着")
    return {"inside_lights": found}, _join([_is(names[n], v, *on_off) for n, v in found.items()])


def outside_temperature(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """How warm it is outside."""
    value = number_at(snapshot, "Vehicle.Exterior.AirTemperature")
    return _amount(
        "outside_c", value, Words("The outside temperature", "车外温度"), Words(" °C", "度")
    )


def odometer(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """How far the car has been driven in its life."""
    metres = number_at(snapshot, "Vehicle.TraveledDistance")
    kilometres = None if metres is None else round(metres / 1000)
    return _amount("odometer_km", kilometres, Words("The odometer", "总里程"), Words(" km", "公里"))


def service(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """When the next service is due."""
    due = snapshot.get("Vehicle.Service.IsServiceDue")
    distance_km = number_at(snapshot, "Vehicle.Service.DistanceToService")
    seconds = number_at(snapshot, "Vehicle.Service.TimeToService")
    days = None if seconds is None else round(seconds / DAY_S)
    data: dict[str, JsonValue] = {
        "service_due": due,
        "service_in_km": distance_km,
        "service_in_days": days,
    }
    if due:
        return data, Words("A service is due now.", "现在需要保养了。")
    en = [f"{distance_km:g} km"] if distance_km is not None else []
    zh = [f"{distance_km:g}公里"] if distance_km is not None else []
    if days is not None:
        en.append(f"{days} days")
        zh.append(f"{days}天")
    if not en:
        return data, Words("When the next service is due is unknown.", "下次保养时间未知。")
    return data, Words(f"The next service is in {' or '.join(en)}.", f"距下次保养{'或'.join(zh)}。")


def consumption(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """How much fuel a car with an engine takes; a battery's consumption has no signal in VSS 6."""
    litres = number_at(snapshot, "Vehicle.Powertrain.FuelSystem.AverageConsumption")
    return _amount(
        "litres_per_100_km", litres, Words("The average consumption", "平均油耗"),
        Words(" l/100 km", "升每百公里"),
    )  # fmt: skip


def washer(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """How much washer fluid is left."""
    value = number_at(snapshot, "Vehicle.Body.Windshield.Front.WasherFluid.Level")
    return _amount("washer_percent", value, Words("The washer fluid", "玻璃水"), Words("%", "%"))


def belts(snapshot: Snapshot, _zones: Sequence[Zone]) -> Told:
    """Who sits without a fastened belt."""
    unbelted: list[Zone] = []
    unknown = False
    for zone in SINGLE_ZONES:
        seat = doors((zone,), snapshot)[0].replace(".Door.", ".Seat.")
        occupied = snapshot.get(f"{seat}.OccupancyStatus")
        belted = snapshot.get(f"{seat}.IsBelted")
        unknown |= occupied in (None, "UNKNOWN") or (occupied == "OCCUPIED" and belted is None)
        if occupied == "OCCUPIED" and belted is False:
            unbelted.append(zone)
    data: dict[str, JsonValue] = {"unbelted": [zone.value for zone in unbelted]}
    if unbelted:
        words = place_words(unbelted)
        return data, Words(f"Not belted: {words.en}.", f"没有系安全带：{words.zh}。")
    if unknown:
        return data, Words("Not every belt can be read.", "部分安全带状态未知。")
    return data, Words("Everyone is belted.", "安全带都系好了。")


TOPICS: Mapping[str, Topic] = {
    "range": driving_range,
    "battery": battery,
    "charging": charging,
    "tyres": tyres,
    "locks": locks,
    "doors": doors_open,
    "windows": windows,
    "sunroof": sunroof,
    "trunk": trunk,
    "lights": lights,
    "inside_lights": inside_lights,
    "speed": speed,
    "outside_temperature": outside_temperature,
    "odometer": odometer,
    "service": service,
    "consumption": consumption,
    "washer": washer,
    "belts": belts,
}


def _amount(key: str, value: JsonValue, what: Words, unit: Words) -> Told:
    if value is None:
        return {key: None}, Words(f"{what.en} is unknown.", f"{what.zh}未知。")
    return {key: value}, Words(
        f"{what.en} is {value:g}{unit.en}.", f"{what.zh}{value:g}{unit.zh}。"
    )


def _each(
    snapshot: Snapshot,
    zones: Sequence[Zone],
    signal: str,
    key: str,
    thing: tuple[Words, Words],
    states: tuple[Words, Words],
) -> Told:
    """A boolean of the doors: one sentence for all when they agree, else one part for each."""
    one, many = thing
    values = {z: aim(snapshot, f"{doors((z,), snapshot)[0]}.{signal}") for z in _places(zones)}
    data: dict[str, JsonValue] = {key: {zone.value: value for zone, value in values.items()}}
    said = list(values.values())
    if len(said) > 1 and said[0] is not None and all(value is said[0] for value in said):
        state = states[0] if said[0] else states[1]
        return data, Words(f"The {many.en} are all {state.en}.", f"{many.zh}都{state.zh}。")
    parts: list[Words] = []
    for zone, value in values.items():
        words = place_words((zone,))
        parts.append(_is(Words(f"{words.en} {one.en}", words.zh + one.zh), value, *states))
    return data, _join(parts)


def _is(what: Words, value: JsonValue, yes: Words, no: Words) -> Words:
    state = Words("in an unknown state", "状态未知") if value is None else (yes if value else no)
    return Words(f"{what.en} {state.en}", what.zh + state.zh)


def _open_shut(snapshot: Snapshot, path: str) -> tuple[Words, Words]:
    """How a lid is said to be when it is open and when it is not; both while its motor runs."""
    goal = goal_of(snapshot, path)
    if goal is None:
        return Words("open", "开着"), Words("closed", "关着")
    going = Words("opening", "正在打开") if goal else Words("closing", "正在关闭")
    return going, going


def _opening(snapshot: Snapshot, path: str) -> Words:
    """Where a pane or a shade is, and while its motor runs, which way it goes."""
    here, goal = number_here(snapshot, path), goal_of(snapshot, path)
    if here is not None and goal is not None:
        return on_its_way(here, goal)
    return Words("tilted", "翘起") if here is not None and here < 0 else _opened(here)


def _opened(percent: float | None) -> Words:
    if percent is None:
        return Words("in an unknown place", "状态未知")
    if percent == 0:
        return Words("closed", "关着")
    return (
        Words("open", "开着")
        if percent >= 100
        else Words(f"{percent:g}% open", f"开了{percent:g}%")
    )


def _any_lit(snapshot: Snapshot, branch: str) -> bool | None:
    values = [value for path, value in snapshot.under(branch) if path.endswith(".IsLightOn")]
    if any(value is True for value in values):
        return True
    return None if not values or None in values else False


def _places(zones: Sequence[Zone]) -> tuple[Zone, ...]:
    return tuple(zone for zone in zones if zone in SINGLE_ZONES) or SINGLE_ZONES


def _join(parts: Sequence[Words]) -> Words:
    return Words(
        sentence(", ".join(part.en for part in parts)) + ".",
        "，".join(part.zh for part in parts) + "。",
    )
