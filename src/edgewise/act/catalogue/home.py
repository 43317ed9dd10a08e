"""The smart home: declared; the Home Assistant bridge that backs it comes later."""

from edgewise.act.catalogue.rows import unavailable
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.words import Words

_NOT_YET = Words("No smart home is connected to this device yet.", "这台设备还没有连接智能家居。")

GET_STATE = Capability(
    "home.get_state",
    Words("tell the state of a home device", "查看家中设备"),
    Risk.READ,
    (Argument("target", Kind.TEXT, Words("what", "设备"), True),),
    private=True,
    available=False,
    unavailable=_NOT_YET,
    tells=Words("{said}", "{said}"),
    en=(
        Example("is the garage door at home open", {"target": "garage door"}),
        Example("is the living room lamp at home on", {"target": "living room lamp"}),
        Example("what is the temperature in the bedroom at home", {"target": "bedroom"}),
        Example("did I lock the front door at home", {"target": "front door"}),
        Example("is the oven at home still on", {"target": "oven"}),
        Example("is the robot vacuum at home running", {"target": "robot vacuum"}),
    ),
    zh=(
        Example("家里车库门开着吗", {"target": "车库门"}),
        Example("家里客厅灯开着吗", {"target": "客厅灯"}),
        Example("家里卧室温度多少", {"target": "卧室"}),
        Example("家里大门锁了吗", {"target": "大门"}),
        Example("家里烤箱还开着吗", {"target": "烤箱"}),
        Example("家里扫地机器人在工作吗", {"target": "扫地机器人"}),
    ),
)

CONTROL = Capability(
    "home.control",
    Words("control a home device", "控制家中设备"),
    Risk.SAFETY_CRITICAL,
    (
        Argument("target", Kind.TEXT, Words("what", "设备"), True),
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
            ),
        ),
    ),
    actuators=("home.*",),
    rules=(33, 34),
    available=False,
    unavailable=_NOT_YET,
    done=Words("{target}: {action}.", "{target}：{action}。"),
    en=(
        Example("turn on the living room lamp at home",
                {"target": "living room lamp", "action": "on"}),
        Example("turn off the oven at home", {"target": "oven", "action": "off"}),
        Example("open the garage door at home", {"target": "garage door", "action": "open"}),
        Example("lock the front door at home", {"target": "front door", "action": "lock"}),
        Example("start the robot vacuum at home", {"target": "robot vacuum", "action": "on"}),
        Example("close the curtains at home", {"target": "curtains", "action": "close"}),
    ),
    zh=(
        Example("打开家里的客厅灯", {"target": "客厅灯", "action": "on"}),
        Example("关闭家里的烤箱", {"target": "烤箱", "action": "off"}),
        Example("打开家里的车库门", {"target": "车库门", "action": "open"}),
        Example("把家里大门锁上", {"target": "大门", "action": "lock"}),
        Example("启动家里的扫地机器人", {"target": "扫地机器人", "action": "on"}),
        Example("把家里的窗帘关上", {"target": "窗帘", "action": "close"}),
    ),
)  # fmt: skip

FUNCTIONS = (unavailable(GET_STATE), unavailable(CONTROL))
