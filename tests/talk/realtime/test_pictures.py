"""Pictures are kept by their hash, within bounds, and nothing is fetched for them."""

import base64

import pytest

from edgewise.talk.realtime.pictures import MOST_BYTES, PICTURE_BYTES, Pictures
from edgewise.talk.realtime.problem import Problem


def address(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def test_a_picture_is_found_again_as_it_came():
    pictures = Pictures()
    part = pictures.keep(address(b"one"), "p")
    assert pictures.find(part.sha256) == b"one"
    assert pictures.address_of(part) == address(b"one")
    assert pictures.find("0" * 64) is None


def test_the_oldest_go_when_there_are_too_many():
    pictures = Pictures()
    size = PICTURE_BYTES
    parts = [
        pictures.keep(address(bytes([number]) * size), "p")
        for number in range(MOST_BYTES // size + 1)
    ]
    assert pictures.address_of(parts[0]) == ""
    assert all(pictures.find(part.sha256) for part in parts[1:])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("https://example.org/cat.png", "unsupported_value"),
        ("file:///etc/passwd", "unsupported_value"),
        ("data:image/png,raw", "unsupported_value"),
        ("data:image/svg+xml;base64,AAAA", "invalid_value"),
        ("data:image/png;base64,!!!", "invalid_value"),
        ("data:image/png;base64,", "picture_too_large"),
        (address(b"x" * (PICTURE_BYTES + 1)), "picture_too_large"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(given: str, code: str):
    with pytest.raises(Problem) as refused:
        Pictures().keep(given, "image_url")
    assert refused.value.code == code


def test_where_nobody_can_look_at_pictures_the_reason_is_told():
    with pytest.raises(Problem, match="send words") as refused:
        Pictures("nobody looks here; send words").keep(address(b"one"), "image_url")
    assert refused.value.code == "unsupported_value"
