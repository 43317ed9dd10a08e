"""What a person means on a screen, and the one step that comes of it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgewise.act.catalogue import builtin_catalogue, gui
from edgewise.act.catalogue.screen_target import fields_meant, key_meant, meant
from edgewise.act.function import Catalogue
from edgewise.act.gui_words import arguments_of, read_line
from edgewise.act.resolve import resolve
from edgewise.act.screen import SCREEN, Element, Key, Role, Seen
from edgewise.act.screen_step import Action, Step, step_of, still_there
from edgewise.core.call import Call, Impossible, Missing, Resolved
from edgewise.core.label import OWNER, OriginKind, label_of
from edgewise.core.signal import snapshot_of
from tests.each_row import each_row

CATALOGUE = builtin_catalogue(screen=True)


def box(row: int, column: int = 0) -> tuple[int, int, int, int]:
    """Ten rows of two columns."""
    return (column * 500, row * 100, column * 500 + 450, row * 100 + 80)


LOGIN = Element("Log in", box(8), Role.BUTTON)
LABEL = Element("Log in", (50, 820, 200, 860), Role.TEXT)
SEARCH = Element("Search", box(0), Role.FIELD)
NAME_TEXT = Element("User name", box(2), Role.TEXT)
NAME = Element("", box(2, 1), Role.FIELD)
CODE = Element("Password", box(4), Role.FIELD, secret=True)
ADD_ONE = Element("Add", box(6), Role.BUTTON)
ADD_TWO = Element("Add", box(7), Role.BUTTON)
TEA = Element("Add green tea", box(5), Role.BUTTON)
BACK = Element("Back", box(9), Role.BUTTON)


def seen(*elements: Element, app: str = "Shop", title: str = "Cart") -> Seen:
    return Seen(app, title, 720, 1280, elements)


PAGE = seen(LOGIN, LABEL, SEARCH, NAME_TEXT, NAME, CODE)


def result(there: Seen | None, clause: str = "", language: str = "en", **arguments: Any) -> Any:
    state = {"session.language": language}
    state |= {} if there is None else {SCREEN: msgspec.to_builtins(there)}
    name = "gui.act" if arguments else "gui.observe"
    call = Call("t.1", name, arguments, label_of(OriginKind.VOICE, "driver"), clause=clause)
    return resolve(call, CATALOGUE, snapshot_of(state))


def step(there: Seen, clause: str = "", **arguments: Any) -> Step:
    resolution = result(there, clause, **arguments)
    assert isinstance(resolution, Resolved), resolution
    (effect,) = resolution.effects
    assert effect.target == SCREEN
    found = step_of(effect.value)
    assert found is not None
    assert still_there(effect.value, there)
    return found


def touched(there: Seen, target: str, action: str = "tap") -> tuple[int | None, int | None]:
    found = step(there, action=action, target=target)
    assert found.action is Action(action)
    return found.x, found.y


def at(element: Element) -> tuple[int, int]:
    return element.centre.x, element.centre.y


def test_a_step_that_was_decided_on_another_screen_is_not_done():
    shop, x_y = seen(TEA, SEARCH), f"{TEA.centre.x},{TEA.centre.y}"
    tap = {"action": "tap", "point": x_y}
    decided = step(shop, **tap).seen
    assert step(shop, **tap, seen=decided).seen == decided
    elsewhere = seen(TEA, replace(SEARCH, text="Find"))
    assert step(elsewhere, **tap, seen=decided).seen == decided
    for there in (seen(replace(TEA, text="Delete"), SEARCH), seen(TEA, SEARCH, app="Bank")):
        found = result(there, **tap, seen=decided)
        assert isinstance(found, Impossible)
        assert found.code == "screen_changed"
    assert isinstance(result(shop, **tap, seen="nowhere"), Impossible)


def test_a_device_without_a_screen_says_how_to_set_one_up():
    plain = builtin_catalogue()
    for name in ("gui.observe", "gui.act"):
        function = plain.get(name)
        assert function is not None
        assert not function.capability.available
        call = Call("t.1", name, {}, label_of(OriginKind.VOICE))
        resolution = resolve(call, Catalogue([function]), snapshot_of({}))
        assert isinstance(resolution, Impossible)
        for text in (resolution.words.en, resolution.words.zh):
            assert "[screen]" in text
            assert "docs/guide/screens.md" in text


@each_row("arguments", [{}, {"action": "tap", "target": "OK"}])
@each_row("there", [None, {"app": "x"}])
def test_a_screen_that_is_away_is_said_to_be(there: Any, arguments: dict[str, Any]):
    state = {} if there is None else {SCREEN: there}
    name = "gui.act" if arguments else "gui.observe"
    call = Call("t.1", name, arguments, label_of(OriginKind.VOICE))
    resolution = resolve(call, CATALOGUE, snapshot_of(state))
    assert isinstance(resolution, Impossible)
    assert resolution.code == "no_screen"


def test_what_is_on_the_screen_is_told_in_reading_order_as_the_apps_words():
    resolution = result(PAGE)
    assert isinstance(resolution, Resolved)
    assert resolution.effects == ()
    assert resolution.data["said"] == (
        "Shop, “Cart”: Search; User name; a field for a secret; Log in."
    )
    zh = result(seen(LOGIN, CODE), language="zh").data["said"]
    assert zh == "Shop“Cart”：保密输入框；Log in。"
    twice = result(seen(ADD_ONE, ADD_TWO)).data["said"]
    assert twice == "Shop, “Cart”: Add; Add."
    assert resolution.label == label_of(OriginKind.APP, "Shop", readers=OWNER)
    assert not resolution.label.trusted


def test_a_secret_field_is_told_neither_to_a_person_nor_to_a_program():
    typed = msgspec.structs.replace(CODE, text="hunter2")
    data = result(seen(typed, LOGIN)).data
    assert "hunter2" not in str(data)
    assert [row["secret"] for row in data["elements"]] == [True, False]


def test_a_long_screen_is_told_in_part():
    many = [Element(f"line {n} " + "x" * 60, (0, n, 1000, n + 1), Role.TEXT) for n in range(100)]
    said = result(seen(*many)).data["said"]
    assert len(said) < 500
    assert "and 95 more" in said
    assert result(seen()).data["said"] == "Shop, “Cart” shows no words."


@each_row(
    ("words", "element"),
    [
        ("login button", LOGIN),
        ("the Log In button", LOGIN),
        ("log in", LOGIN),
        ("sign in", LOGIN),
        ("登录按钮", LOGIN),
        ("登录", LOGIN),
        ("the search box", SEARCH),
        ("搜索框", SEARCH),
        ("user name", NAME_TEXT),
    ],
)
@pytest.mark.parametrize("action", ["tap", "long_press"])
def test_an_element_is_found_by_its_words_and_its_role(action: str, words: str, element: Element):
    assert touched(PAGE, words, action) == at(element)


def test_the_words_that_say_more_win_and_whole_words_count():
    there = seen(ADD_ONE, TEA, Element("Address", box(3), Role.BUTTON))
    assert touched(there, "add") == at(ADD_ONE)
    assert touched(there, "green tea") == at(TEA)
    assert meant(there, "addr") == []


def test_a_role_alone_is_enough_where_there_is_one_of_it():
    assert touched(seen(LOGIN, NAME_TEXT), "the button") == at(LOGIN)
    assert fields_meant(seen(LOGIN, SEARCH), "输入框") == [SEARCH]


def test_several_of_one_name_are_asked_about_and_counted():
    there = seen(ADD_TWO, ADD_ONE)
    for words, choices, answer in (
        ("the Add button", ("first add button", "second add button"), "second add button"),
        ("添加", ("第一个添加", "第二个添加"), "第二个添加"),
    ):
        asked = result(there, action="tap", target=words)
        assert isinstance(asked, Missing)
        assert (asked.argument, asked.choices) == ("target", choices)
        assert touched(there, answer) == at(ADD_TWO)
    assert touched(there, "the last Add") == at(ADD_TWO)
    assert isinstance(result(there, action="tap", target="third add"), Impossible)


def test_a_mere_number_is_no_name():
    assert isinstance(result(seen(ADD_ONE, LOGIN), action="tap", target="second"), Impossible)


def test_several_of_different_names_are_named():
    there = seen(TEA, Element("Add black tea", box(6), Role.BUTTON))
    asked = result(there, action="tap", target="tea")
    assert isinstance(asked, Missing)
    assert asked.choices == ("Add green tea", "Add black tea")


def test_what_is_not_there_is_said_with_what_is():
    resolution = result(PAGE, action="tap", target="checkout")
    assert isinstance(resolution, Impossible)
    assert resolution.code == "not_on_screen"
    assert "Search, Log in" in resolution.words.en
    assert "Search、Log in" in resolution.words.zh


@each_row(
    ("words", "key"),
    [
        ("back button", Action.BACK),
        ("返回键", Action.BACK),
        ("home", Action.HOME),
        ("主页键", Action.HOME),
        ("enter", Action.ENTER),
        ("回车键", Action.ENTER),
    ],
)
def test_keys_are_pressed_where_the_screen_has_nothing_of_that_name(words: str, key: Action):
    there = seen(LOGIN, Element("Back to school", box(1), Role.LINK))
    assert step(there, action="tap", target=words).action is key


def test_a_button_of_a_keys_name_is_meant_rather_than_the_key():
    for words in ("back button", "返回键", "back"):
        assert touched(seen(BACK, LOGIN), words) == at(BACK)
    assert step(seen(BACK), action="back", target="back").action is Action.TAP
    assert step(seen(BACK), action="back").action is Action.BACK
    assert key_meant("login") is None
    assert key_meant("home button") is Key.HOME


def test_a_text_goes_to_the_field_that_is_named_by_its_words_or_a_text_beside_it():
    for words, field in (("search box", SEARCH), ("user name", NAME), ("用户名里", NAME)):
        found = step(PAGE, action="type", target=words, text="Anna")
        assert (found.action, found.text) == (Action.TYPE, "Anna")
        assert (found.x, found.y) == at(field)


def test_without_a_name_a_text_goes_to_the_focus_or_the_only_search_box_or_is_asked_about():
    focused = msgspec.structs.replace(SEARCH, focused=True)
    found = step(seen(focused, NAME), action="type", text="x")
    assert (found.x, found.text) == (None, "x")
    found = step(seen(SEARCH, CODE), action="type", text="x")
    assert (found.x, found.y) == at(SEARCH)
    asked = result(seen(SEARCH, NAME), action="type", text="x")
    assert isinstance(asked, Missing)
    assert asked.choices == ("first field", "second field")
    assert isinstance(result(seen(LOGIN), action="type", text="x"), Impossible)
    assert isinstance(result(seen(LOGIN), action="type", text="x", target="log in"), Impossible)


def test_a_text_without_a_name_does_not_go_to_the_one_field_that_is_no_search_box():
    """ "Type hunter2" after the password field was refused once wrote it into the user name."""
    name = Element("User name", box(2), Role.FIELD)
    asked = result(seen(name, CODE), action="type", text="hunter2")
    assert isinstance(asked, Missing)
    assert (asked.argument, asked.choices) == ("target", ("User name",))
    assert step(seen(name, CODE), action="type", text="x", target="User name").point == name.centre


def test_a_field_is_cleared_by_its_name_or_where_the_focus_is():
    other = Element("Note: tea", box(1), Role.FIELD)
    focused = msgspec.structs.replace(other, focused=True)
    assert touched(seen(SEARCH, other), "note", "clear") == at(other)
    for words in ("", "field", "输入框"):
        found = step(seen(SEARCH, focused), action="clear", target=words)
        assert (found.action, found.point, found.name) == (Action.CLEAR, None, "Note: tea")
        assert touched(seen(other, LOGIN), words, "clear") == at(other)
        assert isinstance(result(seen(SEARCH, other), action="clear", target=words), Missing)
    assert isinstance(result(seen(LOGIN), action="clear"), Impossible)


@each_row(
    ("arguments", "argument"),
    [({"action": "type", "target": "search"}, "text"), ({"action": "tap"}, "target"),
     ({"action": "open"}, "target"), ({"target": "OK"}, "action")],
)  # fmt: skip
def test_what_lacks_is_asked_for(arguments: dict[str, Any], argument: str):
    resolution = result(PAGE, **arguments)
    assert isinstance(resolution, Missing)
    assert resolution.argument == argument


@each_row(
    ("target", "clause", "finger"),
    [
        ("down", "scroll down the page", "up"),
        ("up", "scroll up", "down"),
        ("下", "页面往下滑", "up"),
        ("上", "往上翻", "down"),
        ("down", "", "up"),
        ("up", "swipe up", "up"),
        ("上", "向上滑动", "up"),
        ("left", "swipe left", "left"),
        ("right", "scroll right", "left"),
        ("bottom of the list", "scroll to the bottom of the list", "up"),
    ],
)
def test_a_scroll_goes_where_one_wants_to_look_and_a_swipe_where_the_finger_goes(
    target: str, clause: str, finger: str
):
    found = step(PAGE, clause, action="scroll", target=target)
    assert found.point is not None
    assert found.end is not None
    dx, dy = found.end.x - found.point.x, found.end.y - found.point.y
    went = ("left" if dx < 0 else "right") if dx else ("up" if dy < 0 else "down")
    assert went == finger
    assert abs(dx) + abs(dy) >= 300


def test_a_scroll_begins_beside_what_would_set_something_off():
    buy = Element("Buy", (400, 600, 600, 800), Role.BUTTON)
    found = step(seen(buy), action="scroll", target="down")
    assert found.point is not None
    assert not buy.covers(found.point)


def test_points_are_for_programs_and_wrong_ones_are_named():
    found = step(PAGE, action="tap", point="225,840")
    assert (found.x, found.y, found.name) == (225, 840, "Log in")
    swipe = step(PAGE, action="scroll", point="1,2", point2="3 40")
    assert (swipe.x, swipe.y, swipe.x2, swipe.y2) == (1, 2, 3, 40)
    still = result(PAGE, action="scroll", point="500,500", point2="505,505")
    assert isinstance(still, Impossible)
    assert still.code == "wrong_point"
    wrong = result(PAGE, action="tap", point="1200,5")
    assert isinstance(wrong, Impossible)
    assert "point: '1200,5' is no point" in wrong.words.en


def test_the_line_of_a_model_becomes_the_arguments_of_a_call():
    line = read_line("<THINK>x</THINK>\nexplain:y\taction:CLICK\tpoint:225,840\tsummary:z")
    (said,) = line.steps
    found = step(PAGE, **arguments_of(said))
    assert (found.action, found.x, found.y) == (Action.TAP, 225, 840)


def test_the_step_names_what_it_touches_for_the_question():
    assert step(PAGE, action="tap", target="login button").name == "Log in"
    assert step(seen(CODE), action="tap", target="password").name == ""
    pay = Element("Pay ¥12", box(3), Role.BUTTON)
    assert step(seen(SEARCH, pay), action="enter").name == "Pay ¥12"


def test_a_text_with_control_characters_is_not_typed():
    resolution = result(PAGE, action="type", target="search", text="a\x1b[2Jb")
    assert isinstance(resolution, Impossible)
    assert resolution.code == "not_typed"


def test_two_steps_said_in_one_are_not_half_done():
    resolution = result(PAGE, action="enter", text="hello and press enter")
    assert isinstance(resolution, Impossible)
    assert resolution.code == "one_step"


def test_an_app_is_opened_by_its_name():
    found = step(PAGE, action="open", target="微信")
    assert (found.action, found.app) == (Action.OPEN, "微信")


def test_what_was_done_is_told_in_both_languages():
    resolution = result(PAGE, action="tap", target="login")
    assert [note.words for note in resolution.notes] == [
        msgspec.structs.replace(gui.NO_SCREEN, en="I tapped “Log in”", zh="已点击“Log in”")
    ]
    for action in Action:
        assert set(msgspec.to_builtins(gui._DID[action])) == {"en", "zh"}  # pyright: ignore


ANYWHERE = st.integers(-50, 1200)
ANYTHING = st.sampled_from(
    ["", "the", "button", "first", "second add", "back", "返回键", "Add", "搜索框", "框", "of",
     "500,500", "1,2", "9999,1", "down", "上"]
) | st.text(max_size=12)  # fmt: skip
SCREENS = st.builds(
    Seen, ANYTHING, ANYTHING, st.just(1), st.just(1),
    st.lists(
        st.builds(Element, ANYTHING, st.tuples(*[ANYWHERE] * 4), st.sampled_from(Role),
                  st.booleans(), st.booleans()),
        max_size=5,
    ).map(tuple),
)  # fmt: skip


@given(SCREENS, st.sampled_from(Action), ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_any_words_on_any_screen_come_to_a_step_that_holds_there_a_question_or_a_reason(
    there: Seen, action: Action, target: str, text: str, point: str, point2: str
):
    said = {"action": action.value, "target": target, "text": text, "point": point}
    resolution = result(there, target, point2=point2, **said)
    if isinstance(resolution, Resolved):
        (effect,) = resolution.effects
        assert step_of(effect.value) is not None
        assert still_there(effect.value, there)
    assert isinstance(result(there), Resolved)
