"""Recorded and made speech with its text, for `edgewise eval hear`.

    DIR/NAME/en/anything.wav    with anything.txt beside it,
    DIR/NAME/zh/anything.flac   or a transcripts.tsv (file name, tab, text) in the same folder

(.wav, .flac, .ogg, .mp3; `DIR/en` and `DIR/zh` without a NAME are the set "own"). A set whose name
begins with "synthetic" is told as made by a voice, all others as recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edgewise.core.words import Language
from edgewise.errors import UserError
from edgewise.sound.pcm import Pcm
from edgewise.sound.read import read_sound

ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
LONGEST_S = 1800.0
OWN = "own"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One recording: the set it is of, what is said in it, and what it should be understood as
    (the name of a capability; empty where that is not known)."""

    set: str
    name: str
    text: str
    language: Language
    sound: Pcm
    capability: str = ""

    @property
    def is_made(self) -> bool:
        """Whether a voice of a machine says it."""
        return self.set.startswith("synthetic")


def load_spoken_sets(folder: Path) -> list[Utterance]:
    """All utterances below `folder`. Raises UserError for a folder without any, a recording
    without its text, and what is no sound."""
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder; name the one that holds recordings")
    found = list(_found(folder))
    if not found:
        raise UserError(
            f"{folder} holds no recordings: put them into NAME/en or NAME/zh, each with its text"
            " beside it (NAME.txt) or in transcripts.tsv"
        )
    return found


def _found(folder: Path) -> Iterator[Utterance]:
    for language in Language:
        places = [(OWN, folder / language.value)]
        places += [(one.name, one / language.value) for one in sorted(folder.iterdir())]
        for name, place in places:
            if place.is_dir():
                yield from _read(name, place, language)


def _read(name: str, place: Path, language: Language) -> Iterator[Utterance]:
    texts = _texts(place / "transcripts.tsv")
    for path in sorted(place.iterdir()):
        if path.suffix.lower() not in ENDINGS:
            continue
        beside = path.with_suffix(".txt")
        text = beside.read_text("utf-8").strip() if beside.is_file() else texts.get(path.name)
        if not text:
            raise UserError(f"{path} has no text: write what is said in it into {beside.name}")
        try:
            sound = read_sound(path.read_bytes(), longest_s=LONGEST_S)
        except UserError as error:
            raise UserError(f"{path}: {error}", code=error.code) from error
        said, _, capability = text.partition("\t")
        yield Utterance(name, path.name, said, language, sound, capability)


def _texts(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    rows = (line.partition("\t") for line in path.read_text("utf-8").splitlines())
    return {name.strip(): text.strip() for name, _, text in rows if text.strip()}
