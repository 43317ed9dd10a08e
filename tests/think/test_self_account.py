"""What the device says of itself comes from its capabilities and its past, or is not known."""

import msgspec
import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.label import Label, OriginKind, label_of
from edgewise.core.thought import Context, Exchange, MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.think.honesty import NOT_BY_GUESS
from edgewise.think.persona import IN_CAR
from edgewise.think.self_account import SelfAccount
from tests.each_row import each_row

TYPED = label_of(OriginKind.TYPED)
CAPABILITIES = {capability.name: capability for capability in builtin_catalogue().capabilities}
ACCOUNT = SelfAccount(CAPABILITIES)
EMPTY = Context(Language.ENGLISH, label=TYPED)
OPEN = Thought(MessageKind.QUESTION)


def exchange(text: str, capability: str, answer: str, label: Label = TYPED) -> Exchange:
    return Exchange(text, (Call("t.1", capability, {}, TYPED),), answer, label)


def after(*exchanges: Exchange) -> Context:
    return Context(Language.ENGLISH, label=TYPED, exchanges=exchanges)


def told(thought: Thought | None) -> Words:
    assert thought is not None
    assert thought.question is not None
    return thought.question


def asked(capability: str, **arguments: object) -> Thought:
    return Thought(MessageKind.QUESTION, (Call("t.1", capability, arguments, TYPED),), 0.9)  # type: ignore[arg-type]


LIGHT_ON = exchange("turn on the reading light", "light.interior.set", "Reading light on.")
WINDOW = exchange("open the window", "window.set", "Driver window open.")


@each_row(
    "text", ["what can you do?", "What are your features", "你会做什么？", "help", "Help!", "帮助"]
)
def test_what_it_can_do_comes_from_the_list_of_capabilities(text: str):
    words = told(ACCOUNT.at_once(text, EMPTY))
    available = sum(capability.available for capability in CAPABILITIES.values())
    assert f"{available} functions" in words.en
    assert f"{available}项" in words.zh
    assert CAPABILITIES["window.set"].en[0].text in words.en


def test_without_capabilities_it_names_none():
    assert "open" not in told(SelfAccount({}).at_once("what can you do?", EMPTY)).en


def test_a_device_that_is_no_car_names_what_it_can_do_instead():
    gone = msgspec.structs.replace(CAPABILITIES["window.set"], available=False, en=(), zh=())
    device = {c.name: c for c in (gone, CAPABILITIES["device.find"])}
    words = told(SelfAccount(device).at_once("what can you do?", EMPTY))
    assert words.en == "You can say, for example, “find my phone”."
    assert words.zh == "例如可以说“帮我找手机”。"


@pytest.mark.parametrize("text", ["what did you just do?", "你刚刚做了什么？"])
def test_what_it_did_is_what_was_asked_and_answered(text: str):
    assert "not changed anything" in told(ACCOUNT.at_once(text, EMPTY)).en
    words = told(ACCOUNT.at_once(text, after(LIGHT_ON, WINDOW)))
    for part in ("turn on the reading light", "Reading light on.", "Driver window open."):
        assert part in words.en
        assert part in words.zh


def test_did_you_is_answered_by_what_was_asked_about_that_thing():
    thought = ACCOUNT.about(OPEN, "did you turn the light on?", after(LIGHT_ON, WINDOW))
    assert "Reading light on." in told(thought).en
    assert "window" not in told(thought).en
    assert "not asked me" in told(ACCOUNT.about(OPEN, "did you lock the car doors?", EMPTY)).en


def test_did_you_send_it_reads_no_messages_out():
    thought = ACCOUNT.about(asked("message.read"), "did you send my message", EMPTY)
    assert thought.calls == ()
    assert "not asked me" in told(thought).en


def test_what_was_read_or_came_from_elsewhere_is_no_deed():
    read = exchange("is the light on", "vehicle.get_status", "It is off.")
    foreign = exchange("do it", "window.set", "Open.", label_of(OriginKind.MESSAGE, "Eve"))
    words = told(ACCOUNT.at_once("what did you do?", after(read, foreign)))
    assert "not changed anything" in words.en


