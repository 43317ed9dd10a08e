"""A request comes with a key, within its size and time, and ends when its client is gone."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from edgewise.cloud import doors
from edgewise.cloud.body_room import SHARES, BodyRoom
from edgewise.cloud.caller import Caller, KeyKind
from edgewise.cloud.doors import Left, header, read_body, secret_in, while_client_stays
from edgewise.cloud.refusal import Refused
from edgewise.web.connection import LOST


def scope(*headers: tuple[str, str]) -> dict[str, Any]:
    return {"headers": [(name.encode(), value.encode("latin-1")) for name, value in headers]}


class Script:
    """An ASGI `receive` that gives these messages, and then none."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self._messages = list(messages)

    async def __call__(self) -> dict[str, Any]:
        if not self._messages:
            await asyncio.Event().wait()
        return self._messages.pop(0)


def body(data: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


GONE = {"type": "http.disconnect"}


@pytest.mark.parametrize(
    ("headers", "secret"),
    [
        ([("authorization", "Bearer k")], "k"),
        ([("authorization", "bearer  k ")], "k"),
        ([("x-api-key", " k ")], "k"),
        ([("authorization", "Basic a"), ("x-api-key", "k")], "k"),
        ([("authorization", "Bearer a"), ("x-api-key", "k")], "a"),
        ([("authorization", "Bearer ")], ""),
        ([("authorization", "k")], ""),
        ([("cookie", "key=k")], ""),
        ([], ""),
    ],
)
def test_a_key_comes_in_two_headers_and_in_no_other_way(
    headers: Sequence[tuple[str, str]], secret: str
):
    assert secret_in(scope(*headers)) == secret


def test_a_header_given_twice_is_refused():
    with pytest.raises(Refused):
        header(
            scope(("authorization", "Bearer a"), ("authorization", "Bearer b")), b"authorization"
        )


async def test_a_body_in_parts_is_joined():
    parts = Script(body(b"a", more=True), body(b"", more=True), body(b"bc"))
    assert await read_body(scope(), parts, 3) == b"abc"
    assert await read_body(scope(), Script(body(b"abc")), 3) == b"abc"


@pytest.mark.parametrize(
    ("said", "messages"),
    [
        ("4", []),
        ("", [body(b"abcd")]),
        ("", [body(b"ab", more=True), body(b"cd", more=True)]),
    ],
)
async def test_a_body_over_the_limit_is_refused_as_soon_as_it_is_known(
    said: str, messages: list[dict[str, Any]]
):
    headers = [("content-length", said)] if said else []
    with pytest.raises(Refused) as refused:
        await asyncio.wait_for(read_body(scope(*headers), Script(*messages), 3), 1)
    assert refused.value.status == 413


async def test_bodies_that_trickle_in_take_no_more_than_a_projects_share_together():
    room = BodyRoom(SHARES * 150_000)
    piece = body(b"x" * 200_000, more=True)
    whose = {**scope(), "caller": Caller("k", KeyKind.DEVELOPER, "o", "p")}
    first = asyncio.create_task(
        read_body(whose, Script(piece, piece | {"body": b"x"}), 10**6, room)
    )
    await asyncio.sleep(0)
    with pytest.raises(Refused) as refused:
        await read_body(whose, Script(piece, body(b"x")), 10**6, room)
    assert (refused.value.status, refused.value.problem.code) == (429, "too_many_bodies")
    assert await read_body(whose, Script(body(b"x" * 10, more=True), body(b"x")), 10**6, room)
    other = {**scope(), "caller": Caller("k", KeyKind.DEVELOPER, "o", "q")}
    assert await read_body(other, Script(piece, body(b"x")), 10**6, room)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert await read_body(whose, Script(piece, body(b"x")), 10**6, room)


@pytest.mark.parametrize("messages", [[], [body(b"a", more=True)]])
async def test_a_body_that_does_not_come_is_a_408(
    messages: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(doors, "BODY_S", 0.02)
    with pytest.raises(Refused) as refused:
        await asyncio.wait_for(read_body(scope(), Script(*messages), 3), 1)
    assert refused.value.status == 408


async def test_a_client_that_goes_while_its_body_is_read_is_left():
    with pytest.raises(Left):
        await read_body(scope(), Script(body(b"a", more=True), GONE), 3)


async def test_a_client_that_goes_ends_what_is_done_for_it():
    ended = asyncio.Event()

    async def work() -> None:
        with while_client_stays({}, Script(GONE)):
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

    with pytest.raises(Left):
        await work()
    assert ended.is_set()


async def test_what_is_done_before_the_client_goes_stands():
    with while_client_stays({}, Script()):
        done = 1
    assert done == 1
    await asyncio.sleep(0)


async def test_an_end_from_outside_is_no_client_that_left():
    async def work() -> None:
        with while_client_stays({}, Script()):
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("waits", [False, True])
async def test_a_client_that_left_before_ends_what_waits_within_and_nothing_behind(waits: bool):
    def tell(call: Callable[[], object] | None) -> None:
        if call is not None:
            call()

    async def run() -> str:
        try:
            with while_client_stays({"extensions": {LOST: tell}}, Script()):
                if waits:
                    await asyncio.Event().wait()
        except Left:
            return "left"
        await asyncio.sleep(0)  # a cancellation that is left over would come here
        return "went on"

    assert await asyncio.create_task(run()) == ("left" if waits else "went on")
