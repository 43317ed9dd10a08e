"""Places and the way to them, as arithmetic: which place is meant, how far, how long.

Distances are great-circle (haversine, mean Earth radius 6371 km) times a usual detour; times
assume a usual speed. Both are estimates and are said to be: no road map and no traffic here.
"""

import math
import re
from typing import Any, cast

from edgewise.act.catalogue.rows import Row, named, plain, rows_in
from edgewise.core.call import Missing
from edgewise.core.signal import JsonValue, Snapshot
from edgewise.core.words import Words

PLACES = "nav.places"
POSITION = "nav.position"
ROUTE = "nav.route"
DETOUR = 1.3
CITY_KM_H, COUNTRY_KM_H, CITY_KM = 30.0, 75.0, 25.0
_NEAREST = re.compile(r"^(the )?(nearest|closest)\s+|^(离我)?最近的|^附近的", re.IGNORECASE)
_KEYS = ("name", "other_names")
_KINDS = ("kind", "kind_names")


def position(snapshot: Snapshot) -> tuple[float, float] | None:
    """Latitude and longitude in degrees: the vehicle's, else the phone's; None when unknown."""
    at = "Vehicle.CurrentLocation"
    latitude, longitude = snapshot.get(f"{at}.Latitude"), snapshot.get(f"{at}.Longitude")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return float(latitude), float(longitude)
    stored = snapshot.get(POSITION)
    if not isinstance(stored, dict):
        return None
    row = cast(Row, stored)
    return float(row["latitude"]), float(row["longitude"])


def places_like(snapshot: Snapshot, words: str) -> list[Row]:
    """Places that `words` names or whose kind it is, nearest first."""
    rows = rows_in(snapshot, PLACES)
    bare = _NEAREST.sub("", words.strip())
    found = named(rows, bare, _KEYS)
    if not any(_is_called(row, bare) for row in found):
        kind = named(rows, bare, _KINDS) or [row for row in rows if _is_kind(row, bare)]
        found = kind or found
    return sorted(found, key=lambda row: distance_km(position(snapshot), row))


def one_place(snapshot: Snapshot, words: str, argument: str) -> Row | Missing:
    """The place that `words` means; the nearest when it says so; Missing with choices otherwise."""
    found = places_like(snapshot, words)
    exact = [row for row in found if _is_called(row, words)]
    if len(found) == 1 or len(exact) == 1 or (found and _NEAREST.search(words.strip())):
        return (exact if len(exact) == 1 else found)[0]
    if not found:
        return Missing(
            argument,
            Words(f"I find no place called “{words}”. Where to?",
                  f"没有找到“{words}”，要去哪里？"),
        )  # fmt: skip
    return Missing(
        argument,
        Words(f"There are {len(found)} places for “{words}”. Which one?",
              f"“{words}”有{len(found)}个结果，去哪一个？"),
        tuple(str(row.get("name", "")) for row in found[:6]),
    )  # fmt: skip


def stop(row: Row) -> Row:
    """A place as a route keeps it."""
    return {key: row[key] for key in ("id", "name", "latitude", "longitude") if key in row}


def active_route(snapshot: Snapshot) -> Row | None:
    """The route that is being followed."""
    route = snapshot.get(ROUTE)
    return cast(Row, route) if isinstance(route, dict) else None


def distance_km(start: tuple[float, float] | None, row: Row) -> float:
    """Great-circle kilometres to a place; infinite when either end is unknown."""
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if start is None or latitude is None or longitude is None:
        return math.inf
    first, second = math.radians(start[0]), math.radians(float(latitude))
    apart = math.radians(float(longitude) - start[1])
    half = (
        math.sin((second - first) / 2) ** 2
        + math.cos(first) * math.cos(second) * math.sin(apart / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def estimate(start: tuple[float, float] | None, route: Row) -> tuple[float, float] | None:
    """Estimated road kilometres and minutes along all stops; None when the position is unknown."""
    if start is None:
        return None
    km, at = 0.0, start
    for place in stops(route):
        leg = distance_km(at, place)
        if math.isinf(leg):
            return None
        km += leg * DETOUR
        at = (float(place["latitude"]), float(place["longitude"]))
    return round(km, 1), round(60 * km / (CITY_KM_H if km <= CITY_KM else COUNTRY_KM_H))


def stops(route: Row) -> list[Row]:
    """The places of a route in order, the destination last."""
    via: JsonValue = route.get("via")
    first = [cast(Row, place) for place in cast(list[Any], via or [])]
    return [*first, cast(Row, route["destination"])]


def _is_called(row: Row, words: str) -> bool:
    names = [str(row.get("name", "")), *cast(list[str], row.get("other_names") or [])]
    return plain(words) in map(plain, names)


def _is_kind(row: Row, words: str) -> bool:
    """Whether a place's kind is said inside the words: "a charging station near here"."""
    names = [str(row.get("kind", "")), *cast(list[str], row.get("kind_names") or [])]
    said = plain(words)
    return any(len(name) > 1 and plain(name) in said for name in names)
