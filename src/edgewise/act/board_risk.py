"""How bad a device's own tool may be, by its name and its own word.

A cautious guess: `final` (cannot be undone) by name or word; `read` only if the tool says that it
reads and its name says of nothing that it does it; `stop` for what only stops the device's own
body; else `act`, which asks. The word becomes part of the target that the tool is written by, so
the policy judges by it whatever a declaration says. Pure.
"""

import re

from edgewise.act.board_words import Named
from edgewise.core.capability import Capability, Risk

RISKS = {
    "read": Risk.READ,
    "stop": Risk.REVERSIBLE,
    "act": Risk.DISRUPTIVE,
    "final": Risk.IRREVERSIBLE,
}


def sort_of(full: str, name: Named, declared: Capability) -> str:
    """`final`, `read`, `stop` or `act`, of the tool called `full`. What it says of itself is in
    `declared` (`mcp_tool.py`)."""
    if declared.risk is Risk.IRREVERSIBLE or _is_final(full, name, declared):
        return "final"
    if (declared.risk is Risk.READ and not name.does) or _tells_state(name, declared):
        return "read"
    return "stop" if _stops_body(full, name) and not declared.arguments else "act"


def _tells_state(name: Named, declared: Capability) -> bool:
    """Whether it is the firmware's own way to tell a state (`self.lamp.get_state`), which says no
    word of reading."""
    *_, last = name.doing or ("",)
    getter = name.doing[:1] == ("get",) and last in ("state", "status")
    return getter and len(name.doing) == 2 and not name.chinese and not declared.arguments


def _stops_body(full: str, name: Named) -> bool:
    """Whether it stops the device's body and nothing else: "stop" calls it unasked. A letter that
    the name was not read by may name a thing."""
    is_read = all(char.isascii() or "\u3400" <= char <= "\u9fff" for char in full)
    things = {word for word in name.things if not word.isdigit()}
    stops = len(name.doing) == 1 and _STOPS.fullmatch(name.doing[0]) is not None
    return is_read and stops and things <= _MOVED


def _is_final(full: str, name: Named, declared: Capability) -> bool:
    words = {*name.things, *name.doing}
    pieces = re.findall(r"[a-z]+", full.casefold())
    if words & _FINAL or any(root in piece for root in _ROOTS for piece in pieces):
        return True
    if any(word in full for word in _FINAL_ZH):
        return True
    spaced = _JOINT.sub(" ", full).casefold()
    bare = _BESIDE.sub(" ", spaced)
    if _BELL.search(bare) and not _OPENS.search(bare):
        bare = _BELL.sub(" ", bare)
    if not _DOORS.search(bare):
        return False
    harmless = name.doing[:1] == ("get",) or _closes(full, name)
    return not harmless or bool(declared.arguments)


def _closes(full: str, name: Named) -> bool:
    """Whether it closes a door, and does nothing else: 开关 and "release lock" open one too."""
    if _OPENS.search(full.casefold()):
        return False
    *about, verb = name.doing or ("",)
    if verb in ("close", "shut"):
        return all(_DOORS.search(w) or w in _WHICH or w.isdigit() for w in about)
    shuts = "关" in full and not re.search("lock|off|[锁断]", full.casefold())
    return name.doing == ("lock",) or shuts


_FINAL = frozenset(
    {"reboot", "restart", "upgrade", "update", "firmware", "ota", "reset", "factory", "erase",
     "format", "wipe", "delete", "remove", "clear", "forget", "unlock", "uninstall", "unbind",
     "pay", "buy", "purchase", "order", "transfer", "send", "dial", "publish", "ignite", "shutdown"}
)  # fmt: skip
_ROOTS = ("reboot", "upgrade", "firmware", "factoryreset", "unlock", "erase", "delete",
          "opendoor", "dooropen", "opengate", "gateopen", "shutdown")  # fmt: skip
"""What a name holds that is written without a joint."""
_FINAL_ZH = ("重启", "升级", "恢复出厂", "重置", "擦除", "格式化", "删除", "清空", "清除", "解锁",
             "支付", "付款", "购买", "下单", "转账", "发送", "关机")  # fmt: skip
_DOORS = re.compile(
    r"door|gate|garage|lock|valve|safe|bolt|latch|turnstile|barrier|门|锁|闸|阀|闩|车库|保险[柜箱]"
)
"""What lets somebody or something in, joined to another word or not: only closing it is harmless.
"""
_JOINT = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BESIDE = re.compile(
    r"(?<![a-z])(?:(?:(?:in|out)door|gateway)(?!s?[^a-z]*(?:open|toggle|release|$))"
    r"|(?:alarm|wall)?clock|(?:anti|counter)clockwise|block|safely"
    r"|safety(?![^a-z]*(?:box|deposit))|(?:navi|irri|propa|aggre|dele|investi|fumi)gate)"
)
"""Words that only look like a door; "indoor" within a word ("maindoor") is one."""
_BELL = re.compile(r"(?:door|gate|garage)[ _.]?(?:bell|chime|light|lamp)s?|门[铃灯]")
"""What hangs beside a door, unless the name speaks of opening too: then it may be the door."""
_OPENS = re.compile(r"open|release|toggle|[开启放解松]")
_WHICH = frozenset({"front", "back", "left", "right", "main", "side", "car"})
_STOPS = re.compile(r"stop|(?:底盘|机器人|机器狗|小车|车轮|轮子|电机|马达|机械臂)?(?:停|停止|停下)")
_MOVED = frozenset(
    {"motor", "motors", "wheel", "wheels", "arm", "arms", "leg", "legs", "foot", "feet", "hand",
     "hands", "head", "neck", "tail", "waist", "servos", "robots", "puppy", "rover", "left",
     "right", "front", "back", "rear", "otto", "electron", "底盘", "机器人", "机器狗", "小车",
     "车轮", "轮子", "电机", "马达", "机械臂"}
)  # fmt: skip
"""The body and its parts, beside `board_words.BODY`. Otto and electron are the robots that xiaozhi
firmware itself calls so (`self.otto.stop`, `self.electron.stop`)."""
