"""Questions are asked in a person's words and name what can be chosen, four things at most."""
# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.question import question_for, with_choices
from edgewise.core.call import Missing
from edgewise.core.capability import Argument, Choice, Kind
from edgewise.core.words import Words
from tests.each_row import each_row

CAPABILITIES = {c.name: c for c in builtin_catalogue().capabilities}
ANIMALS = tuple(Choice(name[0], Words(name, name.upper())) for name in ("ant", "bee", "cow"))
SIZE = Argument("size", Kind.CHOICE, Words("size", "大小"), choices=ANIMALS)


def asked(capability: str, name: str) -> Words:
    argument = CAPABILITIES[capability].argument(name)
    assert argument is not None
    return question_for(argument).question


@each_row(
    ("capability", "name", "en", "zh"),
    [
        ("message.send", "recipient", "To whom?", "请问收件人是谁？"),
        ("nav.share_location", "recipient", "To whom?", "请问发给谁？"),
        ("nav.set_destination", "place", "Where to?", "请问目的地是哪里？"),
        ("app.open", "name", "What is the app?", "请问应用是什么？"),
        ("door.lock", "locked", "Locked or unlocked?", "要上锁还是解锁？"),
        ("seat.set_heat_vent", "mode", "Heating or ventilation?", "要加热还是通风？"),
        ("drive.set_mode", "mode", "Which drive mode: normal, sport, economy, snow or another?", "要哪种驾驶模式：标准、运动、经济、雪地还是其他？"),
        ("vehicle.get_status", "topics", "What shall I look up: range, battery, charging, tyres or another?", "要哪种查询内容：续航、电量、充电、轮胎还是其他？"),
    ],
)  # fmt: skip
def test_a_question_is_what_a_person_would_ask(capability: str, name: str, en: str, zh: str):
    assert asked(capability, name) == Words(en, zh)


def test_no_question_of_the_catalogue_asks_what_is_the_whom():
    for capability in CAPABILITIES.values():
        for argument in capability.arguments:
            question = question_for(argument).question
            assert not question.en.startswith(("What is the to ", "What is the wh", "Which what"))
            assert not any(odd in question.zh for odd in ("谁是什么", "人是什么"))


def test_up_to_four_choices_are_all_named():
    question = question_for(SIZE)
    assert question.question.en == "Which size: ant, bee or cow?"
    assert question.choices == ("a", "b", "c")


def test_which_one_names_the_ones_there_are():
    asking = Words("I found 2. Which one?", "有2位，是哪一位？")
    named = with_choices(Missing("contact", asking, ("Li Na", "Li Bo")), None)
    assert named.question == Words(
        "I found 2. Which one: Li Na or Li Bo?", "有2位，是哪一位：Li Na还是Li Bo？"
    )
    assert with_choices(named, None) == named


def test_more_than_four_are_not_read_out():
    many = Missing("contact", Words("Which one?", "是哪一位？"), tuple("ABCDEF"))
    assert with_choices(many, None).question.en == "Which one: A, B, C, D or another?"


def test_values_are_named_by_their_words():
    missing = Missing("size", Words("Which?", "哪种？"), ("a", "b"))
    question = with_choices(missing, SIZE).question
    assert question == Words("Which: ant or bee?", "哪种：ANT还是BEE？")


def test_yes_and_no_to_a_machine_are_not_offered_to_a_person():
    argument = CAPABILITIES["light.interior.set"].argument("on")
    missing = Missing("on", Words("Should it be on or off?", "要打开还是关闭？"), ("true", "false"))
    assert with_choices(missing, argument).question == missing.question
