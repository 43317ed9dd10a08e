"""A Step-3 folder is a model of the platform like any other: streamed, counted, stopped, seen."""

import asyncio
import base64
import importlib.util
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from edgewise.cli.cloud import fresh_key
from edgewise.cloud import step3
from edgewise.cloud.backend import Away
from edgewise.cloud.config import CONFIG, BackendConfig, load_config
from edgewise.cloud.doctor import check_backend
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.refusal import Refused
from edgewise.cloud.service import Cloud
from edgewise.cloud.step3 import SampledFields, Step3, ask_of, check_folder
from edgewise.core.finding import State
from edgewise.errors import UserError
from edgewise.step3.config_file import config_document
from tests.cloud.running import serving

HAS_TORCH = importlib.util.find_spec("torch") is not None
PNG = b"\x89PNG\r\n"
SENT = "data:image/png;base64," + base64.b64encode(PNG).decode()


def fields(*messages: dict[str, Any], **others: Any) -> SampledFields:
    return msgspec.convert({"model": "m", "messages": list(messages), **others}, SampledFields)


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def shown(url: str) -> dict[str, Any]:
    return user([{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "?"}])


def test_a_conversation_becomes_an_order_with_its_pictures():
    ask = ask_of(
        fields(
            {"role": "developer", "content": "Be brief."},
            shown(SENT),
            {"role": "assistant", "content": "red"},
            user("sure?"),
            max_tokens=5,
            temperature=0.5,
            top_p=0.9,
            seed=7,
        )
    )
    assert [message["role"] for message in ask.messages] == ["system", "user", "assistant", "user"]
    assert ask.messages[1]["content"] == [{"type": "image"}, {"type": "text", "text": "?"}]
    assert ask.pictures == [PNG]
    assert (ask.most_tokens, ask.temperature, ask.top_p, ask.seed) == (5, 0.5, 0.9, 7)


@pytest.mark.parametrize(
    ("request_", "param"),
    [
        (fields(user("x"), tools=[{"type": "function", "function": {"name": "f"}}]), "tools"),
        (fields(user("x"), response_format={"type": "json_object"}), "response_format"),
        (fields(user("x"), n=2), "n"),
        (fields(user("x"), logprobs=True), "logprobs"),
        (fields(shown("https://example.com/a.png")), "messages[0].content[0].image_url"),
        (fields(shown("data:image/png;base64,***")), "messages[0].content[0].image_url"),
        (fields(user([{"type": "video_url", "video_url": "x"}])), "messages[0].content[0].type"),
        (fields({"role": "assistant", "content": "x"}), "messages"),
        (fields({"role": "tool", "content": "x"}, user("y")), "messages[0]"),
    ],
)
def test_what_it_can_not_do_is_refused_by_name(request_: SampledFields, param: str):
    with pytest.raises(Refused) as refused:
        ask_of(request_)
    assert (refused.value.status, refused.value.problem.param) == (400, param)


@pytest.mark.skipif(not HAS_TORCH, reason="torch is not installed (extra step3)")
@pytest.mark.parametrize(
    ("name", "value"), [("seed", "7"), ("seed", 1.5), ("seed", 2**70), ("logprobs", "yes")]
)
async def test_a_field_of_another_type_is_refused_by_name(tmp_path: Path, name: str, value: Any):
    lay_config(tmp_path)
    backend = Step3(BackendConfig("mine", step3=str(tmp_path)))
    sent = msgspec.json.encode({"model": "m", "messages": [user("x")], name: value})
    with pytest.raises(Refused) as refused:
        await backend.post("/chat/completions", sent, "1")
    assert (refused.value.status, refused.value.problem.param) == (400, name)


def test_a_missing_folder_is_told_with_the_backends_name(tmp_path: Path):
    with pytest.raises(UserError, match=r"backend 'mine': .*config\.json cannot be read"):
        check_folder(BackendConfig("mine", step3=str(tmp_path)))


def test_a_missing_extra_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lay_config(tmp_path)
    monkeypatch.setattr(step3.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"pip install 'edgewise\[step3\]'") as caught:
        check_folder(BackendConfig("mine", step3=str(tmp_path)))
    assert caught.value.code == "missing_extra"


def lay_config(folder: Path) -> None:
    from edgewise.step3.config import PUBLISHED

    (folder / "config.json").write_bytes(msgspec.json.encode(config_document(PUBLISHED)))


SETTINGS = """
[[backend]]
name = "here"
step3 = "{folder}"

[[model]]
name = "small"
routes = [{{ backend = "here" }}]
"""


def test_a_model_holds_what_its_folder_says(tmp_path: Path):
    lay_config(tmp_path)
    file = tmp_path / CONFIG
    file.write_text(SETTINGS.format(folder=tmp_path))
    (model,) = load_config(file).model
    assert (model.context_tokens, model.output_tokens) == (65_536, 1024)
    file.write_text(SETTINGS.format(folder=tmp_path) + "context_tokens = 99\n")
    assert load_config(file).model[0].context_tokens == 99


def test_a_backend_is_one_thing(tmp_path: Path):
    file = tmp_path / CONFIG
    file.write_text('[[backend]]\nname = "two"\nstep3 = "x"\nembedded = true\n')
    with pytest.raises(UserError, match="needs one of: url, embedded = true, step3"):
        load_config(file)


