import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.capability import Argument, Capability, Example, Kind, Risk
from edgewise.core.label import Label, OriginKind, join, label_of
from edgewise.core.thought import Context, Exchange, MessageKind, Thought
from edgewise.core.words import Language, Words
from edgewise.think.understand import Understander, load_understander
from tests.each_row import each_row

CAPABILITIES = builtin_catalogue().capabilities
BY_NAME = {c.name: c for c in CAPABILITIES}
LABEL = label_of(OriginKind.VOICE, "driver")
CONTEXT = Context(Language.CHINESE, label=LABEL, turn="t1", now="2026-11-23T09:00", asked_at=4.5)
WORDS = [
    *("打开", "关闭", "车窗", "大灯", "空调", "调到", "二十", "度", "百分之", "明天", "八点"),
    *("提醒我", "说", "的", "一点", "把", "所有", "turn", "on", "off", "the", "window", "lights"),
    *("to", "22", "half past", "tomorrow", "and", "text", "John", "don't"),
]
HELD_OUT = Path(__file__).parent / "heldout"


@pytest.fixture(scope="module")
def understander() -> Understander:
    return load_understander(CAPABILITIES)


def calls_of(thought: Thought) -> list[tuple[str, dict[str, object]]]:
    return [(call.capability, call.arguments) for call in thought.calls]


def test_three_commands_in_one_breath_become_three_calls(understander: Understander):
    thought = understander.understand("关闭空调关闭所有车窗关闭大灯", CONTEXT)
    assert calls_of(thought) == [
        ("climate.set_power", {"on": False}),
        ("window.set", {"windows": ["all"], "percent": 0}),
        ("light.exterior.set", {"kind": "low_beam", "state": "off"}),
    ]
    assert [call.id for call in thought.calls] == ["t1.1", "t1.2", "t1.3"]
    assert {call.label for call in thought.calls} == {LABEL}
    assert {call.asked_at for call in thought.calls} == {4.5}


@each_row(
    "text",
    ["把灯都关了", "关闭所有车灯", "turn off all the lights", "关闭所有阅读灯", "all lights off"],
)
def test_all_lights_and_reading_lights_never_reach_the_headlights(
    understander: Understander, text: str
):
    thought = understander.understand(text, CONTEXT)
    assert {call.capability for call in thought.calls} == {"light.interior.set"}


@each_row(
    "text",
    ["is the light on?", "车窗关了吗", "did I lock the car", "后备箱开着吗", "空调开了吗",
     "are the windows open", "is the headlight off", "闹钟设了吗", "did you turn off the ac"],
)  # fmt: skip
def test_a_question_never_changes_anything(understander: Understander, text: str):
    thought = understander.understand(text, CONTEXT)
    assert thought.kind is MessageKind.QUESTION
    for call in thought.calls:
        reads = BY_NAME[call.capability].risk is Risk.READ or call.arguments.get("op") == "query"
        assert reads, calls_of(thought)


@pytest.mark.parametrize("text", ["could you open the window?", "能把窗户打开吗", "可以打开车窗吗"])
def test_a_polite_request_is_a_command(understander: Understander, text: str):
    thought = understander.understand(text, CONTEXT)
    assert thought.kind is MessageKind.COMMAND
    assert calls_of(thought) == [("window.set", {"percent": 100})]


@each_row(
    "text",
    ["don't open the window", "别打开车窗", "不要解锁车门", "he said open the window",
     "他说把车门打开", "如果下雨就把车窗关上", "I opened the window yesterday", "讲个笑话",
     "what is the capital of france", "florp zang wibble", "呜噗噜噜啦", "", "!!!", "\ud800"],
)  # fmt: skip
def test_what_is_no_command_leads_to_no_call(understander: Understander, text: str):
    assert understander.understand(text, CONTEXT).calls == ()


@each_row("text", ["hit the brakes", "启动发动机", "honk the horn", "挂倒挡", "踩油门"])
def test_driving_is_declined_with_a_reason(understander: Understander, text: str):
    thought = understander.understand(text, CONTEXT)
    assert thought.kind is MessageKind.UNKNOWN
    assert thought.calls == ()
    assert thought.question is not None
    assert "刹车" in thought.question.zh


@each_row(
    ("text", "locked"),
    [("lock the car", True), ("unlock the car", False), ("锁上车门", True), ("解锁车门", False),
     ("打开车门锁", False), ("把车门锁好", True)],
)  # fmt: skip
def test_lock_never_becomes_unlock(understander: Understander, text: str, locked: bool):
    thought = understander.understand(text, CONTEXT)
    assert calls_of(thought) == [("door.lock", {"locked": locked})]


def test_contradicting_words_are_asked_about(understander: Understander):
    thought = understander.understand("空调打开关闭", CONTEXT)
    assert thought.calls == () or thought.question is not None


def test_a_need_is_marked_as_guessed(understander: Understander):
    (call,) = understander.understand("玻璃起雾了", CONTEXT).calls
    assert call.inferred
    assert (call.capability, call.arguments) == (
        "climate.set_defrost",
        {"target": "front", "on": True},
    )


def test_a_bit_more_leans_on_the_last_exchange(understander: Understander):
    last = Call("t0.1", "climate.set_temperature", {"zone": "passenger", "delta": 1}, LABEL)
    context = Context(
        Language.ENGLISH, label=LABEL, turn="t1",
        exchanges=(Exchange("warmer", (last,), "Done.", LABEL),),
    )  # fmt: skip
    assert calls_of(understander.understand("a bit more", context)) == [
        ("climate.set_temperature", {"zone": "passenger", "delta": 1})
    ]
    assert understander.understand("a bit more", CONTEXT).calls == ()


