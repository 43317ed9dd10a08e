"""What a step on a screen would do, from what lies under its point."""

from typing import Any

import msgspec
import pytest

from edgewise.act.classify import UNCLASSIFIED
from edgewise.act.screen import Element, Key, Point, Role, Seen
from edgewise.act.screen_step import (
    Action,
    Step,
    name_of,
    place_of,
    screen_step,
    short_name,
    step_of,
    still_there,
    touched,
)
from tests.each_row import each_row

NAME = Element("Name", (0, 100, 1000, 200), Role.FIELD)
CODE = Element("Code", (0, 300, 1000, 400), Role.FIELD, secret=True)
SEND = Element("Send", (0, 800, 400, 900), Role.BUTTON)
HELP = Element("Help", (600, 800, 1000, 900), Role.BUTTON)
PAY = Element("Pay ¥12", (0, 800, 400, 900), Role.BUTTON)
OKAY = Element("OK", (0, 800, 400, 900), Role.BUTTON)
BLANK = Element("", (0, 800, 400, 900), Role.IMAGE)
TOTAL = Element("Order total: ¥12", (0, 500, 1000, 600), Role.TEXT)


def seen(*elements: Element, headless: bool = False) -> Seen:
    return Seen("app", "Page", 720, 1280, elements, headless)


def at(element: Element, action: Action = Action.TAP, **more: Any) -> Step:
    return Step(action, element.centre.x, element.centre.y, **more)


def classes(step: Step, there: Seen) -> set[str]:
    """Of the step as it would be written, decided on `there`."""
    placed = msgspec.structs.replace(step, seen=place_of(step, there))
    return set(screen_step(msgspec.to_builtins(placed), msgspec.to_builtins(there)))


def test_a_harmless_tap_operates_an_app_and_is_seen():
    assert classes(at(HELP), seen(HELP, SEND)) == {"gui.act", "drawing"}
    assert classes(at(HELP), seen(HELP, headless=True)) == {"gui.act"}


@each_row(
    ("button", "around", "expected"),
    [
        (SEND, (), {"gui.commit"}),
        (PAY, (), {"gui.commit", "money"}),
        (OKAY, (), set()),
        (OKAY, (TOTAL,), {"gui.commit", "money"}),
        (BLANK, (TOTAL,), {"gui.commit", "money"}),
        (BLANK, (), set()),
        (HELP, (TOTAL,), set()),
    ],
)
@pytest.mark.parametrize("action", [Action.TAP, Action.LONG_PRESS])
def test_what_a_tap_does_is_in_the_words_under_it(
    action: Action, button: Element, around: tuple[Element, ...], expected: set[str]
):
    found = classes(at(button, action), seen(button, *around))
    assert found - {"gui.act", "drawing"} == expected


@each_row("words", ["Delete all messages?", "要刪除嗎？", "This can't be undone.", "Are you sure?"])
def test_a_yes_to_a_question_does_what_it_asks_about(words: str):
    question = Element(words, (0, 300, 1000, 400), Role.TEXT)
    there = seen(question, OKAY, HELP)
    assert "gui.commit" in classes(at(OKAY), there)
    assert "gui.commit" in classes(Step(Action.ENTER), there)
    assert "gui.commit" not in classes(at(HELP), there)
    assert name_of(at(OKAY), there) == f"OK ({words})"
    assert name_of(Step(Action.ENTER), there) == words


def test_a_button_that_is_a_price_buys():
    for role in (Role.BUTTON, Role.LINK):
        button = msgspec.structs.replace(OKAY, text="¥6", role=role)
        assert "money" in classes(at(button), seen(button))
    price = Element("¥6", OKAY.box, Role.TEXT)
    assert "money" not in classes(at(price), seen(price))


def test_what_may_show_anything_is_not_understood():
    blind = Element("", (0, 700, 1000, 1000), Role.OTHER)
    assert UNCLASSIFIED in classes(Step(Action.TAP, 500, 950), seen(blind, HELP))
    assert UNCLASSIFIED not in classes(at(HELP), seen(blind, HELP))
    assert UNCLASSIFIED not in classes(Step(Action.SCROLL, 500, 950, 500, 300), seen(blind))


