"""Everyday sentences that both a home's and a car's assistant should understand.

Written by hand for the comparison in `bench_understand.py`, before either side was run on them;
nothing was tuned to them afterwards. `capability` is what Edgewise should call, `intents` what Home
Assistant may call for it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, its language, and the right answer on either side."""

    text: str
    language: str
    capability: str
    intents: tuple[str, ...]


_ON, _OFF = ("HassTurnOn", "HassLightSet"), ("HassTurnOff",)
_COVER = ("HassTurnOn", "HassTurnOff", "HassSetPosition", "HassOpenCover", "HassCloseCover")
_ENGLISH = (
    ("turn on the reading light", "light.interior.set", _ON),
    ("turn off the reading light", "light.interior.set", _OFF),
    ("switch the ambient light on", "light.interior.set", _ON),
    ("set the ambient light to blue", "light.interior.set", ("HassLightSet",)),
    ("set the ambient light brightness to 30 percent", "light.interior.set", ("HassLightSet",)),
    ("open the window", "window.set", _COVER),
    ("close the window", "window.set", _COVER),
    ("set the window to 50 percent", "window.set", _COVER),
    ("could you open the window please", "window.set", _COVER),
    ("roll the window down halfway", "window.set", _COVER),
    ("open the sunroof", "roof.set", _COVER),
    ("close the sunshade", "roof.set", _COVER),
    (
        "set the temperature to 22 degrees",
        "climate.set_temperature",
        ("HassClimateSetTemperature",),
    ),
    (
        "make it twenty-one degrees in here",
        "climate.set_temperature",
        ("HassClimateSetTemperature",),
    ),
    (
        "what is the temperature in here",
        "climate.read",
        ("HassClimateGetTemperature", "HassGetState"),
    ),
    ("turn on the air conditioning", "climate.set_power", ("HassTurnOn",)),
    ("turn the air conditioning off", "climate.set_power", ("HassTurnOff",)),
    ("lock the doors", "door.lock", ("HassTurnOn",)),
    ("unlock the doors", "door.lock", ("HassTurnOff",)),
    ("are the doors locked", "vehicle.get_status", ("HassGetState",)),
    ("is the window open", "vehicle.get_status", ("HassGetState",)),
    ("pause", "media.control", ("HassMediaPause",)),
    ("pause the music", "media.control", ("HassMediaPause",)),
    ("next song", "media.control", ("HassMediaNext",)),
    ("skip to the next track", "media.control", ("HassMediaNext",)),
    ("resume the music", "media.control", ("HassMediaUnpause",)),
    ("set the volume to 40 percent", "media.set_volume", ("HassSetVolume",)),
    ("turn the volume up", "media.set_volume", ("HassSetVolumeRelative", "HassSetVolume")),
    ("a bit quieter please", "media.set_volume", ("HassSetVolumeRelative", "HassSetVolume")),
    ("play some jazz", "media.play", ("HassMediaSearchAndPlay",)),
    ("set a timer for ten minutes", "alarm.manage", ("HassStartTimer",)),
    ("start a 5 minute timer for the pasta", "alarm.manage", ("HassStartTimer",)),
    ("cancel the timer", "alarm.manage", ("HassCancelTimer", "HassCancelAllTimers")),
    (
        "add milk to the shopping list",
        "list.manage",
        ("HassShoppingListAddItem", "HassListAddItem"),
    ),
    (
        "put bread on my shopping list",
        "list.manage",
        ("HassShoppingListAddItem", "HassListAddItem"),
    ),
    ("what time is it", "info.compute", ("HassGetCurrentTime",)),
    ("what is the date today", "info.compute", ("HassGetCurrentDate",)),
    ("never mind", "dialog.control", ("HassNevermind",)),
    ("set the fan to 60 percent", "climate.set_fan", ("HassFanSetSpeed",)),
    ("what is the weather like", "info.weather", ("HassGetWeather",)),
    ("please switch off the reading light", "light.interior.set", _OFF),
    ("change the ambient light colour to red", "light.interior.set", ("HassLightSet",)),
    ("turn the ambient light off", "light.interior.set", _OFF),
    ("can you close the sunroof", "roof.set", _COVER),
    ("shut the window", "window.set", _COVER),
    ("open the window to 20 percent", "window.set", _COVER),
    (
        "change the temperature to 19 degrees",
        "climate.set_temperature",
        ("HassClimateSetTemperature",),
    ),
    ("how warm is it", "climate.read", ("HassClimateGetTemperature", "HassGetState")),
    ("switch on the air conditioner", "climate.set_power", ("HassTurnOn",)),
    ("please lock the door", "door.lock", ("HassTurnOn",)),
    ("is the door locked", "vehicle.get_status", ("HassGetState",)),
    ("play the previous song", "media.control", ("HassMediaPrevious",)),
    ("stop the music for a moment", "media.control", ("HassMediaPause",)),
    ("turn the volume down", "media.set_volume", ("HassSetVolumeRelative", "HassSetVolume")),
    ("put the volume at 25 percent", "media.set_volume", ("HassSetVolume",)),
    ("timer for 15 minutes", "alarm.manage", ("HassStartTimer",)),
    ("add eggs to my shopping list", "list.manage", ("HassShoppingListAddItem", "HassListAddItem")),
    ("tell me the time", "info.compute", ("HassGetCurrentTime",)),
)
_CHINESE = (
    ("打开阅读灯", "light.interior.set", _ON),
    ("关闭阅读灯", "light.interior.set", _OFF),
    ("把氛围灯打开", "light.interior.set", _ON),
    ("氛围灯调成蓝色", "light.interior.set", ("HassLightSet",)),
    ("氛围灯亮度调到百分之三十", "light.interior.set", ("HassLightSet",)),
    ("打开车窗", "window.set", _COVER),
    ("关闭车窗", "window.set", _COVER),
    ("车窗开到百分之五十", "window.set", _COVER),
    ("麻烦帮我把车窗关上", "window.set", _COVER),
    ("窗户开一半", "window.set", _COVER),
    ("打开天窗", "roof.set", _COVER),
    ("把遮阳帘关上", "roof.set", _COVER),
    ("温度调到二十二度", "climate.set_temperature", ("HassClimateSetTemperature",)),
    ("把空调设成26度", "climate.set_temperature", ("HassClimateSetTemperature",)),
    ("车里现在多少度", "climate.read", ("HassClimateGetTemperature", "HassGetState")),
    ("打开空调", "climate.set_power", ("HassTurnOn",)),
    ("关掉空调", "climate.set_power", ("HassTurnOff",)),
    ("锁上车门", "door.lock", ("HassTurnOn",)),
    ("解锁车门", "door.lock", ("HassTurnOff",)),
    ("车门锁了吗", "vehicle.get_status", ("HassGetState",)),
    ("车窗关了吗", "vehicle.get_status", ("HassGetState",)),
    ("暂停", "media.control", ("HassMediaPause",)),
    ("暂停播放音乐", "media.control", ("HassMediaPause",)),
    ("下一首", "media.control", ("HassMediaNext",)),
    ("切到下一首歌", "media.control", ("HassMediaNext",)),
    ("继续播放", "media.control", ("HassMediaUnpause",)),
    ("音量调到百分之四十", "media.set_volume", ("HassSetVolume",)),
    ("声音大一点", "media.set_volume", ("HassSetVolumeRelative", "HassSetVolume")),
    ("小声点", "media.set_volume", ("HassSetVolumeRelative", "HassSetVolume")),
    ("播放一些爵士乐", "media.play", ("HassMediaSearchAndPlay",)),
    ("设一个十分钟的计时器", "alarm.manage", ("HassStartTimer",)),
    ("倒计时五分钟", "alarm.manage", ("HassStartTimer",)),
    ("取消计时器", "alarm.manage", ("HassCancelTimer", "HassCancelAllTimers")),
    ("把牛奶加到购物清单", "list.manage", ("HassShoppingListAddItem", "HassListAddItem")),
    ("购物清单里加上面包", "list.manage", ("HassShoppingListAddItem", "HassListAddItem")),
    ("现在几点了", "info.compute", ("HassGetCurrentTime",)),
    ("今天几号", "info.compute", ("HassGetCurrentDate",)),
    ("算了", "dialog.control", ("HassNevermind",)),
    ("风量调到百分之六十", "climate.set_fan", ("HassFanSetSpeed",)),
    ("今天天气怎么样", "info.weather", ("HassGetWeather",)),
    ("请把阅读灯关掉", "light.interior.set", _OFF),
    ("氛围灯换成红色", "light.interior.set", ("HassLightSet",)),
    ("关掉氛围灯", "light.interior.set", _OFF),
    ("帮我把天窗关了", "roof.set", _COVER),
    ("窗户关上", "window.set", _COVER),
    ("车窗打开百分之二十", "window.set", _COVER),
    ("温度设为十九度", "climate.set_temperature", ("HassClimateSetTemperature",)),
    ("现在温度是多少", "climate.read", ("HassClimateGetTemperature", "HassGetState")),
    ("把空调打开", "climate.set_power", ("HassTurnOn",)),
    ("请锁车门", "door.lock", ("HassTurnOn",)),
    ("车门是锁着的吗", "vehicle.get_status", ("HassGetState",)),
    ("播放上一首歌", "media.control", ("HassMediaPrevious",)),
    ("音乐先暂停一下", "media.control", ("HassMediaPause",)),
    ("把音量调低一些", "media.set_volume", ("HassSetVolumeRelative", "HassSetVolume")),
    ("音量设为25%", "media.set_volume", ("HassSetVolume",)),
    ("设置15分钟的计时器", "alarm.manage", ("HassStartTimer",)),
    ("把鸡蛋添加到我的购物清单", "list.manage", ("HassShoppingListAddItem", "HassListAddItem")),
    ("告诉我现在的时间", "info.compute", ("HassGetCurrentTime",)),
)
SENTENCES = tuple(
    Sentence(text, language, capability, intents)
    for language, rows in (("en", _ENGLISH), ("zh", _CHINESE))
    for text, capability, intents in rows
)
COMMANDS = tuple(
    text
    for text in (
        "打开空调", "关掉空调", "温度调到二十二度", "把座椅加热打开", "打开阅读灯",
        "关闭阅读灯", "音量调到百分之四十", "打开氛围灯", "打开内循环", "打开前挡除霜",
        "设一个十分钟的计时器", "把牛奶加到购物清单", "风量调到五档",
        "turn on the air conditioning", "turn the ac off", "set the temperature to 22 degrees",
        "turn on the seat heating", "turn on the reading light",
        "turn off the reading light", "set the volume to 40 percent", "switch the ambient light on",
        "recirculate the air", "set a timer for ten minutes", "add milk to the shopping list",
        "turn on the front defroster", "set the fan to level five", "lock the doors",
        "打开空调，把温度调到二十三度", "turn on the ac and set the fan to level three", "锁车",
    )
)  # fmt: skip
"""Commands whose effects show at once, for timing turns."""

GUARDED = (
    "打开后备箱", "关闭大灯", "解锁车门", "给妈妈发短信说我到了", "打开所有车窗",
    "关闭所有车外灯", "pop the trunk", "turn off the headlights", "unlock the doors",
    "text mom I'm here", "open all the windows", "turn off driver monitoring",
)  # fmt: skip
"""Commands that rules ask about or refuse, for timing decisions that are not plain."""
