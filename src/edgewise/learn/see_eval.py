"""How much of what stands on pictures is read: exact strings and characters, by kind and variant.

A string counts as read when it occurs in the lines that were read, in their order, without white
space and with full-width signs as plain ones, at least as often as it stands on the picture. It
does not know how a picture is read.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from edgewise.errors import UserError
from edgewise.learn.report import Result, measure
from edgewise.learn.screens import Screen

GOAL = 97.0
"""Per cent of all strings, as the issue asks for."""
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")


@dataclass(slots=True)
class Tally:
    """What was counted of some pictures."""

    strings: int = 0
    right: int = 0
    characters: int = 0
    recalled: int = 0
    invented: int = 0
    times_ms: list[float] = field(default_factory=list[float])


@dataclass(slots=True)
class Score:
    """The tallies of a set: of all, and by what a picture is called."""

    all: Tally = field(default_factory=Tally)
    by: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    missed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def add(self, screen: Screen, lines: Iterable[str], took_ms: float) -> None:
        """Count one picture's reading."""
        read = plain("".join(lines))
        wanted = Counter(plain(one) for one in screen.strings if plain(one))
        missing = {
            text: many - found
            for text, many in wanted.items()
            if (found := read.count(text)) < many
        }
        shown, seen = Counter("".join(wanted.elements())), Counter(read)
        names = (f"kind {screen.kind}", f"theme {screen.theme}", f"variant {screen.variant}")
        for tally in (self.all, *(self.by[name] for name in names if not name.endswith(" "))):
            tally.strings += wanted.total()
            tally.right += wanted.total() - sum(missing.values())
            tally.characters += shown.total()
            tally.recalled += (shown & seen).total()
            tally.invented += (seen - shown).total()
            tally.times_ms.append(took_ms)
        self.missed += [(screen.name, text) for text in missing]


def plain(text: str) -> str:
    """Without white space, full-width signs as plain ones (NFKC)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def figures(score: Score, prefix: str) -> Iterator[Result]:
    """The figures of a set, the goal's first."""
    total = score.all
    yield measure(
        f"{prefix} | strings right", _share(total.right, total.strings), "%", at_least=GOAL
    )
    yield measure(f"{prefix} | characters found", _share(total.recalled, total.characters), "%")
    yield measure(f"{prefix} | characters too many", _share(total.invented, total.characters), "%")
    yield measure(f"{prefix} | strings", total.strings, "strings")
    times = sorted(total.times_ms)
    yield measure(f"{prefix} | time a picture, median", times[len(times) // 2], "ms")
    for name, tally in score.by.items():
        yield measure(f"{prefix} | {name}: strings right", _share(tally.right, tally.strings), "%")


def load_pictures(folder: Path) -> Iterator[Screen]:
    """A user's own pictures with what stands on each in a `.txt` beside it, a string a line. Raises
    UserError where there are none."""
    files = sorted(one for one in folder.glob("*") if one.suffix.lower() in PICTURES)
    with_text = [one for one in files if one.with_suffix(".txt").is_file()]
    if not with_text:
        raise UserError(
            f"{folder} holds no picture with a .txt of its strings beside it; leave --data out for"
            " the made screens",
            code="bad_data",
        )
    for path in with_text:
        strings = tuple(path.with_suffix(".txt").read_text("utf-8").splitlines())
        yield Screen(path.name, "", "", "", path.read_bytes(), strings)


def _share(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 0.0
