"""The built-in capabilities that a voice device serves by its own standard tools.

What people can say to every device in Chinese and English (louder, dark mode, how much battery) is
served where a tool does it; the functions are the catalogue's own, held to what this device has.
All other built-in capabilities stay declared without sentences of their own, so that "open the
window" is understood and honestly refused. Pure; it does not know tools (`board_tools.py`).
"""

from collections.abc import Callable, Collection, Iterable

import msgspec

from edgewise.act.board_status import BATTERY, BRIGHTNESS, CHARGING, DARK_MODE, VOLUME
from edgewise.act.catalogue import builtin_catalogue, device, media
from edgewise.act.catalogue.cabin import unknown_state
from edgewise.act.catalogue.rows import impossible, say, text_in
from edgewise.act.catalogue.words import example as e
from edgewise.act.function import Function
from edgewise.act.question import question_for
from edgewise.core.call import Call, Impossible, Resolution, Resolved
from edgewise.core.capability import Capability
from edgewise.core.signal import JsonValue, Reading, Snapshot, as_list, as_object
from edgewise.core.words import Words

TIME_TO_LIVE_S = 6.0
READBACK_S = 4.0
"""A small device behind Wi-Fi answers within a second; twice it may have to be asked again."""
ALWAYS = ("dialog.control", "info.compute")
"""What needs nothing of the device."""

Resolve = Callable[[Call, Snapshot], Resolution]

CANNOT = Words("This device cannot do that.", "这台设备做不到。")
_MISSING = {
    "call.dial": Words(
        "This device cannot make calls. In an emergency, call by telephone.",
        "这台设备不能打电话。紧急情况请用手机拨打。",
    ),
    "device.capture": Words(
        "This device cannot take or record anything for you.", "这台设备不能拍摄或录制。"
    ),
    "info.weather": Words("This device has no weather service.", "这台设备没有接入天气服务。"),
    "info.search": Words("This device has no web search.", "这台设备没有接入网络搜索。"),
}
"""Where the thing that cannot be done has a name of its own."""
_UNREADABLE = impossible(
    "unknown_state", "I cannot read that from this device right now.", "现在读不到这台设备的状态。"
)


def builtin_functions(
    writable: Collection[str], *, tells: bool, beside: Collection[str] = ()
) -> list[Function]:
    """All built-in functions as this device has them.

    `writable` are the targets that its tools write, of `board_status.TOLD`; with `tells` a tool
    reads them. `beside` are prefixes of other drivers ("memory"): what touches only those is kept.
    """
    made: list[Function] = []
    for function in builtin_catalogue():
        held = _HELD.get(function.capability.name)
        served = held(function, frozenset(writable), tells) if held is not None else None
        if served is not None:
            made.append(served)
        elif function.capability.name in ALWAYS or _is_of(function, beside):
            made.append(function)
        else:
            made.append(_absent(function.capability))
    return made


def _is_of(function: Function, prefixes: Collection[str]) -> bool:
    touched = [*function.capability.actuators, *function.reads]
    return bool(touched) and all(target.partition(".")[0] in prefixes for target in touched)


def _absent(capability: Capability) -> Function:
    """Declared, so that it is understood, and said to be missing. Its sentences are left out: a
    tool of the device may be called by them. What is missing for a car or a telephone is not
    spoken of."""
    words = _MISSING.get(capability.name, CANNOT)

    def resolve(_call: Call, _snapshot: Snapshot) -> Resolution:
        return Impossible("unavailable", words)

    gone = msgspec.structs.replace(capability, available=False, unavailable=words, en=(), zh=())
    return Function(gone, resolve)


