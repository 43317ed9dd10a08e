"""The answer tells what happened, asks what must be asked, and claims nothing else."""

from edgewise.answer.answer import Outcome, Reply, answer, needs_words
from edgewise.core.call import Call, Result, RuleText, Status
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.event import Manner, PendingCall
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Message, Speaker
from edgewise.core.signal import snapshot_of
from edgewise.core.thought import MessageKind, Thought
from edgewise.core.words import Language, Words

TYPED = label_of(OriginKind.TYPED)
PARKED = snapshot_of({"Vehicle.Speed": 0.0, "Vehicle.Powertrain.Transmission.SelectedGear": 126})
MOVING = snapshot_of({"Vehicle.Speed": 80.0})
OPEN = Argument("percent", Kind.INTEGER, Words("opening", "开度"), unit="%")
WINDOW = Capability(
    "window.set",
    Words("move windows", "开关车窗"),
    Risk.DISRUPTIVE,
    (OPEN,),
    done=Words("Window at {percent}.", "车窗已开到{percent}。"),
)
CALL = Call("t.1", "window.set", {"percent": 40}, TYPED)
RULE = RuleText("R11-x", Words("The air conditioning is on.", "空调开着。"))
LANGUAGES = (Language.ENGLISH, Language.CHINESE)


def reply(
    *results: Result,
    calls: tuple[Call, ...] = (CALL,),
    thought: Thought | None = None,
    said: str = "",
    language: Language = Language.ENGLISH,
    moving: bool = False,
) -> Reply:
    message = Message("x", language, TYPED, Speaker())
    made = thought or Thought(MessageKind.COMMAND, calls)
    by_id = {call.id: call for call in calls}
    pending = tuple(
        PendingCall(by_id[r.call], (), r.rules) for r in results if r.status is Status.ASKED
    )
    outcome = Outcome(message, made, calls, results, said, pending)
    return answer(outcome, [WINDOW], MOVING if moving else PARKED)


def result(status: Status, **fields: object) -> Result:
    return Result("t.1", "window.set", status, **fields)


def test_what_was_done_is_told_in_the_language_of_the_message() -> None:
    done = result(Status.DONE, changed={"Vehicle.W": 40})
    told = [reply(done, language=language).text for language in LANGUAGES]
    assert told == ["Window at 40%.", "车窗已开到40%。"]


def test_one_refusal_of_two_orders_is_told_once() -> None:
    one = result(Status.DENIED, words=RULE.words, rules=(RULE,))
    two = Result("t.2", "window.set", Status.DENIED, words=RULE.words, rules=(RULE,))
    assert reply(one, two).text == "The air conditioning is on."


def test_the_same_writes_are_asked_about_once() -> None:
    asked = result(Status.ASKED, rules=(RULE,))
    second = Result("t.2", "window.set", Status.ASKED, rules=(RULE,))
    same = Call("t.2", "window.set", {"percent": 40}, TYPED)
    assert reply(asked, second, calls=(CALL, same)).text.count("40%") == 1


def test_a_failure_never_sounds_like_a_success() -> None:
    failed = result(Status.FAILED, code="no_readback", words=Words("it did not move", "没有动"))
    told = [reply(failed, language=language).text for language in LANGUAGES]
    assert "did not work" in told[0]
    assert "it did not move" in told[0]
    assert "没有成功" in told[1]
    assert "at 40" not in told[0]


def test_a_refusal_tells_the_rule_and_the_rest_is_told_too() -> None:
    denied = result(Status.DENIED, words=RULE.words, rules=(RULE,))
    done = Result("t.2", "window.set", Status.DONE)
    other = Call("t.2", "window.set", {"percent": 10}, TYPED)
    text = reply(denied, done, calls=(CALL, other)).text
    assert text == "The air conditioning is on. Window at 10%."


def test_one_question_is_asked_for_all_that_waits_each_reason_once() -> None:
    asked = result(Status.ASKED, rules=(RULE,))
    second = Result("t.2", "window.set", Status.ASKED, rules=(RULE,))
    other = Call("t.2", "window.set", {"percent": 10}, TYPED)
    text = reply(asked, second, calls=(CALL, other)).text
    assert text.count("The air conditioning is on.") == 1
    assert "40%" in text
    assert "10%" in text
    assert text.endswith("(yes / no)")
    chinese = reply(asked, language=Language.CHINESE).text
    assert chinese.startswith("空调开着。要继续吗")


def test_what_was_done_comes_before_what_is_asked() -> None:
    done = Result("t.2", "window.set", Status.DONE)
    other = Call("t.2", "window.set", {"percent": 10}, TYPED)
    text = reply(result(Status.ASKED, rules=(RULE,)), done, calls=(CALL, other)).text
    assert text.index("Window at 10%") < text.index("Shall I go ahead")


def test_a_question_of_thinking_is_asked() -> None:
    thought = Thought(MessageKind.COMMAND, question=Words("Which window?", "哪个车窗？"))
    assert reply(calls=(), thought=thought).text == "Which window?"


def test_the_model_s_words_stand_as_they_are() -> None:
    thought = Thought(MessageKind.CHAT)
    assert reply(calls=(), thought=thought, said=" Hello there! ").text == "Hello there!"


def test_with_nothing_to_tell_it_says_that_it_did_not_understand() -> None:
    thought = Thought(MessageKind.UNKNOWN)
    assert "did not understand" in reply(calls=(), thought=thought).text
    assert "没听懂" in reply(calls=(), thought=thought, language=Language.CHINESE).text


def test_fixed_words_have_their_own_answers_and_the_overheard_has_none() -> None:
    for fixed, words in (("stop", "Stopped"), ("deny", "won't"), ("cancel", "Cancelled")):
        thought = Thought(MessageKind.COMMAND, fixed=fixed)
        assert words in reply(calls=(), thought=thought).text
    assert reply(calls=(), thought=Thought(MessageKind.CHAT, fixed="overheard")).text == ""


def test_a_long_answer_is_cut_while_the_car_moves() -> None:
    thought = Thought(MessageKind.CHAT)
    long = "One sentence of it. " * 40
    assert len(reply(calls=(), thought=thought, said=long).text) > 700
    cut = reply(calls=(), thought=thought, said=long, moving=True).text
    assert len(cut) < 320
    assert "when parked" in cut


def test_the_manner_comes_with_the_words() -> None:
    assert reply(result(Status.DONE)).manner is Manner.ALOUD


def test_words_of_a_model_are_needed_only_where_nothing_else_answers() -> None:
    question = Words("?", "？")
    assert needs_words(Thought(MessageKind.CHAT))
    assert needs_words(Thought(MessageKind.QUESTION))
    assert not needs_words(Thought(MessageKind.COMMAND))
    assert not needs_words(Thought(MessageKind.UNKNOWN))
    assert not needs_words(Thought(MessageKind.QUESTION, (CALL,)))
    assert not needs_words(Thought(MessageKind.CHAT, fixed="overheard"))
    assert not needs_words(Thought(MessageKind.CHAT, question=question))
