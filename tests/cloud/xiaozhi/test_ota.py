"""The doors of bootstrap and activation of a served platform."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from edgewise.cloud.config import XiaozhiConfig
from edgewise.cloud.service import VOICE_SECRET
from edgewise.cloud.xiaozhi.bootstrap import BODY_BYTES
from edgewise.cloud.xiaozhi.voice_devices import VoiceDevices
from tests.cloud.running import Running, running_cloud

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("cloud")
    async with running_cloud(folder, xiaozhi=XiaozhiConfig(enabled=True)) as served:
        yield served


def voice_of(running: Running) -> VoiceDevices:
    assert running.cloud.voice is not None
    return running.cloud.voice


def bind(running: Running, code: str) -> None:
    """The first project's administrator types a code."""
    made = running.cloud.first_start
    assert made is not None
    database = running.cloud.database
    with voice_of(running).adding() as adding, database.begin() as connection:
        adding.bind(
            connection,
            made.organisation.id,
            made.project.id,
            "Kitchen",
            code,
            account=made.account.id,
            now_s=running.cloud.clock.now(),
        )


class Device:
    """A device as it asks."""

    def __init__(self, running: Running, mac: str, client: str = "client") -> None:
        self.client = running.stranger()
        self.client.headers.update({"Device-Id": mac, "Client-Id": client})

    async def ask(self, place: str = "/xiaozhi/ota/") -> Any:
        reply = await self.client.post(place, json={"board": {"name": "board"}})
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def activate(self, body: Any) -> httpx.Response:
        return await self.client.post("/xiaozhi/ota/activate", json=body)


async def refused_in_all(running: Running) -> dict[str, float]:
    told = await running.client.get(
        "/metrics", headers={"Authorization": f"Bearer {running.cloud.metrics_token}"}
    )
    lines = [
        line.removeprefix('edgewise_voice_refused_total{code="').split('"} ')
        for line in told.text.splitlines()
        if line.startswith("edgewise_voice_refused_total{")
    ]
    return {code: float(count) for code, count in lines}


async def test_a_device_asks_with_and_without_the_slash(running: Running):
    device = Device(running, "02:00:00:00:01:01")
    first, second = await device.ask("/xiaozhi/ota"), await device.ask("/xiaozhi/ota/")
    assert first["activation"] == second["activation"]
    assert first["websocket"] == second["websocket"]
    host = running.address.removeprefix("http://")
    assert first["websocket"]["url"] == f"ws://{host}/xiaozhi/v1/"
    assert first["websocket"]["version"] == 1
    assert abs(first["server_time"]["timestamp"] / 1000 - running.cloud.clock.now()) < 60
    assert not {"mqtt", "firmware"} & first.keys()


@pytest.mark.parametrize("wrapped", ["firmware", "wrapped", "first version"])
async def test_it_waits_until_its_owner_has_typed_the_code(running: Running, wrapped: str):
    mac = f"02:00:00:00:02:{['firmware', 'wrapped', 'first version'].index(wrapped):02}"
    device = Device(running, mac)
    told = (await device.ask())["activation"]
    proof = {"algorithm": "hmac-sha256", "challenge": told["challenge"], "hmac": "0", "x": 1}
    body = {"firmware": proof, "wrapped": {"Payload": proof}, "first version": {}}[wrapped]
    waiting = await device.activate(body)
    assert waiting.status_code == 202
    bind(running, told["code"])
    assert (await device.activate(body)).status_code == 200
    replayed = await device.activate(body)
    assert replayed.status_code == 409
    assert (await refused_in_all(running))["activation_replayed"] >= 1
    assert "activation" not in await device.ask()


async def test_what_is_too_large_or_nobodys_is_refused_and_counted(running: Running):
    before = await refused_in_all(running)
    device = Device(running, "02:00:00:00:03:01")
    large = await device.client.post("/xiaozhi/ota/", content=b"x" * (BODY_BYTES + 1))
    assert large.status_code == 413
    nobody = running.stranger()
    assert (await nobody.post("/xiaozhi/ota/", json={})).status_code == 400
    assert (await device.activate({})).status_code == 404
    await device.ask()
    stranger = Device(running, "02:00:00:00:03:01", "another")
    assert (await stranger.activate({})).status_code == 403
    after = await refused_in_all(running)
    new = {code for code in after if after[code] > before.get(code, 0)}
    assert new == {
        "request_too_large",
        "bad_client_id",
        "activation_unknown",
        "foreign_device",
    }


async def test_a_person_who_opens_the_address_learns_what_it_is_for(running: Running):
    for place in ("/xiaozhi/ota", "/xiaozhi/ota/"):
        reply = await running.client.get(place)
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/plain")
        assert "Wi-Fi" in reply.text


async def test_a_probe_begins_no_activation(running: Running):
    voice = voice_of(running)
    before = len(voice.activations)
    reply = await running.stranger().post("/xiaozhi/ota/", headers={"Edgewise-Probe": "word"})
    told = reply.json()
    assert told["edgewise"] == voice.probe.answer("word")
    assert told["websocket"]["token"] == ""
    assert len(voice.activations) == before


async def test_the_secret_is_its_owners_alone(running: Running):
    file = running.cloud.folder / VOICE_SECRET
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_text().strip()) >= 43


async def test_a_voice_devices_token_opens_no_other_door(running: Running):
    device = Device(running, "02:00:00:00:04:01")
    told = await device.ask()
    bind(running, told["activation"]["code"])
    client = running.stranger(told["websocket"]["token"])
    body = {"model": "fake", "messages": [{"role": "user", "content": "hi"}]}
    assert (await client.post("/v1/chat/completions", json=body)).status_code == 403
    assert (await client.get("/v1/models")).status_code == 403


async def test_a_platform_that_lets_no_voice_devices_in_has_no_such_door(tmp_path: Path):
    async with running_cloud(tmp_path) as other:
        assert other.cloud.voice is None
        assert (await other.client.post("/xiaozhi/ota/", json={})).status_code == 404
        assert not (tmp_path / VOICE_SECRET).exists()
