"""Word lists that several families share: how people name zones, colours, ends and on and off.

Left and right are those of a left-hand-drive car; `core.zone` knows the car's own.
"""

from edgewise.core.capability import Argument, Choice, Example, Kind
from edgewise.core.signal import JsonValue
from edgewise.core.words import Words
from edgewise.core.zone import Zone


def example(text: str, **arguments: JsonValue) -> Example:
    """A sentence and the arguments it must be understood as."""
    return Example(text, arguments)


def zone_argument(
    name: str = "zone", *, words: Words | None = None, several: bool = False, third_row: bool = True
) -> Argument:
    """The argument that says where; without it the speaker's place or the whole car is meant."""
    choices = ZONES if third_row else tuple(c for c in ZONES if c.value != Zone.ROW3)
    kind = Kind.ZONES if several else Kind.ZONE
    return Argument(name, kind, words or Words("place", "位置"), choices=choices)


def level_argument(
    words: Words, *, maximum: int, minimum: int = 0, name: str = "level"
) -> Argument:
    """A level from `minimum` to `maximum`, which may also be called the lowest or the highest."""
    return Argument(
        name, Kind.INTEGER, words, minimum=minimum, maximum=maximum, choices=ENDS, unit=""
    )


ZONES = (
    Choice(
        Zone.DRIVER,
        Words("driver", "主驾"),
        ("driver", "driver's", "driver side", "front left", "my side"),
        ("主驾", "主驾驶", "驾驶位", "驾驶座", "驾驶员", "司机", "左前", "我这边"),
    ),
    Choice(
        Zone.PASSENGER,
        Words("front passenger", "副驾"),
        (
            "passenger",
            "passenger's",
            "front passenger",
            "co-driver",
            "passenger side",
            "front right",
        ),
        ("副驾", "副驾驶", "副驾座", "右前"),
    ),
    Choice(
        Zone.ROW2_LEFT,
        Words("rear left", "左后"),
        ("rear left", "left rear", "back left", "left back", "behind the driver"),
        ("左后", "后排左", "后排左边", "左后方", "后左", "二排左", "主驾后面"),
    ),
    Choice(
        Zone.ROW2_RIGHT,
        Words("rear right", "右后"),
        ("rear right", "right rear", "back right", "right back", "behind the passenger"),
        ("右后", "后排右", "后排右边", "右后方", "后右", "二排右", "副驾后面"),
    ),
    Choice(
        Zone.ROW3,
        Words("third row", "第三排"),
        ("third row", "row three", "row 3", "very back"),
        ("第三排", "三排", "最后排", "最后一排"),
    ),
    Choice(
        Zone.FRONT,
        Words("front", "前排"),
        ("front", "front row", "both front", "up front"),
        ("前排", "前面", "主副驾", "前座"),
    ),
    Choice(
        Zone.REAR,
        Words("rear", "后排"),
        ("rear", "back", "back row", "second row", "in the back", "rear row"),
        ("后排", "后面", "第二排", "二排", "后座"),
    ),
    Choice(
        Zone.ALL,
        Words("all", "全车"),
        ("all", "every", "each", "whole car", "everywhere", "everyone", "all four"),
        ("全车", "所有", "全部", "整车", "四个", "每个", "都"),
    ),
)

ENDS = (
    Choice(
        "min",
        Words("the lowest", "最低"),
        ("min", "minimum", "lowest", "lo", "as low as possible", "all the way down"),
        ("最低", "最小", "最弱", "最少", "最冷", "最暗"),
    ),
    Choice(
        "max",
        Words("the highest", "最高"),
        ("max", "maximum", "highest", "hi", "as high as possible", "all the way up", "full"),
        ("最高", "最大", "最强", "最多", "最热", "最亮"),
    ),
)
"""Names of an argument's own `minimum` and `maximum`; `act.arguments` turns them into numbers."""

ON_OFF = (
    Choice(
        "on",
        Words("on", "打开"),
        ("on", "switch on", "turn on", "enable", "start", "activate"),
        ("打开", "开", "开启", "启动", "启用", "点亮"),
    ),
    Choice(
        "off",
        Words("off", "关闭"),
        ("off", "switch off", "turn off", "disable", "stop", "shut off"),
        ("关闭", "关", "关掉", "关上", "停止", "熄灭"),
    ),
)

COLOURS = (
    Choice("white", Words("white", "白色"), ("white",), ("白色", "白")),
    Choice("warm_white", Words("warm white", "暖白色"), ("warm white", "warm"), ("暖白", "暖白色")),
    Choice("red", Words("red", "红色"), ("red",), ("红色", "红")),
    Choice("orange", Words("orange", "橙色"), ("orange", "amber"), ("橙色", "橘色", "橙")),
    Choice("yellow", Words("yellow", "黄色"), ("yellow", "gold"), ("黄色", "黄", "金色")),
    Choice("green", Words("green", "绿色"), ("green",), ("绿色", "绿")),
    Choice("cyan", Words("cyan", "青色"), ("cyan", "turquoise", "teal"), ("青色", "青")),
    Choice("blue", Words("blue", "蓝色"), ("blue",), ("蓝色", "蓝")),
    Choice("purple", Words("purple", "紫色"), ("purple", "violet"), ("紫色", "紫")),
    Choice("pink", Words("pink", "粉色"), ("pink", "rose"), ("粉色", "粉红", "粉红色", "玫红")),
)

COLOUR_CODES = {
    "white": "#FFFFFF",
    "warm_white": "#FFD7A0",
    "red": "#FF0000",
    "orange": "#FF8000",
    "yellow": "#FFD700",
    "green": "#00FF00",
    "cyan": "#00FFFF",
    "blue": "#0000FF",
    "purple": "#8000FF",
    "pink": "#FF69B4",
}
"""VSS writes colours as `#RRGGBB`."""


def words_of(choices: tuple[Choice, ...], value: str) -> Words:
    """How the choice `value` is said; the value itself if it is not among them."""
    return next((c.words for c in choices if c.value == value), Words(value, value))