@asynccontextmanager
async def spoken_to(folder: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Cloud]]:
    """The platform over a small Step-3, and a client with a key."""
    from tests.step3.small_folder import small_folder

    model = small_folder(folder / "model")
    file = folder / CONFIG
    file.write_text(SETTINGS.format(folder=model))
    async with serving(folder / "platform", load_config(file)) as (address, cloud):
        headers = {"Authorization": f"Bearer {fresh_key(cloud.database)}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
            yield client, cloud


def body(content: Any = "What colour is it?", **others: Any) -> dict[str, Any]:
    return {"model": "small", "messages": [user(content)], "temperature": 0, **others}


@pytest.mark.slow
@pytest.mark.skipif(not HAS_TORCH, reason="torch is not installed (extra step3)")
class TestOfAFolder:
    """What a model in its own process says through the whole platform."""

    async def test_an_answer_is_streamed_and_counted(self, tmp_path: Path):
        async with spoken_to(tmp_path) as (client, cloud):
            whole = (await client.post("/v1/chat/completions", json=body(max_tokens=9))).json()
            asked = body(max_tokens=9, stream=True, stream_options={"include_usage": True})
            pieces: list[dict[str, Any]] = []
            async with client.stream("POST", "/v1/chat/completions", json=asked) as reply:
                async for line in reply.aiter_lines():
                    if line.startswith("data: {"):
                        pieces.append(msgspec.json.decode(line[6:]))
            entries = list(cloud.ledger.recent)[-2:]
        text = "".join(p["choices"][0]["delta"].get("content", "") for p in pieces if p["choices"])
        (choice,) = whole["choices"]
        assert text == choice["message"]["content"] != ""
        assert choice["finish_reason"] == "length"
        assert whole["usage"]["completion_tokens"] == pieces[-1]["usage"]["completion_tokens"] == 9
        assert whole["usage"]["prompt_tokens"] > 5
        assert [entry.usage.output_tokens for entry in entries] == [9, 9]
        assert not any(entry.estimated for entry in entries)

    async def test_it_stops_before_a_stop_word(self, tmp_path: Path):
        async with spoken_to(tmp_path) as (client, _):
            whole = (await client.post("/v1/chat/completions", json=body(max_tokens=30))).json()
            text = whole["choices"][0]["message"]["content"]
            stop = text[3:5]
            cut = body(max_tokens=30, stop=[stop])
            reply = (await client.post("/v1/chat/completions", json=cut)).json()
        (choice,) = reply["choices"]
        assert choice["message"]["content"] == text[: text.index(stop)]
        assert choice["finish_reason"] == "stop"
        assert reply["usage"]["completion_tokens"] < 30

    async def test_a_picture_is_seen_and_one_that_is_none_is_refused(self, tmp_path: Path):
        from tests.step3.small_folder import picture

        def sent(data: bytes) -> list[dict[str, Any]]:
            url = "data:image/png;base64," + base64.b64encode(data).decode()
            return [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "?"}]

        async with spoken_to(tmp_path) as (client, cloud):
            path = "/v1/chat/completions"
            good = await client.post(path, json=body(sent(picture("red")), max_tokens=3))
            entry = cloud.ledger.recent[-1]
            bad = await client.post(path, json=body(sent(PNG), max_tokens=3))
            long = await client.post(path, json=body("? " * 120, max_tokens=3))
        assert good.status_code == 200, good.text
        assert entry.usage.images == 1
        assert (bad.status_code, bad.json()["error"]["code"]) == (400, "bad_picture")
        assert (long.status_code, long.json()["error"]["code"]) == (400, "context_length_exceeded")

    async def test_several_are_answered_at_once_and_one_that_leaves_is_counted(
        self, tmp_path: Path
    ):
        async with spoken_to(tmp_path) as (client, cloud):
            many = await asyncio.gather(
                *(client.post("/v1/chat/completions", json=body(max_tokens=20)) for _ in range(6))
            )
            asked = body(max_tokens=100, stream=True)
            async with client.stream("POST", "/v1/chat/completions", json=asked) as reply:
                async for _ in reply.aiter_lines():
                    break
            async with asyncio.timeout(10):
                while cloud.ledger.running:  # noqa: ASYNC110 - no event tells of it
                    await asyncio.sleep(0.01)
            left = cloud.ledger.recent[-1]
        assert len({reply.json()["choices"][0]["message"]["content"] for reply in many}) == 1
        assert left.outcome is Outcome.DISCONNECTED
        assert 0 < left.usage.output_tokens <= 100

    async def test_a_broken_folder_is_no_fault_of_who_asks_nor_told_to_them(self, tmp_path: Path):
        async with spoken_to(tmp_path) as (client, _):
            weights = tmp_path / "model" / "model.safetensors"
            os.truncate(weights, weights.stat().st_size - 100)
            cut = await client.post("/v1/chat/completions", json=body(max_tokens=3))
            (tmp_path / "model" / "tokenizer.json").unlink()
            mute = await client.post("/v1/chat/completions", json=body(max_tokens=3))
        assert [cut.status_code, mute.status_code] == [503, 503]
        assert str(tmp_path) not in cut.text + mute.text

    def test_a_folder_that_lacks_a_part_is_told_by_the_doctor(self, tmp_path: Path):
        from tests.step3.small_folder import small_folder

        backend = BackendConfig("here", step3=str(small_folder(tmp_path / "model")))
        assert check_backend(backend, tmp_path, runs=False).state is State.OK
        weights = tmp_path / "model" / "model.safetensors"
        os.truncate(weights, weights.stat().st_size - 100)
        found = check_backend(backend, tmp_path, runs=False)
        assert found.state is State.MISSING
        assert "it ends within" in found.found.en

    async def test_its_health_is_that_of_its_folder(self, tmp_path: Path):
        async with spoken_to(tmp_path) as (_, cloud):
            backend = cloud.pool.health["here"].backend
            assert await backend.ailing() is None
            (tmp_path / "model" / "config.json").unlink()
            assert isinstance(await backend.ailing(), Away)
