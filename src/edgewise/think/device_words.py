"""Whether words are about this device: its car, its phone, or the agent itself.

A language model knows nothing of the device it runs on, so what is about the device never reaches
it, and what it says about the device is not passed on. Words are about the device when they name
something only a car or a phone has ("sunroof"), name a part of it as one that is there ("the
window", "my seat"), or speak to the agent ("did you"). The table follows the families of the
catalogue and of VSS. It leans to the device: a question of the world that is taken for one about
the device costs an honest "I do not know", the other way round costs a lie.
"""
# ruff: noqa: E501  (a table of words is read by rows; broken rows cannot be compared)

import re
from dataclasses import dataclass

from edgewise.core.regex import regex


@dataclass(frozen=True, slots=True)
class Thing:
    """A part of the device and the capability that works it, empty when none does.

    `own`: words for nothing else. `named`: words that mean it with "the", "my", "this" before them.
    """

    capability: str
    own: str
    named: str
    zh: str

    def names_alike(self, one: str, other: str) -> bool:
        """Whether two texts name this thing by the same word."""
        words = re.compile("|".join(p for p in (self.own, self.named, self.zh) if p))
        return bool(set(words.findall(_plain(one))) & set(words.findall(_plain(other))))


_THINGS = (
    Thing("roof.set", r"sun ?roofs?|moon ?roofs?|sun ?shades?|panoramic roof", "roof|shades?|blinds?", "天窗|遮阳帘"),
    Thing("seat.set_heat_vent", r"seat (?:heat|warm|cool|vent)\w*|(?:heated|ventilated|cooled) seats?", "", "座椅的?(?:加热|通风)"),
    Thing("seat.set_massage", r"seat massag\w*|massag\w* seats?", "massage", "(?:座椅|座位)的?按摩"),
    Thing("seat.move", r"(?:driver'?s?|passenger|car|rear|front) seats?|headrests?|lumbar", "seats?", "座椅|座位|头枕"),
    Thing("light.exterior.set", r"head ?(?:lights?|lamps?)|(?:high|low|full|dipped) beams?|fog (?:lights?|lamps?)|hazard (?:lights?|flashers?)|turn signals?|indicators?|tail ?lights?|daytime running lights?", "hazards?|blinkers?", "大灯|远光|近光|雾灯|双闪|转向灯|日行灯|车外灯"),
    Thing("light.interior.set", r"(?:reading|dome|cabin|interior|mood) (?:lights?|lamps?)|ambient light\w*", "lights?|lamps?|lighting", "阅读灯|氛围灯|车内灯|顶灯|[开关]着?了?灯|车灯|灯光"),
    Thing("mirror.set", r"(?:side|wing|rear[- ]?view|door) mirrors?", "mirrors?", "后视镜|倒车镜"),
    Thing("wiper.set", r"wipers?|wind(?:shield|screen)s?|washer fluid", "", "雨刮|雨刷|挡风玻璃|玻璃水"),
    Thing("window.set_child_lock", r"child (?:safety )?locks?", "", "儿童锁|童锁"),
    Thing("climate.set_defrost", r"de(?:frost|mist|fog)\w*", "", "除[霜雾]"),
    Thing("window.set", r"(?:car|power|driver'?s?|passenger|rear) windows?", "windows?", "车窗"),
    Thing("trunk.set", r"tail ?gate|frunk|lift ?gate", "trunk|boot|hatch|hood|bonnet", "后备[箱厢]|尾门|前备箱|行李箱"),
    Thing("door.lock", r"car doors?|central locking|key ?fob", "doors?|locks?", "车门|车锁|门锁|车钥匙"),
    Thing("climate.set_power", r"air[- ]?con(?:dition\w*)?|(?<![a-z])a/?c(?![a-z])|hvac|climate control|recirculation", "fan|blower|vents?|heater|heating|climate|ventilation", "空调|暖风|冷气|出风口|风量|内循环|外循环"),
    Thing("steering_wheel.heat", r"steering wheels?", "", "方向盘"),
    Thing("fragrance_fridge.set", r"car fridge", "fridge|fragrance", "香氛|车载冰箱"),
    Thing("vehicle.set_charging", r"charg(?:ing|e) (?:port|flap|cable|limit)|traction battery", "battery|charger|charging|charge", "充电|电池|电量|续航"),
    Thing("adas.set_feature", r"lane (?:departure|keep|assist)\w*|blind[- ]spot|driver assist\w*|collision warning|emergency braking|traffic sign recognition", "", "车道偏离|盲区|辅助驾驶|碰撞预警"),
    Thing("drive.set_mode", r"(?:sport|eco|comfort|drive|driving|snow) modes?", "", "(?:驾驶|运动|经济|舒适|雪地)模式"),
    Thing("device.set_setting", r"blue ?tooth|wi-?fi|hot ?spot|air ?plane mode|flight mode|dark mode|do not disturb", "screen|display|phone|brightness|internet|flashlight|ring ?tone", "蓝牙|无线网|wi-?fi|热点|飞行模式|勿扰|屏幕|手机|联网|手电筒"),
    Thing("media.play", r"car ?play|android auto", "music|radio|volume|speakers?|stereo|sound system|playlist", "音响|音量|收音机|歌单|播放"),
    Thing("nav.set_destination", r"sat ?nav|gps", "navigation|route|destination", "导航|路线|目的地"),
    Thing("alarm.manage", "", "alarms?|timers?|reminders?", "闹钟|计时器|提醒事项"),
    Thing("message.read", "", "messages?|texts?|inbox", "短信|消息|信息"),
    Thing("calendar.query", "", "calendar|appointments?|meetings?", "日程|日历"),
    Thing("call.dial", "", "calls?|contacts?", "通讯录|联系人|来电"),
    Thing("", r"dash ?boards?|odometers?|speedometers?|infotainment|touch ?screens?|head[- ]up display|cruise control|autopilot|self[- ]driving|parking (?:sensors?|assist|brake)|hand ?brakes?|spare (?:wheel|tire|tyre)|t[iy]re pressure|seat ?belts?|air ?bags?|glove ?box(?:es)?|cup ?holders?|usb|wireless charg\w*|charge wirelessly|owner'?s manual|fuel consumption|remote start|warning lights?|in here|this thing",
          "car|vehicle|engine|motor|brakes?|gears?|gear ?box|horn|t[iy]res?|wheels?|range|fuel|tank|exhaust|cabin|device|assistant|agent|app|apps|computer|system|microphone|camera|buttons?|switch|knob|lever|cable|voice control|settings?|policy|trail",
          "车上|车里|车内|车子|这[辆台]?车|我的?车|本车|爱车|轮胎|胎压|仪表盘?|故障灯|警告灯|发动机|油耗|变速箱|手刹|安全带|气囊|喇叭|中控|后座|前座|巡航|自动驾驶|自动泊车|泊车|停车|刹车|设备|本机|助手|按钮|按键|麦克风|摄像头|语音"),
)  # fmt: skip
_THE = r"\b(?:the|my|our|your|this|that|these|those|its|which|any) (?:(?!of\b|in\b|and\b|is\b|are\b)[\w'-]+ ){0,2}"
_OWN_EN = tuple(regex(rf"(?<![\w'])(?:{t.own})(?![\w])") if t.own else None for t in _THINGS)
_NAMED_EN = tuple(regex(rf"{_THE}(?:{t.named})\b") if t.named else None for t in _THINGS)
_ZH = tuple(regex(t.zh) for t in _THINGS)
Tables = tuple[tuple[re.Pattern[str] | None, ...], ...]
_TABLES: Tables = (_OWN_EN, _ZH, _NAMED_EN)
# "Who invented the radio?" is about all radios.
_OF_KIND = regex(
    r"\b(?:invent\w*|histor\w+|discover(?:ed|y)|the (?:first|solar|immune|nervous|legal|political|school|metric|human)|in the world|on (?:earth|mars|the moon))\b|发明|历史|世界上"
)
# What is said to the agent and yet about the world: "can you tell me", "how do you spell".
_FRAME = regex(
    r"^(?:(?:please|hey|hi|so|ok|okay|well|and)[ ,]+)*"
    r"(?:(?:can|could|would|will) you (?:please |maybe |just )?(?:tell|explain|say|describe|define|name|list|teach|spell|recommend|suggest|give|write|sing|help me (?:understand|learn|decide))\b"
    r"|do you (?:happen to )?know\b|what do you (?:think|know) (?:of|about)\b"
    r"|what can you (?:tell|say)\b|(?:how|what) (?:do|can|would|should) you (?:make|cook|bake|boil|spell|say|pronounce|write|draw|calculate|solve|grow|tie|catch|become|learn|call|get rid)\b)"
    r"|^(?:请|那)?[你您](?:能不能|可不可以|能|可以|会不会|会)?(?:给我|帮我)?(?:告诉我|讲讲?|说说?|解释|介绍|推荐|知道|背|唱|写|猜)"
)
_AGENT = regex(
    r"\b(?:you|your|yours|yourself|edgewise)\b|\b(?:when|if) i (?:say|ask|call)\b|[你您](?!好)|我(?:一)?(?:说|喊).{1,12}(?:会|时|后)"
)
# A sentence of a model about itself: what it is, has, can or does, but for what it thinks of the answer.
_MODEL_ITSELF = regex(
    r"\b(?:i|we)(?:'m| am| are|'re| can| could| can't| cannot|'ve| have| had|'ll| will|'d| would| do| don't(?! know| think| remember)| did| was| were| run| use| live| work| like| love| listen| hear| see| record| store| know how| help)\b"
    r"(?!(?: do)? not (?:know|sure|certain|remember)| (?:sorry|afraid|glad|happy (?:for|to hear)|not sure|unsure|sure|wrong|do not know)| (?:say|guess|think|hope|recommend|suggest)\b)"
    r"|\b(?:as an? (?:ai|assistant|language model)|my (?:sensors?|system|memory|creators?|developers?|users?|training|job|purpose|function\w*|own|favou?rite))\b"
    r"|\byou can (?:say|ask|press|tap|turn|switch|use|find|open|close|set)\b|\byou (?:need|have) to (?:press|use|open|turn|say)\b"
    r"|我(?:是|能|可以|会|没有|有|正在|的)|作为(?:一个)?(?:ai|人工智能|语言模型|助手)|您?你?可以(?:说|按|点击|打开|关闭|设置)"
)  # fmt: skip
_QUOTED = regex(r"\"[^\"]*\"|“[^”]*”|「[^」]*」")


