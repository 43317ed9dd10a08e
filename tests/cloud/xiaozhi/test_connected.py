"""What is known of a connection before it says a word."""

import pytest
from starlette.websockets import WebSocket

from edgewise.cloud.xiaozhi.connected import TOO_LARGE, SocketLine, address_of, version_of
from edgewise.errors import LinkError


def socket(scheme: str = "ws", **headers: str) -> WebSocket:
    """A socket as the server hands it over; whoever sends finds that the device left."""

    async def receive() -> dict[str, object]:
        return {"type": "websocket.disconnect", "code": 1006}

    async def send(message: object) -> None:
        raise RuntimeError(f"the connection is gone: {message}")

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "websocket", "scheme": scheme, "path": "/xiaozhi/v1/", "headers": given,
        "query_string": b"", "server": ("127.0.0.1", 8475),
    }  # fmt: skip
    return WebSocket(scope, receive, send)  # type: ignore[arg-type]


@pytest.mark.parametrize(("given", "version"), [({}, 1), ({"protocol_version": " 3 "}, 3)])
def test_the_version_is_that_of_its_header(given: dict[str, str], version: int):
    assert version_of(socket(**given)) == version


@pytest.mark.parametrize("given", ["0", "4", "x", "", "1,2"])
def test_other_versions_are_refused(given: str):
    with pytest.raises(LinkError) as told:
        version_of(socket(protocol_version=given))
    assert told.value.code == "bad_version"


def test_it_is_known_where_the_device_reached_us():
    assert address_of(socket(host="edge.example:8475")) == "http://edge.example:8475"
    assert address_of(socket("wss", host="edge.example")) == "https://edge.example"
    assert address_of(socket()) == "http://127.0.0.1:8475"


async def test_a_device_that_left_is_a_lost_link():
    line = SocketLine(socket())
    with pytest.raises(LinkError) as told:
        await line.send("{}")
    assert told.value.code == "link_lost"


@pytest.mark.parametrize("code", [1001, TOO_LARGE])
async def test_more_than_the_server_reads_is_a_frame_that_is_refused(code: int):
    told = [{"type": "websocket.disconnect", "code": code}, {"type": "websocket.connect"}]

    async def receive() -> dict[str, object]:
        return dict(told.pop())

    async def send(message: object) -> None:
        raise AssertionError(message)

    made = WebSocket({"type": "websocket"}, receive, send)  # type: ignore[arg-type]
    assert (await made.receive())["type"] == "websocket.connect"
    if code != TOO_LARGE:
        assert await SocketLine(made).receive() is None
        return
    with pytest.raises(LinkError) as error:
        await SocketLine(made).receive()
    assert error.value.code == "bad_frame"
