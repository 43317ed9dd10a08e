"""What uiautomator writes becomes elements: roles, words, secrets, boxes in thousandths."""

import time

import pytest

from edgewise.act.screen import Element, Role
from edgewise.device.screen.phone_elements import LONGEST_TEXT, MOST_FOUND, elements_of
from edgewise.errors import DeviceError
from tests.device.screen.phone import DUMP
from tests.each_row import each_row


def one(attributes: str, width: int = 1000, height: int = 1000) -> tuple[Element, ...]:
    dump = f"<hierarchy><node {attributes} /></hierarchy>"
    return elements_of(dump, width, height)[1]


def test_boxes_are_thousandths_and_what_is_off_the_screen_is_left_out():
    front, found = elements_of(DUMP, 1080, 2400)
    assert front == "com.shop"
    assert found[0] == Element("Basket", (0, 41, 1000, 83), Role.TEXT)
    assert not [e for e in found if e.text == "Below"]


def test_a_password_is_never_told():
    _, found = elements_of(DUMP, 1080, 2400)
    (secret,) = (e for e in found if e.secret)
    assert secret.text == "Password"
    assert "hunter2" not in str(found)


@each_row(
    "named",
    [
        'resource-id="com.bank:id/otp"',
        'resource-id="com.bank:id/totp"',
        'hint="验证码"',
        'content-desc="PIN"',
        'password="true"',
    ],
)
def test_a_field_for_a_code_is_secret_by_any_of_its_names(named: str):
    (found,) = one(f'class="android.widget.EditText" text="123456" bounds="[0,0][10,10]" {named}')
    assert found.secret
    assert "123456" not in found.text


def test_a_surface_that_takes_taps_is_called_as_the_texts_in_it():
    _, found = elements_of(DUMP, 1080, 2400)
    assert [e.role for e in found if e.text == "立即购买"] == [Role.BUTTON, Role.TEXT]


def inside(outer: str, *inner: str) -> tuple[Element, ...]:
    views = "".join(f'<node bounds="[0,0][10,10]" {one} />' for one in inner)
    dump = f'<hierarchy><node bounds="[0,0][90,90]" clickable="true" {outer}>{views}</node>'
    return elements_of(dump + "</hierarchy>", 100, 100)[1]


def test_what_is_written_in_a_surface_counts_beside_its_own_name():
    """A finger may meet the surface beside the text in it."""
    found = inside('class="View" content-desc="Next"', 'class="android.widget.TextView" text="Pay"')
    assert found[0].text == "Next (Pay)"


def test_a_code_in_a_surface_is_not_told_by_the_surface():
    field = 'class="android.widget.EditText" resource-id="otp" text="123456"'
    assert "123456" not in str(inside('class="View"', field))


def test_a_long_text_is_told_by_its_beginning_and_its_end():
    (found,) = one(f'class="TextView" text="{"Next " * 200}Pay now" bounds="[0,0][10,10]"')
    assert found.text.endswith("Pay now")
    assert len(found.text) <= LONGEST_TEXT


def test_more_things_than_are_told_are_refused_quickly():
    """What is left out could be the button that pays."""
    node = '<node package="p{}" class="TextView" text="x" bounds="[0,0][10,10]" />'

    def dump(number: int) -> str:
        return f"<hierarchy>{''.join(node.format(n) for n in range(number))}</hierarchy>"

    assert len(elements_of(dump(MOST_FOUND), 100, 100)[1]) == MOST_FOUND
    began = time.monotonic()
    with pytest.raises(DeviceError, match="more than"):
        elements_of(dump(20_000), 100, 100)
    assert time.monotonic() - began < 2


def test_a_view_that_shows_nothing_and_does_nothing_is_left_out():
    assert one('class="android.view.View" text="" bounds="[0,0][10,10]"') == ()
    assert one('class="android.view.View" text="x" bounds="[5,5][5,9]"') == ()
    assert one('class="android.view.View" text="x" bounds="nonsense"') == ()


@each_row("dump", ["", "ERROR", "<hierarchy>", "<!DOCTYPE x [<!ENTITY a 'b'>]><hierarchy/>"])
def test_what_is_no_dump_is_refused(dump: str):
    with pytest.raises(DeviceError) as error:
        elements_of(dump, 10, 10)
    assert error.value.code == "refused"
