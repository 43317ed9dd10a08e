"""Training rows: what stands too near a test sentence is left out, and joined rows keep places."""

import json
import random
from pathlib import Path
from typing import Any

from scripts.understand.rows import Part, Row, far_from, join, public_rows, unseen


def test_a_text_that_nearly_equals_another_is_not_far():
    others = ["wake me up at seven in the morning"]
    texts = [
        "wake me up at seven in the morning please",
        "wake me at noon",
        "Wake me, up at seven!",
    ]
    assert far_from(texts, others) == [False, True, True]


def row(text: str, function: str, *, chinese: bool = False) -> Row:
    whole = Part(0, len(text), frozenset({function}))
    return Row(text, chinese, (whole,), (("word", 0, 4),), "own")


def test_joined_rows_keep_their_parts_and_spans():
    for seed in range(40):
        made = join([row("play jazz", "a"), row("open it now", "b")], random.Random(seed))
        first, second = made.parts
        assert "play jazz" in made.text[first.start : first.end]
        assert made.text[second.start : second.end].endswith("open it now")
        assert [made.text[s:e] for _, s, e in made.spans or ()] == ["play", "open"]
        assert (first.functions, second.functions) == (frozenset("a"), frozenset("b"))
        assert not made.text[second.start].isspace()


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    (folder / name).mkdir()
    text = "\n".join(json.dumps(each) for each in rows)
    (folder / name / "data.jsonl").write_text(text, "utf-8")


def test_only_training_splits_are_read_and_nothing_near_slurp(tmp_path: Path):
    def labelled(text: str, split: str) -> dict[str, Any]:
        return {"text": text, "intent": "alarm_set", "slots": [], "split": split}

    write(tmp_path, "slurp", labelled("set an alarm for nine o'clock", "devel"))
    write(
        tmp_path, "hwu64", labelled("set an alarm for nine o'clock", "train"),
        labelled("please ring me at dawn", "train"), labelled("ring me at dusk", "test"),
    )  # fmt: skip
    mapping = {"alarm.manage": {"hwu64": {"labels": ["alarm_set"]}}}
    (tmp_path / "intent_map.json").write_text(json.dumps(mapping), "utf-8")
    (only,) = public_rows(tmp_path)
    assert only.text == "please ring me at dawn"
    assert only.parts[0].functions == frozenset({"alarm.manage"})
    assert public_rows(tmp_path, ["hwu64"]) == []


def test_own_sentences_that_a_visible_test_sentence_equals_or_nearly_equals_are_left_out(
    tmp_path: Path,
):
    write(tmp_path, "slurp", {"text": "wake me up at seven in the morning", "intent": "alarm_set"})
    write(
        tmp_path, "mac_slu",
        {"text": "打开空调", "intent": ["空调/打开"], "slots": [{}]},
    )  # fmt: skip
    mapping = {
        "alarm.manage": {"slurp": {"labels": ["alarm_set"]}},
        "climate.set_power": {"mac_slu": {"labels": ["空调/打开"]}},
    }
    (tmp_path / "intent_map.json").write_text(json.dumps(mapping), "utf-8")
    own = [
        row("wake me up at seven in the morning please", "alarm.manage"),
        row("打开空调.", "climate.set_power", chinese=True),
        row("把空调打开", "climate.set_power", chinese=True),
    ]
    assert [each.text for each in unseen(own, tmp_path)] == ["把空调打开"]