def test_a_payment_that_only_the_title_or_the_app_tells_counts_too():
    for there in (
        msgspec.structs.replace(seen(OKAY), title="Payment"),
        msgspec.structs.replace(seen(OKAY), app="支付宝收银台"),
    ):
        assert "money" in classes(at(OKAY), there)


def test_all_that_lies_under_a_point_counts():
    cover = Element("Help", (0, 820, 300, 880), Role.BUTTON)
    assert "gui.commit" in classes(at(cover), seen(cover, SEND))


def test_where_there_is_nothing_is_not_understood():
    assert UNCLASSIFIED in classes(Step(Action.TAP, 500, 500), seen(SEND))
    assert UNCLASSIFIED in classes(Step(Action.ENTER), seen())
    assert UNCLASSIFIED in classes(Step(Action.TYPE, text="x"), seen(SEND))
    assert UNCLASSIFIED in classes(at(SEND, Action.TYPE, text="x"), seen(SEND))
    assert UNCLASSIFIED not in classes(Step(Action.SCROLL, 500, 700, 500, 300), seen(SEND))


@each_row("present", [None, {}, "page", {"app": "x"}])
def test_an_unknown_screen_is_not_understood(present: object):
    assert UNCLASSIFIED in screen_step({"action": "back", "seen": ""}, present)


def test_a_secret_field_is_left_alone():
    focused = msgspec.structs.replace(CODE, focused=True)
    assert "gui.secret" in classes(at(CODE, Action.TYPE, text="1"), seen(CODE))
    assert "gui.secret" in classes(Step(Action.TYPE, text="1"), seen(focused, NAME))
    assert "gui.secret" in classes(at(CODE, Action.LONG_PRESS), seen(CODE))
    assert "gui.secret" not in classes(at(NAME, Action.TYPE, text="1"), seen(CODE, NAME))


def test_the_keys_of_a_pad_below_a_secret_field_are_typing_into_it():
    key = Element("7", (0, 800, 300, 900), Role.BUTTON)
    assert "gui.secret" in classes(at(key), seen(CODE, key))
    assert "gui.secret" not in classes(at(key), seen(NAME, key))
    prompt = Element("Enter your PIN", (0, 0, 1000, 50), Role.TEXT)
    assert "gui.secret" in classes(at(key), seen(prompt, key))


def test_a_field_that_asks_for_a_code_is_secret_whatever_the_app_says_of_it():
    code = Element("Verification code", (0, 100, 1000, 200), Role.FIELD)
    assert "gui.secret" in classes(at(code, Action.TYPE, text="123456"), seen(code))


def test_typing_shows_a_keyboard_unless_nobody_sees_it():
    typing = at(NAME, Action.TYPE, text="Anna")
    assert classes(typing, seen(NAME, SEND)) == {"gui.act", "drawing", "screen.keyboard"}
    assert classes(typing, seen(NAME, headless=True)) == {"gui.act"}


@each_row(
    ("step", "there"),
    [
        (Step(Action.ENTER), seen(NAME, SEND)),
        (at(NAME, Action.TYPE, text="hi\n"), seen(NAME, SEND)),
    ],
)
def test_enter_is_as_dangerous_as_the_worst_button(step: Step, there: Seen):
    assert "gui.commit" in classes(step, there)
    paying = msgspec.structs.replace(there, elements=(NAME, PAY))
    assert "money" in classes(step, paying)
    about_money = msgspec.structs.replace(there, elements=(NAME, HELP, TOTAL))
    assert "money" in classes(step, about_money)


def test_enter_sends_what_is_written_though_no_button_says_so():
    """A chat's button is an icon, a form's may be out of sight."""
    message = Element("Message", NAME.box, Role.FIELD, focused=True)
    icon = Element("", (0, 800, 100, 900), Role.BUTTON)
    for step in (
        Step(Action.ENTER),
        Step(Action.TYPE, text="hi\n"),
        at(NAME, Action.TYPE, text="hi\nyou"),
        at(icon),
    ):
        assert "gui.commit" in classes(step, seen(message, icon))


