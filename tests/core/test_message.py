"""A request's text is its text parts, and nothing else of it."""

from edgewise.core.message import Approval, Proposal, Request, Speaker
from edgewise.core.part import ImagePart, TextPart

PICTURE = ImagePart("0" * 64, "image/png", 1, 1)


def test_text_parts_are_joined_and_others_are_not_text() -> None:
    request = Request((TextPart("open the"), PICTURE, TextPart("window")))
    assert request.text == "open the window"


def test_a_button_or_a_typed_call_has_no_text() -> None:
    assert Request((), approval=Approval("a", "hash", True)).text == ""
    assert Request((), proposal=Proposal("air.set", {"on": True})).text == ""


def test_who_says_nothing_about_themselves_is_the_driver_typing() -> None:
    assert (Request(()).speaker, Request(()).addressed) == (Speaker("driver", "typed"), True)
