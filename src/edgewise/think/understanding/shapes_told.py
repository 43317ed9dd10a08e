"""Events and messages, whose arguments hang together in their own way, as in `shapes.py`."""

# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re

from edgewise.core.regex import regex
from edgewise.think.understanding.shapes_car import Arguments
from edgewise.think.understanding.times import find_moments

_MORNING = "2026-01-01T06:59"
"""Counted from here, an hour without "am" or "pm" is one that plans are made for; any day does."""
_MOVED = regex(
    r"^(?:please |(?:can|could|would|will) you |i (?:need|want|have|'d like) (?:you )?to |let'?s )*(?:move|reschedule|push|shift|postpone|delay|change|bring)\b"
    r"|改(?:到|成|为|至)|挪|推迟|推后|往[前后]推|提前(?:到|半|[一二两三四五六七八九十\d])|延(?:后|期|迟)"
)
"""Words that give an event another time."""
_BY_SO_MUCH = regex(
    r"\bby (?:an?|half|\w+) |\b(?:later|earlier|back)\b|(?:推迟|推后|提前|延后|往[前后][挪推])(?!到|至)"
)


def moves(plain: str) -> bool:
    """Whether a clause gives an event another time: of two that it names the last is the new one."""
    return _MOVED.search(plain) is not None


def event_shape(arguments: Arguments, plain: str) -> Arguments:
    """An event that is moved to an hour of no named day keeps its day: the hour goes alone. By how
    much it is moved is not how long it lasts."""
    if not moves(plain):
        return arguments
    if "start" not in arguments and _BY_SO_MUCH.search(plain):
        arguments.pop("duration", None)
    if "event" not in arguments:
        return arguments
    if "start" in arguments:
        said = find_moments(plain, _MORNING)
        if said and said[-1].clock and not said[-1].day:
            arguments["start"] = str(arguments["start"]).partition("T")[2] or arguments["start"]
    for name in ("event", "title"):
        value = arguments.get(name)
        if isinstance(value, str):
            arguments[name] = re.sub(r"\s+(?:to \S+|back|by|forward|up|out)$", "", value)
    return arguments


_EN = r"(?:on|via|by|over|through|using|with) (?P<en>whatsapp|signal|telegram|messenger|imessage|wechat|sms|text)"
_ZH = r"[用通]过?(?P<zh>微信|短信|钉钉|飞书|qq|whatsapp|telegram)"
_BY_APP = regex(rf"(?i)\s*(?:\b{_EN}\b|{_ZH})$")
_BY_APP_FIRST = regex(
    rf"(?i)\b{_EN}(?= ?(?:$|[,:]|(?:that|saying|to say)\b))|{_ZH}|^(?:用|通过)(?P<first>微信|短信)"
)
_APPS = {"wechat": "wechat", "微信": "wechat", "sms": "sms", "text": "sms", "短信": "sms"}


def message_shape(arguments: Arguments, plain: str) -> Arguments:
    """By which app is no part of who shall read it. One that the device does not know stays as it
    was said, so that the call is refused by name and nothing goes out another way."""
    who = arguments.get("recipient")
    by = _BY_APP.search(who) if isinstance(who, str) else None
    if by and isinstance(who, str) and by.start():
        arguments["recipient"] = who[: by.start()]
    by = by or _BY_APP_FIRST.search(plain.partition(str(arguments.get("body", "\n")).lower())[0])
    if by:
        app = next(name for name in by.groupdict().values() if name).lower()
        arguments["app"] = _APPS.get(app, app)
    return arguments
