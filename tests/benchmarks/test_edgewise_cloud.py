from pathlib import Path

from benchmarks.edgewise_cloud import write_settings
from edgewise.cloud.config import load_config


def test_the_settings_of_the_benchmark_are_valid_and_priced(tmp_path: Path):
    write_settings(tmp_path, "http://127.0.0.1:1", ["fake", "fake-slow"])
    config = load_config(tmp_path / "cloud.toml")
    assert config.backend[0].url == "http://127.0.0.1:1/v1"
    assert [model.name for model in config.model] == ["fake", "fake-slow"]
    assert {price.model for price in config.price} == {"fake", "fake-slow"}
    assert all(price.input and price.output for price in config.price)
