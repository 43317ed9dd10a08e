"""A caller's deadline, read from the header or the body."""

import pytest
from starlette.requests import Request

from edgewise.device.deadline import deadline_of
from edgewise.device.wire import LONGEST_DEADLINE_S, ApiError
from edgewise.think.cloud_answer import DEADLINE


def asked(header: str | None) -> Request:
    headers = [] if header is None else [(DEADLINE.encode(), header.encode("latin-1"))]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("header", "in_body_s", "deadline_s"),
    [
        (None, None, None),
        (None, 3.0, 3.0),
        ("250", None, 0.25),
        ("5000", 3.0, 3.0),
        ("2000", 3.0, 2.0),
        ("999999999999", None, LONGEST_DEADLINE_S),
    ],
)
def test_the_shorter_one_counts(
    header: str | None, in_body_s: float | None, deadline_s: float | None
):
    assert deadline_of(asked(header), in_body_s) == deadline_s


@pytest.mark.parametrize("header", ["0", "-1", "1.5", "soon", "\xb2", "9" * 16])
def test_what_is_no_number_of_milliseconds_is_refused(header: str):
    with pytest.raises(ApiError) as raised:
        deadline_of(asked(header), None)
    assert (raised.value.status, raised.value.problem.code) == (400, "invalid_field")
