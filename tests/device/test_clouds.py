"""The clouds of an owner: each error names the field and the remedy, and no key is ever told."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgewise.core.endpoint import Endpoint
from edgewise.device.clouds import Cloud, check_clouds, key_of
from edgewise.device.config import Config, load_config
from edgewise.errors import TrustError, UserError

STEP = Cloud("step", "https://api.example/v1", "step-3", "CN")
TABLE = """
[[cloud]]
name = "step"
address = "https://api.example/v1"
model = "step-3"
region = "CN"
"""


def test_a_cloud_of_the_settings_is_an_endpoint(tmp_path: Path):
    (tmp_path / "config.toml").write_text(TABLE + 'key_file = "step.key"\n')
    (cloud,) = load_config(tmp_path).cloud
    assert cloud.endpoint == Endpoint("step", "https://api.example/v1", "step-3", "CN")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8475/v1", "http://localhost/v1", "http://[::1]:1/v1", "https://x/a/v1/"],
)
def test_addresses_with_tls_or_on_this_machine_are_taken(address: str):
    check_clouds([replace(STEP, address=address)])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"address": "http://api.example/v1"}, "key and words would be in the clear; use https"),
        ({"address": "http://127.0.0.1.evil.example/v1"}, "in the clear"),
        ({"address": "ftp://api.example/v1"}, "address is no http(s) address"),
        ({"address": "https:///v1"}, "address is no http(s) address"),
        ({"address": "https://x:port/v1"}, "address is no http(s) address"),
        ({"address": "https://me:key@api.example/v1"}, "address holds more than host and path"),
        ({"address": "https://api.example/v1?key=1"}, "address holds more than host and path"),
        ({"address": "https://api.example"}, "it ends in /v1"),
        ({"name": "device"}, "name is 'device'"),
        ({"name": "Two Words"}, "name is 'Two Words'"),
        ({"region": ""}, "name where it keeps data by two letters"),
        ({"region": "China"}, "region is 'China'"),
        ({"model": ""}, "model is empty"),
        ({"input_price": -1.0}, "input_price is -1"),
        ({"output_price": float("inf")}, "output_price is inf"),
        ({"context_tokens": 0}, "context_tokens is 0"),
        ({"languages": ()}, "languages is empty"),
        ({"key_env": "A", "key_file": "b"}, "key_env and key_file are both given"),
        ({"key_file": "../token"}, "key_file is no plain name"),
    ],
)
def test_what_is_wrong_with_a_cloud_is_named(changes: dict[str, object], told: str):
    with pytest.raises(UserError, match=re.escape(told)) as caught:
        check_clouds([replace(STEP, **changes)])
    assert caught.value.code == "bad_config"


def test_two_clouds_of_one_name_are_refused():
    with pytest.raises(UserError, match="cloud 'step': name is given twice"):
        check_clouds([STEP, replace(STEP, region="US")])


def test_a_key_in_the_settings_is_refused_and_not_told(tmp_path: Path):
    for line in ('key = "sk-Canary-123"', 'key_env = "sk-Canary-123"'):
        (tmp_path / "config.toml").write_text(TABLE + line + "\n")
        with pytest.raises(UserError, match="key") as caught:
            load_config(tmp_path)
        assert "Canary" not in str(caught.value)


def test_a_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    cloud = replace(STEP, key_env="STEP_API_KEY")
    monkeypatch.setenv("STEP_API_KEY", " secret \n")
    assert key_of(cloud, tmp_path) == "secret"
    monkeypatch.delenv("STEP_API_KEY")
    with pytest.raises(UserError, match="STEP_API_KEY, which is not set; export it"):
        key_of(cloud, tmp_path)
    assert key_of(STEP, tmp_path) == ""


def test_a_key_comes_from_a_file_that_only_its_owner_reads(tmp_path: Path):
    cloud, file = replace(STEP, key_file="step.key"), tmp_path / "step.key"
    with pytest.raises(UserError, match="can not be read; write the key into it"):
        key_of(cloud, tmp_path)
    file.write_text("secret\n")
    file.chmod(0o640)
    with pytest.raises(TrustError, match=r"mode 640.*chmod 600"):
        key_of(cloud, tmp_path)
    file.chmod(0o600)
    assert key_of(cloud, tmp_path) == "secret"
    file.write_text("")
    with pytest.raises(UserError, match="is empty"):
        key_of(cloud, tmp_path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("money_a_day = -1.0", "money_a_day is -1; it is 0 or more"),
        ("money_a_day = nan", "money_a_day"),
        ("bytes_a_day = -5", "bytes_a_day is -5; it is 0 or more"),
        ('mode = "cloudy"', "mode"),
    ],
)
def test_bounds_and_modes_that_are_none_are_named(tmp_path: Path, line: str, told: str):
    (tmp_path / "config.toml").write_text(line + "\n")
    with pytest.raises(UserError, match=re.escape(told)):
        load_config(tmp_path)


def test_a_fresh_device_knows_no_cloud_and_keeps_nothing_for_later():
    assert (Config().cloud, Config().mode.value) == ((), "device_only")
