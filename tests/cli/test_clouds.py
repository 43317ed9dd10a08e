"""`edgewise clouds`: every cloud, how it does, what it lacks, in 80 columns and both languages."""

from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise
from tests.cli.served import ServedDevice
from tests.cli.test_consent import CLOUDS, clouds
from tests.cli.test_lists import fits

__all__ = ["clouds"]  # the fixture: two clouds in config.toml


def test_without_a_cloud_it_says_how_to_set_one_up(edgewise: Edgewise):
    out = edgewise("clouds").out
    assert "mode device_only; no tunnel" in out
    assert "[[cloud]]" in out


def test_each_cloud_stands_with_what_it_lacks(edgewise: Edgewise, clouds: Path):
    edgewise("mode", "prefer_device")
    ran = edgewise("clouds")
    table, *lacking = ran.out.split("nothing goes to ")
    assert fits(table)
    assert [line.partition(":")[0] for line in lacking] == ["step", "far", "far", "far", "far"]
    said = "".join(ran.out.split())
    for part in ("step(CN)", "far(US)", "https://api.example/v1", "consentgrantstep", "assessment"):
        assert part in said
    edgewise("consent", "grant", "step")
    (row,) = edgewise("clouds", "--json").rows
    step, far = row["clouds"]
    assert (step["lacking"], step["state"], len(step["consents"])) == ([], "ready", 1)
    assert far["lacking"]


def test_it_speaks_chinese_within_80_columns(edgewise: Edgewise, clouds: Path):
    edgewise("tunnel", "on")
    out = edgewise("clouds", "--language", "zh").out
    assert fits(out.partition("不向")[0])
    assert "在隧道中" in out
    assert "不可用" in out


@pytest.mark.slow
def test_a_device_that_runs_is_asked(beside: Edgewise, served: ServedDevice):
    beside("tunnel", "on")
    (row,) = beside("clouds", "--json").rows
    assert (row["online"], row["clouds"]) == (False, [])
    beside("tunnel", "off")
    assert beside("clouds", "--json").rows[0]["online"]


@pytest.mark.slow
@pytest.mark.parametrize("added", [CLOUDS, "money_a_day = 2.0\n"])
def test_a_file_that_has_changed_since_the_device_was_started_is_told(
    beside: Edgewise, served: ServedDevice, added: str
):
    file = served.home / "config.toml"
    before = file.read_text()
    assert "No cloud is set up" in beside("clouds").out
    try:
        file.write_text(before + added)
        said = beside("clouds").out
        assert "No cloud is set up" not in said
        assert "start it again" in said
        ran = beside("clouds", "--json", "--language", "zh")
        assert (len(ran.rows), "重新启动" in ran.err) == (1, True)
    finally:
        file.write_text(before)
    assert "start it again" not in beside("clouds").out
