"""Places of the cabin as VSS 6.0 paths, and what an actuator is at or moving to.

Pure. Climate and lights know a third row; windows, doors and seats of VSS 6.0 have two. Which side
the driver sits on is read from the car (`Vehicle.Cabin.DriverPosition`), left if it does not say.
"""

from collections.abc import Iterable, Mapping, Sequence

from edgewise.act.catalogue.rows import say
from edgewise.act.catalogue.words import ZONES, words_of
from edgewise.core.call import Call, Effect, Impossible, Note, Resolved
from edgewise.core.signal import JsonValue, Snapshot, number
from edgewise.core.words import Words
from edgewise.core.zone import Zone, members, row_of, side_of

HVAC = "Vehicle.Cabin.HVAC"
WINDOWS_OPEN_PERCENT = 20
"""Rule 10: with windows open more than this the air conditioning is asked about."""


def speaker_zone(snapshot: Snapshot) -> Zone | None:
    """The zone of whoever speaks, if it is known."""
    said = snapshot.get("session.zone")
    return Zone(said) if isinstance(said, str) and said in set(Zone) else None


def zone_in(call: Call, snapshot: Snapshot, *, otherwise: Zone, argument: str = "zone") -> Zone:
    """The zone a call names, else the speaker's own, else `otherwise`."""
    given = call.arguments.get(argument)
    return Zone(given) if given is not None else speaker_zone(snapshot) or otherwise


