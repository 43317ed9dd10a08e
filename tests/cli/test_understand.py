"""`edgewise understand`: rows in, calls out; a bad row is named by its line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise

ROWS = [
    {"id": 1, "text": "打开空调"},
    {"id": "b", "text": "open the driver's window", "lang": "en"},
    {"id": None, "text": ""},
]


def lines_of(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_each_row_becomes_one_row_in_order(edgewise: Edgewise) -> None:
    ran = edgewise("understand", stdin=lines_of(*ROWS))
    assert (ran.code, [row["id"] for row in ran.rows]) == (0, [1, "b", None])
    assert ran.rows[0]["calls"] == [{"capability": "climate.set_power", "arguments": {"on": True}}]
    assert ran.rows[1]["calls"][0]["capability"] == "window.set"
    assert ran.rows[2]["calls"] == []
    assert all(0 <= row["confidence"] <= 1 < row["latency_ms"] + 1 for row in ran.rows)


def test_files_are_read_and_written(edgewise: Edgewise, tmp_path: Path) -> None:
    source, sink = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(lines_of(*ROWS) + b"\n\n")
    ran = edgewise("understand", "--input", str(source), "--output", str(sink))
    assert (ran.code, ran.out) == (0, "")
    written = [json.loads(line) for line in sink.read_text("utf-8").splitlines()]
    assert [row["id"] for row in written] == [1, "b", None]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", '"text"'),
        (b'{"text": "hi"}', '"id"'),
        (b'{"id": 1, "text": 5}', '"text"'),
        (b'{"id": 1, "text": "hi", "lang": "fr"}', "'fr'"),
        (b'{"id": 1, "text": "hi", "lang": []}', "'en' and 'zh'"),
    ],
)
def test_a_bad_row_is_named_by_its_line(edgewise: Edgewise, row: bytes, said: str) -> None:
    ran = edgewise("understand", stdin=b"\n" + row)
    assert ran.is_one_clear_line("line 2", said), ran


def test_rows_before_a_bad_one_are_kept(edgewise: Edgewise) -> None:
    ran = edgewise("understand", stdin=lines_of(ROWS[0]) + b"\n{")
    assert (ran.code, [row["id"] for row in ran.rows]) == (1, [1])
    assert "line 2" in ran.err


def test_bytes_that_are_not_text_do_no_harm(edgewise: Edgewise) -> None:
    rows = b'{"id": 1, "text": "\xff\xfe"}\n{"id": "\\ud800", "text": "\\ud800"}'
    ran = edgewise("understand", stdin=rows)
    assert (ran.code, len(ran.rows)) == (0, 2)


def test_a_file_that_can_not_be_opened_is_named(edgewise: Edgewise, tmp_path: Path) -> None:
    ran = edgewise("understand", "--input", str(tmp_path / "none.jsonl"))
    assert ran.is_one_clear_line("none.jsonl")
    ran = edgewise("understand", "--output", str(tmp_path), stdin=lines_of(ROWS[0]))
    assert ran.is_one_clear_line(str(tmp_path))
