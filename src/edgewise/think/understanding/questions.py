"""Which reading answers a question about a thing: the read-only twin of what would change it.

"Is the window open?" is chosen as a window function by its words; here it becomes a status call.
What has no twin is an open question, which a language model answers.
"""

from edgewise.core.regex import regex
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.hints import topics_in

_TWINS: dict[str, str] = {
    "climate": "climate.read", "seat": "vehicle.get_status", "window": "vehicle.get_status",
    "roof": "vehicle.get_status", "door": "vehicle.get_status", "trunk": "vehicle.get_status",
    "mirror": "vehicle.get_status", "light.interior": "vehicle.get_status",
    "light.exterior": "vehicle.get_status", "wiper": "vehicle.get_status",
    "steering_wheel": "vehicle.get_status", "fragrance_fridge": "vehicle.get_status",
    "drive": "vehicle.get_status", "adas": "vehicle.get_status", "vehicle": "vehicle.get_status",
    "media": "media.get_info", "alarm": "alarm.manage", "list": "list.manage",
    "calendar": "calendar.query", "device": "device.get_setting", "home": "home.get_state",
    "message": "message.read", "email": "email.search", "contact": "contact.find",
    "order": "order.query", "service": "service.book", "file": "file.search",
    "memory": "memory.recall",
}  # fmt: skip

# These have both asking and changing in one function; a question is its op "query".
QUERY_BY_OP = frozenset({"alarm.manage", "list.manage", "service.book"})
_HOW = regex(r"^(?:how (?:do|can|should|to)|what happens)\b|怎么(?!样|了|没)|如何|怎样")
_OF_THE_CAR = frozenset(
    {"climate", "seat", "window", "roof", "door", "trunk", "mirror", "light", "wiper", "adas",
     "steering_wheel", "drive", "vehicle", "fragrance_fridge"}
)  # fmt: skip
_WORLD = regex(
    r"^(?:who|whose|whom)\b|谁|发明|历史|什么意思|是什么做的|原理|多少钱"
    r"|\binvent|\bmade (?:of|from)\b|\bmean(?:s|ing)?\b|\bhistory of\b|\b(?:price|cost)s?\b"
)
"""Questions about the world in which a thing of the car is named: "who invented the light"."""
_STATE = regex(
    r"[开关锁亮合](?:着|好|上|紧|严|没)|是不是.{0,4}[开关锁亮]"
    r"|\b(?:open|closed|shut|locked|unlocked|on|off|wearing|fastened|buckled)\b|[系扣](?:好|上|着|了)"
)
_SHOWN_WHERE = regex(
    r"where (?:can|could|do) (?:i|we) (?:see|watch)\b"
    r"|(?:when|what time) (?:is|are|will|does) .*\b(?:showing|playing (?:at|in)\b|on tv)"
)
"""Where and when a film can be seen is none of what is playing here."""
_NAV_ASKED = regex(r"how (?:long|far|much)|when|arriv|traffic|多久|多远|几点|堵|路况|公里")


def reading_for(capability: str, plain: str) -> str | None:
    """The name of the reading that answers a question whose words point to `capability`."""
    if _HOW.search(plain) and capability.partition(".")[0] in _OF_THE_CAR:
        return "vehicle.explain"
    family = capability.rpartition(".")[0]
    if family.partition(".")[0] in _OF_THE_CAR and _WORLD.search(plain):
        return None
    if family == "media" and _SHOWN_WHERE.match(plain):
        return "info.search"
    if family == "nav":
        return "nav.get_route_info" if _NAV_ASKED.search(plain) else None
    return _TWINS.get(family)


def asks_state(plain: str) -> bool:
    """Whether a question names a thing of the car and asks which state it is in."""
    return bool(topics_in(plain)) and bool(_STATE.search(plain)) and not _WORLD.search(plain)


def asked_of_list(arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The arguments of a list or alarm function as a question: never anything but `query`."""
    return {**arguments, "op": "query"}