@each_row(
    "text",
    [
        "my AC smells", "the seat heater isn't working", "the wipers are making a strange noise",
        "空调有股怪味", "座椅加热坏了", "雨刮有异响",
    ],
)  # fmt: skip
def test_a_fault_that_is_told_is_no_order(text: str):
    thought = ACCOUNT.at_once(text, EMPTY)
    assert "changed nothing" in told(thought).en
    assert thought is not None
    assert thought.calls == ()


@each_row(
    "text",
    [
        "the AC smells, turn it off", "turn off the noisy fan", "it is noisy, close the windows",
        "open the sunroof", "空调有怪味，关掉", "把坏了的雨刮关掉", "打开车窗", "I am cold",
    ],
)  # fmt: skip
def test_an_order_with_its_reason_stays_an_order(text: str):
    assert ACCOUNT.at_once(text, EMPTY) is None


def test_a_fault_that_could_hurt_is_not_guessed_at():
    assert told(ACCOUNT.at_once("the brakes of my car are not working", EMPTY)) == NOT_BY_GUESS
    assert told(ACCOUNT.about(OPEN, "is the sunroof dangerous?", EMPTY)) == NOT_BY_GUESS


def test_a_question_of_why_gets_the_state_and_what_can_be_done():
    thought = ACCOUNT.about(
        asked("vehicle.get_status", topics=["sunroof"]), "why doesn't the sunroof open?", EMPTY
    )
    assert len(thought.calls) == 1
    assert told(thought).en.startswith("Why, I do not know. I can open or close the sunroof")
    assert told(thought).zh.startswith("原因我不知道。")


def test_a_plain_question_of_state_gets_the_state_alone():
    thought = asked("vehicle.get_status", topics=["sunroof"])
    assert ACCOUNT.about(thought, "is the sunroof open?", EMPTY) == thought


def test_a_question_of_no_state_in_particular_is_turned_to_what_it_is_about():
    aimless = asked("vehicle.get_status")
    about_seats = ACCOUNT.about(aimless, "does this car have massage seats?", EMPTY)
    assert about_seats.calls == ()
    assert "massage" in told(about_seats).en
    assert ACCOUNT.about(aimless, "how many cylinders has my car", EMPTY).question == IN_CAR.unknown
    assert ACCOUNT.about(aimless, "how is the car?", EMPTY) == aimless
    order = "have it charged by 7 tomorrow"
    assert ACCOUNT.about(aimless, order, EMPTY) == aimless
    world = ACCOUNT.about(aimless, "what is the boiling point of water?", EMPTY)
    assert (world.calls, world.question) == ((), None)


def test_orders_fixed_words_and_questions_back_are_left_alone():
    call = Call("t.1", "window.set", {}, TYPED)
    for thought in (
        Thought(MessageKind.COMMAND, (call,)),
        Thought(MessageKind.CHAT, fixed="stop"),
        Thought(MessageKind.UNKNOWN),
        Thought(MessageKind.QUESTION, question=IN_CAR.unknown),
    ):
        assert ACCOUNT.about(thought, "why is the window open, did you do it?", EMPTY) == thought


@pytest.mark.parametrize("text", ["my friend told me to open the sunroof", "他刚才说打开天窗"])
def test_what_others_said_of_the_device_is_taken_as_a_remark(text: str):
    remark = ACCOUNT.about(Thought(MessageKind.CHAT), text, EMPTY)
    assert "change nothing" in told(remark).en


def test_what_is_not_about_the_device_is_left_to_a_model():
    assert ACCOUNT.about(OPEN, "why is the sky blue?", EMPTY) == OPEN


@each_row(
    ("text", "part"),
    [
        ("are you happy?", "a program"),
        ("can you park the car for me?", "no function here"),
        ("你能帮我停车吗？", "no function here"),
        ("how do I use the glove box?", "owner's manual"),
    ],
)
def test_what_nobody_here_knows_is_said_not_to_be_known(text: str, part: str):
    assert part in told(ACCOUNT.about(OPEN, text, EMPTY)).en


def test_what_is_not_available_is_not_offered():
    missing = msgspec.structs.replace(CAPABILITIES["roof.set"], available=False)
    thought = SelfAccount({"roof.set": missing}).about(OPEN, "why is the sunroof shut?", EMPTY)
    assert thought.question == IN_CAR.unknown