def singles(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    """The single zones that `zones` stand for, each once, front row first."""
    return tuple(dict.fromkeys(single for zone in zones for single in members(zone)))


def driver_on_left(snapshot: Snapshot) -> bool:
    """Whether this is a left-hand-drive car."""
    return snapshot.get("Vehicle.Cabin.DriverPosition", "LEFT") != "RIGHT"


def side(zone: Zone, snapshot: Snapshot) -> str:
    """`DriverSide` or `PassengerSide` of a single zone in this car."""
    return side_of(zone, driver_on_left=driver_on_left(snapshot))


def stations(zone: Zone, snapshot: Snapshot) -> tuple[str, ...]:
    """The paths of the climate stations of `zone`; none if this car has no such row."""
    if zone is Zone.ROW3:
        both = (f"{HVAC}.Station.Row3.Driver", f"{HVAC}.Station.Row3.Passenger")
        return tuple(path for path in both if f"{path}.Temperature" in snapshot.readings)
    return tuple(
        f"{HVAC}.Station.Row{row_of(z)}.{side(z, snapshot).removesuffix('Side')}"
        for z in members(zone)
    )


def seats(zone: Zone, snapshot: Snapshot) -> tuple[str, ...]:
    """The paths of the seats of `zone`."""
    return tuple(
        f"Vehicle.Cabin.Seat.Row{row_of(z)}.{side(z, snapshot)}"
        for z in members(zone)
        if z is not Zone.ROW3
    )


def doors(zones: Iterable[Zone], snapshot: Snapshot) -> tuple[str, ...]:
    """The paths of the doors of `zones`."""
    return tuple(
        f"Vehicle.Cabin.Door.Row{row_of(z)}.{side(z, snapshot)}"
        for z in singles(zones)
        if z is not Zone.ROW3
    )


def lamps(kind: str, zone: Zone, snapshot: Snapshot) -> tuple[str, ...]:
    """The paths of the cabin lamps `kind` (`AmbientLight` or `Spotlight`) of `zone`."""
    if zone is Zone.ROW3:
        both = (f"Vehicle.Cabin.Light.{kind}.Row3.{s}" for s in ("DriverSide", "PassengerSide"))
        return tuple(path for path in both if f"{path}.IsLightOn" in snapshot.readings)
    return tuple(
        f"Vehicle.Cabin.Light.{kind}.Row{row_of(z)}.{side(z, snapshot)}" for z in members(zone)
    )


def open_windows(snapshot: Snapshot) -> tuple[Zone, ...]:
    """Rule 10: the places of the windows that stand open too wide for air conditioning."""
    return tuple(
        zone
        for zone in singles((Zone.ALL,))
        for door in doors((zone,), snapshot)
        if (number_at(snapshot, f"{door}.Window.Position") or 0) > WINDOWS_OPEN_PERCENT
    )


def aim(snapshot: Snapshot, path: str) -> JsonValue:
    """The value an actuator is moving to, or has; None if it is unknown."""
    reading = snapshot.readings.get(path)
    if reading is None:
        return None
    return reading.value if reading.target is None else reading.target


def number_at(snapshot: Snapshot, path: str) -> float | None:
    """`aim` as a number; None if it is unknown or none."""
    value = aim(snapshot, path)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def number_here(snapshot: Snapshot, path: str) -> float | None:
    """The number at `path` now, wherever its motor is going; None if it is unknown or none."""
    return number(snapshot.get(path))


def goal_of(snapshot: Snapshot, path: str) -> JsonValue:
    """Where the motor at `path` is going; None when it stands."""
    reading = snapshot.readings.get(path)
    if reading is None or reading.target is None or reading.value is None:
        return None
    return None if at_same_value(reading.value, reading.target) else reading.target


def on_its_way(here: float | None, goal: JsonValue) -> Words:
    """What a motor does that goes to `goal`, and how far open it is now if that is told."""
    opening = goal is True or (number(goal) or 0.0) > (0.0 if here is None else here)
    en, zh = ("opening", "正在打开") if opening else ("closing", "正在关闭")
    return (
        Words(en, zh)
        if here is None
        else Words(f"{en}, now at {here:.0f}%", f"{zh}，现在{here:.0f}%")
    )


def at_same_value(value: JsonValue, wanted: JsonValue) -> bool:
    """Whether a reading already is what would be written."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, float) or isinstance(wanted, float):
        both = isinstance(value, int | float) and isinstance(wanted, int | float)
        return both and abs(value - wanted) < 0.05
    return value == wanted


def settle(
    snapshot: Snapshot,
    effects: Iterable[Effect],
    *,
    data: Mapping[str, JsonValue],
    notes: Sequence[Note] = (),
    atomic: bool = False,
    facts: tuple[str, ...] = (),
) -> Resolved:
    """The effects that change anything; when none does, a note that it is so already.

    `data["state"]` is how it will be; a motor that is still on its way there is told instead.
    """
    wanted, told = tuple(effects), dict(data)
    changing = tuple(e for e in wanted if not at_same_value(aim(snapshot, e.target), e.value))
    already, said = (() if changing else wanted), tuple(notes)
    moving = under_way(snapshot, [effect.target for effect in already])
    if moving is not None and "state" in told:
        told["state"] = say(snapshot, moving.en, moving.zh)
    elif not changing and not said:
        said = (ALREADY,) if moving is None else (_STILL_MOVING,)
    return Resolved(changing, told, notes=said, atomic=atomic, facts=facts, already=already)


def under_way(snapshot: Snapshot, targets: Sequence[str]) -> Words | None:
    """What the first motor of `targets` that is on its way does, and where it is if it is the only
    one; None if all stand."""
    for target in targets:
        if (goal := goal_of(snapshot, target)) is not None:
            return on_its_way(number_here(snapshot, target) if len(targets) == 1 else None, goal)
    return None


def stepped(
    snapshot: Snapshot, path: str, delta: float, *, minimum: float, maximum: float
) -> tuple[float, bool] | None:
    """The value `delta` away from where `path` is or moves to, kept within its range.

    The flag tells whether the range cut it off. None if the present value is unknown.
    """
    present = number_at(snapshot, path)
    if present is None:
        return None
    wanted = present + delta
    kept = min(max(wanted, minimum), maximum)
    return kept, abs(kept - wanted) > 1e-9


def at_end(delta: float, limit: str) -> Note:
    """Tells that a relative change ended at the range's end, `limit` with its unit."""
    if delta > 0:
        return Note(Words(f"{limit} is the highest it goes.", f"最高只能到{limit}。"))
    return Note(Words(f"{limit} is the lowest it goes.", f"最低只能到{limit}。"))


def place_words(zones: Sequence[Zone]) -> Words:
    """How the places of `zones` are said together."""
    said = [words_of(ZONES, zone) for zone in zones]
    return Words(" and ".join(w.en for w in said), "、".join(w.zh for w in said))


def place(snapshot: Snapshot, zones: Sequence[Zone], thing: Words, *, plural: str = "") -> str:
    """`thing` of `zones` in the session's language: "Driver window", "主驾车窗"."""
    words = place_words(zones)
    one = len(singles(zones)) == 1 or not plural
    return say(snapshot, sentence(f"{words.en} {thing.en if one else plural}"), words.zh + thing.zh)


def sentence(text: str) -> str:
    """`text` with a capital at its start."""
    return text[:1].upper() + text[1:]


def no_such_place(zone: Zone, thing: Words) -> Impossible:
    """This car has no `thing` in that place."""
    words = words_of(ZONES, zone)
    return Impossible(
        "no_such_place",
        Words(f"This car has no {words.en} {thing.en}.", f"这辆车没有{words.zh}{thing.zh}。"),
    )


def unknown_state(thing: Words) -> Impossible:
    """A relative change without a known present value."""
    return Impossible(
        "unknown_state",
        Words(
            f"I cannot read the current {thing.en}, so I cannot change it step by step; "
            "tell me the value you want.",
            f"读不到当前的{thing.zh}，无法按步调节，请直接告诉我要多少。",
        ),
    )


_STILL_MOVING = Note(Words("It is still on its way.", "还在动作中。"))
ALREADY = Note(Words("It is already so.", "已经是这样了。"))
