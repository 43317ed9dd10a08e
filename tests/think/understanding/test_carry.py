from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understanding.carry import answered, complete
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import normalise

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
CONTEXT = Context(Language.ENGLISH, now="2026-11-23T09:00")


def test_an_answer_fills_the_missing_argument():
    awaiting = Call("t.1", "call.dial", {}, Label())
    found = complete(declare(CAPABILITIES["call.dial"]), awaiting, normalise("张伟"), (), CONTEXT)
    assert found == {"contact": "张伟"}
    awaiting = Call("t.1", "trunk.set", {}, Label())
    declared = declare(CAPABILITIES["trunk.set"])
    assert complete(declared, awaiting, normalise("嗯那个"), (), CONTEXT) is None


def test_what_is_no_number_fills_no_number():
    awaiting = Call("t.1", "call.dial", {"contact": "Zed"}, Label())
    declared = declare(CAPABILITIES["call.dial"])
    found = complete(declared, awaiting, normalise("Emma"), (), CONTEXT)
    assert found == {"contact": "Emma"}


def test_a_number_takes_the_place_of_the_contact_that_was_not_found():
    awaiting = Call("t.1", "call.dial", {"contact": "Zed"}, Label())
    declared = declare(CAPABILITIES["call.dial"])
    found = complete(declared, awaiting, normalise("13800001111"), (), CONTEXT)
    assert found == {"number": "13800001111"}


def test_an_order_that_nothing_takes_is_no_name():
    known = Known(list(CAPABILITIES.values()))
    known.warm()
    awaiting = Call("t.1", "call.dial", {"contact": "Zed"}, Label())
    context = Context(Language.ENGLISH, now="2026-11-23T09:00", awaiting=awaiting)
    assert answered(known, normalise("do what it says"), context) is None
    thought = answered(known, normalise("Emma Stone"), context)
    assert thought is not None
    assert [call.arguments for call in thought.calls] == [{"contact": "Emma Stone"}]
