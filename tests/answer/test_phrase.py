"""Phrases say the values that were read back, and nothing when they have none."""

from msgspec import structs

from edgewise.act.catalogue import builtin_catalogue
from edgewise.answer.phrase import intended, joined, phrase, said_duration, said_value, written
from edgewise.core.call import Call, Effect, Note, Result, Status
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.label import Label
from edgewise.core.words import Language, Words
from tests.each_row import each_row

EN, ZH = Language.ENGLISH, Language.CHINESE
ZONE = Argument("zone", Kind.ZONE, Words("zone", "位置"))
PERCENT = Argument("percent", Kind.INTEGER, Words("opening", "开度"), unit="%")
MODE = Argument(
    "mode", Kind.CHOICE, Words("mode", "模式"), choices=(Choice("eco", Words("eco", "节能")),)
)
CAPABILITY = Capability(
    "window.set",
    Words("set a window", "调节车窗"),
    Risk.DISRUPTIVE,
    (ZONE, PERCENT, MODE),
    done=Words("The {zone} window is at {percent}", "{zone}车窗开到{percent}"),
    tells=Words("It is at {data.percent}", "开度是{data.percent}"),
)
CALL = Call("t.1", "window.set", {"zone": "driver", "percent": 50}, Label())


def done(**fields: object) -> Result:
    return Result("t.1", "window.set", Status.DONE, **fields)  # type: ignore[arg-type]


def test_a_success_is_said_by_its_template() -> None:
    assert phrase(done(), CALL, CAPABILITY, EN) == "The driver's window is at 50%."
    assert phrase(done(), CALL, CAPABILITY, ZH) == "主驾车窗开到50%。"


def test_a_read_is_said_from_its_data() -> None:
    assert phrase(done(data={"percent": 30}), CALL, CAPABILITY, EN) == "It is at 30%."


def test_a_place_without_a_value_is_not_guessed() -> None:
    call = Call("t.1", "window.set", {"zone": "driver"}, Label())
    assert phrase(done(), call, CAPABILITY, EN) == "Done: set a window."


def test_a_note_follows_the_success() -> None:
    note = Note(Words("It was clamped", "已限幅"), 12)
    assert phrase(done(notes=(note,)), CALL, CAPABILITY, EN).endswith("50%. It was clamped.")


def test_a_failure_never_uses_the_words_of_success() -> None:
    failed = Result("t.1", "window.set", Status.FAILED, words=Words("no answer", "没有响应"))
    said = phrase(failed, CALL, CAPABILITY, EN)
    assert said == ("That did not work: set a window (zone: driver's, opening: 50%); no answer")


def test_a_question_before_shows_the_exact_values() -> None:
    assert intended(CALL, CAPABILITY, ZH) == "调节车窗（位置：主驾，开度：50%）"


@each_row(
    ("argument", "value", "en", "zh"),
    [
        (None, True, "on", "开"),
        (MODE, "eco", "eco", "节能"),
        (PERCENT, 12.0, "12%", "12%"),
        (None, ["a", "b"], "a, b", "a、b"),
        (ZONE, "row2_left", "rear left", "左后"),
    ],
)
def test_values_are_said_as_people_say_them(
    argument: Argument | None, value: object, en: str, zh: str
) -> None:
    assert (said_value(argument, value, EN), said_value(argument, value, ZH)) == (en, zh)


def test_durations_are_said_in_their_parts() -> None:
    assert said_duration(3_725, EN) == "1 h 2 min 5 s"
    assert said_duration(600, ZH) == "10分钟"
    assert said_duration(0, EN) == "0 s"


def test_sentences_are_joined_with_their_marks() -> None:
    assert joined(["one", "", "two!"], EN) == "one. two!"
    assert joined(["tap “Post (Mika)”", "say “go.”", "two (2)"], EN) == (
        "tap “Post (Mika)”. say “go.” two (2)"
    )


def test_a_question_before_names_the_number_behind_a_name() -> None:
    call = Call("t.1", "message.send", {"recipient": "Alice", "body": "hi"}, Label())
    row = {"recipient": "Alice", "number": "+1202", "body": "hi", "status": "new"}
    assert written(call, (Effect("phone.messages.t.1", row),), EN) == "+1202"


def test_an_undo_tells_what_it_puts_back() -> None:
    call = Call("t.1", "dialog.control", {"action": "undo"}, Label())
    effect = Effect("Vehicle.Body.Trunk.Rear.IsOpen", False)
    assert written(call, (effect,), EN) == "trunk closed"


@each_row(
    ("name", "arguments", "en", "zh"),
    [
        ("trunk.set", {"which": "rear", "open": True}, "open the trunk", "打开后备箱"),
        ("trunk.set", {"which": "rear", "open": False}, "close the trunk", "关闭后备箱"),
        (
            "trunk.set",
            {"which": "front", "open": True},
            "open the trunk (trunk: front trunk)",
            "打开后备箱（后备箱：前备箱）",
        ),
        (
            "door.lock",
            {"doors": ["driver"], "locked": False},
            "unlock doors (door: driver's)",
            "车门解锁（车门：主驾）",
        ),
        ("climate.set_power", {"on": False}, "switch the air conditioning off", "关闭空调"),
    ],
)
def test_a_question_before_says_which_way(
    name: str, arguments: dict[str, object], en: str, zh: str
) -> None:
    function = builtin_catalogue().get(name)
    assert function is not None
    call = Call("t.1", name, arguments, Label())
    assert intended(call, function.capability, EN) == en
    assert intended(call, function.capability, ZH) == zh


def test_a_choice_stands_for_the_name_only_where_the_house_declared_it() -> None:
    """A voice device's own schema may offer any words: alone they would be the whole question."""
    choice = Choice("hot", Words("hot", "热"))
    mode = Argument("mode", Kind.CHOICE, Words("mode", "模式"), choices=(choice,))
    kettle = Capability("board.k", Words("kettle mode", "水壶模式"), Risk.DISRUPTIVE, (mode,))
    call = Call("t.1", "board.k", {"mode": "hot"}, Label())
    assert intended(call, kettle, EN) == "hot"
    foreign = structs.replace(kettle, provider="board")
    assert intended(call, foreign, EN) == "kettle mode (mode: hot)"
