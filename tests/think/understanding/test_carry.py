from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understanding.carry import complete
from edgewise.think.understanding.declared import declare
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