def find_thing(text: str) -> Thing | None:
    """The part of this device that a text names, or `None`."""
    plain = _plain(text)
    return _find(plain, (_OWN_EN,) if _OF_KIND.search(plain) else _TABLES)


def speaks_to_agent(text: str) -> bool:
    """Whether a text is about the agent itself: what it is, can, does or did."""
    return _AGENT.search(_FRAME.sub(" ", _plain(text))) is not None


def is_about_device(text: str) -> bool:
    """Whether a person's words are about this device or the agent on it."""
    return speaks_to_agent(text) or find_thing(text) is not None


def speaks_of_device(sentence: str) -> bool:
    """Whether a model's sentence states something about the device, or about itself on it.

    What is in quotation marks is somebody else's.
    """
    plain = _QUOTED.sub(" ", _plain(sentence))
    return _find(plain, _TABLES) is not None or _MODEL_ITSELF.search(plain) is not None


def _find(plain: str, tables: Tables) -> Thing | None:
    for patterns in tables:
        for thing, pattern in zip(_THINGS, patterns, strict=True):
            if pattern is not None and pattern.search(plain):
                return thing
    return None


def _plain(text: str) -> str:
    """Lower case, straight apostrophes, single spaces."""
    straight = text.translate(_STRAIGHT).casefold()
    return " ".join(straight.split())


_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "*": None, "_": " ", "`": None})
