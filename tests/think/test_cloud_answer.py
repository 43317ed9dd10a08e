"""Attempts, retries and resumes of one answer: nothing doubled, nothing lost without being told."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from edgewise.errors import LinkError
from edgewise.testing.upstream.directive import Directive
from edgewise.think.breaker import State
from edgewise.think.cloud_answer import CloudLimits
from edgewise.think.cloud_wire import CloudCall, CloudCut, CloudDone, CloudTool
from tests.cloud.cut_line import cut_line
from tests.cloud.raw_server import Line, raw_server
from tests.cloud.running import Running, running_cloud
from tests.think.cloud_double import PLATFORM, Asking, asking, asking_upstream, pieces_of, text_of

PAGE = CloudTool("find_page", "Finds a page.", {"type": "object", "properties": {}})
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"


def directed(**directive: float) -> str:
    """A prompt that tells the upstream behind a platform what to do."""
    return json.dumps({"test": directive})


# -- before the first piece


async def test_what_failed_before_its_first_piece_is_asked_again():
    failing_once = Directive(tokens=3, fail_after=0, fail_times=1)
    async with asking_upstream(failing_once) as (asked, upstream):
        answer = asked.ask()
        pieces = await pieces_of(answer)
        assert upstream.produced.totals.output_tokens == 3
    assert isinstance(pieces[-1], CloudDone)
    assert [attempt.trouble for attempt in answer.attempts] == ["broken", ""]
    assert asked.pauses == [pytest.approx(0.15)]


async def test_a_cloud_that_says_when_to_come_back_is_asked_then():
    failing_once = Directive(tokens=3, fail_status=503, fail_times=1)
    async with asking_upstream(failing_once) as (asked, _):
        await pieces_of(asked.ask())
    assert asked.pauses == [pytest.approx(1.15)]


async def test_a_time_to_come_back_that_is_past_the_deadline_is_not_waited_for():
    async with asking_upstream(Directive(fail_status=429)) as (asked, upstream):
        with pytest.raises(LinkError) as raised:
            await pieces_of(asked.ask(deadline_s=1.1))
        assert (raised.value.code, upstream.produced.totals.attempts) == ("cloud_busy", 1)
    assert asked.pauses == []


@pytest.mark.parametrize("status", [400, 401, 413])
async def test_what_would_be_refused_again_is_not_asked_again(status: int):
    async with asking_upstream(Directive(fail_status=status)) as (asked, upstream):
        with pytest.raises(LinkError):
            await pieces_of(asked.ask())
        assert upstream.produced.totals.attempts == 1


async def test_a_cloud_that_fails_half_the_time_gets_a_tenth_more_than_it_is_asked():
    async with asking_upstream() as (asked, upstream):
        for number in range(100):
            failing = Directive(tokens=1, fail_status=500 if number % 2 else None)
            upstream.directive = failing
            asked.clock.advance(31)  # else the breaker rests, which is another matter
            with suppress(LinkError):
                await pieces_of(asked.ask())
        attempts = upstream.produced.totals.attempts
    assert 100 < attempts <= 110


async def test_no_attempt_starts_with_less_time_than_an_answer_takes():
    async with asking_upstream(Directive(tokens=2)) as (asked, upstream):
        for _ in range(3):
            async with asked.ask() as answer:
                async for _ in answer:
                    asked.clock.advance(2.0)
        assert asked.model.health.p50_s == 4.0
        with pytest.raises(LinkError) as raised:
            await pieces_of(asked.ask(deadline_s=3.9))
        assert (raised.value.code, upstream.produced.totals.attempts) == ("cloud_slow", 3)
        assert isinstance((await pieces_of(asked.ask(deadline_s=4.1)))[-1], CloudDone)


async def test_a_deadline_that_passed_before_it_was_read_sends_nothing():
    async with asking_upstream() as (asked, upstream):
        answer = asked.ask(deadline_s=5.0)
        asked.clock.advance(5.0)
        with pytest.raises(LinkError) as raised:
            await pieces_of(answer)
    assert (raised.value.code, list(upstream.seen), answer.attempts) == ("cloud_slow", [], [])


async def test_a_cloud_that_says_nothing_is_slow_and_not_asked_again():
    async with asking_upstream(Directive(hang_after=0)) as (asked, upstream):
        with pytest.raises(LinkError) as raised:
            await pieces_of(asked.ask(deadline_s=0.05))
        assert (raised.value.code, upstream.produced.totals.attempts) == ("cloud_slow", 1)


# -- after it


@pytest.mark.parametrize("by", ["cut", "event"])
async def test_a_cut_that_can_not_be_resumed_tells_what_came(by: str):
    failing = Directive(tokens=20, fail_after=5, fail_by=by)  # type: ignore[arg-type]
    async with asking_upstream(failing, output_price=1.0) as (asked, upstream):
        *texts, cut = await pieces_of(asked.ask())
        assert upstream.produced.totals.attempts == 1
    assert isinstance(cut, CloudCut)
    assert cut.received == text_of(texts) != ""
    assert (cut.code, cut.calls) == ("cloud_broken", ())
    assert cut.spent.output_tokens > 0
    assert not cut.spent.exact


async def test_a_call_that_was_not_whole_at_the_cut_is_not_given():
    async with asking_upstream(Directive(fail_after=2)) as (asked, _):
        with pytest.raises(LinkError):
            await pieces_of(asked.ask("find page", tools=(PAGE,)))


async def test_a_long_answer_that_the_deadline_cuts_says_nothing_against_the_cloud():
    async with asking_upstream(Directive(tokens=9, hang_after=4)) as (asked, _):
        for _ in range(4):
            cut = (await pieces_of(asked.ask(deadline_s=0.1)))[-1]
            assert isinstance(cut, CloudCut)
            assert cut.code == "cloud_slow"
        assert asked.model.standing.state is State.CLOSED


async def test_a_cloud_that_ends_without_a_last_word_has_answered():
    chunk = {"choices": [{"delta": {"content": "Blue."}, "finish_reason": "stop"}]}
    body = b"data: %b\n\n" % json.dumps(chunk).encode()

    async def talk(line: Line) -> None:
        await line.request()
        await line.say(HEAD + b"content-length: %d\r\n\r\n" % len(body) + body)

    async with raw_server(talk) as address, asking(address) as asked:
        pieces = await pieces_of(asked.ask())
        assert asked.model.standing.failures == 0
    assert text_of(pieces) == "Blue."
    assert isinstance(pieces[-1], CloudDone)
    assert not pieces[-1].spent.exact


async def test_leaving_early_stops_the_model():
    async with asking_upstream(Directive(tokens=500, delay_ms=5)) as (asked, upstream):
        async with asked.ask(request_id="left") as answer:
            await anext(answer)
        record = await upstream.produced.ended("left")
    assert record.outcome == "left"
    assert [attempt.trouble for attempt in answer.attempts] == ["left"]


# -- resuming, with events told by hand


def events(first: int, *texts: str, end: bool = True) -> bytes:
    """Events from number `first` on."""
    told = [json.dumps({"choices": [{"delta": {"content": text}}]}) for text in texts]
    if end:
        told += ['{"choices": [{"delta": {}, "finish_reason": "stop"}]}', "[DONE]"]
    return b"".join(
        b"id: %d\ndata: %b\n\n" % (number, data.encode()) for number, data in enumerate(told, first)
    )


async def resumed(*replies: bytes) -> tuple[list[bytes], Asking, list[object]]:
    """What a platform that gives these replies, one a connection, is asked, and what it gives."""
    asks: list[bytes] = []
    left = list(replies)

    async def talk(line: Line) -> None:
        asks.append(await line.request())
        await line.say(left.pop(0) if left else b"")

    async with raw_server(talk) as address, asking(address, **PLATFORM) as asked:
        pieces: list[object] = list(await pieces_of(asked.ask()))
    return [ask for ask in asks if not ask.startswith(b"DELETE")], asked, pieces


OPENING = HEAD + b"x-edgewise-stream: strm_1\r\ncontent-length: 9999\r\n\r\n"
REST = HEAD + b"content-length: 9999\r\n\r\n"


async def test_a_cut_stream_goes_on_strictly_after_the_last_event():
    asks, _, pieces = await resumed(
        OPENING + events(1, "one ", "two ", end=False), REST + events(3, "three")
    )
    assert text_of(pieces) == "one two three"  # type: ignore[arg-type]
    assert asks[1].startswith(b"GET /v1/streams/strm_1 ")
    assert b"last-event-id: 2\r\n" in asks[1].lower()
    assert len(asks) == 2


async def test_events_that_came_already_are_dropped():
    _, _, pieces = await resumed(
        OPENING + events(1, "one ", "two ", end=False), REST + events(1, "one ", "two ", "three")
    )
    assert text_of(pieces) == "one two three"  # type: ignore[arg-type]


async def test_a_hole_in_a_stream_ends_it():
    _, _, pieces = await resumed(OPENING + events(1, "one ", end=False), REST + events(3, "three"))
    assert isinstance(pieces[-1], CloudCut)
    assert (pieces[-1].received, pieces[-1].code) == ("one ", "cloud_broken")


async def test_a_stream_that_is_gone_ends_in_a_cut():
    gone = b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n"
    asks, _, pieces = await resumed(OPENING + events(1, "one ", end=False), gone)
    assert isinstance(pieces[-1], CloudCut)
    assert pieces[-1].received == "one "
    assert len(asks) == 2


async def test_a_stream_without_news_is_not_come_back_to_for_ever():
    asks, asked, pieces = await resumed(OPENING + events(1, "one ", end=False))
    assert isinstance(pieces[-1], CloudCut)
    assert len(asks) == 1 + 1 + CloudLimits().resumes
    assert asked.pauses == [pytest.approx(0.15 * 2**n) for n in range(5)]


async def test_a_stream_of_a_foreign_cloud_is_not_resumed():
    asks: list[bytes] = []

    async def talk(line: Line) -> None:
        asks.append(await line.request())
        await line.say(OPENING + events(1, "one ", end=False))

    async with raw_server(talk) as address, asking(address) as asked:
        assert isinstance((await pieces_of(asked.ask()))[-1], CloudCut)
    assert len(asks) == 1


async def test_a_call_is_not_given_again_by_a_resumed_stream():
    call = {"index": 0, "id": "a", "function": {"name": "one", "arguments": "{}"}}
    told = [{"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}]
    first = b"id: 1\ndata: %b\n\n" % json.dumps(told[0]).encode()
    _, _, pieces = await resumed(OPENING + first, REST + first + b"id: 2\ndata: [DONE]\n\n")
    assert [type(piece) for piece in pieces] == [CloudCall, CloudDone]


# -- resuming, with the real platform


async def answer_over(running: Running, prompt: str, *budgets: int) -> tuple[str, object, int]:
    """The text of an answer over a line that breaks so often, its last piece, and how many
    connections it took."""
    async with (
        cut_line(running.address, *budgets) as (line, address),
        asking(address, key=running.key, **PLATFORM) as asked,
    ):
        # each its own, or the platform would give the first answer again
        id = "turn-" + "-".join(str(budget) for budget in budgets)
        pieces = await pieces_of(asked.ask(prompt, request_id=id))
        return text_of(pieces), pieces[-1], line.connections


@pytest.mark.slow
async def test_an_answer_is_the_same_wherever_the_line_breaks(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        prompt = directed(tokens=12, delay_ms=1)
        whole, done, _ = await answer_over(running, prompt)
        assert isinstance(done, CloudDone)
        for at in range(700, 5_000, 211):
            text, last, connections = await answer_over(running, prompt, at, 900, 1100)
            assert text == whole, at
            assert isinstance(last, CloudDone)
            assert last.spent == done.spent
            assert connections > 1 or at > 3_000
        await running.wait_until_idle()
        assert all(entry.usage.output_tokens == 12 for entry in running.cloud.ledger.recent)


@pytest.mark.slow
async def test_a_model_of_the_platform_that_nobody_reads_is_stopped(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        async with (
            asking(running.address, key=running.key, **PLATFORM) as asked,
            asked.ask(directed(tokens=200, delay_ms=50)) as answer,
        ):
            await anext(answer)
        await running.wait_until_idle()
        assert 0 < running.upstream.produced.totals.output_tokens < 50