def test_enter_in_a_search_sends_nothing():
    search = Element("Search: tea", NAME.box, Role.FIELD, focused=True)
    assert not {"gui.commit", "money"} & classes(Step(Action.ENTER), seen(search, HELP))
    assert "gui.commit" not in classes(Step(Action.ENTER), seen(NAME, HELP))


def test_a_swipe_over_a_slider_that_pays_pays():
    slider = Element("Slide to pay", (0, 800, 1000, 900), Role.OTHER)
    assert "money" in classes(Step(Action.SCROLL, 100, 850, 900, 850), seen(slider))
    assert "money" not in classes(Step(Action.SCROLL, 500, 700, 500, 300), seen(slider, TOTAL))


def test_a_swipe_that_stays_on_a_button_without_words_is_a_tap_there():
    assert "money" in classes(Step(Action.SCROLL, 100, 850, 200, 850), seen(BLANK, TOTAL))
    assert "money" not in classes(Step(Action.SCROLL, 100, 850, 100, 450), seen(BLANK, TOTAL))


def test_a_step_that_names_something_else_than_it_touches_does_not_hold():
    there = seen(SEND, HELP)
    step = msgspec.structs.replace(at(SEND), name="Help")
    step = msgspec.structs.replace(step, seen=place_of(step, there))
    assert not still_there(step, there)
    assert "gui.changed" in screen_step(step, there)
    right = msgspec.structs.replace(step, name=name_of(step, there))
    assert right.name == "Send"
    assert still_there(right, there)


def test_what_is_set_off_is_named_before_what_lies_on_it():
    cover = Element("Next", (100, 820, 300, 880), Role.TEXT)
    assert name_of(at(cover), seen(cover, PAY)) == "Pay ¥12"
    long = Element(f"{'Next ' * 50}(Pay now)", SEND.box, Role.BUTTON)
    assert short_name(long).endswith("(Pay now)")


def test_a_yes_holds_for_the_sum_and_the_words_that_were_there():
    for button, before, after in (
        (PAY, TOTAL, msgspec.structs.replace(TOTAL, text="Order total: ¥9999")),
        (SEND, NAME, msgspec.structs.replace(NAME, text="Name: somebody else")),
    ):
        there = seen(button, before)
        step = msgspec.structs.replace(at(button), seen=place_of(at(button), there))
        clock = Element("12:01", (0, 0, 100, 50), Role.TEXT)
        assert still_there(step, seen(button, before, clock))
        assert not still_there(step, seen(button, after))


def test_the_words_of_a_secret_field_are_no_name():
    assert name_of(at(CODE), seen(CODE)) == ""
    assert len(short_name(Element("x" * 99, (0, 0, 1, 1)))) == 60


def test_an_app_that_is_opened_may_be_a_film_unless_nobody_sees_it():
    opening = Step(Action.OPEN, app="Films")
    assert {"video", "screen.setup"} <= classes(opening, seen())
    assert "video" not in classes(opening, seen(headless=True))


@each_row(
    "value",
    [
        None, "tap", {}, {"action": "tap"}, {"action": "tap", "x": 1}, {"action": "jump"},
        {"action": "tap", "x": -1, "y": 5}, {"action": "tap", "x": 5, "y": 1001},
        {"action": "tap", "x": 5, "y": 5, "x2": 6, "y2": 6}, {"action": "tap", "x": 5.5, "y": 5},
        {"action": "tap", "x": 5, "y": 5, "force": True},
        {"action": "tap", "x": 5, "y": 5, "text": "x"}, {"action": "type", "text": ""},
        {"action": "type", "text": "a\x1bb"}, {"action": "type", "text": "x" * 4001},
        {"action": "scroll", "x": 1, "y": 1}, {"action": "open"},
        {"action": "scroll", "x": 5, "y": 5, "x2": 15, "y2": 24}, {"action": "open", "app": " "},
        {"action": "back", "x": 1, "y": 1}, {"action": "home", "app": "x"}, {"action": ["tap"]},
    ],
)  # fmt: skip
def test_a_step_that_is_not_exactly_one_is_not_understood(value: object):
    assert step_of(value) is None
    assert UNCLASSIFIED in screen_step(value, msgspec.to_builtins(seen(SEND)))
    assert not still_there(value, seen(SEND))


