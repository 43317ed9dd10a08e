# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)


from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.lean import corrected, lean_on, names_nothing, twin_of
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
CONTEXT = Context(Language.ENGLISH, now="2026-11-23T09:00")
VOICE = label_of(OriginKind.VOICE, "driver")


def again(
    capability: str, arguments: dict[str, object], text: str, label: Label = VOICE
) -> dict[str, object] | None:
    last = Call("t.1", capability, arguments, label)
    declared = declare(CAPABILITIES[twin_of(capability, text)])
    found = lean_on(declared, last, normalise(text), (), CONTEXT, same_sentence=False)
    return found.arguments if found else None


def test_a_bit_more_goes_on_in_the_same_direction():
    assert again("climate.set_temperature", {"delta": -1}, "a bit more") == {"delta": -1}
    assert again("climate.set_temperature", {"value": 22}, "再低一点") == {"delta": -1}
    assert again("media.set_volume", {"delta": 10}, "再大一点") == {"delta": 10}


@each_row(
    ("capability", "arguments", "text", "wanted"),
    [
        ("seat.set_heat_vent", {"mode": "heat"}, "and the passenger's too", {"mode": "heat", "seat": "passenger"}),
        ("climate.set_temperature", {"value": 22}, "副驾的也是", {"value": 22, "zone": "passenger"}),
        ("seat.set_heat_vent", {"seat": "driver", "mode": "heat"}, "副驾也要", {"seat": "passenger", "mode": "heat"}),
        ("climate.set_power", {"on": True}, "turn it off again", {"on": False}),
        ("door.lock", {"locked": True}, "unlock them again", {"locked": False}),
        ("trunk.set", {"which": "rear", "open": True}, "关上它", {"which": "rear", "open": False}),
        ("mirror.set", {"side": "left", "heat": True}, "关了吧", {"side": "left", "heat": False}),
        ("climate.set_temperature", {"value": 22}, "make it 23", {"value": 23}),
        ("climate.set_power", {"on": True}, "set it to 22", {"value": 22}),
        ("window.set", {"windows": ["row2_left"], "percent": 100}, "the right one", {"windows": ["row2_right"], "percent": 100}),
        ("light.exterior.set", {"kind": "fog", "state": "on"}, "turn them off", {"kind": "fog", "state": "off"}),
    ],
)  # fmt: skip
def test_a_leaning_clause_changes_only_what_it_says(
    capability: str, arguments: dict[str, object], text: str, wanted: dict[str, object]
):
    assert again(capability, arguments, text) == wanted


@each_row(
    ("capability", "arguments", "text"),
    [
        ("climate.set_power", {"on": False}, "打开主驾车窗"),
        ("climate.set_temperature", {"value": 22}, "play some jazz"),
        ("window.set", {"percent": 100}, "turn it down"),
        ("window.set", {"percent": 100}, "don't close it"),
        ("door.lock", {"locked": True}, "open it"),
        ("window.set", {"percent": 100}, "what's the weather"),
    ],
)
def test_a_clause_of_its_own_is_not_bent_to_the_last_call(
    capability: str, arguments: dict[str, object], text: str
):
    assert again(capability, arguments, text) is None


def test_nothing_leans_on_what_a_message_proposed():
    foreign = label_of(OriginKind.MESSAGE, "Bob")
    assert again("window.set", {"percent": 0}, "open it again", foreign) is None


@each_row(
    ("text", "rest"),
    [("no, the left one", "the left one"), ("不对，是右边的", "右边的"), ("i meant the rear", "the rear"),
     ("not the left one, the right one", "the right one"), ("notify mom", "notify mom")],
)  # fmt: skip
def test_a_correction_is_what_follows_the_no(text: str, rest: str):
    plain = normalise(text).plain
    assert plain[corrected(plain) :].strip() == rest


@each_row(
    "text",
    ["turn everything off", "turn it off", "open it", "switch off all of them", "close everything please",
     "全部关掉", "关掉", "打开它", "都打开", "把所有东西都关了"],
)  # fmt: skip
def test_an_order_that_names_no_thing_is_known_as_such(text: str):
    assert names_nothing(normalise(text).plain)


@each_row(
    "text",
    ["turn off the light", "open the window", "lock everything", "turn all the lights off", "open wechat",
     "关灯", "打开车窗", "全部锁上", "开门", "都打开天窗"],
)  # fmt: skip
def test_an_order_that_names_its_thing_is_not(text: str):
    assert not names_nothing(normalise(text).plain)
