"""A question that is void is told by what would have been done, and by nothing private."""

from msgspec.structs import replace

from edgewise.act.catalogue import builtin_catalogue
from edgewise.agent.dropped import dropped_words
from edgewise.agent.pending import Pending
from edgewise.core.call import Call
from edgewise.core.event import Leaving, PendingCall
from edgewise.core.label import Label
from edgewise.core.words import Words

CATALOGUE = builtin_catalogue(screen=True)


def waiting(capability: str, **arguments: str) -> PendingCall:
    return PendingCall(Call("t.1", capability, dict(arguments), Label()), (), ())


SENT = waiting("message.send", recipient="Eve", body="hello")
TAPPED = waiting("gui.act", action="tap", target="Post")


def dropped(*calls: PendingCall) -> Pending:
    return Pending("a", "t", "h", calls, None, 100.0)


def test_it_names_what_would_have_been_done_and_nobody():
    told = dropped_words(dropped(SENT, TAPPED, TAPPED), (), CATALOGUE)
    assert told is not None
    assert told.en.startswith("The question about “")
    assert told.en.endswith("tap or type in an app” is dropped.")
    assert told.zh.endswith("点击或输入”已作废。")
    assert "Eve" not in told.en
    assert "hello" not in told.en


def test_what_is_asked_again_is_not_dropped():
    assert dropped_words(None, (), CATALOGUE) is None
    assert dropped_words(dropped(TAPPED), (TAPPED,), CATALOGUE) is None
    other = waiting("gui.act", action="tap", target="Delete")
    assert dropped_words(dropped(TAPPED), (other,), CATALOGUE) is not None


def test_a_question_about_what_may_leave_is_named_as_such():
    leaving = Leaving("step", "CN", "assist", "d", 3)
    told = dropped_words(replace(dropped(), leaving=leaving), (), CATALOGUE)
    assert told == Words(
        "The question about “sending your question to the cloud” is dropped.",
        "刚才要确认的“把问题发给云端”已作废。",
    )
