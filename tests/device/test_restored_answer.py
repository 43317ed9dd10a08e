"""A cloud's answer comes with the values put back, and its end is told once whatever happens."""

from collections.abc import AsyncGenerator, Sequence
from typing import cast

import pytest

from edgewise.agent.reach import ENDED, CloudSaid
from edgewise.device.restored_answer import restored
from edgewise.errors import LinkError
from edgewise.think.cloud_answer import CloudAnswer
from edgewise.think.cloud_line import Attempt
from edgewise.think.cloud_wire import CloudCut, CloudText, Spent

SPENT = Spent(3, 2, 0.01)
TRIED = (
    Attempt("step", "m", "ask", 100.0, 0.5, 503, "away", 40, 0),
    Attempt("step", "m", "ask", 101.25, 0.5, 200, "", 40, 90),
)


class ScriptedAnswer:
    """Gives `pieces`, raises one that is an error."""

    def __init__(
        self,
        pieces: Sequence[CloudText | CloudCut | LinkError],
        attempts: Sequence[Attempt] = TRIED,
    ) -> None:
        self.spent, self.attempts = SPENT, attempts
        self.is_closed = False
        self._pieces = self._all(pieces)

    def __aiter__(self) -> AsyncGenerator[CloudText | CloudCut, None]:
        return self._pieces

    async def aclose(self) -> None:
        self.is_closed = True
        await self._pieces.aclose()

    async def _all(
        self, pieces: Sequence[CloudText | CloudCut | LinkError]
    ) -> AsyncGenerator[CloudText | CloudCut, None]:
        for piece in pieces:
            if isinstance(piece, LinkError):
                raise piece
            yield piece


def read(answer: ScriptedAnswer, ended: list[CloudSaid]) -> AsyncGenerator[str, None]:
    values = {"<EMAIL_7K2Q>": "li.na@example.com"}
    return restored(cast(CloudAnswer, answer), values, ended.append)


async def test_a_stand_in_that_is_cut_anywhere_is_put_back():
    ended: list[CloudSaid] = []
    answer = ScriptedAnswer([CloudText("To <EMA"), CloudText("IL_7K2Q> it goes")])
    assert "".join([p async for p in read(answer, ended)]) == "To li.na@example.com it goes"
    (said,) = ended
    assert (said.input_tokens, said.output_tokens, said.cost) == (3, 2, 0.01)
    assert (said.failed, said.began) == ("", True)
    assert [one.at_s for one in said.attempts] == [0.0, 1.25]


@pytest.mark.parametrize(
    ("last", "failed"),
    [
        (CloudCut("Half", (), "cloud_broken", SPENT), "cloud_broken"),
        (LinkError("gone", code="cloud_away"), "cloud_away"),
    ],
)
async def test_a_cloud_that_fails_raises_nothing(last: CloudCut | LinkError, failed: str):
    ended: list[CloudSaid] = []
    assert [p async for p in read(ScriptedAnswer([CloudText("Half "), last]), ended)] == ["Half "]
    assert [one.failed for one in ended] == [failed]


async def test_one_that_is_closed_before_its_end_is_ended_there_too():
    ended: list[CloudSaid] = []
    answer = ScriptedAnswer([CloudText("One "), CloudText("two")])
    pieces = read(answer, ended)
    assert await anext(pieces)
    await pieces.aclose()
    assert answer.is_closed
    assert [one.failed for one in ended] == [ENDED]


@pytest.mark.parametrize(("failed", "code"), [("away", "cloud_away"), ("left", ENDED)])
async def test_one_that_is_closed_after_a_failed_attempt_tells_that_failure(failed: str, code: str):
    ended: list[CloudSaid] = []
    tried = Attempt("step", "m", "ask", 100.0, 0.01, 0, failed, 0, 0)
    pieces = read(ScriptedAnswer([CloudText("One "), CloudText("two")], [tried]), ended)
    assert await anext(pieces)
    await pieces.aclose()
    assert [one.failed for one in ended] == [code]
