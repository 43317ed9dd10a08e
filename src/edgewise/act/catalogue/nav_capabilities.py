"""What the family of navigation declares: arguments, risk, words. What they mean: `nav.py`."""

from edgewise.act.catalogue.message import MESSAGES
from edgewise.act.catalogue.route import ROUTE
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.words import Words

VIEW = "nav.view"

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
    Words("search places", "搜索地点"),
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
    Words("navigate somewhere", "导航到某地"),
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
    Words("change the route", "修改路线"),
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
    Words("ask about the route", "查询路线"),
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
    Words("end navigation", "结束导航"),
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
    Words("change the map's view", "切换地图视图"),
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
    Words("send where we are", "分享位置"),
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
