"""What `[wyoming]` of config.toml may say."""

from pathlib import Path

import pytest

from edgewise.core.zone import Zone
from edgewise.device.config import load_config
from edgewise.device.wyoming_config import place_of, zone_of
from edgewise.errors import UserError


def loaded(folder: Path, text: str):
    (folder / "config.toml").write_text(text)
    return load_config(folder).wyoming


def test_it_is_off_unless_set(tmp_path: Path):
    assert not loaded(tmp_path, "").is_on


def test_the_guides_settings_are_read(tmp_path: Path):
    wyoming = loaded(
        tmp_path,
        """
        [wyoming]
        listen = "0.0.0.0:10300"
        allow = ["192.168.1.0/24", "::1"]
        zone = "passenger"
        [[wyoming.satellite]]
        address = "tcp://kitchen.local:10700"
        zone = "driver"
        cancels_echo = true
        """,
    )
    assert wyoming.place == ("0.0.0.0", 10300)
    assert [str(network) for network in wyoming.networks] == ["192.168.1.0/24", "::1/128"]
    assert zone_of(wyoming.satellite[0].zone) is Zone.DRIVER
    assert zone_of("") is None


@pytest.mark.parametrize("listen", ["127.0.0.1:1", "localhost:10300", "[::1]:10300"])
def test_loopback_needs_no_list(tmp_path: Path, listen: str):
    assert loaded(tmp_path, f'[wyoming]\nlisten = "{listen}"\n').is_on


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('listen = "0.0.0.0:10300"', "no authentication"),
        ('listen = "192.168.1.9:10300"', "no authentication"),
        ('listen = "host.example:10300"', "no authentication"),
        ('listen = "127.0.0.1"', "HOST:PORT"),
        ('listen = "127.0.0.1:99999"', "HOST:PORT"),
        ('allow = ["home"]', "allow"),
        ('zone = "boot"', "zone"),
        ('[[wyoming.satellite]]\naddress = "http://a:1"', "tcp://"),
        ('[[wyoming.satellite]]\naddress = "tcp://a:1/b"', "tcp://"),
        ('[[wyoming.satellite]]\naddress = "tcp://a:1"\n' * 9, "at most 8"),
    ],
)
def test_what_can_not_be_is_refused(tmp_path: Path, text: str, told: str):
    with pytest.raises(UserError, match=told) as refused:
        loaded(tmp_path, f"[wyoming]\n{text}\n")
    assert refused.value.code == "bad_config"


def test_an_address_is_a_host_and_a_port():
    assert place_of("tcp://[fe80::1]:10700") == ("fe80::1", 10700)
