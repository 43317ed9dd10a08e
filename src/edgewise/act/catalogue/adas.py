"""Driver assistance: warnings that may be switched, and an honest no to what may not.

Assisted driving, stability control and emergency braking have no actuator here (rules 24 and 26):
they are named so that the answer says why. Driver monitoring is resolved and then forbidden by
policy (rule 25).
"""

from edgewise.act.catalogue.cabin import sentence, settle
from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import words_of
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Resolution
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

ADAS = "Vehicle.ADAS"
PATHS = {
    "lane_departure": (f"{ADAS}.LaneDepartureDetection.IsEnabled",),
    "blind_spot": (
        f"{ADAS}.ObstacleDetection.Rear.Left.IsEnabled",
        f"{ADAS}.ObstacleDetection.Rear.Right.IsEnabled",
    ),
    "front_obstacle": tuple(
        f"{ADAS}.ObstacleDetection.Front.{part}.IsEnabled" for part in ("Left", "Center", "Right")
    ),
    "rear_obstacle": (f"{ADAS}.ObstacleDetection.Rear.Center.IsEnabled",),
    "driver_monitoring": (f"{ADAS}.DMS.IsEnabled",),
}
FEATURES = (
    Choice(
        "lane_departure",
        Words("lane departure warning", "车道偏离预警"),
        ("lane departure warning", "lane warning", "lane assist", "lane departure"),
        ("车道偏离预警", "车道偏离", "车道辅助", "车道预警"),
    ),
    Choice(
        "blind_spot",
        Words("blind spot warning", "盲区监测"),
        ("blind spot warning", "blind spot detection", "blind spot monitor", "blind spot"),
        ("盲区监测", "盲区检测", "盲点监测", "并线辅助"),
    ),
    Choice(
        "front_obstacle",
        Words("front obstacle warning", "前向障碍预警"),
        ("front obstacle warning", "forward collision warning", "front sensors"),
        ("前向障碍预警", "前向碰撞预警", "前向预警", "前雷达"),
    ),
    Choice(
        "rear_obstacle",
        Words("rear obstacle warning", "后方障碍预警"),
        ("rear obstacle warning", "rear cross traffic alert", "parking sensors", "rear sensors"),
        ("后方障碍预警", "倒车雷达", "后雷达", "后方预警"),
    ),
    Choice(
        "driver_monitoring",
        Words("driver monitoring", "驾驶员监测"),
        ("driver monitoring", "attention warning", "fatigue warning", "drowsiness warning"),
        ("驾驶员监测", "疲劳监测", "疲劳提醒", "分心提醒", "注意力监测"),
    ),
    Choice(
        "assisted_driving",
        Words("assisted driving", "辅助驾驶"),
        ("assisted driving", "cruise control", "adaptive cruise", "autopilot", "lane centering"),
        ("辅助驾驶", "自适应巡航", "定速巡航", "智能驾驶", "自动驾驶", "巡航"),
    ),
    Choice(
        "stability_control",
        Words("stability control", "车身稳定系统"),
        ("stability control", "ESC", "ESP", "traction control", "ABS"),
        ("车身稳定系统", "车身稳定", "ESP", "ESC", "牵引力控制", "ABS"),
    ),
    Choice(
        "emergency_braking",
        Words("emergency braking", "自动紧急制动"),
        ("emergency braking", "automatic emergency braking", "AEB", "collision braking"),
        ("自动紧急制动", "主动刹车", "紧急制动", "AEB"),
    ),
)


def set_feature(call: Call, snapshot: Snapshot) -> Resolution:
    """Switch a warning; refuse what only a hand may switch."""
    feature, enabled = str(call.arguments["feature"]), bool(call.arguments["enabled"])
    words = words_of(FEATURES, feature)
    paths = PATHS.get(feature)
    if paths is None:
        return impossible(
            "by_hand_only",
            f"I cannot switch {words.en}: in this car only its own control does that.",
            f"{words.zh}不能用语音开关，请使用车上的实体按键。",
        )
    data = {
        "feature": sentence(say(snapshot, words.en, words.zh)),
        "state": say(snapshot, "on" if enabled else "off", "已打开" if enabled else "已关闭"),
    }
    return settle(snapshot, (Effect(path, enabled) for path in paths), data=data, atomic=True)


FEATURE_EN = (
    e("turn on lane departure warning", feature="lane_departure", enabled=True),
    e("turn off the lane warning", feature="lane_departure", enabled=False),
    e("enable blind spot detection", feature="blind_spot", enabled=True),
    e("disable the blind spot monitor", feature="blind_spot", enabled=False),
    e("switch on forward collision warning", feature="front_obstacle", enabled=True),
    e("forward collision warning off", feature="front_obstacle", enabled=False),
    e("turn the parking sensors on", feature="rear_obstacle", enabled=True),
    e("turn the parking sensors off", feature="rear_obstacle", enabled=False),
    e("turn off driver monitoring", feature="driver_monitoring", enabled=False),
    e("stop the fatigue warning", feature="driver_monitoring", enabled=False),
    e("activate cruise control", feature="assisted_driving", enabled=True),
    e("turn on autopilot", feature="assisted_driving", enabled=True),
    e("switch off stability control", feature="stability_control", enabled=False),
    e("disable emergency braking", feature="emergency_braking", enabled=False),
)
FEATURE_ZH = (
    e("打开车道偏离预警", feature="lane_departure", enabled=True),
    e("关闭车道偏离预警", feature="lane_departure", enabled=False),
    e("开启盲区监测", feature="blind_spot", enabled=True),
    e("把盲区检测关掉", feature="blind_spot", enabled=False),
    e("打开前向碰撞预警", feature="front_obstacle", enabled=True),
    e("前向预警关一下", feature="front_obstacle", enabled=False),
    e("倒车雷达打开", feature="rear_obstacle", enabled=True),
    e("关闭倒车雷达", feature="rear_obstacle", enabled=False),
    e("关闭驾驶员监测", feature="driver_monitoring", enabled=False),
    e("疲劳提醒别提醒了", feature="driver_monitoring", enabled=False),
    e("打开自适应巡航", feature="assisted_driving", enabled=True),
    e("开启智能驾驶", feature="assisted_driving", enabled=True),
    e("关闭车身稳定系统", feature="stability_control", enabled=False),
    e("把主动刹车关了", feature="emergency_braking", enabled=False),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "adas.set_feature",
            Words("switch driver assistance warnings", "驾驶辅助预警开关"),
            Risk.SAFETY_CRITICAL,
            arguments=(
                Argument(
                    "feature",
                    Kind.CHOICE,
                    Words("feature", "功能"),
                    required=True,
                    choices=FEATURES,
                ),
                Argument("enabled", Kind.BOOLEAN, Words("on or off", "开关"), required=True),
            ),
            actuators=tuple(path for paths in PATHS.values() for path in paths),
            undoable=True,
            time_to_live_s=2.0,
            rules=(24, 25, 26, 28),
            en=FEATURE_EN,
            zh=FEATURE_ZH,
            done=Words("{data.feature} {data.state}.", "{data.feature}{data.state}。"),
        ),
        set_feature,
    ),
)
