"""Events over a connection, each part bounded; the server's tests send it garbage."""

import asyncio

import pytest
from wyoming.event import Event, async_write_event

from edgewise.errors import LinkError
from edgewise.talk.wyoming_wire import Bounds, Wire


class Ended:
    """A writer that is never written to."""

    def get_extra_info(self, name: str) -> None:
        assert name == "peername"


def wire(data: bytes, *, ends: bool = True, bounds: Bounds | None = None) -> Wire:
    bounds = bounds or Bounds()
    reader = asyncio.StreamReader(limit=bounds.line_bytes)
    reader.feed_data(data)
    if ends:
        reader.feed_eof()
    return Wire(reader, Ended(), bounds)  # type: ignore[arg-type]


class Kept:
    """A writer that keeps what it is given."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes) -> None:
        self.data += data

    def writelines(self, lines: tuple[bytes, ...]) -> None:
        self.data += b"".join(lines)

    async def drain(self) -> None:
        return None


async def test_what_the_package_writes_is_read():
    kept = Kept()
    events = [
        Event("ping", {"text": "你好"}),
        Event("audio-chunk", {"rate": 16_000}, bytes(5)),
        Event("describe"),
    ]
    for event in events:
        await async_write_event(event, kept)  # type: ignore[arg-type]
    connection = wire(bytes(kept.data))
    read = [await connection.read() for _ in range(4)]
    assert read == [*events, None]


async def test_data_beside_the_line_is_joined_to_that_in_it():
    connection = wire(b'{"type": "a", "data": {"x": 1, "y": 1}, "data_length": 7}\n{"y":2}')
    assert await connection.read() == Event("a", {"x": 1, "y": 2})


@pytest.mark.parametrize(
    "data",
    [
        b'{"type": "a", "data_length": 65537}\n',
        b'{"type": "a", "payload_length": 1048577}\n',
        b'{"type": "a", "data": []}\n',
        b'{"type": "a", "data_length": "4"}\n',
        b'{"type": "a", "data_length": 2}\n\xff\xff',
        b'{"data": {}}\n',
        b"{" + b'"a":{' * 3000 + b"\n",
    ],
)
async def test_what_is_no_event_is_refused(data: bytes):
    with pytest.raises(LinkError) as refused:
        await wire(data).read()
    assert refused.value.code == "bad_event"


async def test_an_event_that_is_cut_off_is_a_lost_link():
    with pytest.raises(LinkError) as lost:
        await wire(b'{"type": "a", "payload_length": 9}\n123').read()
    assert lost.value.code == "link_lost"


async def test_an_event_that_does_not_go_on_is_slow():
    with pytest.raises(LinkError) as slow:
        await wire(b'{"ty', ends=False, bounds=Bounds(frame_s=0.01)).read()
    assert slow.value.code == "peer_slow"
