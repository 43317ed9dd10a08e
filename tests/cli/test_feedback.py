"""`edgewise feedback`: what was corrected, on 80 columns and as rows; what may leave the device."""

import json
import stat
from pathlib import Path

import msgspec

from edgewise.act.catalogue import builtin_catalogue
from edgewise.agent.correction import correct
from edgewise.agent.trail import Trail
from tests.cli.conftest import Edgewise
from tests.cli.test_lists import fits

LONG = "please be so kind and turn the reading light above my head on and make it brighter"


def say(edgewise: Edgewise, home: Path, text: str, meant: str) -> str:
    """A turn of `text` which is corrected to `meant`; its name."""
    turn = edgewise("ask", text, "--json").rows[-1]["turn"]
    trail = Trail(home / "trail", None)
    recorded = trail.read(turn)
    trail.append(correct(recorded, meant, builtin_catalogue(), at=recorded[-1].at))
    trail.close()
    return turn


def test_what_was_corrected_is_listed_in_words_and_fits(edgewise: Edgewise, home: Path) -> None:
    say(edgewise, home, LONG, "device.set_setting")
    say(edgewise, home, "flumble the gork", "nothing")
    for language, understood, meant in (
        ("en", "not understood", "nothing should happen"),
        ("zh", "未听懂", "不该有任何操作"),
    ):
        out = edgewise("feedback", "list", "--language", language).out
        assert fits(out)
        head = out.splitlines()[1]  # the newest first
        assert "flumble the gork" in head
        assert understood in " ".join(out.split())
        assert meant.split()[0] in out


def test_a_list_of_nothing_says_so(edgewise: Edgewise) -> None:
    assert edgewise("feedback", "list").out == "Nothing was corrected or judged yet.\n"
    assert edgewise("feedback", "list", "--json").out == ""


def test_as_rows_each_is_the_record_itself(edgewise: Edgewise, home: Path) -> None:
    turn = say(edgewise, home, "open the driver's window", "roof.set")
    (row,) = edgewise("feedback", "list", "--json").rows
    assert (row["event"], row["turn"], row["meant"]) == ("corrected", turn, "roof.set")
    assert row["understood"][0]["capability"] == "window.set"
    assert len(row["model_hash"]) == 64


def test_the_export_leaves_out_what_is_private_unless_told(
    edgewise: Edgewise, home: Path, tmp_path: Path
) -> None:
    say(edgewise, home, "open the driver's window", "roof.set")
    say(edgewise, home, "call Alice", "message.send")
    file = tmp_path / "feedback.jsonl"
    said = edgewise("feedback", "export", str(file)).out
    assert "1 left out as private; --include-private" in said
    (row,) = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert (row["text"], row["language"]) == ("open the driver's window", "en")
    assert (row["understood"][0]["capability"], row["chosen"]) == ("window.set", "roof.set")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    edgewise("feedback", "export", str(file), "--include-private")
    chosen = [json.loads(line)["chosen"] for line in file.read_text("utf-8").splitlines()]
    assert chosen == ["roof.set", "message.send"]


def test_words_that_were_not_kept_are_neither_shown_nor_exported(
    edgewise: Edgewise, home: Path, tmp_path: Path
) -> None:
    (home / "config.toml").write_text('chat_model = ""\n')
    say(edgewise, home, "open the driver's window", "roof.set")
    assert "(not kept)" in edgewise("feedback", "list").out
    file = tmp_path / "feedback.jsonl"
    assert "1 left out: their words were not kept" in edgewise("feedback", "export", str(file)).out
    assert file.read_bytes() == b""


def test_a_day_that_is_deleted_takes_its_feedback_with_it(edgewise: Edgewise, home: Path) -> None:
    say(edgewise, home, "open the driver's window", "roof.set")
    (path,) = (home / "trail").glob("*.jsonl")
    path.unlink()
    assert edgewise("feedback", "list", "--json").rows == []


def test_a_file_that_can_not_be_written_is_one_clear_line(edgewise: Edgewise, home: Path) -> None:
    assert edgewise("feedback", "export", str(home)).is_one_clear_line(str(home), "can be written")


def test_an_explanation_ends_with_what_was_meant(edgewise: Edgewise, home: Path) -> None:
    turn = say(edgewise, home, "open the driver's window", "roof.set")
    assert edgewise("explain", turn).out.splitlines()[-1].split() == ["meant", "roof.set"]


def test_a_record_of_before_corrections_were_made_is_still_read(
    edgewise: Edgewise, home: Path
) -> None:
    """Its turns carry no hash of a model."""
    turn = edgewise("ask", "open the driver's window", "--json").rows[-1]["turn"]
    (path,) = (home / "trail").glob("*.jsonl")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in lines:
        line.pop("model_hash", None)
    path.write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines) + b"\n")
    (home / "trail" / "index.sqlite").unlink()
    assert edgewise("explain", turn).code == 0


def test_an_answer_is_said_to_be_good_or_bad_and_explained_so(
    edgewise: Edgewise, home: Path
) -> None:
    turn = edgewise("ask", "open the driver's window", "--json").rows[-1]["turn"]
    assert edgewise("feedback", "good", turn).out.split() == [turn, "judged", "a", "good", "answer"]
    assert edgewise("feedback", "bad", "last", "--language", "zh").out.split()[-1] == "回答得不好"
    assert edgewise("explain", turn).out.splitlines()[-1].split() == [
        "judged",
        "a",
        "bad",
        "answer",
    ]
    (path,) = (home / "trail").glob("*.jsonl")
    last = json.loads(path.read_text("utf-8").splitlines()[-1])
    assert set(last) == {"event", "seq", "at", "turn", "good"}


def test_a_turn_that_is_none_can_not_be_good(edgewise: Edgewise) -> None:
    assert edgewise("feedback", "good", "t0").is_one_clear_line("no turn 't0'")


def test_what_answers_were_worth_is_listed_too(edgewise: Edgewise) -> None:
    turn = edgewise("ask", "why is the sky blue", "--json").rows[-1]["turn"]
    edgewise("feedback", "bad", turn)
    listed = edgewise("feedback", "list").out
    assert (turn in listed, "a bad answer" in listed) == (True, True)
    (row,) = edgewise("feedback", "list", "--json").rows
    assert (row["turn"], row["good"]) == (turn, False)