def _set_volume(function: Function, writable: Collection[str], _tells: bool) -> Function | None:
    if VOLUME not in writable:
        return None

    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        stream = str(call.arguments.get("stream", "media"))
        if stream not in ("media", "assistant"):
            return impossible(
                "no_such_stream", f"This device has no separate {stream} volume.",
                "这台设备没有这种单独的音量。",
            )  # fmt: skip
        known = snapshot.get(VOLUME)
        own = msgspec.structs.replace(call, arguments={**call.arguments, "stream": "media"})
        return media.set_volume(own, _with(snapshot, {VOLUME: known}))

    declared = msgspec.structs.replace(
        function.capability,
        actuators=(VOLUME,),
        time_to_live_s=TIME_TO_LIVE_S,
        readback_s=READBACK_S,
        done=Words("Volume {data.volume}.", "音量{data.volume}。"),
    )
    return Function(declared, resolve, (VOLUME,))


def _get_volume(function: Function, _writable: Collection[str], tells: bool) -> Function | None:
    if not tells:
        return None

    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        if call.arguments.get("kind") != "volume":
            return Impossible("unavailable", CANNOT)
        level = snapshot.get(VOLUME)
        if level is None:
            return _UNREADABLE
        said = say(snapshot, f"The volume is {level}%.", f"现在音量是{level}%。")
        return Resolved(data={"volume_percent": level, "said": said})

    declared = msgspec.structs.replace(
        function.capability,
        words=Words("tell the volume", "查询音量"),
        en=_about(function.capability.en, "kind", "volume"),
        zh=_about(function.capability.zh, "kind", "volume"),
        content=None,
    )
    return Function(declared, resolve, (VOLUME,))


def _set_setting(function: Function, writable: Collection[str], _tells: bool) -> Function | None:
    keys = {_key(target) for target in (BRIGHTNESS, DARK_MODE) if target in writable}
    if not keys:
        return None

    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        key = text_in(call, "key")
        if not key and "brightness" in keys and {"value", "delta"} & call.arguments.keys():
            key = "brightness"  # the one setting of this device that is a number
        if not key:
            return question_for(device.KEY)
        if key not in keys:
            return _no_setting(key)
        call = msgspec.structs.replace(call, arguments={**call.arguments, "key": key})
        held = as_object(snapshot.get(device.SETTINGS))
        if held.get(key) is None:
            if "delta" in call.arguments:
                return unknown_state(_name(key))
            held = {**held, key: _LIKE[key]}
        return device.set_setting(call, _with(snapshot, {device.SETTINGS: held}))

    declared = msgspec.structs.replace(
        function.capability,
        words=Words("change a setting of the device", "修改设备设置"),
        arguments=tuple(
            msgspec.structs.replace(a, required=False) if a.name == "key" else a
            for a in function.capability.arguments
        ),
        actuators=tuple(f"{device.SETTINGS}.{key}" for key in sorted(keys)),
        time_to_live_s=TIME_TO_LIVE_S,
        readback_s=READBACK_S,
        en=(*_of_keys(function.capability.en, keys), *(_THEME_EN if "dark_mode" in keys else ())),
        zh=(*_of_keys(function.capability.zh, keys), *(_THEME_ZH if "dark_mode" in keys else ())),
    )
    return Function(declared, resolve, (device.SETTINGS,))


def _get_setting(function: Function, _writable: Collection[str], tells: bool) -> Function | None:
    if not tells:
        return None
    keys = {_key(BRIGHTNESS), _key(DARK_MODE)}

    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        key = text_in(call, "key")
        held = as_object(snapshot.get(device.SETTINGS))
        if key in keys and held.get(key) is not None:
            return device.get_setting(call, snapshot)
        return _no_setting(key) if key not in keys or held else _UNREADABLE

    declared = msgspec.structs.replace(
        function.capability,
        words=Words("tell a setting of the device", "查看设备设置"),
        en=_of_keys(function.capability.en, keys),
        zh=_of_keys(function.capability.zh, keys),
    )
    return Function(declared, resolve, (device.SETTINGS,))


