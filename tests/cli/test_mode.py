"""`edgewise mode`: told in words, kept beside the settings, counted at once."""

from pathlib import Path

from tests.cli.conftest import Edgewise


def test_a_fresh_device_lets_nothing_out(edgewise: Edgewise):
    assert edgewise("mode").out == "device_only: nothing leaves this device\n"
    assert edgewise("mode", "--language", "zh").out == "device_only: 任何内容都不离开本机\n"


def test_a_mode_is_kept_and_the_settings_are_not_rewritten(edgewise: Edgewise, home: Path):
    before = (home / "config.toml").read_bytes()
    said = edgewise("mode", "prefer_device").out
    assert said.startswith("prefer_device: the device answers where it is good enough")
    assert "No cloud is set up" in said
    assert edgewise("mode").out == said
    assert (home / "config.toml").read_bytes() == before
    assert edgewise("mode", "device_only").out == "device_only: nothing leaves this device\n"


def test_a_mode_that_there_is_not_changes_nothing(edgewise: Edgewise, home: Path):
    assert edgewise("mode", "cloudy").code == 2
    assert not (home / "mode").exists()


def test_a_damaged_choice_is_said(edgewise: Edgewise, home: Path):
    (home / "mode").write_text("?")
    out = edgewise("mode").out
    assert "can not be understood" in out
    assert out.endswith("device_only: nothing leaves this device\n")
