"""A cloud's model as the agent sees it, over a real server on loopback."""

import asyncio
import traceback

import pytest

from edgewise.core.endpoint import Endpoint, Health
from edgewise.errors import EdgewiseError, LinkError, UserError
from edgewise.testing.upstream.application import Upstream
from edgewise.testing.upstream.directive import Directive
from edgewise.think.breaker import State, Trouble
from edgewise.think.chat import ChatTurn, Role
from edgewise.think.cloud_model import CloudModel
from edgewise.think.cloud_wire import CloudCall, CloudDone, CloudText, CloudTool
from tests.cloud.raw_server import Line, raw_server
from tests.think.cloud_double import KEY, Asking, asking, asking_upstream, pieces_of, text_of

PROMPT = "CANARY of the prompt"
PAGE = CloudTool(
    "find_page",
    "Finds a page.",
    {
        "type": "object",
        "properties": {"page": {"type": "integer"}},
        "required": ["page"],
    },
)


async def test_an_answer_streams_and_ends_with_what_it_cost():
    async with asking_upstream(input_price=10.0, output_price=40.0) as (asked, upstream):
        pieces = await pieces_of(asked.ask("the road to the blue hill", system="be brief"))
        *texts, done = pieces
        assert len(texts) > 3
        assert all(isinstance(piece, CloudText) for piece in texts)
        truth = upstream.produced.totals
        assert isinstance(done, CloudDone)
        spent = done.spent
        assert (done.finish, spent.exact) == ("stop", True)
        assert (spent.input_tokens, spent.output_tokens) == (
            truth.input_tokens,
            truth.output_tokens,
        )
        assert spent.cost == (10 * truth.input_tokens + 40 * truth.output_tokens) / 1e6


async def test_calls_come_whole_and_once():
    async with asking_upstream() as (asked, _):
        pieces = await pieces_of(asked.ask("find page and open page", tools=(PAGE,)))
    call, done = pieces
    assert isinstance(call, CloudCall)
    assert call.name == "find_page"
    assert set(call.arguments) == {"page"}
    assert isinstance(done, CloudDone)
    assert done.finish == "tool_calls"


async def test_the_request_tells_what_time_is_left_and_whose_turn_it_is():
    async with asking_upstream() as (asked, upstream):
        answer = asked.ask(deadline_s=20.0, request_id="turn-7")
        asked.clock.advance(7.5)
        await pieces_of(answer)
        headers = upstream.seen[-1].headers
    assert headers["x-edgewise-deadline-ms"] == "12500"
    assert headers["x-request-id"] == headers["idempotency-key"] == "turn-7"
    assert "x-edgewise-resume" not in headers
    assert headers["user-agent"] == "edgewise"


async def test_every_attempt_is_kept_with_its_bytes():
    async with asking_upstream() as (asked, upstream):
        answer = asked.ask()
        await pieces_of(answer)
        (attempt,) = answer.attempts
        assert attempt.sent_bytes > len(upstream.seen[-1].body)
    assert (attempt.endpoint, attempt.model, attempt.kind) == ("far", "fake", "ask")
    assert (attempt.status, attempt.trouble) == (200, "")
    assert attempt.received_bytes > 500


@pytest.mark.parametrize(
    ("directive", "code"),
    [
        (Directive(fail_status=400), "cloud_refused"),
        (Directive(fail_status=401), "cloud_refused"),
        (Directive(fail_status=402), "cloud_budget"),
        (Directive(fail_status=429), "cloud_busy"),
        (Directive(fail_status=500), "cloud_broken"),
        (Directive(fail_after=0), "cloud_broken"),
        (Directive(fail_after=0, fail_by="event"), "cloud_broken"),
    ],
)
async def test_an_error_has_a_code_and_holds_neither_the_key_nor_what_was_asked(
    directive: Directive, code: str
):
    async with asking_upstream(directive) as (asked, _):
        answer = asked.ask(PROMPT, deadline_s=1.0)
        with pytest.raises(LinkError) as raised:
            await pieces_of(answer)
    assert raised.value.code == code
    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value.args)
    assert "CANARY" not in told
    assert KEY not in told
    assert raised.value.__cause__ is None


