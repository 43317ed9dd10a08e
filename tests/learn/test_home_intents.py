import pytest

from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.learn.home_intents import INTENTS, alike, heard, same, shown

EN, ZH = Language.ENGLISH, Language.CHINESE


def told(capability: str, **arguments: object) -> tuple[str, str]:
    call = Call("1", capability, arguments, Label())  # pyright: ignore[reportArgumentType]
    intent, slots = heard(Thought(MessageKind.COMMAND, (call,)), EN)
    return intent, shown(slots)


@pytest.mark.parametrize(
    ("capability", "arguments", "intent", "slots"),
    [
        ("home.control", {"domain": "light", "area": "Den", "action": "off"},
         "HassTurnOff", "area=den domain=light"),
        ("home.control", {"name": "Gate", "domain": "lock", "action": "unlock"},
         "HassTurnOff", "name=gate"),
        ("home.control", {"area": "Den", "domain": "light", "action": "set", "brightness": 40},
         "HassLightSet", "area=den brightness=40.0"),
        ("home.control", {"name": "Robo", "domain": "vacuum", "action": "on"},
         "HassVacuumStart", "name=robo"),
        ("home.get_state", {"area": "Den", "device_class": "temperature"},
         "HassClimateGetTemperature", "area=den"),
        ("home.get_state",
         {"name": "Hatch", "domain": "binary_sensor", "device_class": "door", "state": "open"},
         "HassGetState", "device_class=door name=hatch state=on"),
        ("alarm.manage", {"op": "shorten", "kind": "timer", "duration": 60, "length": 600},
         "HassDecreaseTimer", "duration_s=60.0 length_s=600.0"),
        ("alarm.manage", {"op": "cancel", "kind": "timer", "all": True}, "HassCancelAllTimers", ""),
        ("list.manage", {"op": "remove", "list": "shopping", "item": "tea"},
         "HassShoppingListCompleteItem", "item=tea"),
        ("media.play", {"query": "Blue", "kind": "song"},
         "HassMediaSearchAndPlay", "media_class=track search_query=blue"),
        ("nav.cancel", {}, "nav.cancel", ""),
    ],
)  # fmt: skip
def test_a_call_is_told_in_the_sets_words(
    capability: str, arguments: dict[str, object], intent: str, slots: str
):
    assert told(capability, **arguments) == (intent, slots)


def test_off_is_never_told_as_on():
    assert told("home.control", name="Lamp", action="off")[0] != "HassTurnOn"
    assert told("home.control", name="Lamp", action="lock")[0] == "HassTurnOn"


def test_no_call_is_talk_and_a_question_back_is_no_intent():
    assert heard(Thought(MessageKind.CHAT), EN)[0] == "HassRespond"
    assert heard(Thought(MessageKind.UNKNOWN, question=Words("what?", "什么？")), EN)[0] == ""


def test_several_calls_are_no_intent():
    call = Call("1", "home.control", {"action": "on"}, Label())
    assert heard(Thought(MessageKind.COMMAND, (call, call)), EN)[0] not in {
        intent for intent, _ in INTENTS.values()
    }


def test_slots_are_compared_in_one_form():
    wanted = alike({"name": ["Tea ", "tea"], "minutes": 3}, "HassStartTimer", EN)
    assert same(wanted, alike({"name": "TEA", "minutes": 3.0}, "HassStartTimer", EN))
    assert not same(wanted, alike({"name": "coffee", "minutes": 3}, "HassStartTimer", EN))
    assert not same(wanted, alike({"name": "tea"}, "HassStartTimer", EN))


def test_all_as_a_name_says_no_more_than_no_name():
    wanted = alike({"name": "all", "domain": "fan", "area": "Den"}, "HassTurnOff", EN)
    assert shown(wanted) == "area=den domain=fan"


def test_one_chinese_word_for_blinds_and_curtains_is_one_class():
    blind = alike({"device_class": "blind", "domain": "cover"}, "HassTurnOn", ZH)
    curtain = alike({"device_class": "curtain", "domain": "cover"}, "HassTurnOn", ZH)
    assert same(blind, curtain)
    assert not same(
        alike({"device_class": "blind"}, "HassTurnOn", EN),
        alike({"device_class": "curtain"}, "HassTurnOn", EN),
    )


def test_every_mapping_says_why():
    assert all(reason for _, reason in INTENTS.values())
