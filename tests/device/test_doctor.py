"""The doctor sees what is there, what is missing and what is broken, and names a remedy."""

import os
import socket
import sys
from pathlib import Path

import pytest

from edgewise.core.finding import State, is_fit
from edgewise.device import doctor
from edgewise.device.folder import held
from edgewise.device.presence import Presence, announce

PIN = """
[[package]]
name = "planted"
default = true
purpose = "a test"
languages = []
licence = "MIT"
source = "here"

[[package.archive]]
name = "planted-weights"
version = "1.0"

[[package.file]]
path = "weights.bin"
sha256 = "{}"
size_bytes = 7
members = ["planted-weights:planted/weights.bin"]
"""


def test_this_machine_is_fit_and_every_finding_is_told_in_both_languages(tmp_path: Path):
    findings = doctor.examine(tmp_path, ports=[0])
    wrong = [finding for finding in findings if finding.state is not State.OK]
    assert is_fit(findings), wrong
    assert len({finding.name for finding in findings}) == len(findings)
    for finding in findings:
        assert finding.found.en
        assert finding.found.zh
        assert (finding.remedy is None) == (finding.state is State.OK)


def test_looking_loads_no_library_it_looks_for():
    before = set(sys.modules)
    doctor.check_extras()
    assert not {"xllamacpp", "fastapi", "kuksa_client"} & (set(sys.modules) - before)


def test_an_old_python_is_broken():
    finding = doctor.check_python((3, 10, 4))
    assert finding.state is State.BROKEN
    assert "3.11" in finding.remedy.en


def test_a_processor_without_avx2_leaves_commands_working(tmp_path: Path):
    info = tmp_path / "cpuinfo"
    info.write_text("flags : fpu sse4_2 avx\n")
    finding = doctor.check_processor("x86_64", info)
    assert (finding.state, finding.optional) == (State.MISSING, True)
    info.write_text("flags : fpu avx avx2 fma\n")
    assert doctor.check_processor("x86_64", info).state is State.OK
    assert doctor.check_processor("x86_64", tmp_path / "none").state is State.OK
    assert doctor.check_processor("aarch64", info).state is State.OK


def test_a_missing_extra_names_the_command_that_installs_it():
    [finding] = doctor.check_extras({"llama": ("no_such_module",)})
    assert (finding.state, finding.optional) == (State.MISSING, False)
    assert finding.remedy.en == "pip install 'edgewise[llama]'"
    [finding] = doctor.check_extras({"kuksa": ("no_such_module",)})
    assert is_fit([finding])


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    folder = tmp_path / "share" / "edgewise" / "planted"
    folder.mkdir(parents=True)
    (folder / "weights.bin").write_bytes(b"weights")
    (tmp_path / "models.toml").write_text(PIN.format("0" * 64))
    return folder


def test_a_model_package_is_ok_missing_or_broken(planted: Path, tmp_path: Path):
    def state() -> State:
        [finding] = doctor.check_model_packages(tmp_path / "models.toml")
        return finding.state

    assert state() is State.OK
    (planted / "weights.bin").write_bytes(b"cut")
    assert state() is State.BROKEN
    (planted / "weights.bin").unlink()
    assert state() is State.MISSING


def test_a_sense_without_its_models_leaves_the_device_fit(tmp_path: Path):
    pins = tmp_path / "models.toml"
    pins.write_text(PIN.format("0" * 64).replace("languages", 'sense = "hear"\nlanguages'))
    [finding] = doctor.check_model_packages(pins)
    assert (finding.state, finding.optional) == (State.MISSING, True)
    assert finding.remedy.en == "edgewise models install planted"
    assert is_fit([finding])


@pytest.mark.parametrize("text", ["not toml [", ""])
def test_a_list_of_packages_that_cannot_be_read_is_broken(tmp_path: Path, text: str):
    pins = tmp_path / "models.toml"
    pins.write_text(text)
    [finding] = doctor.check_model_packages(pins)
    assert finding.state is State.BROKEN


def test_a_language_model_that_is_missing_or_not_genuine_is_told(tmp_path: Path):
    assert doctor.check_language_model(tmp_path).state is State.OK
    missing = doctor.check_language_model(tmp_path, "qwen3-0.6b")
    assert (missing.state, missing.optional) == (State.MISSING, True)
    (tmp_path / "Qwen3-0.6B-Q8_0.gguf").write_bytes(b"GGUF not genuine")
    assert doctor.check_language_model(tmp_path, "qwen3-0.6b").state is State.BROKEN


def test_a_missing_program_names_debians_package():
    [finding] = doctor.check_programs({"no-such-program": "some-package"})
    assert finding.state is State.MISSING
    assert "some-package" in finding.remedy.zh
    assert finding.optional


def test_a_data_folder_need_not_exist_yet(tmp_path: Path):
    folder = tmp_path / "not" / "yet"
    assert doctor.check_data_folder(folder).state is State.OK
    assert not folder.exists()


def test_a_data_folder_that_is_a_file_is_broken(tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("")
    assert doctor.check_data_folder(file).state is State.BROKEN


def test_a_port_in_use_is_broken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert doctor.check_port(port).state is State.BROKEN
    assert doctor.check_port(port).state is State.OK


def test_a_port_that_this_device_uses_is_no_fault(tmp_path: Path):
    with (
        socket.create_server(("127.0.0.1", 0)) as ours,
        socket.create_server(("127.0.0.1", 0)) as foreign,
        held(tmp_path, "edgewise run"),
    ):
        port = ours.getsockname()[1]
        announce(tmp_path, Presence(f"http://127.0.0.1:{port}", os.getpid()))
        finding = doctor.check_port(port, tmp_path)
        assert finding.state is State.OK
        assert finding.found.en == f"in use by this device (pid {os.getpid()})"
        assert str(os.getpid()) in finding.found.zh
        assert doctor.check_port(foreign.getsockname()[1], tmp_path).state is State.BROKEN


def test_a_folder_that_others_can_read_is_told_and_left_as_it_is(tmp_path: Path):
    tmp_path.chmod(0o755)
    (finding,) = doctor.check_privacy(tmp_path)
    assert finding.state is State.BROKEN
    assert finding.remedy is not None
    assert "chmod 700" in finding.remedy.en
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    tmp_path.chmod(0o700)
    assert doctor.check_privacy(tmp_path) == ()


def test_looking_makes_nothing_and_a_folder_that_is_not_there_is_no_fault_of_privacy(
    tmp_path: Path,
):
    folder = tmp_path / "not yet"
    findings = {finding.name: finding for finding in doctor.examine(folder)}
    assert not folder.exists()
    assert findings["privacy"].state is State.OK
    assert "not there yet" in findings["privacy"].found.en
    assert "尚未创建" in findings["privacy"].found.zh
    folder.mkdir(0o700)
    doctor.examine(folder)
    assert list(folder.iterdir()) == []


def test_a_port_that_is_no_port_is_broken():
    assert doctor.check_port(70000).state is State.BROKEN
