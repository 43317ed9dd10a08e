"""The WebSocket of voice devices: whose turn runs here, told apart from every other device's."""

import asyncio
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from edgewise.cloud.keys import revoke_key
from edgewise.cloud.xiaozhi.connected import SocketLine
from edgewise.cloud.xiaozhi.door import UNBOUND_BURST
from edgewise.errors import LinkError
from edgewise.talk.xiaozhi.link import Bounds
from tests.cloud.xiaozhi.scene import Known, scene
from tests.talk.realtime.loud import silent, spoken

HZ = 16_000
LIMIT_S = 10.0


def said(sentence: int) -> bytes:
    return spoken(sentence, rate_hz=HZ) + silent(500, rate_hz=HZ)


async def test_what_is_said_to_a_device_is_answered_by_the_platforms_model(tmp_path: Path):
    async with scene(tmp_path, ["what is the weather"]) as made:
        known = made.add("t")
        async with made.board("t") as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until("tts", "stop")
            assert [one["text"] for one in board.of("stt")] == ["what is the weather"]
            assert made.devices.connected == [known.device]
            hosted = made.hosts.known(known.device)
            assert hosted is not None
            assert len(await hosted.agent.recent(5)) == 1
        assert board.sound
        await made.platform.wait_until_idle()
    assert made.devices.connected == []


async def test_a_wrong_token_or_no_name_is_refused_and_counted(tmp_path: Path):
    async with scene(tmp_path) as made:
        made.add("t")
        for token, mac in (("wrong", "02:00:00:00:00:01"), ("t", "")):
            with pytest.raises(InvalidStatus) as told:
                async with made.board(token, mac=mac):
                    pass
            assert told.value.response.status_code == 401
        assert made.devices.counted.total() == 2


async def test_a_device_of_nobody_is_told_its_code_and_heard_by_nobody(tmp_path: Path):
    async with scene(tmp_path) as made:
        made.devices.known["new"] = Known(None, "", "482913")
        async with made.board("new") as (board, _):
            board.listen("start", mode="auto")
            board.hear(said(1))
            await board.until_says("4 8 2 9 1 3")
            assert board.of("stt") == []


async def test_a_device_of_nobody_has_its_code_said_only_so_often(tmp_path: Path):
    async with scene(tmp_path) as made:
        made.devices.known["new"] = Known(None, "", "482913")
        async with made.board("new") as (board, socket):
            await board.until("hello")
            for _ in range(2 * UNBOUND_BURST):
                board.listen("detect", text="and what is the code")
            async with asyncio.timeout(LIMIT_S):
                await socket.wait_closed()
            assert socket.close_reason == "too_fast"
        assert made.devices.counted["too_fast"]


async def test_more_devices_than_may_be_are_refused(tmp_path: Path):
    async with scene(tmp_path, most=1) as made:
        made.add("a")
        made.add("b")
        async with made.board("a") as (board, _):
            await board.until("hello")
            with pytest.raises(InvalidStatus) as told:
                async with made.board("b"):
                    pass
            assert told.value.response.status_code == 503
        assert made.devices.counted["too_many_devices"] == 1


async def test_a_device_that_connects_anew_ends_its_connection_before(tmp_path: Path):
    async with scene(tmp_path) as made:
        made.add("t")
        async with made.board("t") as (first, old):
            await first.until("hello")
            async with made.board("t") as (second, _):
                await second.until("hello")
                async with asyncio.timeout(LIMIT_S):
                    await old.wait_closed()
                assert old.close_reason == "replaced"
                second.listen("start", mode="auto")
                second.hear(said(1))
                await second.until("tts", "stop")


async def test_a_device_that_left_when_it_was_told_something_was_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def left(line: SocketLine, said: object) -> None:
        raise LinkError("the device left", code="link_lost")

    monkeypatch.setattr(SocketLine, "send", left)
    async with scene(tmp_path) as made:
        made.add("t")
        async with made.board("t") as (_, socket), asyncio.timeout(LIMIT_S):
            await socket.wait_closed()
        assert made.devices.counted.total() == 0


async def test_a_revoked_key_ends_the_connection(tmp_path: Path):
    async with scene(tmp_path) as made:
        known = made.add("t")
        assert known.caller is not None
        async with made.board("t") as (board, socket):
            await board.until("hello")
            with made.platform.cloud.database.begin() as connection:
                revoke_key(connection, known.caller.organisation, known.caller.key, now_s=1.0)
            made.platform.cloud.directory.refresh()
            async with asyncio.timeout(LIMIT_S):
                await socket.wait_closed()
            assert socket.close_code == 1008


async def test_an_unknown_binary_version_is_refused(tmp_path: Path):
    async with scene(tmp_path) as made:
        made.add("t")
        async with made.board("t", version=7) as (_, socket):
            async with asyncio.timeout(LIMIT_S):
                await socket.wait_closed()
            assert socket.close_reason == "bad_version"


async def test_who_never_says_hello_is_let_go(tmp_path: Path):
    async with scene(tmp_path, bounds=Bounds(hello_s=0.1)) as made:
        made.add("t")
        headers = {"Authorization": "Bearer t", "Device-Id": "02", "Client-Id": "c"}
        address = made.address.replace("http", "ws") + "/xiaozhi/v1/"
        async with connect(address, additional_headers=headers) as socket:
            with pytest.raises(ConnectionClosed):
                async with asyncio.timeout(LIMIT_S):
                    await socket.recv()
        assert made.devices.counted["no_hello"] == 1


async def test_two_devices_hear_nothing_of_each_other(tmp_path: Path):
    sentences = ["what is the weather", "tell me a story"]
    async with scene(tmp_path, sentences) as made:
        made.add("a")
        made.add("b")
        async with (
            made.board("a") as (one, _),
            made.board("b", mac="02:00:00:00:00:02") as (other, _),
        ):
            one.listen("start", mode="auto")
            other.listen("start", mode="auto")
            one.hear(said(1))
            other.hear(said(2))
            await one.until("tts", "stop")
            await other.until("tts", "stop")
        assert [m["text"] for m in one.of("stt")] == sentences[:1]
        assert [m["text"] for m in other.of("stt")] == sentences[1:]
        assert {m["session_id"] for m in one.told} & {m["session_id"] for m in other.told} == set()
