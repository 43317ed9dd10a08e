"""Navigation: find places, go there, change the route, ask about it, share where one is.

The route is the document `nav.route`: destination, stops on the way (`via`), preference. Names
of places come from a map that others edit: what is found is labelled WEB.
"""

import re
from typing import cast

from edgewise.act.catalogue.contact import CONTACTS
from edgewise.act.catalogue.message import MESSAGES, send
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
    impossible,
    label_for,
    named,
    plain,
    say,
    text_in,
)
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

VIEW = "nav.view"
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
    length = Words(f"about {minutes:g} minutes to {name}", f"到{name}大约{minutes:g}分钟")
    words = {
        "distance": distance,
        "time": length,
    }.get(kind, Words(f"{distance.en}, {minutes:g} minutes", f"{distance.zh}，{minutes:g}分钟"))
    said = say(
        snapshot, f"{words.en} (an estimate without traffic).", f"{words.zh}（未计路况的估计）。"
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
        said += say(snapshot, f", about {km:g} km, {minutes:g} minutes.",
                    f"，大约{km:g}公里{minutes:g}分钟。")  # fmt: skip
    return {"name": names[-1], "said": said}


def _with_distance(row: Row, start: tuple[float, float] | None) -> str:
    km = distance_km(start, row)
    return str(row.get("name", "")) + (f" ({km:.1f} km)" if km < 1e6 else "")


def _split(words: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,，、;；]", words) if part.strip()]


PREFERENCES = (
    Choice("fastest", Words("the fastest way", "最快路线"), ("fastest", "quickest"),
           ("最快", "时间最短")),
    Choice("shortest", Words("the shortest way", "最短路线"), ("shortest",), ("最短", "距离最短")),
    Choice("avoid_tolls", Words("without tolls", "避开收费"), ("avoid tolls", "no tolls"),
           ("不走收费", "避开收费", "免费路线")),
    Choice("avoid_highways", Words("without motorways", "不走高速"),
           ("avoid highways", "no highways", "avoid motorways"), ("不走高速", "避开高速")),
    Choice("highways", Words("by motorway", "高速优先"), ("prefer highways",),
           ("高速优先", "走高速")),
    Choice("avoid_traffic", Words("around traffic", "躲避拥堵"), ("avoid traffic",),
           ("躲避拥堵", "避开拥堵")),
)  # fmt: skip

SEARCH_PLACE = Capability(
    "nav.search_place",
    Words("Search places", "搜索地点"),
    Risk.READ,
    (
        Argument("query", Kind.TEXT, Words("what", "搜索内容"), True),
        Argument("near", Kind.TEXT, Words("near what", "在哪附近")),
        Argument("filters", Kind.TEXT, Words("filter", "条件")),
    ),
    rules=(16, 17, 34),
    content=OriginKind.WEB,
    tells=Words("{said}", "{said}"),
    en=(
        Example("find a charging station nearby", {"query": "charging station"}),
        Example("where is the nearest gas station", {"query": "gas station"}),
        Example("search for restaurants near the Bund", {"query": "restaurants",
                                                         "near": "the Bund"}),
        Example("are there any coffee shops around here", {"query": "coffee shops"}),
        Example("find parking near Central Station", {"query": "parking",
                                                      "near": "Central Station"}),
        Example("look for a supermarket", {"query": "supermarket"}),
    ),
    zh=(
        Example("附近有充电站吗", {"query": "充电站"}),
        Example("最近的加油站在哪里", {"query": "加油站"}),
        Example("搜一下外滩附近的餐厅", {"query": "餐厅", "near": "外滩"}),
        Example("周边有没有咖啡店", {"query": "咖啡店"}),
        Example("找一下虹桥火车站附近的停车场", {"query": "停车场", "near": "虹桥火车站"}),
        Example("查找超市", {"query": "超市"}),
    ),
)  # fmt: skip

SET_DESTINATION = Capability(
    "nav.set_destination",
    Words("Navigate somewhere", "导航到某地"),
    Risk.DISRUPTIVE,
    (
        Argument("place", Kind.TEXT, Words("where to", "目的地"), True),
        Argument("via", Kind.TEXT, Words("via", "途经点")),
        Argument("prefs", Kind.CHOICE, Words("preference", "偏好"), choices=PREFERENCES),
    ),
    actuators=(ROUTE,),
    undoable=True,
    rules=(13, 33),
    done=Words("{said}", "{said}"),
    en=(
        Example("navigate to the Bund", {"place": "the Bund"}),
        Example("take me home", {"place": "home"}),
        Example("drive to Pudong Airport", {"place": "Pudong Airport"}),
        Example("directions to Central Station via City Library",
                {"place": "Central Station", "via": "City Library"}),
        Example("go to the nearest charging station", {"place": "the nearest charging station"}),
        Example("navigate to work avoiding highways",
                {"place": "work", "prefs": "avoid_highways"}),
    ),
    zh=(
        Example("导航去外滩", {"place": "外滩"}),
        Example("带我回家", {"place": "家"}),
        Example("去浦东机场", {"place": "浦东机场"}),
        Example("导航到虹桥火车站途经静安寺", {"place": "虹桥火车站", "via": "静安寺"}),
        Example("导航去最近的充电站", {"place": "最近的充电站"}),
        Example("去公司不走高速", {"place": "公司", "prefs": "avoid_highways"}),
    ),
)  # fmt: skip

EDIT_ROUTE = Capability(
    "nav.edit_route",
    Words("Change the route", "修改路线"),
    Risk.DISRUPTIVE,
    (
        Argument(
            "op",
            Kind.CHOICE,
            Words("what to do", "操作"),
            True,
            (
                Choice("add_stop", Words("add a stop", "增加途经点"), ("add", "stop at", "via"),
                       ("途经", "加", "顺路")),
                Choice("remove_stop", Words("remove a stop", "删除途经点"), ("remove", "skip"),
                       ("删除", "去掉", "不去")),
                Choice("change_destination", Words("change the destination", "更换目的地"),
                       ("change the destination", "go to instead"), ("改去", "换成", "目的地改")),
                Choice("prefer", Words("choose another way", "更换路线"), ("avoid", "prefer"),
                       ("不走", "避开", "走")),
            ),
        ),
        Argument("place", Kind.TEXT, Words("place", "地点")),
        Argument("pref", Kind.CHOICE, Words("preference", "偏好"), choices=PREFERENCES),
    ),
    actuators=(ROUTE,),
    undoable=True,
    rules=(13, 33),
    done=Words("{said}", "{said}"),
    en=(
        Example("add a stop at the City Library", {"op": "add_stop", "place": "the City Library"}),
        Example("remove the stop City Library", {"op": "remove_stop", "place": "City Library"}),
        Example("avoid tolls on this route", {"op": "prefer", "pref": "avoid_tolls"}),
        Example("take the fastest route", {"op": "prefer", "pref": "fastest"}),
        Example("change the destination to Central Station",
                {"op": "change_destination", "place": "Central Station"}),
        Example("stop at the nearest gas station on the way",
                {"op": "add_stop", "place": "the nearest gas station"}),
    ),
    zh=(
        Example("途中加一个静安寺", {"op": "add_stop", "place": "静安寺"}),
        Example("删除途经点静安寺", {"op": "remove_stop", "place": "静安寺"}),
        Example("这条路线不走收费路", {"op": "prefer", "pref": "avoid_tolls"}),
        Example("换成最快的路线", {"op": "prefer", "pref": "fastest"}),
        Example("目的地改成虹桥火车站", {"op": "change_destination", "place": "虹桥火车站"}),
        Example("顺路去最近的加油站", {"op": "add_stop", "place": "最近的加油站"}),
    ),
)  # fmt: skip

GET_ROUTE_INFO = Capability(
    "nav.get_route_info",
    Words("Ask about the route", "查询路线"),
    Risk.READ,
    (
        Argument(
            "kind",
            Kind.CHOICE,
            Words("what", "内容"),
            choices=(
                Choice("time", Words("time", "时间"), ("how long", "when", "arrive"),
                       ("多久", "几点到", "多长时间")),
                Choice("distance", Words("distance", "距离"), ("how far", "distance"),
                       ("多远", "多少公里", "路程")),
                Choice("destination", Words("destination", "目的地"), ("where are we going",),
                       ("去哪", "目的地")),
                Choice("traffic", Words("traffic", "路况"), ("traffic", "jam"), ("路况", "堵")),
                Choice("summary", Words("summary", "概况"), ("route",), ("路线",)),
            ),
        ),
    ),
    tells=Words("{said}", "{said}"),
    en=(
        Example("how long until we arrive", {"kind": "time"}),
        Example("how far is it to the destination", {"kind": "distance"}),
        Example("when will we get there", {"kind": "time"}),
        Example("is there traffic ahead", {"kind": "traffic"}),
        Example("where are we going", {"kind": "destination"}),
        Example("how many kilometers are left", {"kind": "distance"}),
    ),
    zh=(
        Example("还有多久到", {"kind": "time"}),
        Example("离目的地还有多远", {"kind": "distance"}),
        Example("几点能到", {"kind": "time"}),
        Example("前方堵不堵车", {"kind": "traffic"}),
        Example("我们要去哪", {"kind": "destination"}),
        Example("还剩多少公里", {"kind": "distance"}),
    ),
)  # fmt: skip

CANCEL = Capability(
    "nav.cancel",
    Words("End navigation", "结束导航"),
    Risk.REVERSIBLE,
    actuators=(ROUTE,),
    undoable=True,
    done=Words("Navigation is off.", "已结束导航。"),
    en=(
        Example("stop navigation"),
        Example("cancel the route"),
        Example("end the guidance"),
        Example("exit navigation"),
        Example("turn off navigation"),
        Example("I don't need directions any more"),
    ),
    zh=(
        Example("停止导航"),
        Example("取消路线"),
        Example("退出导航"),
        Example("结束导航"),
        Example("关闭导航"),
        Example("不用导航了"),
    ),
)

SET_VIEW = Capability(
    "nav.set_view",
    Words("Change the map's view", "切换地图视图"),
    Risk.REVERSIBLE,
    (
        Argument(
            "view",
            Kind.CHOICE,
            Words("view", "视图"),
            choices=(
                Choice("2d", Words("2D", "2D"), ("2d", "flat"), ("2d", "2D", "二维", "平面")),
                Choice("3d", Words("3D", "3D"), ("3d",), ("3d", "3D", "三维", "立体")),
                Choice("north_up", Words("north up", "正北朝上"), ("north up",),
                       ("正北", "北朝上")),
                Choice("heading_up", Words("heading up", "车头朝上"), ("heading up",), ("车头",)),
                Choice("overview", Words("overview", "全览"), ("overview", "whole route"),
                       ("全览", "全程")),
                Choice("zoom_in", Words("zoomed in", "放大"), ("zoom in", "bigger"), ("放大",)),
                Choice("zoom_out", Words("zoomed out", "缩小"), ("zoom out", "smaller"),
                       ("缩小",)),
            ),
        ),
        Argument("voice", Kind.BOOLEAN, Words("spoken guidance", "语音播报")),
    ),
    actuators=(VIEW,),
    undoable=True,
    done=Words("The map is changed.", "地图已调整。"),
    en=(
        Example("switch the map to 3D", {"view": "3d"}),
        Example("show the map in 2D", {"view": "2d"}),
        Example("zoom in on the map", {"view": "zoom_in"}),
        Example("zoom out", {"view": "zoom_out"}),
        Example("show the whole route", {"view": "overview"}),
        Example("mute the navigation voice", {"voice": False}),
    ),
    zh=(
        Example("地图切换到3D", {"view": "3d"}),
        Example("切换成2D地图", {"view": "2d"}),
        Example("放大地图", {"view": "zoom_in"}),
        Example("地图缩小一点", {"view": "zoom_out"}),
        Example("查看全程路线", {"view": "overview"}),
        Example("关闭导航播报", {"voice": False}),
    ),
)  # fmt: skip

SHARE_LOCATION = Capability(
    "nav.share_location",
    Words("Send where we are", "分享位置"),
    Risk.IRREVERSIBLE,
    (Argument("recipient", Kind.TEXT, Words("to whom", "发给谁"), True, private=True),),
    actuators=(f"{MESSAGES}.*",),
    rules=(31, 33, 35),
    private=True,
    done=Words("Sent to {name}: {body}", "已发给{name}：{body}"),
    en=(
        Example("share my location with mom", {"recipient": "mom"}),
        Example("send my location to Alice Chen", {"recipient": "Alice Chen"}),
        Example("tell John Smith where I am", {"recipient": "John Smith"}),
        Example("share where I am with Emma", {"recipient": "Emma"}),
        Example("send David my current position", {"recipient": "David"}),
        Example("let my wife know where I am", {"recipient": "my wife"}),
    ),
    zh=(
        Example("把我的位置发给妈妈", {"recipient": "妈妈"}),
        Example("分享位置给张伟", {"recipient": "张伟"}),
        Example("告诉李娜我在哪里", {"recipient": "李娜"}),
        Example("发个定位给王芳", {"recipient": "王芳"}),
        Example("和刘洋共享我的位置", {"recipient": "刘洋"}),
        Example("把定位发给老婆", {"recipient": "老婆"}),
    ),
)

FUNCTIONS = (
    Function(SEARCH_PLACE, search_place, (PLACES, POSITION)),
    Function(SET_DESTINATION, set_destination, (PLACES, POSITION, ROUTE)),
    Function(EDIT_ROUTE, edit_route, (PLACES, POSITION, ROUTE)),
    Function(GET_ROUTE_INFO, get_route_info, (POSITION, ROUTE)),
    Function(CANCEL, cancel, (ROUTE,)),
    Function(SET_VIEW, set_view, (VIEW,)),
    Function(SHARE_LOCATION, share_location, (POSITION, CONTACTS)),
)
