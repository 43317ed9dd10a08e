"""The embedded model takes a plain conversation and refuses by name what it can not do."""

import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from edgewise.cli.cloud import fresh_key
from edgewise.cloud.config import BackendConfig, built_in
from edgewise.cloud.embedded import Embedded, Fields, prompt_of
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.refusal import Refused
from edgewise.cloud.service import Cloud
from edgewise.core.words import Language
from edgewise.think.chat import Role
from tests.cloud.running import serving
from tests.cloud.waiting import until

MISSING = importlib.util.find_spec("xllamacpp") is None


def asked(*messages: dict[str, Any], **fields: Any) -> Fields:
    return msgspec.convert({"model": "m", "messages": list(messages), **fields}, Fields)


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def test_a_conversation_becomes_a_prompt_with_its_language():
    prompt = prompt_of(
        asked(
            {"role": "system", "content": "Be brief."},
            user("one"),
            user([{"type": "text", "text": "two"}]),
            {"role": "assistant", "content": "three"},
            user("你好"),
        )
    )
    assert prompt.system == "Be brief."
    assert [turn.text for turn in prompt.turns] == ["one\ntwo", "three", "你好"]
    assert prompt.turns[1].role is Role.ASSISTANT
    assert prompt.language is Language.CHINESE


@pytest.mark.parametrize(
    ("request_", "param"),
    [
        (asked(user("x"), tools=[{"type": "function", "function": {"name": "f"}}]), "tools"),
        (asked(user("x"), response_format={"type": "json_object"}), "response_format"),
        (asked(user("x"), n=2), "n"),
        (asked(user([{"type": "image_url", "image_url": {"url": "x"}}])), "messages[0].content"),
        (asked({"role": "assistant", "content": "x"}), "messages"),
        (asked(user("x"), logprobs=True), "logprobs"),
        (asked(user("x"), logprobs=False, top_logprobs=2), "top_logprobs"),
    ],
)
def test_what_it_can_not_do_is_refused_by_name(request_: Fields, param: str):
    with pytest.raises(Refused) as refused:
        prompt_of(request_)
    assert (refused.value.status, refused.value.problem.param) == (400, param)


async def test_a_field_of_another_type_is_refused_by_name(tmp_path: Path):
    backend = Embedded(BackendConfig("mine", embedded=True), tmp_path)
    sent = msgspec.json.encode({"model": "m", "messages": [user("x")], "logprobs": "yes"})
    with pytest.raises(Refused) as refused:
        await backend.post("/chat/completions", sent, "1")
    assert (refused.value.status, refused.value.problem.param) == (400, "logprobs")


@asynccontextmanager
async def spoken_to(folder: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Cloud]]:
    """The platform over the model of this machine, and a client with a key."""
    async with serving(folder, built_in()) as (address, cloud):
        headers = {"Authorization": f"Bearer {fresh_key(cloud.database)}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
            yield client, cloud


def story(**fields: Any) -> dict[str, Any]:
    return {"model": "edgewise-small", "messages": [user("Tell me a story.")], **fields}


real = [
    pytest.mark.slow,
    pytest.mark.skipif(MISSING, reason="the embedded model is not installed"),
]


class TestOfThisMachine:
    """What the real model says and counts."""

    pytestmark = real

    async def test_an_answer_is_counted(self, tmp_path: Path):
        async with spoken_to(tmp_path) as (client, cloud):
            say = {"model": "edgewise-small", "messages": [user("What is the capital of France?")]}
            reply = (await client.post("/v1/chat/completions", json=say)).json()
            entry = cloud.ledger.recent[-1]
        assert reply["choices"][0]["message"]["content"]
        assert entry.usage.output_tokens == reply["usage"]["completion_tokens"] > 0

    async def test_a_long_answer_is_counted_and_ends_in_length(self, tmp_path: Path):
        async with spoken_to(tmp_path) as (client, cloud):
            reply = (await client.post("/v1/chat/completions", json=story(max_tokens=330))).json()
            entry = cloud.ledger.recent[-1]
            kept = await client.post(
                "/v1/responses",
                json={
                    "model": "edgewise-small",
                    "input": "Tell me a story.",
                    "max_output_tokens": 20,
                },
            )
        (choice,) = reply["choices"]
        assert len(choice["message"]["content"]) > 1200
        assert not choice["message"]["content"].endswith("…")
        assert choice["finish_reason"] == "length"
        assert (entry.usage.output_tokens, entry.estimated) == (330, False)
        assert reply["usage"]["completion_tokens"] == 330
        assert kept.json()["incomplete_details"] == {"reason": "max_output_tokens"}

    async def test_an_answer_whose_client_leaves_is_counted_as_far_as_it_was_written(
        self, tmp_path: Path
    ):
        async with spoken_to(tmp_path) as (client, cloud):
            body = story(stream=True)
            async with client.stream("POST", "/v1/chat/completions", json=body) as reply:
                async for line in reply.aiter_lines():
                    if '"content":"' in line and '"content":""' not in line:
                        break
            await until(lambda: cloud.ledger.recent)
            entry = cloud.ledger.recent[-1]
        assert (entry.outcome, entry.estimated) == (Outcome.DISCONNECTED, False)
        assert 0 < entry.usage.output_tokens < 512

    async def test_an_answer_ends_before_its_stop_word_and_is_counted(self, tmp_path: Path):
        async with spoken_to(tmp_path) as (client, _):
            body = story(stop=["Once upon", "."])
            reply = (await client.post("/v1/chat/completions", json=body)).json()
        (choice,) = reply["choices"]
        assert "." not in choice["message"]["content"]
        assert choice["finish_reason"] == "stop"
        assert 0 < reply["usage"]["completion_tokens"] < 512

    async def test_a_prompt_that_is_too_long_is_refused_whole(self, tmp_path: Path):
        async with spoken_to(tmp_path) as (client, _):
            turns = [user("a b " * 800), {"role": "assistant", "content": "c"}, user("a b " * 800)]
            reply = await client.post("/v1/chat/completions", json=story(messages=turns))
        assert reply.status_code == 400
        assert reply.json()["error"]["code"] == "context_length_exceeded"
