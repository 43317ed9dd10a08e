"""Questions about the car, and its charging.

Status is read by topic (`vehicle_status.py`). Explaining the car needs a manual to look in; until a
device has one, `vehicle.explain` says so rather than invent an answer.
"""

from datetime import UTC, date, datetime, timedelta

from edgewise.act.catalogue.cabin import settle, singles
from edgewise.act.catalogue.rows import impossible, local_now, moment_in, say, unavailable
from edgewise.act.catalogue.vehicle_examples import (
    CHARGING_EN,
    CHARGING_ZH,
    EXPLAIN_EN,
    EXPLAIN_ZH,
    STATUS_EN,
    STATUS_ZH,
)
from edgewise.act.catalogue.vehicle_status import BATTERY, TOPICS
from edgewise.act.catalogue.words import zone_argument
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import JsonValue, Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone

CHARGING = f"{BATTERY}.Charging"
FLAP = f"{CHARGING}.ChargingPort.AnyPosition.IsFlapOpen"
LOWEST_LIMIT_PERCENT = 50

TOPIC_CHOICES = (
    Choice(
        "range",
        Words("range", "续航"),
        ("range", "how far", "mileage left"),
        ("续航", "还能跑多远"),
    ),
    Choice(
        "battery",
        Words("battery", "电量"),
        ("battery", "charge level", "state of charge", "fuel", "gas"),
        ("电量", "电池", "还有多少电"),
    ),
    Choice(
        "charging", Words("charging", "充电"), ("charging", "charge time"), ("充电", "充电状态")
    ),
    Choice(
        "tyres",
        Words("tyres", "轮胎"),
        ("tyres", "tires", "tyre pressure", "tire pressure"),
        ("胎压", "轮胎", "轮胎压力"),
    ),
    Choice(
        "locks", Words("locks", "车锁"), ("locks", "locked", "unlocked"), ("锁", "车锁", "锁了吗")
    ),
    Choice("doors", Words("doors", "车门"), ("doors", "door open"), ("车门", "门关了吗")),
    Choice("windows", Words("windows", "车窗"), ("windows", "window"), ("车窗", "窗户", "窗")),
    Choice("sunroof", Words("sunroof", "天窗"), ("sunroof", "roof"), ("天窗", "遮阳帘")),
    Choice("trunk", Words("trunk", "后备箱"), ("trunk", "boot", "tailgate"), ("后备箱", "尾门")),
    Choice(
        "lights",
        Words("exterior lights", "车外灯"),
        ("headlights", "lights", "exterior lights", "fog lights"),
        ("大灯", "车灯", "车外灯", "雾灯"),
    ),
    Choice(
        "inside_lights",
        Words("inside lights", "车内灯"),
        ("inside lights", "reading light", "ambient light", "dome light"),
        ("车内灯", "阅读灯", "氛围灯", "顶灯"),
    ),
    Choice("speed", Words("speed", "车速"), ("speed", "how fast"), ("车速", "速度", "多快")),
    Choice(
        "outside_temperature",
        Words("outside temperature", "车外温度"),
        ("outside temperature", "temperature outside"),
        ("车外温度", "外面温度", "室外温度"),
    ),
    Choice(
        "odometer",
        Words("odometer", "总里程"),
        ("odometer", "total mileage", "mileage"),
        ("总里程", "里程", "跑了多少公里"),
    ),
    Choice(
        "service",
        Words("service", "保养"),
        ("service", "maintenance"),
        ("保养", "维护", "保养时间"),
    ),
    Choice(
        "consumption",
        Words("consumption", "能耗"),
        ("consumption", "miles per gallon", "mpg", "fuel economy", "gas mileage"),
        ("油耗", "电耗", "能耗"),
    ),
    Choice(
        "washer",
        Words("washer fluid", "玻璃水"),
        ("washer fluid", "wiper fluid"),
        ("玻璃水", "雨刮水"),
    ),
    Choice("belts", Words("belts", "安全带"), ("seat belts", "seatbelt", "belts"), ("安全带",)),
)
OPERATIONS = (
    Choice("start", Words("start charging", "开始充电"), ("start", "begin"), ("开始", "启动")),
    Choice("stop", Words("stop charging", "停止充电"), ("stop", "end"), ("停止", "结束", "别充")),
    Choice("limit", Words("charge limit", "充电上限"), ("limit", "up to"), ("上限", "充到")),
    Choice(
        "start_at",
        Words("start charging at", "定时开始充电"),
        ("start at", "from"),
        ("定时", "几点开始"),
    ),
    Choice(
        "ready_by", Words("charged by", "定时充满"), ("ready by", "done by"), ("之前充好", "充满")
    ),
    Choice(
        "cancel_timer",
        Words("cancel the charging timer", "取消定时充电"),
        ("cancel timer",),
        ("取消定时",),
    ),
    Choice(
        "open_port", Words("open the charging port", "打开充电口"), ("open port",), ("打开充电口",)
    ),
    Choice(
        "close_port",
        Words("close the charging port", "关闭充电口"),
        ("close port",),
        ("关闭充电口",),
    ),
)


