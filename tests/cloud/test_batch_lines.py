"""The check of a batch's input names each wrong line and reads no more than it may."""

import json
from pathlib import Path
from typing import Any

import pytest

from edgewise.cloud.batch_lines import MOST_ERRORS, MOST_LINES, check_input, raw_lines, read_line

CHAT = "/v1/chat/completions"
LINE_BYTES = 2000


def line(id: str = "a", **changes: Any) -> dict[str, Any]:
    body = {"model": "fake", "messages": [{"role": "user", "content": "hi"}]}
    return {"custom_id": id, "method": "POST", "url": CHAT, "body": body, **changes}


def checked(tmp_path: Path, *lines: Any) -> Any:
    file = tmp_path / "input.jsonl"
    raw = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines]
    file.write_bytes(b"\n".join(raw))
    return check_input(file, CHAT, LINE_BYTES)


def test_a_right_input_has_its_lines_counted_blank_ones_and_a_mark_left_out(tmp_path: Path):
    found = checked(tmp_path, b"\xef\xbb\xbf" + json.dumps(line()).encode(), b"", line("b"), b" ")
    assert (found.total, found.model, found.errors) == (2, "fake", [])


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        (b"{nonsense", "invalid_json", None),
        (b"\xff\xfe", "invalid_json", None),
        (b'{"x":' + b"[" * 1500, "invalid_json", None),
        (b"[]", "invalid_value", None),
        ({"method": "POST"}, "invalid_value", "custom_id"),
        (line(""), "invalid_value", "custom_id"),
        (line(7), "invalid_value", "custom_id"),  # pyright: ignore[reportArgumentType]
        (line("x" * 513), "invalid_value", "custom_id"),
        (line("b", method="GET"), "invalid_value", "method"),
        (line("b", url="/v1/embeddings"), "mismatched_url", "url"),
        (line("b", url="http://169.254.169.254/"), "mismatched_url", "url"),
        (line("b", body=[]), "invalid_value", "body"),
        (line("b", body={}), "invalid_value", "body.model"),
        (line("b", body={"model": "fake", "stream": True}), "invalid_value", "body.stream"),
        (line("a"), "duplicate_custom_id", "custom_id"),
        (line("b", body={"model": "f", "x": "y" * 3000}), "line_too_long", None),
    ],
)
def test_a_wrong_line_is_named_by_its_number(
    tmp_path: Path, wrong: Any, code: str, param: str | None
):
    found = checked(tmp_path, line("a"), b"", wrong)
    (error,) = found.errors
    assert (error.line, error.code, error.param) == (3, code, param)
    assert error.message.startswith("line 3: ")


def test_an_empty_input_has_no_lines_to_run(tmp_path: Path):
    assert [error.code for error in checked(tmp_path, b"\n\n").errors] == ["empty_file"]


def test_errors_are_told_up_to_a_number(tmp_path: Path):
    found = checked(tmp_path, *[b"x"] * (MOST_ERRORS + 50))
    assert len(found.errors) == MOST_ERRORS


def test_more_lines_than_a_batch_has_are_refused(tmp_path: Path):
    file = tmp_path / "input.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(MOST_LINES + 1):
            out.write(json.dumps(line(str(number))) + "\n")
    (error,) = check_input(file, CHAT, LINE_BYTES).errors
    assert (error.code, error.line) == ("too_many_requests", MOST_LINES + 1)


def test_a_line_without_end_is_not_read_whole(tmp_path: Path):
    file = tmp_path / "input.jsonl"
    file.write_bytes(b"x" * 1_000_000)
    _, raw = next(raw_lines(file, 100))
    assert len(raw) <= 102


def test_a_line_read_again_is_the_line(tmp_path: Path):
    assert read_line(json.dumps(line("z")).encode()).custom_id == "z"
