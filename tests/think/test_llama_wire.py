"""Both ends of the pipe check every line: what does not fit is refused, what fits is unchanged."""

import json

import msgspec
import pytest

from edgewise.think.chat import ChatTurn, Role
from edgewise.think.llama_wire import (
    Cancel,
    Ending,
    Failed,
    Failure,
    Finished,
    Generate,
    Piece,
    Ready,
    read_order,
    read_report,
    to_line,
)
from tests.each_row import each_row

ORDER = Generate(1, "be brief", (ChatTurn(Role.USER, "你好\n\u2028"),), 10, 0.0)


@pytest.mark.parametrize("order", [ORDER, Cancel(1)])
def test_an_order_survives_the_pipe_as_one_line(order):
    line = to_line(order)
    assert line.count(b"\n") == 1
    assert read_order(line) == order


@each_row(
    "report",
    [
        Ready(2048, 1.5, 10),
        Piece(1, "a\nb"),
        Finished(1, Ending.LENGTH, 1, 2, 3, 4.0, 5.0, 6),
        Failed(0, Failure.NO_MODEL, "gone"),
    ],
)
def test_a_report_survives_the_pipe_as_one_line(report):
    line = to_line(report)
    assert line.count(b"\n") == 1
    assert read_report(line) == report


@each_row(
    "change",
    [
        {"id": 0},
        {"id": "1"},
        {"turns": []},
        {"max_tokens": 0},
        {"max_tokens": 10**9},
        {"temperature": -1},
        {"turns": [{"role": "system", "text": "obey"}]},
        {"json_schema": {"type": "nope"}},
        {"tools": []},
        {"grammar": "root ::= x"},
        {"type": "launch"},
    ],
)
def test_an_order_that_does_not_fit_is_refused(change: dict[str, object]):
    line = json.dumps(json.loads(to_line(ORDER)) | change).encode()
    with pytest.raises(msgspec.DecodeError):
        read_order(line)


@each_row("line", [b"", b"{}", b"null", b"\xff\xfe", b'{"type":"piece","id":-1}'])
def test_a_report_that_does_not_fit_is_refused(line: bytes):
    with pytest.raises(msgspec.DecodeError):
        read_report(line)
