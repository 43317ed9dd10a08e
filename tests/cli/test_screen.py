"""`edgewise screen`: told at 80 columns, saved, and one step that is judged like any call."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Edgewise
from tests.cli.served import WITHOUT_MODEL, ServedDevice, serve_device
from tests.device.screen.site import served_site


def test_without_a_device_it_says_how_to_start_one(edgewise: Edgewise):
    for command in (("screen",), ("screen", "do", "action:CLICK\tpoint:1,1")):
        assert edgewise(*command).is_one_clear_line("no device is running", "edgewise run")


@pytest.mark.slow
def test_without_a_screen_it_says_how_to_set_one_up(beside: Edgewise):
    assert beside("screen").is_one_clear_line("no screen is set up", "[screen]")
    assert beside("screen", "do", "action:CLICK\tpoint:1,1").is_one_clear_line("[screen]")


@pytest.fixture(scope="module")
def with_screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDevice]:
    with served_site() as site:
        apps = f'[screen.apps]\nMail = "{site}/mail"\nLogin = "{site}/login"\n'
        config = f'{WITHOUT_MODEL}[screen]\nbackend = "chromium"\n{apps}'
        with serve_device(tmp_path_factory.mktemp("screen"), config) as device:
            yield device


@pytest.mark.slow
@pytest.mark.browser
def test_a_screen_is_told_saved_and_touched(
    edgewise: Edgewise,
    with_screen: ServedDevice,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    monkeypatch.setenv("EDGEWISE_HOME", str(with_screen.home))
    told = edgewise("screen")
    assert told.code == 0
    assert "home · Home  824×1830" in told.out
    assert "link" in told.out
    assert all(len(line) <= 80 for line in told.out.splitlines())
    picture = tmp_path / "screen.png"
    assert edgewise("screen", "--save", str(picture)).code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    ran = edgewise("screen", "do", "action:AWAKE⇥value:Login")
    assert (ran.code, ran.err) == (3, ""), "a model's idea is asked about"
    assert edgewise("ask", "yes", "--session", "cli").code == 0
    chinese = edgewise("screen", "--language", "zh").out
    assert "输入框" in chinese
    assert "保密" in chinese
    assert "hunter2" not in chinese
    assert edgewise("screen", "--json").rows[0]["title"] == "Log in"
    assert edgewise("screen", "do", "action:FLY").is_one_clear_line("FLY", "CLICK")
    lost = edgewise("screen", "--save", str(tmp_path / "no" / "x.png"))
    assert lost.is_one_clear_line("x.png", "name a file")
