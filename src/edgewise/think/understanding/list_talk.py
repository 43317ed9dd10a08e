"""What is said of a list that was just spoken of: "remove the eggs", "put bread on it too", 再加个面包.

A list's things have no word of their own, so nothing but the talk before tells that eggs are meant
to be crossed off and not deleted from the calendar.
"""
# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

from edgewise.core.call import Call
from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.things import find_things

_SAID = regex(
    r"(?:and |also |then |please |now )*(?:(?P<add>add|put)|(?P<remove>remove|delete|take off|cross off)|(?P<complete>tick off|check off)) (?:the |some |a |an )?(?P<en>[a-z][a-z ,'-]{1,40}?)(?: (?:on it|to it|on the list|to the list|from it|from the list|off the list|off|too|as well|also|again|please))*"
    r"|(?:然后|那|请|帮我|还要|也)*(?P<add_zh>(?:再[加添]上?(?:一?[个点些条])?|[加添](?:上|一?[个点些条])))(?P<zh>[^,]{1,12}?)(?:吧|进去)?"
    r"|(?:那|请|帮我)*(?:把|将)(?P<zh_2>[^,]{1,12}?)(?:从(?:清单|列表)里)?(?P<remove_zh>删掉|删了|删除|去掉|划掉|移除)(?:吧)?"
    r"|(?:那|请|帮我)*(?:删掉|删除|去掉|划掉|移除)(?P<zh_3>[^,]{1,12}?)(?:吧)?"
)
_ELSE = regex(
    r"\b(?:alarms?|timers?|reminders?|events?|meetings?|appointments?|contacts?|messages?|texts?|emails?|songs?|tracks?|playlists?|notes?|stops?|waypoints?|files?|photos?|pictures?|heat\w*|lights?|windows?|on|off|that|this|it|them|him|her|everything|all|lists?)\b"
    r"|闹钟|计时|提醒|日程|会议|联系人|短信|消息|邮件|歌|途经|文件|照片|途径|灯|窗|空调|温度|度|档|音量|油|电|热|[它这那]|全部|所有|清单|列表"
)
"""Things that are on no list."""
_MOVED = regex(
    r"\b(?:back|down|up|away|in|out|forward|phone|call|seats?|route|navigation|speed|temperature|shades?|blinds?)$|遮阳|导航|路线|座|速"
)


def of_list(last: Call, bare: Normal) -> dict[str, JsonValue] | None:
    """The arguments of `list.manage` that a clause asks for after `last`; `None` if it does not."""
    if last.capability != "list.manage":
        return None
    match = _SAID.fullmatch(bare.plain.strip(" ,.!?。"))
    if match is None:
        return None
    found = match.groupdict()
    group = next(name for name in ("en", "zh", "zh_2", "zh_3") if found[name])
    start, end = match.span(group)
    item = match[group]
    if _ELSE.search(item) or _MOVED.search(item) or find_things(item):
        return None
    adds = found["add"] or found["add_zh"]
    op = "add" if adds else "complete" if found["complete"] else "remove"
    arguments: dict[str, JsonValue] = {"op": op, "item": bare.text[start:end].strip()}
    named = last.arguments.get("list")
    return arguments | ({"list": named} if named else {})
