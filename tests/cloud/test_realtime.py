"""`/v1/realtime` of the platform by OpenAI's own client: heard, answered, billed, and ended."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openai
import pytest
from msgspec.structs import replace
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import BackendConfig, ModelConfig, ModelKind, Route, SensesConfig
from edgewise.cloud.keys import Scope, change_key, list_keys, revoke_key
from edgewise.cloud.ledger import Entry
from edgewise.cloud.prices import Price
from edgewise.cloud.senses import Senses
from edgewise.testing.upstream.directive import Directive, Tool
from edgewise.testing.upstream.server import started_upstream
from tests.cloud.running import Running, config_over, serving
from tests.device.test_realtime_door import Plain, sound, until
from tests.talk.realtime.loud import LoudActivity, LoudEars, LoudVoice, silent, spoken

pytestmark = pytest.mark.slow

EARS = ModelConfig("ears", (Route("here"),), kind=ModelKind.TRANSCRIPTION)
VOICE = ModelConfig("voice", (Route("here"),), kind=ModelKind.SPEECH)
PRICES = (
    Price("fake", date(2020, 1, 1), input=Decimal(1), output=Decimal(2)),
    Price("ears", date(2020, 1, 1), audio_input=Decimal("0.06")),
    Price("voice", date(2020, 1, 1), characters=Decimal(10)),
)
LIMIT_S = 10.0


class Own(LoudEars):
    """The platform's: it may close them."""

    async def close(self) -> None:
        return


class OwnVoice(LoudVoice):
    async def close(self) -> None:
        return


@asynccontextmanager
async def running(
    folder: Path, *, own_bounds: SensesConfig | None = None
) -> AsyncGenerator[Running]:
    """A platform over a scripted upstream, with fake ears and a fake voice."""
    async with started_upstream() as upstream:
        config = config_over(upstream.address, price=PRICES)
        config = replace(
            config,
            backend=(*config.backend, BackendConfig("here", embedded=True)),
            model=(*config.model, EARS, VOICE),
        )
        own = Senses(
            lambda: Own(("what is the weather", "stop")),
            OwnVoice,
            LoudActivity,
            lambda: frozenset({"af_heart"}),
        )
        config = replace(config, senses=own_bounds or SensesConfig())
        async with serving(folder, config, own) as (address, cloud):
            platform = Running(address, cloud, upstream)
            platform.key = platform.make_key()
            yield platform


def sdk(platform: Running, key: str = "") -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        base_url=f"{platform.address}/v1", api_key=key or platform.key, max_retries=0
    )


@asynccontextmanager
async def plainly(
    platform: Running, key: str = "", query: str = "?model=fake", **headers: str
) -> AsyncGenerator[Plain]:
    given = {"Authorization": f"Bearer {key or platform.key}", **headers}
    address = platform.address.replace("http", "ws") + "/v1/realtime" + query
    async with connect(address, additional_headers=given) as socket:
        yield Plain(socket)


def say(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"type": "message", "role": "user", "content": content}


async def entries(platform: Running) -> dict[str, Entry]:
    """The ledger's entries by the model's name, the newest of each."""
    await platform.wait_until_idle()
    return {entry.facts.model: entry for entry in platform.cloud.ledger.recent}


async def test_openais_client_speaks_is_answered_aloud_and_each_part_is_billed_once(tmp_path: Path):
    async with (
        running(tmp_path) as platform,
        sdk(platform) as client,
        client.realtime.connect(model="fake") as socket,
    ):
        await socket.session.update(
            session={"type": "realtime", "audio": {"input": {"transcription": {}}}}
        )
        await until(socket, "session.updated")
        await socket.input_audio_buffer.append(audio=sound(spoken(1, 1000) + silent(900)))
        done, before = await until(socket, "response.done")
        billed = await entries(platform)
    heard = next(one for one in before if one.type.endswith("transcription.completed"))
    assert heard.transcript == "what is the weather"
    said = done.response.output[0].content[0].transcript
    assert said
    assert billed["fake"].facts.endpoint == billed["ears"].facts.endpoint == "realtime"
    assert billed["fake"].usage.output_tokens == done.response.usage.output_tokens > 0
    assert billed["ears"].usage.audio_input_ms == round(heard.usage.seconds * 1000)
    assert 1000 <= billed["ears"].usage.audio_input_ms <= 2000
    assert billed["voice"].usage.characters == len(said)
    assert billed["voice"].usage.audio_output_ms == len(said) * 50
    assert billed["voice"].cost_nano == len(said) * 10_000
    assert len(platform.cloud.ledger.recent) == 3
    asked = json.loads(platform.upstream.seen[-1].body)
    assert asked["messages"][-1] == {"role": "user", "content": "what is the weather"}
    assert "spoken aloud" in asked["messages"][0]["content"]


