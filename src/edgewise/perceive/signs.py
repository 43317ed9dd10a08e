"""What a word on a road sign or a car's display means, by its text alone.

Texts as they stand on signs and displays, English and Chinese; what is only drawn (a triangle, a
lamp) is not known here. General advice for a driver, not a manual of the car. Sources: Vienna
Convention on Road Signs and Signals, Annex 1; GB 5768.2-2022; ISO 2575 (names of tell-tales).
"""

from collections.abc import Iterable

from edgewise.core.regex import regex
from edgewise.core.words import Words

MOST = 6
"""Of explanations of one picture."""

_SIGNS: tuple[tuple[str, str, str], ...] = (
    (r"STOP|停|停车让行", "Stop sign: stop before the line and give way.", "停车让行标志：须在停止线前停车，让行后再通过。"),
    (r"YIELD|GIVE WAY|让|减速让行", "Give way: let others go first.", "减速让行标志：减速，让其他车辆先行。"),
    (r"DO NOT ENTER|NO ENTRY|禁止驶入|禁止通行", "No entry for vehicles.", "禁止驶入：车辆不得进入。"),
    (r"ONE WAY|单行(?:线|道|路)?", "One-way road.", "单行路。"),
    (r"NO PARKING|禁止停车|禁停", "No parking here.", "此处禁止停车。"),
    (r"ROAD WORKS?|ROAD WORK AHEAD|前方施工|道路施工|施工", "Road works ahead: slow down.", "前方施工，请减速慢行。"),
    (r"SLOW|慢|减速慢行", "Slow down.", "请减速慢行。"),
    (r"DETOUR|DIVERSION|绕行|前方绕行", "Diversion: follow the marked way round.", "道路绕行，请按指示绕行。"),
    (r"SCHOOL(?: ZONE)?|前方学校|注意儿童|学校", "Children may cross: slow down.", "学校路段，注意儿童，减速慢行。"),
    (r"CHECK ENGINE|SERVICE ENGINE SOON|发动机故障|检查发动机", "Engine warning: have the engine checked soon; if the lamp blinks or power is lost, stop where it is safe.", "发动机故障提示：请尽快检修；若灯闪烁或动力下降，请在安全处停车。"),
    (r"(?:LOW )?OIL PRESSURE(?: LOW)?|机油压力(?:过?低)?|机油压力警告", "Oil pressure warning: stop where it is safe, switch the engine off and check the oil; driving on can ruin the engine.", "机油压力警告：请在安全处停车熄火并检查机油，继续行驶可能损坏发动机。"),
    (r"(?:COOLANT|ENGINE) (?:TEMPERATURE|TEMP|OVERHEATING)(?: HIGH)?|(?:冷却液|发动机)?(?:温度|水温)过高", "Engine too hot: stop where it is safe and let it cool; do not open the coolant cap.", "发动机过热：请在安全处停车冷却，切勿打开冷却液盖。"),
    (r"(?:LOW )?TY?IRE PRESSURE(?: LOW)?|LOW TYRE PRESSURE|胎压(?:过低|异常|不足)", "Tyre pressure warning: slow down, stop where it is safe and check the tyres.", "胎压警告：请减速，在安全处停车检查轮胎。"),
    (r"(?:LOW )?BRAKE(?: FLUID)?(?: LOW)?|BRAKE SYSTEM|制动液(?:位)?(?:过低|不足)|制动系统故障|制动故障", "Brake warning: stop where it is safe; do not drive on before the brakes were checked.", "制动警告：请在安全处停车，检查制动系统前不要继续行驶。"),
    (r"ABS|防抱死(?:系统)?(?:故障)?", "ABS warning: the brakes work, but wheels may lock; drive with care.", "ABS 警告：制动仍有效，但车轮可能抱死，请谨慎驾驶。"),
    (r"AIR ?BAG|SRS|安全气囊(?:故障)?", "Airbag warning: have it checked soon.", "安全气囊警告：请尽快检修。"),
    (r"(?:LOW BATTERY|BATTERY LOW)|CHARGING SYSTEM|(?:动力)?电池(?:电量)?(?:过?低|不足)|充电系统故障", "Battery warning: charge it or have the charging system checked.", "电池警告：请及时充电或检查充电系统。"),
    (r"LOW FUEL|FUEL LOW|燃油不足|油量(?:过)?低", "Little fuel is left: refuel soon.", "燃油不足，请尽快加油。"),
    (r"DOOR (?:OPEN|AJAR)|车门未关(?:好)?", "A door is open.", "有车门未关好。"),
    (r"FASTEN SEAT ?BELTS?|请系(?:好)?安全带", "Somebody has no seat belt on.", "有人未系安全带。"),
    (r"SERVICE DUE.*|MAINTENANCE REQUIRED|保养(?:提醒|剩余.*|到期)", "Service is due.", "保养提醒：车辆需要保养。"),
)  # fmt: skip
_SHAPES = tuple((regex(pattern), Words(en, zh)) for pattern, en, zh in _SIGNS)
_LIMIT = regex(
    r"(?:SPEED LIMIT|LIMIT|MAX(?:IMUM)?(?: SPEED)?|限速|最高限速)[:： ]*(\d{1,3})(?:\D.*)?"
)
_LIMIT_WORDS = regex(r"SPEED LIMIT|限速")
_NUMBER = regex(r"\d{1,3}")
_SPEED = Words("Speed limit {speed}.", "限速 {speed}。")


def meanings(lines: Iterable[str]) -> tuple[Words, ...]:
    """What the lines that stand for signs or warnings mean, each once, in their order."""
    shown = [" ".join(line.upper().split()).strip(" !.。！·:：") for line in lines]
    found: list[Words] = []
    for place, line in enumerate(shown):
        if (speed := _limit(line, shown[place + 1 : place + 2])) is not None:
            found.append(_SPEED.filled(speed=speed))
            continue
        found += [words for shape, words in _SHAPES if shape.fullmatch(line)]
    return tuple(dict.fromkeys(found))[:MOST]


def _limit(line: str, after: list[str]) -> str | None:
    """The number of a speed limit, in the same line or the next."""
    if (one := _LIMIT.fullmatch(line)) is not None:
        return one[1]
    if _LIMIT_WORDS.fullmatch(line) and after and _NUMBER.fullmatch(after[0]):
        return after[0]
    return None
