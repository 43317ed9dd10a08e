from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understanding.carry import complete, repeat_for
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.normalise import normalise

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
CONTEXT = Context(Language.ENGLISH, now="2026-11-23T09:00")


def again(capability: str, arguments: dict[str, object], text: str) -> dict[str, object] | None:
    last = Call("t.1", capability, arguments, Label())
    return repeat_for(declare(CAPABILITIES[capability]), last, normalise(text), (), CONTEXT)


def test_a_bit_more_goes_on_in_the_same_direction():
    assert again("climate.set_temperature", {"delta": -1}, "a bit more") == {"delta": -1}
    assert again("climate.set_temperature", {"value": 22}, "再低一点") == {"delta": -1}
    assert again("media.set_volume", {"delta": 10}, "再大一点") == {"delta": 10}


def test_the_same_for_another_place_keeps_the_rest():
    assert again("seat.set_heat_vent", {"mode": "heat"}, "and the passenger's too") == {
        "mode": "heat",
        "seat": "passenger",
    }
    assert again("climate.set_temperature", {"value": 22}, "副驾的也是") == {
        "value": 22,
        "zone": "passenger",
    }


def test_a_clause_of_its_own_is_not_bent_to_the_last_call():
    assert again("climate.set_power", {"on": False}, "打开主驾车窗") is None
    assert again("climate.set_temperature", {"value": 22}, "play some jazz") is None


def test_an_answer_fills_the_missing_argument():
    awaiting = Call("t.1", "call.dial", {}, Label())
    found = complete(declare(CAPABILITIES["call.dial"]), awaiting, normalise("张伟"), (), CONTEXT)
    assert found == {"contact": "张伟"}
    awaiting = Call("t.1", "trunk.set", {}, Label())
    declared = declare(CAPABILITIES["trunk.set"])
    assert complete(declared, awaiting, normalise("嗯那个"), (), CONTEXT) is None
