"""`serve_cloud` serves until it is told to end, and leaves nothing open."""

import asyncio
import json
import logging
import socket
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from edgewise.cloud.config import BackendConfig
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.serve import MOST_CONNECTIONS, address_of, serve_cloud
from edgewise.cloud.service import Cloud
from edgewise.cloud.xiaozhi.probe import Probe
from edgewise.errors import UserError
from tests.cloud.running import running_cloud
from tests.cloud.strange_upstream import events, strange_upstream
from tests.cloud.waiting import until


async def test_it_serves_until_the_event_and_then_lets_the_folder_go(tmp_path: Path):
    for _ in range(2):  # a second start finds the folder free
        ended = asyncio.Event()
        seen: list[int] = []

        async def look(address: str, ended: asyncio.Event, seen: list[int]) -> None:
            async with httpx.AsyncClient() as client:
                seen.append((await client.get(f"{address}/health")).status_code)
            ended.set()

        looking: list[asyncio.Task[None]] = []

        def ready(
            address: str,
            _: Cloud,
            looking: list[asyncio.Task[None]] = looking,
            ended: asyncio.Event = ended,
            seen: list[int] = seen,
        ) -> None:
            looking.append(asyncio.create_task(look(address, ended, seen)))

        await asyncio.wait_for(serve_cloud(tmp_path, 0, ready, ended=ended), 20)
        assert seen == [200]
    assert MOST_CONNECTIONS >= 10_000


async def test_the_start_says_in_one_line_what_voice_devices_lack_and_where_it_listens(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "cloud.toml").write_text("[xiaozhi]\nenabled = true\n")
    ended = asyncio.Event()
    seen: list[tuple[str, Probe | None]] = []

    def ready(address: str, _: Cloud) -> None:
        seen.append((address, Probe.of(tmp_path)))
        ended.set()

    with caplog.at_level(logging.WARNING):
        await asyncio.wait_for(serve_cloud(tmp_path, 0, ready, ended=ended), 20)
    [(address, probe)] = seen
    assert probe is not None
    assert address == f"http://{probe.host}:{probe.port}"
    [line] = [one.message for one in caplog.records if "can not be talked with" in one.message]
    assert "transcription" in line
    assert "speech" in line


async def test_a_taken_port_is_told(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port}.*choose another one") as refused:
            await serve_cloud(tmp_path, port, lambda *_: None)
        assert "--port 0" not in str(refused.value)


async def test_a_folder_in_use_is_told(tmp_path: Path):
    ended = asyncio.Event()
    refused: list[str] = []

    async def second() -> None:
        try:
            await serve_cloud(tmp_path, 0, lambda *_: None, ended=ended)
        except UserError as error:
            refused.append(error.code)
        ended.set()

    tasks: list[asyncio.Task[None]] = []
    first = serve_cloud(
        tmp_path, 0, lambda *_: tasks.append(asyncio.create_task(second())), ended=ended
    )
    await asyncio.wait_for(first, 20)
    assert refused == ["folder_in_use"]


async def test_a_file_can_not_be_the_folder(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="--folder"):
        await serve_cloud(tmp_path / "file", 0, lambda *_: None)


async def shrunk(address: str, request: bytes) -> socket.socket:
    """A connection with a small window over which a request went; nothing is read from it."""
    host, _, port = address.removeprefix("http://").partition(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, (host, int(port)))
    await loop.sock_sendall(client, request)
    return client


def post(path: str, key: str, body: dict[str, object], *more: str) -> bytes:
    raw = json.dumps({"model": "fake", "stream": True, **body}).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {key}", *more]
    lines += ["Content-Type: application/json", f"Content-Length: {len(raw)}", "", ""]
    return "\r\n".join(lines).encode() + raw


SAID: dict[str, object] = {"messages": [{"role": "user", "content": "go on"}]}
MUCH = events(*[b'{"choices":[{"index":0,"delta":{"content":"%s"}}]}' % (b"a" * 60_000)] * 400)


@pytest.mark.parametrize(
    ("path", "body", "more"),
    [
        ("/v1/chat/completions", SAID, ()),
        ("/v1/chat/completions", SAID, ("X-Edgewise-Resume: 1",)),
        ("/v1/messages", {**SAID, "max_tokens": 4000}, ()),
        ("/v1/responses", {"input": "go on"}, ()),
    ],
)
async def test_who_does_not_read_a_stream_holds_nothing_for_long(
    tmp_path: Path, path: str, body: dict[str, object], more: tuple[str, ...]
):
    async with strange_upstream(lambda *_: MUCH) as strange:
        backend = BackendConfig("up", f"{strange.address}/v1", most_connections=1)
        async with running_cloud(tmp_path, backend=(backend,), write_s=0.3) as running:
            request = post(path, running.key, body, *more)
            with await shrunk(running.address, request):
                await until(lambda: running.cloud.ledger.running)
                await until(lambda: not more or running.cloud.streams._streams)
                kept = list(running.cloud.streams._streams.values())
                await running.wait_until_idle()
                await until(lambda: not any(stream.readers for stream in kept))
                (entry,) = running.cloud.ledger.recent
            assert entry.outcome is not Outcome.DONE or kept  # a kept stream goes on by itself
            assert not running.cloud.pool.health["up"].running


async def test_who_does_not_read_a_file_is_cut(tmp_path: Path):
    async with running_cloud(tmp_path, write_s=0.3) as running:
        made = await running.client.post(
            "/v1/files",
            files={"file": ("f.txt", b"a" * 24_000_000)},
            data={"purpose": "user_data"},
        )
        head = f"GET /v1/files/{made.json()['id']}/content HTTP/1.1\r\nHost: x\r\n"
        request = f"{head}Authorization: Bearer {running.key}\r\n\r\n".encode()
        with await shrunk(running.address, request) as client:
            loop, size = asyncio.get_running_loop(), 0
            await asyncio.sleep(1)  # what is read only now was cut before
            with suppress(ConnectionError):
                while data := await asyncio.wait_for(loop.sock_recv(client, 65536), 5):
                    size += len(data)
            assert size < 24_000_000


async def test_an_address_of_another_machine_is_told_as_such(tmp_path: Path):
    with pytest.raises(UserError, match="no address of this machine"):
        await serve_cloud(tmp_path, 0, lambda *_: None, "192.0.2.1")


async def test_all_it_makes_is_for_its_owner_alone(tmp_path: Path):
    folder, ended = tmp_path / "home" / "cloud", asyncio.Event()
    await asyncio.wait_for(serve_cloud(folder, 0, lambda *_: ended.set(), ended=ended), 20)
    made = [folder.parent, *(one for one in folder.parent.rglob("*") if one.is_dir())]
    assert {one.stat().st_mode & 0o777 for one in made} == {0o700}
    assert folder / "journal" in made


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:1"),
        ("::", "http://[::1]:1"),
        ("::1", "http://[::1]:1"),
        ("10.0.0.1", "http://10.0.0.1:1"),
    ],
)
def test_the_address_that_is_told_can_be_opened(host: str, address: str):
    assert address_of(host, 1) == address
