"""`x-edgewise-deadline-ms`: within how long a client can use the answer that it asks for.

Past it nobody reads, so the upstream is stopped, what it produced is settled, and who still waits
is told: a 504 before the first byte, an event with the error after it. The time is the client's
own, so it is sent as what is left and not as a moment: two clocks need not agree.
"""

import asyncio

from edgewise.cloud.refusal import Refused, bad_request
from edgewise.think.cloud_answer import DEADLINE

HEADER = DEADLINE
LONGEST_MS = 3_600_000
PASSED = "deadline_passed"


def until_of(given: str) -> float | None:
    """When a header's time is over, on the event loop's clock; `None` without one. Raises Refused:
    400 for what is no whole number of milliseconds, 504 when nothing is left of it."""
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 16):
        raise bad_request(f"{HEADER}: {given[:40]!r}; send the milliseconds that are left")
    left_ms = min(int(given), LONGEST_MS)
    if left_ms == 0:
        raise deadline_passed()
    return asyncio.get_running_loop().time() + left_ms / 1000


def deadline_passed() -> Refused:
    """A 504 for a request whose client has no use for an answer any more."""
    said = f"the time that {HEADER} gave is over; allow it more, or send none"
    return Refused(504, PASSED, said)
