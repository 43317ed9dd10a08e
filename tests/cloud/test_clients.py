"""The official OpenAI SDK runs unchanged against a served platform (`make judges` has the others).

The judge runs once, in a process of its own as a user's program would, and tells its cases.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from judges.servers import Platform, running_platform
from tests.cloud.running import running_cloud

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
JUDGE_S = 60.0
ASKED = {"model": "fake", "messages": [{"role": "user", "content": "one two three"}]}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("platform") / "served") as running:
        yield running


@pytest.fixture(scope="module")
def cases(platform: Platform) -> list[dict[str, str]]:
    """What the judge told."""
    told = {
        "JUDGE_ADDRESS": platform.address,
        "JUDGE_KEY": platform.key,
        "JUDGE_NARROW_KEY": platform.narrow_key,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "judges.openai_python"],
        env={**os.environ, **told},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=JUDGE_S,
        check=False,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    "area", ["models", "chat", "responses", "embeddings", "files", "batches", "errors"]
)
def test_the_openai_sdk_does_what_it_does_with_openai(cases: list[dict[str, str]], area: str):
    own = [one for one in cases if one["case"].startswith(f"{area}:")]
    assert own, f"no case of {area} ran"
    assert [one for one in own if one["outcome"] != "passed"] == []


@pytest.mark.parametrize("wanted", [1, 0])
async def test_a_stream_tells_its_usage_once_and_only_when_asked(tmp_path: Path, wanted: int):
    """Though its backend tells the counts with each event."""
    asked = {**ASKED, "stream": True, "stream_options": {"include_usage": bool(wanted)}}
    async with running_cloud(tmp_path) as running:
        reply = await running.client.post("/v1/chat/completions", json=asked)
    chunks = [
        json.loads(line[6:]) for line in reply.text.splitlines() if line.startswith("data: {")
    ]
    told = [chunk for chunk in chunks if chunk.get("usage")]
    assert len(told) == wanted
    assert all(chunk["choices"] == [] for chunk in told)
    text = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks if c["choices"])
    assert text == "one two three"


async def test_a_stream_tells_usage_with_each_event_to_who_asks_for_that(tmp_path: Path):
    options = {"include_usage": True, "continuous_usage_stats": True}
    asked = {**ASKED, "stream": True, "stream_options": options}
    async with running_cloud(tmp_path) as running:
        reply = await running.client.post("/v1/chat/completions", json=asked)
    assert reply.text.count('"completion_tokens"') > 3


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"model": "nobody"}, 404),
        ({"temperature": 9}, 400),
        ({"messages": [{"role": "user", "content": '{"test": {"fail_status": 500}}'}]}, 503),
    ],
)
async def test_a_refusal_has_a_request_id(tmp_path: Path, changed: dict[str, object], status: int):
    async with running_cloud(tmp_path) as running:
        reply = await running.client.post("/v1/chat/completions", json={**ASKED, **changed})
    assert reply.status_code == status
    assert reply.headers["x-request-id"].startswith("req_")


async def test_an_upstream_that_fails_is_refused_under_the_id_in_the_ledger(tmp_path: Path):
    content = '{"test": {"fail_status": 500}}'
    asked = {**ASKED, "messages": [{"role": "user", "content": content}]}
    async with running_cloud(tmp_path) as running:
        reply = await running.client.post("/v1/chat/completions", json=asked)
        assert reply.headers["x-request-id"] in running.upstream.produced.requests
