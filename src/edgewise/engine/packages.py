"""Model files that come inside packages: which there are, where they lie, whether they are genuine.

The list is `models.toml` (in a checkout at its root). `install.py` puts their files in place; here
they are only found. A file is used after its sha256 was
compared; the comparison is remembered by size and time of change for as long as the process lives
and in `verified.json` of the cache folder, so that a start does not read hundreds of megabytes.
"""

import hashlib
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.errors import ModelError, TrustError, UserError

RECORDS = "verified.json"


class PackageFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file as it is used: its path in the model's folder. `members` are where it comes from in
    the archives, each as `archive:path`, joined in this order."""

    path: str
    sha256: str
    size_bytes: int
    members: tuple[str, ...]


class Archive(Struct, frozen=True, forbid_unknown_fields=True):
    """A package of a registry at a version; `files` are known archives of it and their hashes.
    `size_bytes` is of the first of them: what is downloaded."""

    name: str
    version: str
    files: dict[str, str] = {}
    size_bytes: int = 0


class ModelPackage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model of models.toml, which says what each field means."""

    name: str
    default: bool
    purpose: str
    licence: str
    source: str
    archive: tuple[Archive, ...]
    file: tuple[PackageFile, ...]
    languages: tuple[str, ...] = ()
    licence_note: str = ""
    registry: str = "pypi"
    sense: str = ""

    @property
    def size_bytes(self) -> int:
        """Of its files together."""
        return sum(one.size_bytes for one in self.file)

    @property
    def download_bytes(self) -> int:
        """Of its archives together."""
        return sum(one.size_bytes for one in self.archive)


class Total(Struct, frozen=True):
    """What the default models of a sense ("": language) take to fetch, and on the disk."""

    sense: str
    names: tuple[str, ...]
    download_bytes: int
    size_bytes: int


class Record(Struct, frozen=True):
    """That a file of this size and time of change (nanoseconds) had this sha256."""

    size_bytes: int
    changed_ns: int
    sha256: str


class _Listed(Struct, forbid_unknown_fields=True):
    package: tuple[ModelPackage, ...]


@cache
def packages() -> tuple[ModelPackage, ...]:
    """All models of models.toml. Raises as `read_list`."""
    return read_list(list_path())


def totals(listed: tuple[ModelPackage, ...]) -> tuple[Total, ...]:
    """The default models by sense, in the order of the list."""
    senses = dict.fromkeys(one.sense for one in listed if one.default)
    return tuple(
        Total(
            sense,
            tuple(one.name for one in chosen),
            sum(one.download_bytes for one in chosen),
            sum(one.size_bytes for one in chosen),
        )
        for sense in senses
        if (chosen := [one for one in listed if one.default and one.sense == sense])
    )


def read_list(path: Path) -> tuple[ModelPackage, ...]:
    """The models of a list. Raises ModelError when it is missing or unreadable."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_Listed).package
    except (OSError, msgspec.DecodeError) as error:
        told = f"{path}: {error}; install Edgewise again"
        raise ModelError(told, code="model_missing") from error


def list_path() -> Path:
    """Where models.toml is: inside an installed Edgewise, or at the checkout's root."""
    inside = Path(__file__).resolve().parents[1]
    places = (inside / "models.toml", inside.parents[1] / "models.toml")
    return next((place for place in places if place.is_file()), places[0])


def package(name: str) -> ModelPackage:
    """The model of that name. Raises UserError, naming those there are."""
    for one in packages():
        if one.name == name:
            return one
    known = ", ".join(one.name for one in packages())
    raise UserError(
        f"no model of a package is called {name!r}; known are: {known}", code="unknown_model"
    )


def find_file(name: str, path: str, cache_folder: Path | None = None) -> Path:
    """The verified file `path` of the package `name`.

    Raises ModelError (`model_missing`) when it is not there, TrustError (`wrong_hash`) when it is
    not genuine. Blocks: a first look at a large file takes a second.
    """
    wanted = package(name)
    file = next((one for one in wanted.file if one.path == path), None)
    if file is None:
        raise UserError(f"models.toml lists no {path!r} of {name}", code="unknown_model")
    place = folder_of(wanted) / file.path
    if not place.is_file():
        told = f"{wanted.purpose}: {path} is not here; run `edgewise models install {name}`"
        raise ModelError(told, code="model_missing")
    verify(place, cache_folder, sha256=file.sha256)
    return place


def folder_of(wanted: ModelPackage) -> Path:
    """Where a model's files are put: in the environment that Edgewise is installed in."""
    return Path(sys.prefix) / "share" / "edgewise" / wanted.name


_seen: dict[str, Record] = {}


def verify(
    path: Path, cache_folder: Path | None = None, *, sha256: str = "", keep: bool = True
) -> str:
    """Compare a file's hash with `sha256`, or with its record when that is empty; give the hash.

    A file without either gets a record; unless `keep`, nothing is written. Raises TrustError on a
    difference, ModelError when the file cannot be read.
    """
    key = str(path.resolve())
    records = _read_records(cache_folder) if cache_folder is not None else _seen
    try:
        status = path.stat()
        record = records.get(key)
        fresh = record is not None and (record.size_bytes, record.changed_ns) == (
            status.st_size,
            status.st_mtime_ns,
        )
        found = record.sha256 if record is not None and fresh else hash_file(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error}", code="model_missing") from error
    wanted = sha256 or (record.sha256 if record is not None else found)
    if found != wanted:
        raise TrustError(
            f"{path} has sha256 {found}, expected {wanted}; it is not used. Delete it and get it "
            "again",
            code="wrong_hash",
        )
    if not fresh and keep:
        told = Record(status.st_size, status.st_mtime_ns, found)
        if cache_folder is None:
            _seen[key] = told
        else:
            _write_records(cache_folder, records | {key: told})
    return found


def hash_file(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_records(folder: Path) -> dict[str, Record]:
    try:
        return msgspec.json.decode((folder / RECORDS).read_bytes(), type=dict[str, Record])
    except (OSError, msgspec.DecodeError):
        return {}


def _write_records(folder: Path, records: dict[str, Record]) -> None:
    """Replace the records in one step; a folder that cannot be written costs time, not safety.
    One that is not there yet is made for its owner alone, as the data folder around it is."""
    new = folder / f".{RECORDS}.{os.getpid()}"
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        new.write_bytes(msgspec.json.format(msgspec.json.encode(records)))
        os.replace(new, folder / RECORDS)
    except OSError:
        with suppress(OSError):
            new.unlink()
