"""Windows, roof and shades once a batch of effects has landed, and who sits beside them.

Rules 7, 8, 10, 11, 21, 22. A motor counts as standing where it goes, or where it is if that is less
safe; one whose place is unknown, as standing at the unsafe end of its way.
"""

from collections.abc import Iterable

from edgewise.act.classify import number
from edgewise.core.attention import is_taken
from edgewise.core.call import Effect
from edgewise.core.freshness import FRESH_S, SEATED_S, after, named, settled
from edgewise.core.signal import JsonValue, Snapshot

_ROOF = "Vehicle.Cabin.Sunroof."
_DOOR = "Vehicle.Cabin.Door."
_DOORS = tuple(
    f"{_DOOR}Row{row}.{side}" for row in (1, 2) for side in ("DriverSide", "PassengerSide")
)
_SWITCHED = {"OPEN": 100.0, "ONE_SHOT_OPEN": 100.0, "CLOSE": 0.0, "ONE_SHOT_CLOSE": 0.0,
             "TILT_UP": 0.0, "TILT_DOWN": 0.0}  # fmt: skip


def opening_facts(
    classes: frozenset[str],
    effects: tuple[Effect, ...],
    snapshot: Snapshot,
    driver_on_left: bool,
) -> dict[str, JsonValue]:
    """Windows, roof and shades after the batch, who sits there, and what holds a motor back."""
    facts: dict[str, JsonValue] = {}
    if classes & {"roof.open", "roof.close", "shade.close", "shade.open"}:
        facts["roof_after"] = round(_roof_after(effects, snapshot))
        facts["shade_after"] = round(_shade_after(effects, snapshot))
    if classes & {"window.open", "climate.ac.on"}:
        moved = _doors_of(effects)
        facts["widest_window_after"] = _widest({*_DOORS, *moved}, effects, snapshot)
        facts["opened_window_after"] = _widest(moved, effects, snapshot)
        air = after("Vehicle.Cabin.HVAC.IsAirConditioningActive", effects, snapshot)
        facts["ac_after"] = named(air)
    if "window.open" in classes:
        facts["opening_beside"] = _beside(_doors_of(effects), snapshot, driver_on_left)
        lock = settled("Vehicle.Cabin.IsWindowChildLockEngaged", snapshot)
        facts["child_lock"] = named(lock)
    if classes & {"window.close", "roof.close"}:
        power = snapshot.fresh("Vehicle.LowVoltageSystemState", within_s=FRESH_S)
        known = power in ("LOCK", "OFF", "ACC", "ON", "START")
        facts["power"] = power if known else "unknown"
        facts["anti_pinch"] = _has_anti_pinch(classes, snapshot)
    if "window.close.rear" in classes:
        rear = {door for door in _doors_of(effects) if ".Row1." not in door}
        facts["rear_occupants"] = _beside(rear, snapshot, driver_on_left)
    return facts


def _doors_of(effects: Iterable[Effect]) -> set[str]:
    """The doors whose windows are written, under whatever name of a door that is exposed."""
    doors = (e.target.partition(".Window.") for e in effects)
    return {door for door, window, _ in doors if window and door.startswith(_DOOR)}


def _has_anti_pinch(classes: frozenset[str], snapshot: Snapshot) -> bool:
    """Whether everything that closes gives way by itself: a window's is not the roof's."""
    closing = {"window.close": "Window", "roof.close": "Sunroof"}
    parts = [part for name, part in closing.items() if name in classes]
    flags = [snapshot.get(f"Vehicle.Edgewise.{part}.HasAntiPinch") for part in parts]
    return all(flag is True for flag in flags)


def _roof_after(effects: tuple[Effect, ...], snapshot: Snapshot) -> float:
    switched = _switched(_ROOF + "Switch", effects)
    if switched is not None:
        return switched
    reading = snapshot.readings.get(_ROOF + "Position")
    position = number(settled(_ROOF + "Position", snapshot))
    if reading is None or position is None:
        return 100.0
    aim = 0.0 if reading.target is None else number(reading.target)
    return 100.0 if aim is None else max(position, aim, 0.0)


def _shade_after(effects: tuple[Effect, ...], snapshot: Snapshot) -> float:
    switched = _switched(_ROOF + "Shade.Switch", effects)
    if switched is not None:
        return switched
    return _aimed(_ROOF + "Shade.Position", effects, snapshot, unknown=0.0)


def _widest(doors: Iterable[str], effects: tuple[Effect, ...], snapshot: Snapshot) -> int:
    return round(max((_window_after(door, effects, snapshot) for door in doors), default=0.0))


def _window_after(door: str, effects: tuple[Effect, ...], snapshot: Snapshot) -> float:
    switched = _switched(door + ".Window.Switch", effects)
    if switched is not None:
        return switched
    target = door + ".Window.Position"
    goes_to = _aimed(target, effects, snapshot, unknown=100.0)
    if any(effect.target == target for effect in effects):
        return goes_to
    # One that another command is closing may be stopped half-way: it is open until it is shut.
    return max(goes_to, _percent(settled(target, snapshot)) or 0.0)


def _percent(value: JsonValue) -> float | None:
    """A place from shut (0) to open (100); anything else is unknown."""
    place = number(value)
    return place if place is not None and 0 <= place <= 100 else None


def _aimed(
    target: str, effects: tuple[Effect, ...], snapshot: Snapshot, *, unknown: float
) -> float:
    """Where `target` will stand: as written, else where it is moving to, else where it is."""
    for effect in effects:
        if effect.target == target:
            wanted = _percent(effect.value)
            return unknown if wanted is None else wanted
    reading = snapshot.readings.get(target)
    position = _percent(settled(target, snapshot))
    aim = None if reading is None else reading.target
    if position is None or (aim is not None and _percent(aim) is None):
        return unknown
    return position if aim is None else _percent(aim) or 0.0


def _switched(target: str, effects: tuple[Effect, ...]) -> float | None:
    for effect in effects:
        if effect.target == target and isinstance(effect.value, str):
            return _SWITCHED.get(effect.value)
    return None


def _beside(doors: Iterable[str], snapshot: Snapshot, driver_on_left: bool) -> str:
    """The most delicate occupant beside the windows of `doors`, the driver left out; the middle
    seat behind is beside both.

    VSS 6.0 tells an occupied seat from an empty one; whether it is a child is a vendor signal.
    """
    sides = ("DriverSide", "Left" if driver_on_left else "Right")
    drivers = {f"{_DOOR}Row1.{side}" for side in sides}
    seats = {door.replace(".Door.", ".Seat.") for door in doors if door not in drivers}
    if any(".Row1." not in seat for seat in seats):
        seats.add("Vehicle.Cabin.Seat.Row2.Middle")
    found = {_occupant(seat, snapshot) for seat in seats} or {"adult"}
    return next(name for name in ("child", "unknown", "adult", "empty") if name in found)


def _occupant(seat: str, snapshot: Snapshot) -> str:
    taken = is_taken(seat, snapshot)
    if not taken:
        return "unknown" if taken is None else "empty"
    occupant = seat.replace(".Cabin.Seat.", ".Edgewise.Occupant.")
    child = snapshot.fresh(occupant + ".IsChild", within_s=SEATED_S)
    return {"on": "child", "off": "adult"}.get(named(child), "unknown")
