"""`edgewise doctor`: readable findings, and an exit code that says whether the device is fit."""

import io
from pathlib import Path

from rich.console import Console

from edgewise.cli.doctor import table_of
from edgewise.core.finding import Finding, State
from edgewise.core.words import Language, Words
from tests.cli.conftest import Edgewise
from tests.cli.test_lists import fits


def test_findings_fit_the_terminal(edgewise: Edgewise) -> None:
    for language in ("en", "zh"):
        out = edgewise("doctor", "--language", language).out
        assert fits(out)
        assert "python" in out


def test_findings_are_rows_of_json_and_agree_with_the_exit_code(edgewise: Edgewise) -> None:
    ran = edgewise("doctor", "--json")
    broken = [row["name"] for row in ran.rows if row["state"] != "ok" and not row["optional"]]
    assert ran.code == (1 if broken else 0)
    assert {"python", "data folder"} <= {row["name"] for row in ran.rows}


def test_a_data_folder_that_can_not_be_used_is_told_with_exit_code_1(
    edgewise: Edgewise, home: Path
) -> None:
    (home / "config.toml").unlink()
    home.rmdir()
    home.write_text("a file in the folder's place")
    ran = edgewise("doctor", "--json")
    states = {row["name"]: row["state"] for row in ran.rows}
    assert (ran.code, states["data folder"]) == (1, "broken")


def test_looking_makes_no_data_folder(edgewise: Edgewise, home: Path) -> None:
    (home / "config.toml").unlink()
    home.rmdir()
    states = {row["name"]: row["state"] for row in edgewise("doctor", "--json").rows}
    assert not home.exists()
    assert states["privacy"] == "ok"


def test_a_broken_configuration_is_a_finding(edgewise: Edgewise, home: Path) -> None:
    (home / "config.toml").write_text("prot = 1")
    ran = edgewise("doctor")
    assert ran.code == 1
    assert "prot" in ran.out


def test_names_and_states_are_told_in_the_language_and_stay_as_they_are_in_json(
    edgewise: Edgewise,
) -> None:
    lines = edgewise("doctor", "--language", "zh").out.splitlines()
    assert any(line.split()[:2] == ["正常", "数据文件夹"] for line in lines)
    assert any(line.split()[1:3] == ["端口", "8474"] for line in lines)
    rows = edgewise("doctor", "--language", "zh", "--json").rows
    assert {"data folder", "sense hear"} <= {row["name"] for row in rows}


def test_names_in_brackets_are_not_taken_for_styles() -> None:
    remedy = Words("pip install edgewise[llama]", "")
    finding = Finding("extra llama", State.MISSING, Words("no [bold] text", ""), remedy)
    console = Console(file=io.StringIO(), width=80)
    with console.capture() as shown:
        console.print(table_of([finding], Language.ENGLISH))
    assert "edgewise[llama]" in shown.get()
    assert "no [bold] text" in shown.get()


def test_a_machine_without_a_platform_is_told_of_none(edgewise: Edgewise) -> None:
    names = {row["name"] for row in edgewise("doctor", "--json").rows}
    assert not names & {"platform", "extra cloud", "database", "disk room"}


def test_a_platform_is_told_in_the_usual_folder_or_in_the_one_named(
    edgewise: Edgewise, home: Path, tmp_path: Path
) -> None:
    named = tmp_path / "named"
    for folder in (home / "cloud", named):
        folder.mkdir()
        (folder / "cloud.toml").write_text("[xiaozhi]\nenabled = true\n")
    for arguments, folder in (((), home / "cloud"), (("--folder", str(named)), named)):
        rows = {row["name"]: row for row in edgewise("doctor", "--json", *arguments).rows}
        assert rows["cloud.toml"]["found"]["en"] == str(folder / "cloud.toml")
        assert rows["voice hear"]["state"] == "missing"
    for language, word in (("en", "platform"), ("zh", "云平台")):
        out = edgewise("doctor", "--language", language).out
        assert fits(out)
        assert word in out


def test_a_platform_that_can_not_start_makes_the_exit_code_1(
    edgewise: Edgewise, home: Path
) -> None:
    (home / "cloud").mkdir()
    (home / "cloud" / "cloud.toml").write_text("prot = 1")
    ran = edgewise("doctor", "--json")
    states = {row["name"]: row["state"] for row in ran.rows}
    assert (ran.code, states["cloud.toml"]) == (1, "broken")


def test_a_named_folder_without_a_platform_is_a_fault(edgewise: Edgewise, tmp_path: Path) -> None:
    ran = edgewise("doctor", "--json", "--folder", str(tmp_path / "none"))
    states = {row["name"]: row["state"] for row in ran.rows}
    assert (ran.code, states["platform"]) == (1, "missing")