async def test_a_cloud_that_says_back_what_it_was_asked_is_not_quoted():
    async def talk(line: Line) -> None:
        asked = (await line.request()).replace(b"\r\n", b" ")
        told = b"HTTP/1.1 400 %b\r\nx-error: %b\r\ncontent-length: %d\r\n\r\n%b"
        await line.say(told % (asked, asked, len(asked), asked))

    async with raw_server(talk) as address, asking(address) as asked:
        answer = asked.ask(PROMPT)
        with pytest.raises(LinkError) as raised:
            await pieces_of(answer)
    told = "".join(traceback.format_exception(raised.value)) + repr(answer.attempts)
    assert "CANARY" not in told
    assert KEY not in told


async def test_nobody_there_is_told_as_away():
    async with asking("http://127.0.0.1:9") as asked:
        with pytest.raises(LinkError) as raised:
            await pieces_of(asked.ask())
        assert raised.value.code == "cloud_away"
        assert asked.pauses == [pytest.approx(0.15)]


async def test_a_cloud_that_rests_gets_no_traffic_until_a_probe_succeeds():
    failing = Directive(fail_status=500)
    async with asking_upstream(failing) as (asked, upstream):
        for _ in range(2):
            with pytest.raises(LinkError):
                await pieces_of(asked.ask())
        assert asked.model.standing.state is State.OPEN
        assert asked.model.standing.reason is Trouble.BROKEN
        assert asked.model.health.open
        reached = upstream.produced.totals.attempts
        for _ in range(5):
            with pytest.raises(LinkError) as raised:
                await pieces_of(asked.ask())
            assert raised.value.code == "cloud_resting"
        assert upstream.produced.totals.attempts == reached
        asked.clock.advance(5)
        upstream.directive = Directive()
        await pieces_of(asked.ask())
        assert asked.model.standing.state is State.CLOSED
        assert upstream.produced.totals.attempts == reached + 1


async def test_a_probe_that_is_left_does_not_keep_others_out():
    async with asking_upstream(Directive(fail_status=401)) as (asked, upstream):
        with pytest.raises(LinkError):
            await pieces_of(asked.ask())
        asked.clock.advance(60)
        upstream.directive = Directive(tokens=50)
        async with asked.ask() as answer:
            await anext(answer)
            assert asked.model.health.open
        assert not asked.model.health.open
        await pieces_of(asked.ask())


async def test_health_tells_how_long_answers_take():
    async with asking_upstream(Directive(tokens=3)) as (asked, _):
        assert asked.model.health == Health("far")
        answer = asked.ask()
        async for piece in answer:
            if isinstance(piece, CloudText):
                asked.clock.advance(1.0)
        health = asked.model.health
    assert (health.p50_s, health.p95_s) == (3.0, 3.0)


async def begun(asked: Asking, after_s: float) -> None:
    """An answer that begins so late."""
    answer = asked.ask()
    started = asyncio.create_task(anext(answer))
    await asyncio.sleep(0)
    asked.clock.advance(after_s)
    await started
    await answer.aclose()


async def seen(upstream: Upstream, count: int) -> None:
    """Until the upstream has so many requests."""
    async with asyncio.timeout(5):
        while len(upstream.seen) < count:  # noqa: ASYNC110  another's state
            await asyncio.sleep(0.001)


async def test_health_tells_when_nearly_all_answers_have_begun_once_there_are_enough():
    async with asking_upstream(Directive(tokens=3)) as (asked, _):
        found: list[float] = []
        for after_s in (1.0, 2.0, 3.0):
            await begun(asked, after_s)
            found.append(asked.model.health.begins_p95_s)
    assert found == [0.0, 0.0, 3.0]


