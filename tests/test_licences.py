"""Nothing under the GPL or for non-commercial use is in what `make run` installs.

Looked at: what each installed distribution says of itself, over all that the extra `default` needs,
the libraries that its wheels carry inside, and the models. The LGPL is let pass: those libraries
are separate files that anyone can replace (docs/decisions/0012-senses.md).
"""

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from edgewise.engine.packages import packages

ROOT = Path(__file__).resolve().parents[1]
REFUSED = re.compile(
    r"\b(?<!L)A?GPL|(?<!Lesser )General Public|NonCommercial|CC[- ]BY[- ]NC", re.IGNORECASE
)
GPL_LIBRARIES = re.compile(
    r"/lib(x264|x265|xvidcore|postproc|espeak|vidstab|rubberband|fftw3)", re.I
)


def wanted_by_default() -> list[Requirement]:
    """What the extra `default` names, with the extras that it names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = [Requirement(text) for text in project["dependencies"]]
    waiting = [Requirement(text) for text in project["optional-dependencies"]["default"]]
    while waiting:
        needed = waiting.pop()
        if needed.name == "edgewise":
            lists = (project["optional-dependencies"][extra] for extra in needed.extras)
            waiting += [Requirement(text) for texts in lists for text in texts]
        else:
            found.append(needed)
    return found


def installed_by_default() -> dict[str, Distribution]:
    """Every distribution that the extra `default` needs, by name."""
    found: dict[str, Distribution] = {}
    waiting = wanted_by_default()
    while waiting:
        needed = waiting.pop()
        name = needed.name.lower()
        if name in found and not needed.extras:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        for text in found[name].requires or ():
            inner = Requirement(text)
            given = ({"extra": extra} for extra in ("", *needed.extras))
            if inner.marker is None or any(inner.marker.evaluate(extra) for extra in given):
                waiting.append(inner)
    return found


def licence_of(one: Distribution) -> str:
    """What a distribution says of its licence; a long text stands for its first lines."""
    told = [
        one.metadata.get("License-Expression") or "",
        (one.metadata.get("License") or "")[:200],
        *(c for c in one.metadata.get_all("Classifier") or () if c.startswith("License")),
    ]
    return " | ".join(part for part in told if part)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("GPL-3.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0", True),
        ("CC BY-NC-SA 4.0", True),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MPL-2.0 AND MIT", False),
    ],
)
def test_a_licence_is_told_apart(text: str, refused: bool):
    assert bool(REFUSED.search(text)) is refused


def test_no_library_of_the_default_installation_is_gpl_or_non_commercial():
    found = installed_by_default()
    assert {"ctranslate2", "soundfile", "rapidocr", "jieba"} <= set(found), "the walk is too short"
    refused = {
        name: licence for name, one in found.items() if REFUSED.search(licence := licence_of(one))
    }
    assert not refused


def test_no_wheel_of_the_default_installation_carries_a_gpl_library():
    carried = {
        name: inside
        for name, one in installed_by_default().items()
        if (inside := [str(path) for path in one.files or () if GPL_LIBRARIES.search(f"/{path}")])
    }
    assert not carried


def test_calls_bring_gpl_codecs_and_stay_out_of_the_default_installation():
    carried = [str(path) for path in distribution("av").files or ()]
    assert any(GPL_LIBRARIES.search(f"/{path}") for path in carried), "then it could be let in"
    assert not {"aiortc", "av"} & set(installed_by_default())
    assert not {"aiortc", "av"} & {wanted.name.lower() for wanted in wanted_by_default()}


def test_no_model_is_gpl_or_non_commercial():
    assert not [one.name for one in packages() if REFUSED.search(one.licence)]
