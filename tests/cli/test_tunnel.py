"""`edgewise tunnel`: told in words, kept, and counted at once."""

from pathlib import Path

from edgewise.device.tunnel import in_tunnel
from tests.cli.conftest import Edgewise


def test_the_tunnel_is_entered_left_and_told(edgewise: Edgewise, home: Path):
    assert edgewise("tunnel").out.startswith("off: the network is used")
    assert not (home / "tunnel").exists()
    said = edgewise("tunnel", "on").out
    assert said.startswith("on: the device acts as if there were no network")
    assert in_tunnel(home)
    assert edgewise("tunnel").out == said
    assert edgewise("tunnel", "off").out.startswith("off:")
    assert not in_tunnel(home)


def test_it_is_told_in_chinese(edgewise: Edgewise):
    assert "没有网络" in edgewise("tunnel", "on", "--language", "zh").out


def test_anything_else_changes_nothing(edgewise: Edgewise, home: Path):
    assert edgewise("tunnel", "maybe").code == 2
    assert not (home / "tunnel").exists()


def test_a_damaged_file_is_said(edgewise: Edgewise, home: Path):
    (home / "tunnel").write_text("?")
    out = edgewise("tunnel").out
    assert "can not be understood" in out
    assert "\non: the device acts" in out