async def test_a_client_runs_its_own_function_and_is_answered_with_its_result(tmp_path: Path):
    tool = {"type": "function", "name": "weather", "parameters": {"type": "object"}}
    async with (
        running(tmp_path) as platform,
        sdk(platform) as client,
        client.realtime.connect(model="fake") as socket,
    ):
        call = Tool("weather", {"city": "Bern"})
        platform.upstream.directive = Directive(calls=((call,),))
        await socket.session.update(
            session={"type": "realtime", "output_modalities": ["text"], "tools": [tool]}
        )
        await socket.conversation.item.create(item=say("weather in Bern?"))
        await socket.response.create(response={"tool_choice": "required"})
        called, _ = await until(socket, "response.function_call_arguments.done")
        assert (called.name, json.loads(called.arguments)) == ("weather", {"city": "Bern"})
        await until(socket, "response.done")
        platform.upstream.directive = Directive()
        await socket.conversation.item.create(
            item={"type": "function_call_output", "call_id": called.call_id, "output": "4 C"}
        )
        await socket.response.create()
        done, _ = await until(socket, "response.done")
    assert done.response.status == "completed"
    asked = json.loads(platform.upstream.seen[-1].body)
    roles = [message["role"] for message in asked["messages"]]
    assert roles[-3:] == ["user", "assistant", "tool"]
    assert asked["messages"][-1]["content"] == "4 C"


async def test_a_picture_goes_to_the_model(tmp_path: Path):
    picture = "data:image/png;base64,iVBORw0KGgo="
    async with running(tmp_path) as platform, plainly(platform) as client:
        content = [
            {"type": "input_text", "text": "what is this?"},
            {"type": "input_image", "image_url": picture},
        ]
        item = {"type": "message", "role": "user", "content": content}
        await client.send("conversation.item.create", item=item)
        await client.send("response.create", response={"output_modalities": ["text"]})
        await client.until("response.done")
        (message,) = json.loads(platform.upstream.seen[-1].body)["messages"]
    assert message["content"][1] == {"type": "image_url", "image_url": {"url": picture}}


async def test_stepfuns_dialect_and_an_answer_that_is_cancelled(tmp_path: Path):
    async with (
        running(tmp_path) as platform,
        plainly(platform, **{"OpenAI-Beta": "realtime=v1"}) as client,
    ):
        platform.upstream.directive = Directive(tokens=200, delay_ms=30)
        await client.send("session.update", session={"modalities": ["text"]})
        await client.send("conversation.item.create", item=say("你好"))
        await client.send("response.create")
        await client.until("response.text.delta")
        await client.send("response.cancel")
        done, _ = await client.until("response.done")
        billed = await entries(platform)
    assert done["response"]["status"] == "cancelled"
    assert 0 < billed["fake"].usage.output_tokens < 200


async def test_sessions_at_once_are_each_their_own_and_a_key_has_a_bound(tmp_path: Path):
    bound = SensesConfig(most_of_key=2)
    async with running(tmp_path, own_bounds=bound) as platform:
        async with plainly(platform) as one, plainly(platform) as two:
            for client in (one, two):
                await client.until("session.created")
                await client.send("session.update", session={"modalities": ["text"]})
            with pytest.raises(InvalidStatus) as refused:
                async with plainly(platform):
                    pass
            assert refused.value.response.status_code == 429
            for client, text in ((two, "second"), (one, "first")):
                await client.send("conversation.item.create", item=say(text))
                await client.send("response.create")
            for client in (one, two):
                done, _ = await client.until("response.done")
                assert done["response"]["status"] == "completed"
        said = [json.loads(seen.body)["messages"] for seen in platform.upstream.seen]
        assert sorted(one[-1]["content"] for one in said if len(one) == 1) == ["first", "second"]
        async with plainly(platform) as again:
            await again.until("session.created")


async def test_a_revoked_key_ends_its_sessions(tmp_path: Path):
    async with running(tmp_path) as platform, plainly(platform) as client:
        await client.until("session.created")
        made = platform.cloud.first_start
        assert made is not None
        with platform.cloud.database.begin() as connection:
            (key,) = list_keys(connection, made.organisation.id)
            revoke_key(connection, made.organisation.id, key.id, now_s=1.0)
        error, _ = await client.until("error")
        assert error["error"]["code"] == "key_revoked"
        with pytest.raises(ConnectionClosed) as closed:
            await client.socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        with pytest.raises(InvalidStatus):
            async with plainly(platform):
                pass


