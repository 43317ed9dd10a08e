"""A model's file is found where it was put, and used only when it is genuine."""

import hashlib
import sys
from pathlib import Path

import pytest

from edgewise.engine import packages
from edgewise.errors import ModelError, TrustError, UserError

WEIGHTS = b"weights" * 100


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list with one model, and its file in place."""
    file = packages.PackageFile(
        "weights.bin", hashlib.sha256(WEIGHTS).hexdigest(), len(WEIGHTS), ("a:weights.bin",)
    )
    listed = packages.ModelPackage(
        name="planted", default=True, purpose="A test", licence="MIT", source="here",
        archive=(packages.Archive("a", "1"),), file=(file,),
    )  # fmt: skip
    monkeypatch.setattr(packages, "packages", lambda: (listed,))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    place = packages.folder_of(listed) / "weights.bin"
    place.parent.mkdir(parents=True)
    place.write_bytes(WEIGHTS)
    return place


def test_a_genuine_file_is_found(planted: Path, tmp_path: Path):
    assert packages.find_file("planted", "weights.bin", tmp_path) == planted


def test_one_flipped_bit_is_refused(planted: Path, tmp_path: Path):
    planted.write_bytes(bytes([WEIGHTS[0] ^ 1]) + WEIGHTS[1:])
    with pytest.raises(TrustError, match="it is not used"):
        packages.find_file("planted", "weights.bin", tmp_path)


def test_a_file_that_changes_after_it_was_verified_is_looked_at_again(
    planted: Path, tmp_path: Path
):
    packages.find_file("planted", "weights.bin", tmp_path)
    planted.write_bytes(WEIGHTS[:-1] + b"S")
    with pytest.raises(TrustError):
        packages.find_file("planted", "weights.bin", tmp_path)


def test_a_missing_file_names_the_command_that_installs_it(planted: Path):
    planted.unlink()
    with pytest.raises(ModelError, match="edgewise models install planted"):
        packages.find_file("planted", "weights.bin")


def test_an_unknown_model_is_told_with_those_there_are(planted: Path):
    with pytest.raises(UserError, match="known are: planted"):
        packages.find_file("nobody", "weights.bin")


def test_every_model_of_the_list_gives_hashes_licence_and_purpose():
    listed = packages.read_list(packages.list_path())
    assert {one.sense for one in listed} == {"", "hear", "speak", "see"}
    assert len({one.name for one in listed}) == len(listed)
    for one in listed:
        archives = {archive.name for archive in one.archive}
        assert one.licence in {"Apache-2.0", "MIT", "BSD-2-Clause"}, "none else is in the default"
        assert one.purpose
        for file in one.file:
            assert len(bytes.fromhex(file.sha256)) == 32
            assert {member.partition(":")[0] for member in file.members} <= archives
        for archive in one.archive:
            assert all(len(bytes.fromhex(sha256)) == 32 for sha256 in archive.files.values())


def test_every_archive_of_the_list_has_the_size_of_its_download():
    archives = [archive for one in packages.packages() for archive in one.archive]
    assert all(archive.size_bytes > 1_000_000 for archive in archives)


def test_totals_are_by_sense_and_of_default_models_alone():
    file = packages.PackageFile("f", "0" * 64, 10, ("a:f",))

    def model(name: str, sense: str, *, default: bool = True) -> packages.ModelPackage:
        archives = (packages.Archive("a", "1", size_bytes=3), packages.Archive("b", "1"))
        return packages.ModelPackage(
            name=name, default=default, purpose="A test", licence="MIT", source="here",
            archive=archives, file=(file,), sense=sense,
        )  # fmt: skip

    listed = (model("x", "hear"), model("y", "speak", default=False), model("z", "hear"))
    assert packages.totals(listed) == (packages.Total("hear", ("x", "z"), 6, 20),)
