"""Requests are counted and bodies unwrapped, however the stream is cut."""

import gzip
import zlib

import pytest
from websockets.frames import Frame, Opcode

from edgewise.testing.request_reader import RequestReader

SECRET = b"the secret of the chunk borders " * 3
PLAIN = b"POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
GET = b"\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
UPGRADE = b"GET /s HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


def chunked(body: bytes, *fields: bytes) -> bytes:
    head = b"\r\n".join([b"POST /c HTTP/1.1", b"Transfer-Encoding: chunked", *fields])
    pieces = [body[at : at + 7] for at in range(0, len(body), 7)]
    told = b"".join(b"%x;note=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return head + b"\r\n\r\n" + told + b"0\r\nTrailer: x\r\n\r\n"


def coded(name: bytes, body: bytes) -> bytes:
    head = b"PUT /z HTTP/1.1\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
    return head % (name, len(body)) + body


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


def read(*pieces: bytes) -> tuple[RequestReader, dict[int, bytes]]:
    bodies: dict[int, bytes] = {}

    def tell(number: int, data: bytes) -> None:
        bodies[number] = bodies.get(number, b"") + data

    reader = RequestReader(tell)
    for piece in pieces:
        reader.feed(piece)
    return reader, bodies


@pytest.mark.parametrize(
    "request_bytes",
    [
        chunked(SECRET),
        chunked(gzip.compress(SECRET), b"Content-Encoding: gzip"),
        coded(b"gzip", gzip.compress(SECRET[:20]) + gzip.compress(SECRET[20:])),
        coded(b"deflate", zlib.compress(SECRET)),
        coded(b"deflate", raw_deflate(SECRET)),
        coded(b"deflate, gzip", gzip.compress(zlib.compress(SECRET))),
        coded(b"identity", SECRET),
    ],
    ids=["chunked", "chunked gzip", "members", "zlib", "raw deflate", "both", "identity"],
)
def test_a_body_is_unwrapped_wherever_the_stream_is_cut(request_bytes: bytes):
    data = PLAIN + request_bytes + GET
    for cut in range(len(data)):
        reader, bodies = read(data[:cut], data[cut:])
        assert reader.requests == 3, f"cut at {cut}"
        assert reader.between
        assert not reader.unread
        if b"identity" not in request_bytes:
            assert bodies == {2: SECRET}


def test_byte_by_byte_is_the_same():
    data = PLAIN + chunked(SECRET) + GET
    reader, bodies = read(*(data[at : at + 1] for at in range(len(data))))
    assert (reader.requests, bodies) == (3, {2: SECRET})


def test_a_request_counts_from_its_first_byte_and_is_under_way_until_its_last():
    reader, _ = read()
    assert reader.between
    assert reader.feed(PLAIN[:1]) == 1
    assert reader.feed(PLAIN[1:-1]) == 0
    assert not reader.between
    assert reader.feed(PLAIN[-1:]) == 0
    assert reader.between


def test_frames_after_an_upgrade_are_read_and_a_refused_upgrade_is_followed_by_requests():
    frame = Frame(Opcode.TEXT, SECRET).serialize(mask=True)
    reader, bodies = read(UPGRADE + frame)
    assert (reader.requests, bodies, reader.unread) == (1, {1: SECRET}, "")
    reader, bodies = read(UPGRADE, PLAIN)
    assert (reader.requests, bodies, reader.unread) == (2, {}, "")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x16\x03\x01\x02\x00", "not plain HTTP/1.1"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "not plain HTTP/1.1"),
        (coded(b"br", b"1234"), "'br'"),
        (coded(b"gzip", b"no gzip at all"), "header"),
        (b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", "'many'"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "invalid literal"),
        (b"GET /" + b"a" * 70_000, "more than 65536"),
        (b"CONNECT a:1 HTTP/1.1\r\n\r\n\x16\x03\x01\x02", "not plain HTTP/1.1"),
    ],
)
def test_what_can_not_be_read_is_said(data: bytes, why: str):
    reader, _ = read(data, b"more of it")
    assert why in reader.unread