@pytest.mark.parametrize(
    ("scope", "query", "status", "code"),
    [
        (Scope(endpoints=(Endpoint.CHAT,)), "?model=fake", 403, "key_scope"),
        (Scope(models=("ears",)), "?model=fake", 404, "model_not_found"),
        (Scope(), "?model=nobody", 404, "model_not_found"),
        (Scope(), "?model=voice", 400, "invalid_value"),
        (Scope(), "", 400, "invalid_value"),
    ],
)
async def test_who_may_not_is_refused_before_there_is_a_socket(
    tmp_path: Path, scope: Scope, query: str, status: int, code: str
):
    async with running(tmp_path) as platform:
        key = platform.make_key(scope)
        with pytest.raises(InvalidStatus) as refused:
            async with plainly(platform, key, query):
                pass
    assert refused.value.response.status_code == status
    assert json.loads(refused.value.response.body)["error"]["code"] == code


async def test_a_client_secret_opens_one_kind_of_door_for_a_while(tmp_path: Path):
    async with running(tmp_path) as platform:
        async with sdk(platform) as client:
            made = await client.realtime.client_secrets.create(
                session={"type": "realtime", "model": "fake", "output_modalities": ["text"],
                         "instructions": "Be brief."},
                expires_after={"anchor": "created_at", "seconds": 60},
            )  # fmt: skip
        assert made.value.startswith("ek_")
        assert made.session.type == "realtime"
        offered = [Subprotocol("realtime"), Subprotocol(f"openai-insecure-api-key.{made.value}")]
        address = platform.address.replace("http", "ws") + "/v1/realtime"
        async with connect(address, subprotocols=offered) as socket:
            assert socket.subprotocol == "realtime"
            created = json.loads(await socket.recv())
            assert created["session"]["instructions"] == "Be brief."
            client = Plain(socket)
            await client.send("conversation.item.create", item=say("hi"))
            await client.send("response.create")
            done, _ = await client.until("response.done")
            assert done["response"]["status"] == "completed"
        async with sdk(platform, made.value) as client:
            with pytest.raises(openai.AuthenticationError):
                await client.models.list()
            with pytest.raises(openai.AuthenticationError):
                await client.realtime.client_secrets.create()
        with pytest.raises(InvalidStatus):
            async with plainly(platform, made.value, "?model=voice"):
                pass


async def test_a_key_that_is_narrowed_narrows_its_sessions_and_its_client_secrets(tmp_path: Path):
    async with running(tmp_path) as platform:
        async with sdk(platform) as client:
            made = await client.realtime.client_secrets.create(
                session={"type": "realtime", "model": "fake"}
            )
        async with plainly(platform) as talk, plainly(platform, made.value) as other:
            await talk.until("session.created")
            await other.until("session.created")
            narrow_key(platform, Scope(models=("ears",)))
            for one in (talk, other):
                await one.send("response.create")
                error, _ = await one.until("error")
                assert error["error"]["code"] == "model_not_found"
        with pytest.raises(InvalidStatus) as refused:
            async with plainly(platform, made.value):
                pass
        assert refused.value.response.status_code == 404


def narrow_key(platform: Running, scope: Scope) -> None:
    made = platform.cloud.first_start
    assert made is not None
    with platform.cloud.database.begin() as connection:
        (key,) = list_keys(connection, made.organisation.id)
        change_key(connection, made.organisation.id, key.id, now_s=1.0, scope=scope)


async def test_a_session_that_only_listens(tmp_path: Path):
    async with (
        running(tmp_path) as platform,
        plainly(platform, query="?intent=transcription") as client,
    ):
        created, _ = await client.until("session.created")
        assert created["session"]["type"] == "transcription"
        await client.send("input_audio_buffer.append", audio=sound(spoken(1, 800) + silent(900)))
        done, _ = await client.until("conversation.item.input_audio_transcription.completed")
        assert done["transcript"] == "what is the weather"
        billed = await entries(platform)
    assert set(billed) == {"ears"}


async def test_a_platform_without_senses_says_what_to_configure(tmp_path: Path):
    async with running(tmp_path) as platform:
        platform.cloud.realtime.senses = None
        async with plainly(platform) as client:
            created, _ = await client.until("session.created")
            assert created["session"]["output_modalities"] == ["text"]
            await client.send("input_audio_buffer.append", audio=sound(spoken(1)))
            error, _ = await client.until("error")
            assert "embedded = true" in error["error"]["message"]


async def test_an_upstream_that_fails_ends_the_answer_not_the_connection(tmp_path: Path):
    async with running(tmp_path) as platform:
        key = platform.make_key(Scope(models=("fake",)))
        async with plainly(platform, key) as client:
            created, _ = await client.until("session.created")
            assert created["session"]["output_modalities"] == ["text"]  # no voice for this key
            await client.send("conversation.item.create", item=say("hi"))
            platform.upstream.directive = Directive(fail_status=500)
            await client.send("response.create")
            done, _ = await client.until("response.done")
            assert done["response"]["status"] == "failed"
            assert done["response"]["status_details"]["error"]["code"]
            platform.upstream.directive = Directive()
            await client.send("response.create")
            done, _ = await client.until("response.done")
            assert done["response"]["status"] == "completed"
