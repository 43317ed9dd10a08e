"""Whom a message goes to is told as the screen says it, and is part of what a yes is for."""

from edgewise.act.screen import Element, Role, Seen
from edgewise.act.screen_recipient import to_whom
from edgewise.act.screen_stakes import stakes_on
from tests.each_row import each_row

MESSAGE = Element("Message", (0, 900, 900, 1000), Role.FIELD)
SEARCH = Element("Search", (0, 900, 900, 1000), Role.FIELD)
BACK = Element("Back", (0, 0, 100, 60), Role.BUTTON)
ANNA = Element("Anna", (100, 0, 900, 60), Role.TEXT)
CLOCK = Element("12:01", (0, 0, 100, 20), Role.TEXT)


def seen(*elements: Element, title: str = "") -> Seen:
    return Seen("chat", title, 720, 1280, elements)


def line(text: str, role: Role = Role.TEXT, x: int = 0) -> Element:
    return Element(text, (x, 300, x + 100, 340), role)


def heading(text: str, y: int, x: int = 0) -> Element:
    return Element(text, (x, y, x + 40, y + 30), Role.TEXT, heading=True)


@each_row(
    ("there", "expected"),
    [
        (seen(MESSAGE, BACK, ANNA, CLOCK), "Anna"),
        (seen(MESSAGE, Element("Anna", (100, 0, 900, 60), Role.BUTTON), BACK), "Anna"),
        (seen(MESSAGE, title="(3) Anna"), "Anna"),
        (
            seen(heading("Neighbours", 20), heading("Chat with Mika", 800), MESSAGE),
            "Chat with Mika",
        ),
        (seen(heading("Mika", 20), heading("Adverts", 700, x=950), MESSAGE), "Mika"),
        (seen(heading("Mika", 20), heading("Next page", 1010), MESSAGE), "Mika"),
        (seen(heading("Mika", 20), heading("Search", 800), MESSAGE), "Mika"),
        (seen(MESSAGE, title="chat"), ""),
        (seen(MESSAGE, ANNA, line("To: Tom", Role.FIELD)), "To: Tom"),
        (seen(MESSAGE, line("收件人：张三")), "收件人：张三"),
        (seen(line("To"), line("Tom", Role.BUTTON, 120), line("Clara", Role.TEXT, 240)), "Tom"),
        (seen(MESSAGE, line("Anna was here", Role.TEXT)), ""),
        (seen(ANNA), ""),
        (seen(ANNA, SEARCH), ""),
        (seen(ANNA, MESSAGE, Element("PIN", (0, 400, 10, 410), Role.FIELD)), ""),
    ],
)
def test_the_recipient_is_the_line_for_it_or_the_heading_over_what_is_written(
    there: Seen, expected: str
):
    assert to_whom(there) == expected


def test_a_yes_is_for_one_recipient_whatever_a_clock_does():
    before = stakes_on(seen(MESSAGE, ANNA, CLOCK))
    later = Element("12:02", CLOCK.box, Role.TEXT)
    tom = Element("Tom", ANNA.box, Role.TEXT)
    assert stakes_on(seen(MESSAGE, ANNA, later)) == before
    assert stakes_on(seen(MESSAGE, tom, CLOCK)) != before