def get_status(call: Call, snapshot: Snapshot) -> Resolution:
    """The state of the asked topics, each a sentence, with the plain values beside it."""
    zone = call.arguments.get("zone")
    zones = singles((Zone(zone),)) if zone is not None else ()
    data: dict[str, JsonValue] = {}
    said: list[Words] = []
    for topic in call.arguments["topics"]:
        values, words = TOPICS[topic](snapshot, zones)
        data |= values
        said.append(words)
    data["said"] = say(snapshot, " ".join(w.en for w in said), "".join(w.zh for w in said))
    return Resolved(data=data)


def set_charging(call: Call, snapshot: Snapshot) -> Resolution:
    """Start, stop, limit or time the charging; open or close the port."""
    operation = str(call.arguments["op"])
    match operation:
        case "start" | "stop":
            effects = (Effect(f"{CHARGING}.StartStopCharging", operation.upper()),)
            said = say(
                snapshot,
                *(("Charging started", "已开始充电") if operation == "start" else _STOPPED),
            )
        case "limit":
            if "limit" not in call.arguments:
                return _HOW_FAR
            limit = int(call.arguments["limit"])
            effects = (Effect(f"{CHARGING}.ChargeLimit", limit),)
            said = say(snapshot, f"Charge limit set to {limit}%", f"充电上限已设为{limit}%")
        case "open_port" | "close_port":
            opened = operation == "open_port"
            effects = (Effect(FLAP, opened),)
            said = say(
                snapshot,
                f"Charging port {'open' if opened else 'closed'}",
                "充电口已打开" if opened else "充电口已关闭",
            )
        case "cancel_timer":
            effects = (Effect(f"{CHARGING}.Timer.Mode", "INACTIVE"),)
            said = say(snapshot, "Charging timer off", "已取消定时充电")
        case _:
            return _timed(call, snapshot, "START_TIME" if operation == "start_at" else "END_TIME")
    return settle(snapshot, effects, data={"said": said})


def _timed(call: Call, snapshot: Snapshot, mode: str) -> Resolution:
    if "time" not in call.arguments:
        return _WHEN
    moment = moment_in(call, "time", snapshot)
    if not isinstance(moment, datetime):
        return _WHEN if isinstance(moment, date) else impossible("not_a_moment", "?", "？")
    now = local_now(snapshot)
    if not now < moment <= now + timedelta(days=7):
        return impossible(
            "out_of_range",
            "Charging can be timed within the next seven days only.",
            "充电只能定在未来七天内。",
        )
    # VSS wants UTC; a local time without zone is the device's own.
    utc = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    at = f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M}"
    starts = mode == "START_TIME"
    said = say(
        snapshot,
        f"Charging {'starts at' if starts else 'will be done by'} {at}",
        f"已设为{at}{'开始充电' if starts else '前充好'}",
    )
    effects = (Effect(f"{CHARGING}.Timer.Time", utc), Effect(f"{CHARGING}.Timer.Mode", mode))
    return settle(snapshot, effects, data={"said": said}, atomic=True)


_STOPPED = ("Charging stopped", "已停止充电")
_HOW_FAR = Missing("limit", Words("Up to what percentage?", "充到百分之多少？"))
_WHEN = Missing("time", Words("At what time?", "几点？"))

_EXPLAIN = Capability(
    "vehicle.explain",
    Words("explain how the car works", "讲解用车知识"),
    Risk.READ,
    arguments=(Argument("topic", Kind.TEXT, Words("topic", "问题"), required=True, maximum=300),),
    en=EXPLAIN_EN,
    zh=EXPLAIN_ZH,
    available=False,
    unavailable=Words(
        "I have no owner's manual on this device yet, so I cannot explain that reliably.",
        "这台设备上还没有用车手册，我没法给您可靠的解答。",
    ),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "vehicle.get_status",
            Words("tell the state of the car", "查询车辆状态"),
            Risk.READ,
            arguments=(
                Argument(
                    "topics",
                    Kind.CHOICES,
                    Words("what to look up", "查询内容"),
                    required=True,
                    choices=TOPIC_CHOICES,
                ),
                zone_argument(third_row=False),
            ),
            en=STATUS_EN,
            zh=STATUS_ZH,
            tells=Words("{data.said}", "{data.said}"),
        ),
        get_status,
    ),
    unavailable(_EXPLAIN),
    Function(
        Capability(
            "vehicle.set_charging",
            Words("control charging", "充电设置"),
            Risk.DISRUPTIVE,
            arguments=(
                Argument(
                    "op",
                    Kind.CHOICE,
                    Words("what to do", "操作"),
                    required=True,
                    choices=OPERATIONS,
                ),
                Argument(
                    "limit",
                    Kind.INTEGER,
                    Words("charge limit", "充电上限"),
                    minimum=LOWEST_LIMIT_PERCENT,
                    maximum=100,
                    unit="%",
                ),
                Argument("time", Kind.MOMENT, Words("time", "时间")),
            ),
            actuators=(
                f"{CHARGING}.StartStopCharging",
                f"{CHARGING}.ChargeLimit",
                f"{CHARGING}.Timer.Mode",
                f"{CHARGING}.Timer.Time",
                FLAP,
            ),
            undoable=True,
            time_to_live_s=2.0,
            readback_s=4.0,
            rules=(23, 28),
            en=CHARGING_EN,
            zh=CHARGING_ZH,
            done=Words("{data.said}.", "{data.said}。"),
        ),
        set_charging,
    ),
)
