from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import Label
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understanding.carry import answered, complete
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row

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


SCREEN = Known(builtin_catalogue(screen=True).capabilities)
WHICH_APP = Call("t.1", "app.open", {}, Label())
WHAT_TO_TYPE = Call("t.1", "gui.act", {"action": "type", "target": "search box"}, Label())


def answer_to(awaiting: Call, text: str, known: Known = SCREEN) -> dict[str, object] | None:
    known.warm()
    names = {"screen_app": ("Shop", "小店")}
    context = Context(Language.ENGLISH, now="2026-11-23T09:00", awaiting=awaiting, names=names)
    thought = answered(known, normalise(text), context)
    return None if thought is None else dict(thought.calls[0].arguments)


@each_row("awaiting", [WHICH_APP, WHAT_TO_TYPE])
@each_row(
    "text",
    ["tap Shop", "tap OK", "点击发送", "scroll down", "在搜索框输入你好", "open Shop", "打开小店",
     "type hello in the search box"],
)  # fmt: skip
def test_an_order_to_the_screen_is_no_answer(awaiting: Call, text: str):
    assert answer_to(awaiting, text) is None


def test_an_answer_on_a_device_with_a_screen_stays_one():
    assert answer_to(WHICH_APP, "Shop") == {"name": "Shop"}
    assert answer_to(WHICH_APP, "小店") == {"name": "小店"}
    assert answer_to(WHAT_TO_TYPE, "green tea") == {**WHAT_TO_TYPE.arguments, "text": "green tea"}
    message = Call("t.1", "message.send", {"recipient": "Emma"}, Label())
    body = answer_to(message, "tap the door when you are here")
    assert body is not None
    assert body["body"] == "tap the door when you are here"
