"""Voice devices on the running platform: off until they are let in, then served by one voice."""

from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from edgewise.cloud.config import XiaozhiConfig
from edgewise.cloud.keys import revoke_key
from tests.cloud.running import running_cloud
from tests.cloud.xiaozhi.test_ota import Device, bind

MAC = "02:00:00:00:00:01"


async def test_they_are_off_until_they_are_let_in(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        for place in ("/xiaozhi/ota/", "/xiaozhi/vision"):
            assert (await running.client.post(place, json={})).status_code == 404


async def test_a_browser_is_told_that_devices_connect_by_websocket(tmp_path: Path):
    async with running_cloud(tmp_path, xiaozhi=XiaozhiConfig(enabled=True)) as running:
        for place in ("/xiaozhi/v1/", "/xiaozhi/v1"):
            told = await running.client.get(place)
            assert (told.status_code, told.headers["upgrade"]) == (426, "websocket")
            assert "connect here by WebSocket" in told.text


async def test_a_device_gets_from_its_bootstrap_to_its_own_conversation(tmp_path: Path):
    async with running_cloud(tmp_path, xiaozhi=XiaozhiConfig(enabled=True)) as running:
        device = Device(running, MAC)
        told = await device.ask()
        bind(running, told["activation"]["code"])
        socket = told["websocket"]
        headers = {"Device-Id": MAC, "Client-Id": "client"}
        with pytest.raises(InvalidStatus):
            async with connect(socket["url"], additional_headers=headers):
                pass
        headers["Authorization"] = f"Bearer {socket['token']}"
        async with connect(socket["url"], additional_headers=headers) as line:
            await line.send('{"type":"hello","version":1,"transport":"websocket"}')
            assert '"transport":"websocket"' in str(await line.recv())
            voice = running.cloud.voice
            assert voice is not None
            made = running.cloud.first_start
            assert made is not None
            [shown] = voice.shown(made.organisation.id)
            assert shown.connected > 0
            held = voice.bound.of_device(shown.device)
            assert held is not None
            with running.cloud.database.begin() as connection:
                revoke_key(connection, made.organisation.id, held.key, now_s=1.0)
            running.cloud.directory.refresh()
            await line.wait_closed()
            assert line.close_code == 1008


async def test_its_camera_brings_pictures_by_a_token_of_its_own(tmp_path: Path):
    async with running_cloud(tmp_path, xiaozhi=XiaozhiConfig(enabled=True)) as running:
        device = Device(running, MAC)
        told = await device.ask()
        bind(running, told["activation"]["code"])
        files = {"file": ("camera.jpg", b"no picture", "image/jpeg")}
        refused = await running.client.post("/xiaozhi/vision", files=files)
        assert refused.status_code == 401
