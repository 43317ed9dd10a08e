"""`edgewise eval hear` prints a report, and writes a page and figures."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise
from tests.cli.test_hear import write
from tests.perceive.sounds import needs_model, recorded


def test_a_folder_without_recordings_is_one_clear_line(edgewise: Edgewise, tmp_path: Path) -> None:
    assert edgewise("eval", "hear", "--data", str(tmp_path)).is_one_clear_line("NAME/en or NAME/zh")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_last_line_is_a_report_and_files_are_written(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    needs_model("silero-vad", "moonshine-tiny-en", "whisper-base")
    folder = tmp_path / "data" / "person" / "en"
    folder.mkdir(parents=True)
    write(folder / "a.wav", recorded("something").data)
    (folder / "a.txt").write_text("go somewhere and do something", "utf-8")
    page, save = tmp_path / "page.md", tmp_path / "figures.json"
    ran = edgewise(
        "eval", "hear", "--data", str(tmp_path / "data"), "--page", str(page), "--save", str(save)
    )
    assert ran.code == 0, ran.err
    report = json.loads(ran.out.splitlines()[-1])
    told = {row["metric"]: row["value"] for row in report["results"]}
    assert told["person | en | recorded | word errors"] == 0
    assert told["music | zh | synthetic | clips with invented words"] == 0
    assert json.loads(save.read_text("utf-8")) == report
    assert "## Recorded" in page.read_text("utf-8")