def test_a_step_has_its_points_and_its_key():
    swipe = step_of({"action": "scroll", "x": 1, "y": 2, "x2": 3, "y2": 40})
    assert swipe is not None
    assert (swipe.point, swipe.end, swipe.key) == (Point(1, 2), Point(3, 40), None)
    assert Step(Action.ENTER).key is Key.ENTER


def test_what_is_touched_is_under_the_points_or_has_the_focus():
    focused = msgspec.structs.replace(NAME, focused=True)
    there = seen(focused, SEND)
    assert touched(at(SEND), there) == (SEND,)
    assert touched(Step(Action.TYPE, text="x"), there) == (focused,)
    assert touched(Step(Action.BACK), there) == ()


def test_a_step_holds_only_where_the_screen_is_as_it_was_decided_on():
    there = seen(HELP, OKAY)
    tap = at(HELP)
    step = msgspec.to_builtins(msgspec.structs.replace(tap, seen=place_of(tap, there)))
    clock = Element("12:01", (0, 0, 100, 50), Role.TEXT)
    assert still_there(step, there)
    assert still_there(step, seen(HELP, OKAY, clock))
    renamed = msgspec.structs.replace(HELP, text="Send")
    for other in (
        seen(renamed, OKAY),
        seen(OKAY),
        msgspec.structs.replace(there, app="bank"),
        seen(HELP, OKAY, headless=True),
    ):
        assert not still_there(step, other)
        assert "gui.changed" in screen_step(step, msgspec.to_builtins(other))
    assert not still_there(msgspec.to_builtins(tap), there)


def test_a_screen_that_has_become_about_money_since_is_another_one_for_a_yes():
    tap = at(OKAY)
    step = msgspec.to_builtins(msgspec.structs.replace(tap, seen=place_of(tap, seen(OKAY))))
    assert still_there(step, seen(OKAY))
    assert not still_there(step, seen(OKAY, TOTAL))


@each_row("words", ["", "➤", "➜", "▶", "✈", "↑", "箭头", "Arrow", "paper plane"])
def test_a_glyph_beside_what_is_written_sends_it(words: str):
    message = Element("Message: hi", (0, 100, 800, 200), Role.FIELD)
    beside = Element(words, (850, 100, 950, 200), Role.BUTTON)
    elsewhere = Element(words, (0, 800, 100, 900), Role.BUTTON)
    search = msgspec.structs.replace(message, text="Search: tea")
    assert "gui.commit" in classes(at(beside), seen(message, beside))
    assert "gui.commit" not in classes(at(elsewhere), seen(message, elsewhere))
    assert "gui.commit" not in classes(at(beside), seen(search, beside))
    inside = msgspec.structs.replace(beside, box=(700, 120, 790, 180))
    assert "gui.commit" in classes(at(inside), seen(message, inside))
    focused = msgspec.structs.replace(message, focused=True)
    assert "gui.commit" in classes(at(elsewhere), seen(focused, elsewhere))


@each_row("words", ["Log in", "Sign in", "登录", "登入", "Continue", "→", ""])
def test_what_sends_a_secret_is_a_commit(words: str):
    button = Element(words, (0, 800, 400, 900), Role.BUTTON)
    there = seen(NAME, CODE, button, HELP)
    assert "gui.commit" in classes(at(button), there)
    assert "gui.commit" in classes(Step(Action.ENTER), there)
    assert name_of(Step(Action.ENTER), there) == words
    assert "gui.commit" not in classes(at(HELP), there)
    assert "gui.commit" not in classes(at(NAME, Action.TYPE, text="Anna"), there)
    assert "gui.commit" not in classes(at(button), seen(NAME, button))


@each_row("role", [Role.TEXT, Role.OTHER])
def test_confirm_below_a_question_about_an_account_asks(role: Role):
    question = Element("Delete your account? 删除账号？", (0, 300, 1000, 400), role)
    confirm = Element("Confirm", (0, 450, 400, 550), Role.BUTTON)
    there = seen(question, confirm)
    assert "gui.commit" in classes(at(confirm), there)
    assert name_of(at(confirm), there) == "Confirm (Delete your account? 删除账号？)"
