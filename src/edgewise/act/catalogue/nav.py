"""Navigation: find places, go there, change the route, ask about it, share where one is.

The route is the document `nav.route`: destination, stops on the way (`via`), preference. Names
of places come from a map that others edit: what is found is labelled WEB.
"""

import re
from typing import cast

from edgewise.act.catalogue.contact import CONTACTS
from edgewise.act.catalogue.message import send
from edgewise.act.catalogue.nav_capabilities import (
    CANCEL,
    EDIT_ROUTE,
    GET_ROUTE_INFO,
    PREFERENCES,
    SEARCH_PLACE,
    SET_DESTINATION,
    SET_VIEW,
    SHARE_LOCATION,
    VIEW,
)
from edgewise.act.catalogue.route import (
    PLACES,
    POSITION,
    ROUTE,
    active_route,
    distance_km,
    estimate,
    one_place,
    places_like,
    position,
    stop,
    stops,
)
from edgewise.act.catalogue.rows import (
    Row,
    counted,
    impossible,
    label_for,
    named,
    plain,
    say,
    text_in,
)
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

_EDIT = ("route_active", "nav.edit")


def search_place(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `places` nearest first (at most 10), `count` and `said`."""
    found = places_like(snapshot, text_in(call, "query"))
    start = position(snapshot)
    if near := text_in(call, "near"):
        centre = one_place(snapshot, near, "near")
        if isinstance(centre, Missing):
            return centre
        start = (float(centre["latitude"]), float(centre["longitude"]))
        found.sort(key=lambda row: distance_km(start, row))
    if filters := text_in(call, "filters"):
        found = named(found, filters, ("name", "features", "address", "kind_names"))
    shown = found[:10]
    lines = [_with_distance(row, start) for row in shown[:5]]
    said = "\n".join(lines) or say(snapshot, "I find no such place.", "没有找到这样的地方。")
    label = label_for(OriginKind.WEB, ("map",), private=False)
    return Resolved(data={"places": shown, "count": len(found), "said": said}, label=label)


def set_destination(call: Call, snapshot: Snapshot) -> Resolution:
    """Starts a route, in place of the running one; stops on the way in the order said."""
    destination = one_place(snapshot, text_in(call, "place"), "place")
    if isinstance(destination, Missing):
        return destination
    via: list[Row] = []
    for words in _split(text_in(call, "via")):
        place = one_place(snapshot, words, "via")
        if isinstance(place, Missing):
            return place
        via.append(stop(place))
    route = {
        "destination": stop(destination),
        "via": via,
        "preference": text_in(call, "prefs") or "fastest",
    }
    facts = ("route_active",) if active_route(snapshot) else ()
    return Resolved((Effect(ROUTE, route),), data=_told(route, snapshot), facts=facts)


def edit_route(call: Call, snapshot: Snapshot) -> Resolution:
    """Changes the running route (rule 13).

    Facts: `route_active`, `nav.edit`; `nav.only_destination` when nothing would be left.
    """
    route = active_route(snapshot)
    if route is None:
        return impossible("no_route", "There is no route to change; say where to go first.",
                          "现在没有导航路线，请先说目的地。")  # fmt: skip
    op = text_in(call, "op")
    if op == "prefer":
        new = {**route, "preference": text_in(call, "pref") or "fastest"}
        return _edited(new, snapshot)
    words = text_in(call, "place")
    if not words:
        return Missing("place", Words("Which place?", "哪个地方？"))
    if op == "remove_stop":
        return _without(route, words, snapshot)
    place = one_place(snapshot, words, "place")
    if isinstance(place, Missing):
        return place
    if op == "change_destination":
        return _edited({**route, "destination": stop(place)}, snapshot)
    via = [*stops(route)[:-1], stop(place)]
    return _edited({**route, "via": via}, snapshot)


def get_route_info(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `distance_km`, `duration_min`, `said`; estimates, said to be."""
    route = active_route(snapshot)
    if route is None:
        return impossible("no_route", "There is no route.", "现在没有导航路线。")
    kind = text_in(call, "kind") or "summary"
    if kind == "traffic":
        return impossible("unavailable", "I have no traffic information on this device.",
                          "这台设备没有路况信息。")  # fmt: skip
    name = str(stops(route)[-1].get("name", ""))
    if kind == "destination":
        said = say(snapshot, f"You are going to {name}.", f"目的地是{name}。")
        return Resolved(data={"said": said}, label=label_for(OriginKind.WEB, ("map",)))
    figures = estimate(position(snapshot), route)
    if figures is None:
        return impossible("no_position", "I do not know where we are.", "不知道当前位置。")
    km, minutes = figures
    distance = Words(f"about {km:g} km to {name}", f"到{name}大约{km:g}公里")
    length = Words(f"about {counted(minutes, 'minute')} to {name}", f"到{name}大约{minutes:g}分钟")
    words = {
        "distance": distance,
        "time": length,
    }.get(
        kind,
        Words(f"{distance.en}, {counted(minutes, 'minute')}", f"{distance.zh}，{minutes:g}分钟"),
    )
    said = say(
        snapshot,
        f"{words.en[0].upper()}{words.en[1:]} (an estimate without traffic).",
        f"{words.zh}（未计路况的估计）。",
    )
    data = {"distance_km": km, "duration_min": minutes, "said": said}
    return Resolved(data=data, label=label_for(OriginKind.WEB, ("map",)))


def cancel(_call: Call, snapshot: Snapshot) -> Resolution:
    """Ends the route."""
    if active_route(snapshot) is None:
        return impossible("no_route", "There is no route.", "现在没有导航路线。")
    return Resolved((Effect(ROUTE, None),))


def set_view(call: Call, snapshot: Snapshot) -> Resolution:
    """Changes the map's view or its spoken guidance; zoom goes in steps from 1 to 20."""
    stored = snapshot.get(VIEW)
    before: Row = cast(Row, stored) if isinstance(stored, dict) else {"zoom": 14}
    new = dict(before)
    match text_in(call, "view"):
        case "zoom_in":
            new["zoom"] = min(20, int(before.get("zoom", 14)) + 1)
        case "zoom_out":
            new["zoom"] = max(1, int(before.get("zoom", 14)) - 1)
        case "":
            pass
        case view:
            new["view"] = view
    if isinstance(call.arguments.get("voice"), bool):
        new["voice"] = call.arguments["voice"]
    if new == before and not call.arguments:
        return Missing("view", Words("Which view?", "要什么视图？"))
    return Resolved((Effect(VIEW, new),))


def share_location(call: Call, snapshot: Snapshot) -> Resolution:
    """Sends the position, to about 100 m, as a message; facts as `message.send`."""
    where = position(snapshot)
    if where is None:
        return impossible("no_position", "I do not know where we are.", "不知道当前位置。")
    text = f"{where[0]:.3f},{where[1]:.3f}"
    body = say(snapshot, f"I am here: {text}", f"我的位置：{text}")
    message = Call(call.id, "message.send",
                   {"recipient": text_in(call, "recipient"), "body": body}, call.label)  # fmt: skip
    return send(message, snapshot)


def _without(route: Row, words: str, snapshot: Snapshot) -> Resolution:
    all_stops = stops(route)
    found = named(all_stops, words, ("name",))
    if plain(words) in ("destination", "the destination", "目的地"):
        found = [all_stops[-1]]
    if len(found) != 1:
        names = tuple(str(place.get("name", "")) for place in all_stops)
        return Missing("place", Words("Which stop shall I remove?", "要删除哪个途经点？"), names)
    left = [place for place in all_stops if place is not found[0]]
    if not left:
        facts = (*_EDIT, "nav.only_destination")
        return Resolved((Effect(ROUTE, None),), facts=facts)
    return _edited({**route, "destination": left[-1], "via": left[:-1]}, snapshot)


def _edited(route: Row, snapshot: Snapshot) -> Resolved:
    return Resolved((Effect(ROUTE, route),), data=_told(route, snapshot), facts=_EDIT)


def _told(route: Row, snapshot: Snapshot) -> Row:
    """What the answer may tell: the way by its places, and the estimate when there is one."""
    names = [str(place.get("name", "")) for place in stops(route)]
    said = say(snapshot, "Going to ", "正在前往") + say(snapshot, " via ", "，途经").join(
        [names[-1], say(snapshot, ", ", "、").join(names[:-1])] if names[:-1] else names
    )
    wanted = next((c for c in PREFERENCES if c.value == route.get("preference")), None)
    if wanted is not None and wanted.value != "fastest":
        said += say(snapshot, f", {wanted.words.en}", f"，{wanted.words.zh}")
    figures = estimate(position(snapshot), route)
    if figures is not None:
        km, minutes = figures
        said += say(snapshot, f", about {km:g} km, {counted(minutes, 'minute')}.",
                    f"，大约{km:g}公里{minutes:g}分钟。")  # fmt: skip
    return {"name": names[-1], "said": said}


def _with_distance(row: Row, start: tuple[float, float] | None) -> str:
    km = distance_km(start, row)
    return str(row.get("name", "")) + (f" ({km:.1f} km)" if km < 1e6 else "")


def _split(words: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,，、;；]", words) if part.strip()]


FUNCTIONS: tuple[Function, ...] = (
    Function(SEARCH_PLACE, search_place, (PLACES, POSITION)),
    Function(SET_DESTINATION, set_destination, (PLACES, POSITION, ROUTE)),
    Function(EDIT_ROUTE, edit_route, (PLACES, POSITION, ROUTE)),
    Function(GET_ROUTE_INFO, get_route_info, (POSITION, ROUTE)),
    Function(CANCEL, cancel, (ROUTE,)),
    Function(SET_VIEW, set_view, (VIEW,)),
    Function(SHARE_LOCATION, share_location, (POSITION, CONTACTS)),
)
