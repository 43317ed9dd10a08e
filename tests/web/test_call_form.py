"""The body of a call is an offer, or a form with an offer and a session; all else is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.errors import UserError
from edgewise.web.call_form import read_call

FORM = "multipart/form-data; boundary=b"


def form(*parts: tuple[str, str]) -> bytes:
    made = "".join(
        f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n" for head, body in parts
    )
    return (made + "--b--\r\n").encode()


@pytest.mark.parametrize("kind", ["application/sdp", "Application/SDP; charset=utf-8"])
async def test_an_offer_may_come_as_it_is(kind: str):
    assert await read_call(kind, b"v=0\r\n") == ("v=0\r\n", None)


@pytest.mark.parametrize("named", ["", '; filename="x"'])
async def test_a_form_has_an_offer_and_may_have_a_session(named: str):
    offer = (f'name="sdp"{named}', "v=0\r\na=b")
    session = (f'name="session"{named}', '{"type": "realtime"}')
    assert await read_call(FORM, form(offer)) == ("v=0\r\na=b", None)
    assert await read_call(FORM, form(offer, session)) == ("v=0\r\na=b", {"type": "realtime"})


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("", b"v=0", "wrong_content_type"),
        ("application/json", b"{}", "wrong_content_type"),
        ("application/sdp", b"\xff", "invalid_sdp"),
        (FORM, form(('name="session"', "{}")), "invalid_sdp"),
        (FORM, form(('name="sdp"', "v"), ('name="session"', "[]")), "invalid_session"),
        (FORM, form(('name="sdp"', "v"), ('name="sdp"', "v")), "invalid_form"),
        (FORM, form(('name="sdp"', "v"), ('name="other"', "v")), "invalid_form"),
        (FORM, form(*[('name="sdp"', "v")] * 3), "invalid_form"),
        (FORM, b"no form at all", "invalid_form"),
        ("multipart/form-data", form(('name="sdp"', "v")), "invalid_form"),
    ],
)
async def test_what_is_none_is_refused_by_what_is_wrong(kind: str, body: bytes, code: str):
    with pytest.raises(UserError) as refused:
        await read_call(kind, body)
    assert refused.value.code == code


@given(kind=st.sampled_from([FORM, "application/sdp", "multipart/form-data"]), body=st.binary())
async def test_no_body_makes_it_fall_over(kind: str, body: bytes):
    found: Any = None
    try:
        found = await read_call(kind, body)
    except UserError:
        return
    assert isinstance(found[0], str)
