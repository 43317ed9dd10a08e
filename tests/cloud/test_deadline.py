"""A client's deadline bounds the wait for an upstream, which is stopped and settled past it.

The upstream says nothing more at a point that the request names; the deadline alone ends it.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from edgewise.cloud.deadline import HEADER, LONGEST_MS, until_of
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.refusal import Refused
from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
SOON = {HEADER: "200"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running_cloud(tmp_path_factory.mktemp("cloud")) as served:
        yield served


def asking(path: str, words: str, *, stream: bool) -> dict[str, Any]:
    if path == RESPONSES:
        return {"model": "fake", "input": words, "stream": stream}
    return {"model": "fake", "messages": [{"role": "user", "content": words}], "stream": stream}


def hanging(after: int) -> str:
    return json.dumps({"test": {"tokens": 9, "hang_after": after}})


@pytest.mark.parametrize("path", [CHAT, RESPONSES])
@pytest.mark.parametrize("stream", [True, False])
async def test_an_upstream_that_does_not_begin_is_a_504_and_is_stopped(
    running: Running, path: str, stream: bool
):
    body = asking(path, hanging(0), stream=stream)
    async with asyncio.timeout(5):
        answered = await running.client.post(path, json=body, headers=SOON)
    assert answered.status_code == 504
    assert answered.json()["error"]["code"] == "deadline_passed"
    await running.wait_until_idle()
    entry = running.cloud.ledger.recent[-1]
    assert (entry.outcome, entry.detail) == (Outcome.FAILED, "deadline_passed")
    record = await running.upstream.produced.ended(entry.facts.id)
    assert record.outcome == "left"


async def test_a_stream_past_its_deadline_ends_in_an_error_and_is_billed_what_was_written(
    running: Running,
):
    body = asking(CHAT, hanging(3), stream=True)
    async with asyncio.timeout(5):
        answered = await running.client.post(CHAT, json=body, headers=SOON)
    assert answered.status_code == 200
    assert json.loads(answered.text.split("\n\n")[-2][6:])["error"]["code"] == "deadline_passed"
    assert "[DONE]" not in answered.text
    await running.wait_until_idle()
    entry = running.cloud.ledger.recent[-1]
    assert (entry.outcome, entry.usage.output_tokens) == (Outcome.FAILED, 3)


async def test_a_whole_answer_that_is_cut_by_its_deadline_is_a_504(running: Running):
    body = asking(CHAT, hanging(3), stream=False)
    answered = await running.client.post(CHAT, json=body, headers=SOON)
    assert (answered.status_code, answered.json()["error"]["code"]) == (504, "deadline_passed")


async def test_a_resumable_stream_ends_at_its_deadline_too(running: Running):
    body = asking(CHAT, hanging(3), stream=True)
    headers = {**SOON, "x-edgewise-resume": "30"}
    async with asyncio.timeout(5):
        answered = await running.client.post(CHAT, json=body, headers=headers)
    assert '"code":"deadline_passed"' in answered.text
    await running.wait_until_idle()


async def test_a_response_past_its_deadline_fails_and_says_why(running: Running):
    body = asking(RESPONSES, hanging(3), stream=True)
    async with asyncio.timeout(5):
        answered = await running.client.post(RESPONSES, json=body, headers=SOON)
    assert "response.failed" in answered.text
    assert f"the time that {HEADER} gave is over" in answered.text


async def test_an_answer_in_time_is_left_alone(running: Running):
    body = asking(CHAT, "a b c", stream=True)
    answered = await running.client.post(CHAT, json=body, headers={HEADER: "20000"})
    assert answered.text.endswith("data: [DONE]\n\n")
    assert running.cloud.ledger.recent[-1].outcome is Outcome.DONE


@pytest.mark.parametrize("path", [CHAT, RESPONSES])
@pytest.mark.parametrize(
    ("given", "status"), [("soon", 400), ("-1", 400), ("1.5", 400), ("0", 504)]
)
async def test_a_header_that_leaves_no_time_or_tells_none_is_refused(
    running: Running, path: str, given: str, status: int
):
    body = asking(path, "a b c", stream=False)
    answered = await running.client.post(path, json=body, headers={HEADER: given})
    assert answered.status_code == status
    assert not running.cloud.ledger.running


async def test_the_time_is_what_is_left_from_now_on():
    now = asyncio.get_running_loop().time()
    assert until_of("") is None
    assert until_of("1500") == pytest.approx(now + 1.5, abs=0.5)
    assert until_of("9" * 15) == pytest.approx(now + LONGEST_MS / 1000, abs=0.5)
    with pytest.raises(Refused, match="milliseconds"):
        until_of("\xb2")
