from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.think.understanding.back_channel import DIALOG, back_channel
from edgewise.think.understanding.join import Part
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row

KNOWN = Known(builtin_catalogue().capabilities)
CONTEXT = Context(Language.ENGLISH, label=label_of(OriginKind.VOICE, "driver"), turn="t")


def heard(text: str) -> Part | None:
    KNOWN.warm()
    return back_channel(KNOWN, normalise(text), CONTEXT)


@each_row("text", ["that is exactly what i wanted to hear", "you got my command totally wrong"])
def test_praise_and_complaint_are_answered_and_do_nothing(text: str):
    part = heard(text)
    assert part is not None
    assert part.call is not None
    assert part.call.capability == DIALOG
    assert part.call.arguments in ({}, {"action": "cancel"})


@each_row("text", ["open the window", "把座椅加热打开", "is the sunroof open", "再低一点"])
def test_an_order_and_a_question_are_none(text: str):
    assert heard(text) is None


def test_without_the_capability_nothing_is_heard():
    others = Known([c for c in builtin_catalogue().capabilities if c.name != DIALOG])
    others.warm()
    assert back_channel(others, normalise("that is exactly what i wanted"), CONTEXT) is None
