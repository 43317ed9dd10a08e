"""What the repository must not hold: names of index hosts, paths of one machine, big files."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.each_row import each_row

ROOT = Path(__file__).resolve().parents[1]
SIZE_LIMIT_BYTES = 2_000_000
WEIGHTS = ("command_model.onnx", "command_words.npy")
"""Trained, and shipped in the package; a test of theirs holds them small."""

# Written in pieces so that this file does not hold what it looks for.
FORBIDDEN = {
    "host of a package index": re.compile(
        "|".join(
            re.escape(host)
            for host in (
                "pypi" + ".org",
                "files.python" + "hosted.org",
                "registry.npm" + "js.org",
                "registry.yarn" + "pkg.com",
                "proxy.go" + "lang.org",
                "deb.deb" + "ian.org",
            )
        )
    ),
    "path of one machine": re.compile(r"(?<![\w.~/$}-])/(?:" + "work|root|home|Users" + r")/[\w.]"),
    "how the work was divided": re.compile(r"\bsub-?" + r"agents?\b", re.IGNORECASE),
}


def repository_files() -> list[Path]:
    """Files that are tracked, or would be by `git add .`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"not a git checkout: {done.stderr.decode(errors='replace').strip()}")
    names = [name.decode() for name in done.stdout.split(b"\0") if name]
    return sorted(path for name in names if (path := ROOT / name).is_file())


def find_forbidden(text: str) -> list[tuple[int, str]]:
    """(line number, what it is) of everything in a text that the repository must not hold."""
    return [
        (number, f"{what}: {match[0]}")
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if (match := pattern.search(line))
    ]


def test_no_file_names_an_index_host_or_a_path_of_one_machine():
    found: list[str] = []
    for path in repository_files():
        data = path.read_bytes()
        if b"\0" in data:
            continue
        for number, what in find_forbidden(data.decode("utf-8", errors="replace")):
            found.append(f"{path.relative_to(ROOT)}:{number} {what}")
    listed = "\n  ".join(found)
    assert not found, f"{len(found)} lines to change:\n  {listed}"


def test_no_file_is_large():
    large = {
        str(path.relative_to(ROOT)): size_bytes
        for path in repository_files()
        if (size_bytes := path.stat().st_size) > SIZE_LIMIT_BYTES and path.name not in WEIGHTS
    }
    assert not large, f"over {SIZE_LIMIT_BYTES} bytes: {large}"


@each_row(
    "text",
    [
        "see https://" + "pypi" + ".org/simple",
        "FILE = '/" + "work/main/x'",
        "cd /" + "root/.cache",
        "open(/" + "home/someone)",
        "a Sub" + "agent wrote this",
    ],
)
def test_the_search_finds_what_it_looks_for(text: str):
    assert find_forbidden(text)


@pytest.mark.parametrize(
    "text",
    ["act/catalogue/" + "home/light.py", "https://host.example/" + "home/x", "network/" + "root/x"],
)
def test_the_search_leaves_innocent_paths_alone(text: str):
    assert not find_forbidden(text)