@pytest.mark.parametrize(("waited_s", "p95_s"), [(9.0, 9.0), (0.5, 2.0)])
async def test_an_answer_that_was_left_late_before_it_began_counts_as_late(
    waited_s: float, p95_s: float
):
    async with asking_upstream(Directive(tokens=3)) as (asked, upstream):
        for _ in range(3):
            await begun(asked, 2.0)
        upstream.directive = Directive(hang_after=0)
        waits = asyncio.create_task(anext(asked.ask(request_id="late")))
        await seen(upstream, 4)
        asked.clock.advance(waited_s)
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
        assert asked.model.health.begins_p95_s == p95_s


async def test_what_a_cloud_was_reading_when_it_was_left_counts_as_cost():
    async with asking_upstream(Directive(hang_after=0), input_price=1e6) as (asked, upstream):
        answer = asked.ask(request_id="late")
        waits = asyncio.create_task(anext(answer))
        await seen(upstream, 1)
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
    assert answer.spent.input_tokens > 0
    assert answer.spent.cost == answer.spent.input_tokens
    assert not answer.spent.exact


async def test_a_cloud_can_neither_mark_the_device_nor_send_it_elsewhere():
    asks: list[bytes] = []

    async def talk(line: Line) -> None:
        while True:
            asks.append(await line.request())
            await line.say(
                b"HTTP/1.1 307 X\r\nset-cookie: mark=1\r\nlocation: /elsewhere\r\n"
                b"content-length: 0\r\n\r\n"
            )

    async with raw_server(talk) as address, asking(address) as asked:
        for _ in range(2):
            with pytest.raises(LinkError):
                await pieces_of(asked.ask())
    assert len(asks) == 3  # two turns and one retry
    assert not any(b"mark=1" in ask or b"elsewhere" in ask for ask in asks)


async def test_what_is_asked_after_the_end_is_refused():
    async with asking_upstream() as (asked, _):
        await asked.model.close()
        with pytest.raises(LinkError, match="was closed"):
            await pieces_of(asked.ask())


async def test_answers_at_once_do_not_mix():
    async with asking_upstream() as (asked, _):
        first, second = asked.ask("one blue hill"), asked.ask("two red houses")
        texts = {"": ""} | {"a": "", "b": ""}
        async with first, second:
            for _ in range(3):
                texts["a"] += text_of([await anext(first)])
                texts["b"] += text_of([await anext(second)])
            texts["a"] += text_of([piece async for piece in first])
            texts["b"] += text_of([piece async for piece in second])
    assert "one blue hill" in texts["a"]
    assert "red" not in texts["a"]
    assert "two red houses" in texts["b"]


@pytest.mark.parametrize(
    "address",
    [
        *("http://cloud.example/v1", "ftp://cloud.example", "", "https://", "cloud.example"),
        *("https://name:CANARY@cloud.example/v1", "https://cloud.example/v1?key=CANARY"),
        "https://[CANARY",
    ],
)
def test_an_address_that_would_tell_what_is_asked_is_refused(address: str):
    with pytest.raises(UserError) as raised:
        CloudModel(Endpoint("far", address, "fake", "CN"), KEY)
    assert "CANARY" not in str(raised.value)


@pytest.mark.parametrize("key", ["sk CANARY", "CANARY\n", "CANARYé"])
def test_a_key_that_is_none_is_refused_without_being_told(key: str):
    with pytest.raises(UserError) as raised:
        CloudModel(Endpoint("far", "https://cloud.example/v1", "fake", "CN"), key)
    assert "CANARY" not in str(raised.value)


@pytest.mark.parametrize(
    "changed",
    [
        *({"deadline_s": 0.0}, {"deadline_s": float("nan")}, {"max_tokens": 0}),
        *({"request_id": ""}, {"request_id": "a b"}, {"request_id": "x" * 65}),
    ],
)
def test_what_can_be_asked_of_no_cloud_is_refused(changed: dict[str, object]):
    model = CloudModel(Endpoint("far", "https://cloud.example/v1", "fake", "CN"), KEY)
    asked = {"deadline_s": 1.0, "max_tokens": 1, "request_id": "turn"} | changed
    with pytest.raises(EdgewiseError):
        model.ask([ChatTurn(Role.USER, "hello")], **asked)  # type: ignore[arg-type]
