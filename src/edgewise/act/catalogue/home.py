"""The smart home: declared; the Home Assistant bridge that backs it comes later.

A thing is named (`name`), or a kind of things (`domain`, `device_class`) in an `area` or on a
`floor`; `all` is the whole house. Domains, classes and states are those of Home Assistant.
"""

from edgewise.act.catalogue.rows import unavailable
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.words import Words

_NOT_YET = Words("No smart home is connected to this device yet.", "这台设备还没有连接智能家居。")

DOMAINS = (
    Choice("light", Words("light", "灯")),
    Choice("switch", Words("switch", "开关")),
    Choice("fan", Words("fan", "风扇")),
    Choice("cover", Words("cover", "帘或门")),
    Choice("lock", Words("lock", "锁")),
    Choice("valve", Words("valve", "阀门")),
    Choice("climate", Words("thermostat", "温控器")),
    Choice("humidifier", Words("humidifier", "加湿器")),
    Choice("media_player", Words("media player", "播放器")),
    Choice("vacuum", Words("vacuum", "扫地机器人")),
    Choice("scene", Words("scene", "场景")),
    Choice("script", Words("script", "脚本")),
    Choice("automation", Words("automation", "自动化")),
    Choice("sensor", Words("sensor", "传感器")),
    Choice("binary_sensor", Words("yes-or-no sensor", "状态传感器")),
    Choice("person", Words("person", "人")),
    Choice("weather", Words("weather", "天气")),
)
STATES = (
    Choice("on", Words("on", "开着")),
    Choice("off", Words("off", "关着")),
    Choice("open", Words("open", "打开")),
    Choice("closed", Words("closed", "关上")),
    Choice("locked", Words("locked", "上锁")),
    Choice("unlocked", Words("unlocked", "没锁")),
    Choice("home", Words("at home", "在家")),
    Choice("away", Words("away", "外出")),
)
_WHERE = (
    Argument("name", Kind.TEXT, Words("what", "设备"), maximum=100),
    Argument("area", Kind.TEXT, Words("room", "房间"), maximum=100),
    Argument("floor", Kind.TEXT, Words("floor", "楼层"), maximum=100),
    Argument("domain", Kind.CHOICE, Words("kind of thing", "设备种类"), choices=DOMAINS),
    Argument("device_class", Kind.TEXT, Words("class of thing", "设备类别"), maximum=60),
)
"""What is meant: at least one of these is said."""

GET_STATE = Capability(
    "home.get_state",
    Words("tell the state of a home device", "查看家中设备"),
    Risk.READ,
    (*_WHERE, Argument("state", Kind.CHOICE, Words("state asked for", "所问状态"), choices=STATES)),
    private=True,
    available=False,
    unavailable=_NOT_YET,
    tells=Words("{said}", "{said}"),
    en=(
        Example("is the garage door at home open", {"name": "garage door"}),
        Example("is the living room lamp at home on", {"name": "living room lamp"}),
        Example("what is the temperature in the bedroom at home", {"name": "bedroom"}),
        Example("did I lock the front door at home", {"name": "front door"}),
        Example("is the oven at home still on", {"name": "oven"}),
        Example("is the robot vacuum at home running", {"name": "robot vacuum"}),
    ),
    zh=(
        Example("家里车库门开着吗", {"name": "车库门"}),
        Example("家里客厅灯开着吗", {"name": "客厅灯"}),
        Example("家里卧室温度多少", {"name": "卧室"}),
        Example("家里大门锁了吗", {"name": "大门"}),
        Example("家里烤箱还开着吗", {"name": "烤箱"}),
        Example("家里扫地机器人在工作吗", {"name": "扫地机器人"}),
    ),
)

CONTROL = Capability(
    "home.control",
    Words("control a home device", "控制家中设备"),
    Risk.SAFETY_CRITICAL,
    (
        *_WHERE,
        Argument(
            "action",
            Kind.CHOICE,
            Words("what to do", "操作"),
            True,
            (
                Choice("on", Words("on", "打开"), ("turn on", "start"), ("打开", "开", "启动")),
                Choice("off", Words("off", "关闭"), ("turn off", "stop"), ("关", "关闭", "停")),
                Choice("open", Words("open", "打开"), ("open",), ("打开",)),
                Choice("close", Words("close", "关上"), ("close",), ("关上",)),
                Choice("lock", Words("lock", "上锁"), ("lock",), ("锁",)),
                Choice("unlock", Words("unlock", "解锁"), ("unlock",), ("解锁",)),
                Choice("set", Words("set", "设定")),
                Choice("dock", Words("back to its base", "返回基座")),
                Choice("announce", Words("announced", "广播")),
            ),
        ),
        Argument("brightness", Kind.NUMBER, Words("brightness", "亮度"), minimum=0, maximum=100,
                 unit="%"),
        Argument("color", Kind.TEXT, Words("color", "颜色"), maximum=30),
        Argument("temperature", Kind.NUMBER, Words("temperature", "温度"), minimum=-30,
                 maximum=120),
        Argument("position", Kind.NUMBER, Words("position", "开度"), minimum=0, maximum=100,
                 unit="%"),
        Argument("speed", Kind.NUMBER, Words("speed", "风速"), minimum=0, maximum=100, unit="%"),
        Argument("message", Kind.TEXT, Words("message", "内容"), maximum=500, private=True),
        Argument("all", Kind.BOOLEAN, Words("the whole house", "全屋")),
    ),
    actuators=("home.*",),
    rules=(33, 34),
    available=False,
    unavailable=_NOT_YET,
    done=Words("{action}.", "{action}。"),
    en=(
        Example("turn on the living room lamp at home",
                {"name": "living room lamp", "action": "on"}),
        Example("turn off the oven at home", {"name": "oven", "action": "off"}),
        Example("open the garage door at home", {"name": "garage door", "action": "open"}),
        Example("lock the front door at home", {"name": "front door", "action": "lock"}),
        Example("start the robot vacuum at home", {"name": "robot vacuum", "action": "on"}),
        Example("close the curtains at home", {"name": "curtains", "action": "close"}),
    ),
    zh=(
        Example("打开家里的客厅灯", {"name": "客厅灯", "action": "on"}),
        Example("关闭家里的烤箱", {"name": "烤箱", "action": "off"}),
        Example("打开家里的车库门", {"name": "车库门", "action": "open"}),
        Example("把家里大门锁上", {"name": "大门", "action": "lock"}),
        Example("启动家里的扫地机器人", {"name": "扫地机器人", "action": "on"}),
        Example("把家里的窗帘关上", {"name": "窗帘", "action": "close"}),
    ),
)  # fmt: skip

FUNCTIONS = (unavailable(GET_STATE), unavailable(CONTROL))
