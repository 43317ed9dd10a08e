"""A request whose client goes while a backend is asked is entered once, with what it used."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from edgewise.cloud import leaving
from edgewise.cloud.backend import Line
from edgewise.cloud.exchange import settled
from edgewise.cloud.leaving import answer_of
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage import NOTHING, Usage

READ = Usage(input_tokens=7)
LIKELY = Usage(input_tokens=3)


@dataclass
class Admitted:
    """The part of an admission that is used: its flight, and how it was settled."""

    flight: Any = field(
        default_factory=lambda: SimpleNamespace(
            stop=None, ended_by=None, facts=SimpleNamespace(id="req_1")
        )
    )
    entries: list[tuple[Outcome, Usage, bool]] = field(default_factory=list[Any])

    def settle(
        self, outcome: Outcome, usage: Usage, *, estimated: bool = False, detail: str = ""
    ) -> None:
        self.entries.append((outcome, usage, estimated))


async def used(came: str | None) -> tuple[Usage, bool]:
    return (READ, False) if came else (LIKELY, True)


def ask(admitted: Any, line: Line, asking: Any) -> asyncio.Task[str]:
    return asyncio.create_task(answer_of(admitted, line, asking, used))


async def left(waiting: asyncio.Task[str]) -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await settled()


async def test_an_answer_that_comes_is_the_callers_to_settle():
    admitted = Admitted()

    async def answer() -> str:
        return "vectors"

    assert await ask(admitted, Line(), answer()) == "vectors"
    assert admitted.entries == []


async def test_one_that_comes_after_the_client_left_is_entered_as_it_is():
    admitted, line, told = Admitted(), Line(), asyncio.Event()
    line.opened(told.set)

    async def answer() -> str:
        await told.wait()
        return "vectors"

    await left(ask(admitted, line, answer()))
    assert admitted.entries == [(Outcome.DISCONNECTED, READ, False)]


async def test_one_that_never_comes_is_waited_for_no_longer_than_allowed(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(leaving, "STOP_S", 0.02)
    admitted = Admitted()
    await left(ask(admitted, Line(), asyncio.Event().wait()))
    assert admitted.entries == [(Outcome.DISCONNECTED, LIKELY, True)]


async def test_a_refusal_is_entered_as_a_failure():
    admitted = Admitted()

    async def answer() -> str:
        raise Refused(503, "no_backend", "no backend answers; try again")

    with pytest.raises(Refused) as refused:
        await ask(admitted, Line(), answer())
    assert refused.value.headers["x-request-id"] == "req_1"
    assert admitted.entries == [(Outcome.FAILED, NOTHING, False)]


async def test_who_is_stopped_hears_why(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(leaving, "STOP_S", 0.02)
    admitted, why = Admitted(), Refused(401, "key_revoked", "the key was revoked")
    waiting = ask(admitted, Line(), asyncio.Event().wait())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    admitted.flight.ended_by = why
    admitted.flight.stop()
    with pytest.raises(Refused) as refused:
        await waiting
    assert refused.value is why
    await settled()
    assert [entry[0] for entry in admitted.entries] == [Outcome.DISCONNECTED]
