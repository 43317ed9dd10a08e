"""The content of a client's frames is read as the `websockets` package writes them."""

import pytest
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode

from edgewise.testing.frame_reader import FrameReader, is_frame

TEXT = "秘密 hello hello hello".encode()


def written(*frames: Frame, compressed: bool = False) -> bytes:
    deflate = PerMessageDeflate(False, False, 15, 15) if compressed else None
    return b"".join(
        frame.serialize(mask=True, extensions=[deflate] if deflate else []) for frame in frames
    )


@pytest.mark.parametrize("size_bytes", [0, 1, 125, 126, 65_535, 65_536])
def test_each_length_is_read(size_bytes: int):
    content = (TEXT * (size_bytes // len(TEXT) + 1))[:size_bytes]
    assert list(FrameReader().feed(written(Frame(Opcode.BINARY, content)))) == [content]


def test_a_frame_that_is_never_finished_is_read_as_far_as_it_came():
    data = written(Frame(Opcode.TEXT, TEXT))
    assert b"".join(FrameReader().feed(data[:-3])) == TEXT[:-3]


@pytest.mark.parametrize("compressed", [False, True])
def test_messages_in_fragments_are_read_wherever_the_stream_is_cut(compressed: bool):
    data = written(
        Frame(Opcode.TEXT, TEXT),
        Frame(Opcode.TEXT, TEXT[:5], fin=False),
        Frame(Opcode.PING, b"are you there"),
        Frame(Opcode.CONT, TEXT[5:]),
        compressed=compressed,
    )
    for cut in range(len(data)):
        reader = FrameReader()
        read = b"".join([*reader.feed(data[:cut]), *reader.feed(data[cut:])])
        assert read.replace(b"are you there", b"") == TEXT * 2


def test_a_request_is_no_frame():
    assert not is_frame(b"GET / HTTP/1.1")
    with pytest.raises(ValueError, match="no masked"):
        list(FrameReader().feed(Frame(Opcode.TEXT, TEXT).serialize(mask=False)))
