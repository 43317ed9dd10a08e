"""A cloud's answer as the turn gets it: its words with the values put back, and how it ended.

Nothing is raised for a cloud that failed: that is how it ended. It does not know what was asked.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing

from edgewise.agent.reach import ENDED, CloudSaid
from edgewise.core.event import Attempt
from edgewise.errors import LinkError
from edgewise.route.restore import StreamRestorer
from edgewise.think.breaker import Trouble
from edgewise.think.cloud_answer import CloudAnswer
from edgewise.think.cloud_line import Attempt as Tried
from edgewise.think.cloud_wire import CloudCut, CloudText


async def restored(
    answer: CloudAnswer, values: Mapping[str, str], ended: Callable[[CloudSaid], object]
) -> AsyncGenerator[str, None]:
    """The words of `answer` as they come, with `values` put back for their stand-ins. `ended` is
    told once how it ended and what it cost; `ENDED` where it was closed or cancelled before, unless
    its last attempt had failed by then."""
    restorer = StreamRestorer(values)
    failed, began = ENDED, False
    try:
        async with aclosing(answer):
            cut = ""
            async for piece in answer:
                text = restorer.feed(piece.text) if isinstance(piece, CloudText) else ""
                cut = piece.code if isinstance(piece, CloudCut) else cut
                if text:
                    began = True
                    yield text
            if rest := restorer.finish():
                yield rest
            failed = cut
    except LinkError as error:
        failed = error.code
    finally:  # once it is closed: only then are its last attempt and what that cost known
        spent, attempts = answer.spent, _attempts(answer.attempts)
        if failed == ENDED and attempts:
            failed = _CODES.get(attempts[-1].failed, ENDED)
        ended(
            CloudSaid(
                *(attempts, spent.input_tokens, spent.output_tokens, spent.cost),
                failed,
                began=began,
            )
        )


def _attempts(attempts: Sequence[Tried]) -> tuple[Attempt, ...]:
    """The attempts as the trail keeps them, their beginnings counted from the first."""
    return tuple(
        Attempt(
            one.endpoint,
            round(one.began - attempts[0].began, 4),
            round(one.took_s, 4),
            one.trouble,
            one.status,
            one.sent_bytes,
            one.received_bytes,
        )
        for one in attempts
    )


_CODES: Mapping[str, str] = {
    Trouble.AWAY: "cloud_away",
    Trouble.BUSY: "cloud_busy",
    Trouble.SLOW: "cloud_slow",
    Trouble.BROKEN: "cloud_broken",
    Trouble.ACCOUNT: "cloud_refused",
    Trouble.REQUEST: "cloud_refused",
}
"""What a failed attempt is called, after which another was waited for."""