def _get_battery(function: Function, _writable: Collection[str], tells: bool) -> Function | None:
    if not tells:
        return None

    def resolve(call: Call, snapshot: Snapshot) -> Resolution:
        topics = set(as_list(call.arguments.get("topics")))
        if not topics or not topics <= {"battery", "charging"}:
            return Impossible("unavailable", CANNOT)
        level, charging = snapshot.get(BATTERY), snapshot.get(CHARGING)
        if level is None and charging is None:
            return _NO_BATTERY
        said = say(snapshot, *_battery(level, charging))
        return Resolved(data={"battery_percent": level, "charging": charging, "said": said})

    declared = msgspec.structs.replace(
        function.capability,
        words=Words("tell the battery of the device", "查询设备电量"),
        en=_BATTERY_EN,
        zh=_BATTERY_ZH,
    )
    return Function(declared, resolve, (BATTERY, CHARGING))


def _battery(level: JsonValue, charging: JsonValue) -> tuple[str, str]:
    en = ["" if level is None else f"battery at {level}%"]
    zh = ["" if level is None else f"电量{level}%"]
    if charging is not None:
        en.append("charging" if charging else "not charging")
        zh.append("正在充电" if charging else "没有在充电")
    told_en, told_zh = ", ".join(filter(None, en)), "，".join(filter(None, zh))
    return told_en[:1].upper() + told_en[1:] + ".", told_zh + "。"


def _no_setting(key: str) -> Impossible:
    name = _name(key)
    return impossible("no_such_setting", f"This device has no setting “{name.en}”.",
                      f"这台设备没有“{name.zh}”设置。")  # fmt: skip


def _name(key: str) -> Words:
    return next((choice.words for choice in device.KEYS if choice.value == key), Words(key, key))


def _key(target: str) -> str:
    return target.rpartition(".")[2]


def _of_keys(
    examples: Iterable[device.Example], keys: Collection[str]
) -> tuple[device.Example, ...]:
    return tuple(x for x in examples if x.arguments.get("key") in keys)


def _about(examples: Iterable[device.Example], name: str, value: str) -> tuple[device.Example, ...]:
    return tuple(x for x in examples if x.arguments.get(name) == value)


def _with(snapshot: Snapshot, known: dict[str, JsonValue]) -> Snapshot:
    """The snapshot with these values; one that is not known has a reading of nothing.

    What is said depends on the language, which is looked at here so that the record has it.
    """
    snapshot.get("session.language")
    readings = dict(snapshot.readings)
    readings |= {target: Reading(value, snapshot.now) for target, value in known.items()}
    return Snapshot(readings, snapshot.now, snapshot.wall)


_LIKE: dict[str, JsonValue] = {"brightness": 0, "dark_mode": False}
"""A value of the kind that the setting has."""
_NO_BATTERY = impossible(
    "unknown_state", "This device does not tell its battery.", "这台设备没有报告电量。"
)
_THEME_EN = (
    e("switch to the dark theme", key="dark_mode", on=True),
    e("dark theme please", key="dark_mode", on=True),
    e("switch to light mode", key="dark_mode", on=False),
    e("switch to the light theme", key="dark_mode", on=False),
)
_THEME_ZH = (
    e("换成深色主题", key="dark_mode", on=True),
    e("切换到深色主题", key="dark_mode", on=True),
    e("换成浅色主题", key="dark_mode", on=False),
    e("切换到浅色模式", key="dark_mode", on=False),
)
_BATTERY_EN = (
    e("how much battery is left", topics=["battery"]),
    e("what is the battery level", topics=["battery"]),
    e("is it charging", topics=["charging"]),
    e("are you charging", topics=["charging"]),
)
_BATTERY_ZH = (
    e("还有多少电", topics=["battery"]),
    e("电量是多少", topics=["battery"]),
    e("你还有电吗", topics=["battery"]),
    e("在充电吗", topics=["charging"]),
)
_HELD: dict[str, Callable[[Function, Collection[str], bool], Function | None]] = {
    "media.set_volume": _set_volume,
    "media.get_info": _get_volume,
    "device.set_setting": _set_setting,
    "device.get_setting": _get_setting,
    "vehicle.get_status": _get_battery,
}
