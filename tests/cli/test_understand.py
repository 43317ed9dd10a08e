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
        (b'{"id": 1, "text": "open \xff\xfe window"}', "not UTF-8 text (byte 25)"),
        (b'{"id": 1, "text": "open \\udcff window"}', "lone surrogate"),
        (b'{"id": 1, "text": "hi", "lang": "fr"}', "'fr'"),
        (b'{"id": 1, "text": "hi", "lang": []}', "'en' and 'zh'"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_others_are_understood(
    edgewise: Edgewise, row: bytes, said: str
) -> None:
    ran = edgewise("understand", stdin=lines_of(ROWS[0]) + b"\n" + row + b"\n" + lines_of(ROWS[1]))
    assert ran.code == 1
    assert [r["id"] for r in ran.rows] == [1, None, "b"]
    assert (ran.rows[1]["line"], ran.rows[1]["kind"], ran.rows[1]["calls"]) == (2, "unknown", [])
    assert said in ran.rows[1]["error"]
    assert len(ran.err.splitlines()) == 1
    assert "line 2" in ran.err
    assert said in ran.err


@pytest.mark.parametrize("lang", ["zh-TW", "zh_HK", "ZH", "en-GB"])
def test_a_language_may_name_its_region(edgewise: Edgewise, lang: str) -> None:
    ran = edgewise("understand", stdin=lines_of({"id": 1, "text": "打開空調", "lang": lang}))
    assert ran.code == 0
    assert ran.rows[0]["calls"][0]["capability"] == "climate.set_power"


def test_a_file_is_never_written_over_while_it_is_read(edgewise: Edgewise, tmp_path: Path) -> None:
    same = tmp_path / "rows.jsonl"
    same.write_bytes(lines_of(*ROWS))
    ran = edgewise("understand", "--input", str(same), "--output", str(same))
    assert ran.is_one_clear_line("--output"), ran
    assert same.read_bytes() == lines_of(*ROWS)


def test_an_id_that_is_no_text_does_no_harm(edgewise: Edgewise) -> None:
    ran = edgewise("understand", stdin=b'{"id": "\\ud800", "text": "open the window"}')
    assert (ran.code, len(ran.rows)) == (0, 1)


def test_a_file_that_can_not_be_opened_is_named(edgewise: Edgewise, tmp_path: Path) -> None:
    ran = edgewise("understand", "--input", str(tmp_path / "none.jsonl"))
    assert ran.is_one_clear_line("none.jsonl")
    ran = edgewise("understand", "--output", str(tmp_path), stdin=lines_of(ROWS[0]))
    assert ran.is_one_clear_line(str(tmp_path))


def test_sentences_may_be_given_as_they_are(edgewise: Edgewise) -> None:
    ran = edgewise("understand", "打开车窗", "call Anna tomorrow")
    assert [row["id"] for row in ran.rows] == [1, 2]
    assert ran.rows[0]["calls"][0]["capability"] == "window.set"
    assert {"kind": "date", "words": "tomorrow"} in ran.rows[1]["mentions"]
