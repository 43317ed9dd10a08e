"""Within how long a caller of the device API wants its answer, from the body or the header."""

from starlette.requests import Request

from edgewise.device.wire import LONGEST_DEADLINE_S, ApiError
from edgewise.think.cloud_answer import DEADLINE


def deadline_of(request: Request, in_body_s: float | None) -> float | None:
    """The shorter of what the header and the body say, seconds; `None` where neither does. Raises
    ApiError (400) for a header that is no whole number of milliseconds above 0."""
    given = request.headers.get(DEADLINE, "")
    if not given:
        return in_body_s
    most_ms = int(LONGEST_DEADLINE_S * 1000)
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0
    if number <= 0:
        raise ApiError(
            400,
            "invalid_field",
            f"{DEADLINE}: it is {given[:40]!r}",
            f"send a whole number of milliseconds, 1 to {most_ms}",
        )
    in_header_s = min(number, most_ms) / 1000
    return in_header_s if in_body_s is None else min(in_header_s, in_body_s)
