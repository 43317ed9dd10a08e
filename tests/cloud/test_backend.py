"""A line that was hung up lets no answer begin; a whole answer has a bound."""

import pytest

from edgewise.cloud.backend import Line, read_all
from edgewise.errors import LinkError


class Pieces:
    """An answer that comes in pieces."""

    is_stream = False

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    async def read(self) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def stop(self) -> bool:
        return False

    async def close(self) -> None:
        pass


def test_hanging_up_closes_the_connection_that_was_opened():
    line, closed = Line(), list[int]()
    line.opened(lambda: closed.append(1))
    line.hang_up()
    assert closed == [1]


def test_a_connection_that_opens_too_late_is_refused():
    line = Line()
    line.hang_up()
    with pytest.raises(LinkError):
        line.opened(lambda: None)


def test_a_line_is_open_until_the_request_is_refused():
    line = Line()
    assert not line.is_open
    line.opened(lambda: None)
    line.hang_up()
    assert line.is_open
    line.closed()
    assert not line.is_open


async def test_an_answer_is_read_whole():
    assert await read_all(Pieces(b"ab", b"c"), 3) == b"abc"


async def test_an_answer_over_its_bound_is_not_kept():
    with pytest.raises(LinkError, match="more than 2 bytes"):
        await read_all(Pieces(b"ab", b"c"), 2)