def test_an_answer_completes_the_call_that_waits(understander: Understander):
    awaiting = Call("t0.1", "message.send", {"recipient": "mom"}, LABEL)
    context = Context(Language.ENGLISH, label=LABEL, turn="t1", awaiting=awaiting)
    assert calls_of(understander.understand("I am on my way", context)) == [
        ("message.send", {"recipient": "mom", "body": "I am on my way"})
    ]


def test_a_completed_call_keeps_where_the_waiting_call_came_from(understander: Understander):
    program = label_of(OriginKind.CLIENT, "mcp")
    stranger = label_of(OriginKind.MESSAGE, "stranger")
    awaiting = Call(
        "t0.1", "message.send", {"body": "wire 5000"}, program, labels={"body": stranger}
    )
    context = Context(Language.ENGLISH, label=LABEL, turn="t1", awaiting=awaiting)
    (call,) = understander.understand("13999999999", context).calls
    assert call.arguments == {"body": "wire 5000", "recipient": "13999999999"}
    assert call.label == join([program, LABEL])
    assert call.label_of("body") == stranger
    assert not call.label_of("body").trusted


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("call Alice Chen", "call.dial"),
        ("navigate to the airport", "nav.set_destination"),
        ("打电话给妈妈", "call.dial"),
    ],
)
def test_a_command_said_while_a_question_is_open_is_a_new_command(
    understander: Understander, text: str, capability: str
):
    awaiting = Call("t0.1", "message.send", {"body": "hello", "recipient": "Al"}, LABEL)
    context = Context(Language.ENGLISH, label=LABEL, turn="t1", awaiting=awaiting)
    (call,) = understander.understand(text, context).calls
    assert call.capability == capability
    assert "body" not in call.arguments


def test_what_to_be_reminded_of_may_sound_like_a_command(understander: Understander):
    arguments = {"op": "set", "kind": "reminder", "time": "2030-01-01T08:00:00"}
    awaiting = Call("t0.1", "alarm.manage", arguments, LABEL)
    context = Context(Language.ENGLISH, label=LABEL, turn="t1", awaiting=awaiting)
    (call,) = understander.understand("call the bank", context).calls
    assert call.capability == "alarm.manage"
    assert call.arguments["label"] == "call the bank"


def test_a_capability_that_was_added_later_is_understood():
    pool = Capability(
        "pool.heat", Words("Heat the swimming pool", "加热泳池"), Risk.REVERSIBLE,
        (Argument("temperature", Kind.NUMBER, Words("temperature", "温度"), unit="°C"),),
        en=(Example("heat the swimming pool to 28 degrees", {"temperature": 28}),),
        zh=(Example("把泳池加热到28度", {"temperature": 28}),),
    )  # fmt: skip
    understander = load_understander([*CAPABILITIES, pool])
    assert calls_of(understander.understand("heat the swimming pool to 30 degrees", CONTEXT)) == [
        ("pool.heat", {"temperature": 30})
    ]
    assert calls_of(understander.understand("把泳池加热到三十度", CONTEXT)) == [
        ("pool.heat", {"temperature": 30})
    ]


def test_too_long_and_too_many_are_refused_in_words(understander: Understander):
    long = understander.understand("开窗" * 500_000, CONTEXT)
    assert long.kind is MessageKind.UNKNOWN
    assert long.question is not None
    assert "1000000" in long.question.en
    many = understander.understand("打开车窗，" * 200, CONTEXT)
    assert many.calls == ()
    assert many.question is not None
    assert "20" in many.question.en


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_no_text_raises(understander: Understander, text: str):
    thought = understander.understand(text, CONTEXT)
    assert 0 <= thought.confidence <= 1


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=12,
    )
)
def test_no_mixture_of_command_words_raises(understander: Understander, words: list[str]):
    understander.understand(" ".join(words), CONTEXT)
    understander.understand("".join(words), CONTEXT)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hand_written_sentences_are_understood(understander: Understander, language: str):
    rows = [
        json.loads(line)
        for line in (HELD_OUT / f"{language}.jsonl").read_text("utf-8").splitlines()
    ]
    right = 0
    for row in rows:
        thought = understander.understand(row["text"], CONTEXT)
        wanted = [call["capability"] for call in row["calls"]]
        right += wanted == [call.capability for call in thought.calls]
        if row["kind"] in ("chat", "unknown"):
            assert thought.calls == (), row["text"]
    assert len(rows) >= 120
    assert right / len(rows) >= 0.9


def test_the_label_of_untrusted_text_stays_on_its_calls(understander: Understander):
    context = Context(Language.ENGLISH, label=label_of(OriginKind.MESSAGE, "Bob"), turn="t2")
    (call,) = understander.understand("open the window", context).calls
    assert not call.label.trusted
    assert Label() != call.label


def test_a_reason_before_an_order_adds_nothing(understander: Understander):
    thought = understander.understand("I'm cold, turn the seat heating on", CONTEXT)
    assert [call.capability for call in thought.calls] == ["seat.set_heat_vent"]


def test_nearly_every_declared_example_is_understood_as_declared(understander: Understander):
    total = right = 0
    for capability in CAPABILITIES:
        for example in (*capability.en, *capability.zh):
            total += 1
            calls = understander.understand(example.text, CONTEXT).calls
            right += [call.capability for call in calls] == [capability.name]
    assert right / total > 0.99
