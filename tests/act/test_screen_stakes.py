"""What a yes on a screen would be for."""

from edgewise.act.screen import Element, Role, Seen
from edgewise.act.screen_stakes import (
    asks_who_you_are,
    is_about_money,
    is_beside,
    is_written_in,
    question_on,
    stakes_on,
)
from tests.each_row import each_row

BOX = (0, 0, 500, 50)
CLOCK = Element("12:01", BOX, Role.TEXT)


def seen(*elements: Element, title: str = "Page") -> Seen:
    return Seen("app", title, 720, 1280, elements)


def test_the_question_is_what_asks_about_what_can_not_be_taken_back():
    asks = Element("Delete  all?", BOX, Role.TEXT)
    assert question_on(seen(CLOCK, asks)) == "Delete all?"
    assert question_on(seen(CLOCK, Element("How are you?", BOX, Role.TEXT))) == ""
    assert question_on(seen(title="确定要删除吗")) == "确定要删除吗"
    article = Element("Delete it? " * 40, BOX, Role.TEXT)
    assert question_on(seen(article)) == ""
    assert question_on(seen(Element("Delete all?", BOX, Role.BUTTON))) == ""


def test_a_yes_is_for_the_sums_and_what_is_written_and_not_for_a_clock():
    field = Element("To: mum", BOX, Role.FIELD)
    code = Element("1234", BOX, Role.FIELD, secret=True)
    total = Element("Order total: ¥12", BOX, Role.TEXT)
    before = stakes_on(seen(field, code, total, CLOCK))
    assert before == stakes_on(seen(field, total, Element("12:02", BOX, Role.TEXT)))
    for other in (
        Element("To: dad", BOX, Role.FIELD),
        Element("Order total: ¥9999", BOX, Role.TEXT),
        Element("Delete all?", BOX, Role.TEXT),
    ):
        kept = [e for e in (field, total) if e.role is not other.role or other.role is Role.TEXT]
        assert stakes_on(seen(*kept, other)) != before


@each_row(
    ("field", "expected"),
    [
        (Element("Message", BOX, Role.FIELD), True),
        (Element("", BOX, Role.FIELD), True),
        (Element("Search", BOX, Role.FIELD), False),
        (Element("PIN", BOX, Role.FIELD, secret=True), False),
        (Element("Message", BOX, Role.TEXT), False),
    ],
)
def test_enter_may_send_what_is_written_but_for_a_search_and_a_secret(
    field: Element, expected: bool
):
    assert is_written_in(field) is expected


def test_a_screen_is_about_money_by_its_app_its_title_or_its_words():
    assert is_about_money(seen(Element("Order total", BOX, Role.TEXT)))
    assert is_about_money(seen(title="Payment"))
    assert not is_about_money(seen(CLOCK))


@each_row(
    ("box", "expected"),
    [
        ((800, 100, 900, 200), True),
        ((900, 120, 980, 180), True),
        ((0, 500, 100, 600), False),
        ((0, 90, 1000, 210), False),
    ],
)
def test_what_stands_beside_a_field_is_in_its_row_and_not_around_it(
    box: tuple[int, int, int, int], expected: bool
):
    field = Element("Message", (0, 100, 950, 200), Role.FIELD)
    assert is_beside(Element("", box, Role.BUTTON), field) is expected


def test_a_screen_asks_who_you_are_by_a_field_for_a_secret():
    assert asks_who_you_are(seen(Element("", BOX, Role.FIELD, secret=True)))
    assert asks_who_you_are(seen(Element("PIN", BOX, Role.FIELD)))
    assert not asks_who_you_are(seen(Element("Your password is safe with us", BOX, Role.TEXT)))
