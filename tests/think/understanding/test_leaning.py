from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context, Exchange
from edgewise.core.words import Language
from edgewise.think.understanding import words as say
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.leaning import leaning_part, names_in
from edgewise.think.understanding.normalise import normalise

KNOWN = Known(builtin_catalogue().capabilities)
VOICE = label_of(OriginKind.VOICE, "driver")


def after(*calls: Call, label=VOICE) -> Context:
    return Context(
        Language.ENGLISH, label=VOICE, exchanges=(Exchange("said", calls, "Done.", label),),
        names={"contact": ("Mom",), "place": ("Home",)},
    )  # fmt: skip


def test_a_clause_leans_on_the_last_exchange_only_when_that_is_trusted():
    last = Call("1", "climate.set_power", {"on": True}, VOICE)
    stranger = label_of(OriginKind.MESSAGE, "Bob")
    for label, leans in ((VOICE, True), (stranger, False)):
        part = leaning_part(KNOWN, normalise("turn it off again"), (), after(last, label=label))
        assert (part is not None) is leans


def test_a_question_leans_on_nothing():
    last = Call("1", "window.set", {"windows": ["driver"], "percent": 100}, VOICE)
    assert leaning_part(KNOWN, normalise("is the sunroof open too"), (), after(last)) is None


def test_both_without_two_things_before_asks_which():
    last = Call("1", "climate.set_power", {"on": True}, VOICE)
    part = leaning_part(KNOWN, normalise("close both"), (), after(last))
    assert part is not None
    assert (part.call, part.question) == (None, say.NAME_IT)


def test_the_names_of_the_device_are_all_its_names():
    assert names_in(after()) == ("Mom", "Home")
