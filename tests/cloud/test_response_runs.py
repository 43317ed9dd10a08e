import asyncio
import logging
from typing import Any

import pytest

from edgewise.cloud.caller import Caller, Endpoint, KeyKind
from edgewise.cloud.refusal import Refused
from edgewise.cloud.response_runs import Run, Runs
from edgewise.cloud.response_stream import ResponseStream
from edgewise.cloud.responses_in import read_request
from edgewise.cloud.responses_out import new_response
from tests.cloud.fake_completer import FakeCompleter, chunk, spoken

CALLER = Caller("key", KeyKind.DEVELOPER, "org", "p")


class Kept:
    """What was kept, newest last."""

    def __init__(self) -> None:
        self.statuses: list[str] = []

    async def __call__(self, response: dict[str, Any]) -> None:
        self.statuses.append(response["status"])


def run_of(kept: Kept, id: str = "resp_1", **asked: Any) -> Run:
    request = read_request({"model": "m", "input": "a", "background": True, **asked})
    response = new_response(request, id=id, created_at=1)
    return Run("p", ResponseStream(response, lambda: 2.0), kept)


def chunks_of(completer: FakeCompleter) -> Any:
    return completer.stream(CALLER, {}, endpoint=Endpoint.RESPONSES)


async def test_a_run_in_the_background_goes_on_without_a_reader():
    kept, runs = Kept(), Runs()
    run = run_of(kept)
    run.begin()
    runs.start(run, chunks_of(FakeCompleter(spoken("a"))))
    assert run.task is not None
    await asyncio.wait_for(run.task, 5)
    assert kept.statuses == ["completed"]
    assert runs.find("p", "resp_1") is run
    assert runs.find("q", "resp_1") is None


async def test_a_run_that_is_stopped_closes_its_upstream_and_is_kept_as_cancelled():
    kept, runs, completer = Kept(), Runs(), FakeCompleter([chunk(content="a"), asyncio.Event()])
    run = run_of(kept)
    run.begin()
    runs.start(run, chunks_of(completer))
    reader = run.replay(-1)
    for _ in range(6):  # created, queued, in progress, item, part, word
        await asyncio.wait_for(anext(reader), 5)
    await asyncio.wait_for(runs.stop(run), 5)
    assert completer.closed.is_set()
    assert kept.statuses == ["cancelled"]
    assert b"response.incomplete" in [frame async for frame in reader][-2]


async def test_a_run_stopped_before_its_first_step_is_kept_as_cancelled():
    kept, runs = Kept(), Runs()
    run = run_of(kept)
    run.begin()
    runs.start(run, chunks_of(FakeCompleter(spoken("a"))))
    await runs.close()
    assert kept.statuses == ["cancelled"]


async def test_a_defect_is_logged_and_the_response_has_failed(caplog: pytest.LogCaptureFixture):
    kept, runs = Kept(), Runs()
    run = run_of(kept)
    run.begin()
    with caplog.at_level(logging.ERROR):
        runs.start(run, chunks_of(FakeCompleter([chunk(content="a"), ZeroDivisionError("x")])))
        assert run.task is not None
        await asyncio.wait_for(run.task, 5)
    assert kept.statuses == ["failed"]
    assert "ZeroDivisionError" in caplog.text


async def test_as_many_run_at_once_as_may():
    runs = Runs(most_in_background=1)
    runs.check_room("p")
    runs.start(run_of(Kept()), chunks_of(FakeCompleter([asyncio.Event()])))
    with pytest.raises(Refused) as caught:
        runs.check_room("p")
    assert caught.value.status == 429
    await asyncio.wait_for(runs.close(), 5)
    runs.check_room("p")


async def test_a_project_takes_no_more_than_its_share():
    runs = Runs(most_of_a_project=1)
    runs.start(run_of(Kept()), chunks_of(FakeCompleter([asyncio.Event()])))
    with pytest.raises(Refused, match="of this project"):
        runs.check_room("p")
    runs.check_room("q")
    await asyncio.wait_for(runs.close(), 5)


async def test_tapes_are_kept_for_a_while_and_within_bounds():
    now_s = 0.0
    runs = Runs(lambda: now_s, kept_s=300, kept_bytes=3000)
    for number in range(8):
        run = run_of(Kept(), f"resp_{number}")
        async for _ in run.frames(chunks_of(FakeCompleter(spoken("a" * 100)))):
            pass
        runs.add(run)
    assert runs.find("p", "resp_0") is None
    assert runs.find("p", "resp_7") is None  # each is above the bound by itself
    runs = Runs(lambda: now_s, kept_s=300)
    runs.add(run)
    now_s = 300.0
    assert runs.find("p", run.id) is run
    now_s = 601.0
    assert runs.find("p", run.id) is None


async def test_a_kept_response_that_nobody_works_on_has_failed():
    assert Runs().settled({"status": "in_progress"})["status"] == "failed"
    assert Runs().settled({"status": "completed"}) == {"status": "completed"}
