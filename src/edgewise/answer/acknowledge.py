"""Short answers that are made into sound once and kept, so that they begin at once.

The fixed ones are kept in files, under a key of everything that changes the sound; what was said
lately only in memory, for it may be private. Both are bounded. It makes no sound itself.
"""

import hashlib
import os
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.core.words import Language, Words
from edgewise.sound.pcm import Pcm

# How turns are answered most often: by the templates of the catalogue and of `phrase.py` without
# a value in them, by the conversation's own words, and the short first clauses of longer answers.
FREQUENT: tuple[Words, ...] = (
    Words("OK.", "好的。"),
    Words("OK, ", "好的，"),
    Words("Done.", "已完成。"),
    Words("One moment.", "请稍等。"),
    Words("Sorry, ", "抱歉，"),
    Words("Yes.", "是的。"),
    Words("No.", "不是。"),
    Words("Cancelled.", "已取消。"),
    Words("Nothing to undo.", "没有可以撤销的。"),
    Words("I did not catch that.", "没有听清。"),
    Words("Please say that again.", "请再说一遍。"),
    Words("That did not work.", "没有成功。"),
    Words("I can not do that.", "这个做不到。"),
)
MOST_FILES = 200
MOST_REMEMBERED = 48
MOST_CHARACTERS = 60
"""Of a clause that is remembered: a longer one hardly comes again."""


class Key(Struct, frozen=True):
    """Everything that changes the sound of a clause; `model` is the model's sha256."""

    text: str
    language: Language
    voice: str
    speed: float
    model: str

    @property
    def file_name(self) -> str:
        """A name that tells nothing of the text."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:32] + ".pcm"


class Kept(Struct, frozen=True, array_like=True):
    """What a file holds."""

    rate_hz: int
    data: bytes


class Acknowledgements:
    """Sounds by key: those in files (`keep`), those of this run (`remember`)."""

    def __init__(self, folder: Path | None, *, remembers: bool = True) -> None:
        """`folder` None: nothing is kept in files. Without `remembers` none but those of FREQUENT
        are kept at all."""
        self._folder = folder
        self._remembers = remembers
        self._remembered: OrderedDict[Key, Pcm] = OrderedDict()

    def find(self, key: Key) -> Pcm | None:
        """The sound of a clause that was made before."""
        found = self._remembered.get(key)
        if found is not None:
            self._remembered.move_to_end(key)
            return found
        if not is_frequent(key.text, key.language):
            return None
        found = self._read(key)
        if found is not None:
            self.remember(key, found)
        return found

    def remember(self, key: Key, sound: Pcm) -> None:
        """Keep it in memory; the one that was asked for longest ago gives way."""
        if len(key.text) > MOST_CHARACTERS or not sound.data:
            return
        if not self._remembers and not is_frequent(key.text, key.language):
            return
        self._remembered[key] = sound
        self._remembered.move_to_end(key)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)

    def keep(self, key: Key, sound: Pcm) -> None:
        """Keep it in memory, and in a file if its text is one of FREQUENT. A folder that can not be
        written costs time, nothing else."""
        self.remember(key, sound)
        if self._folder is None or not sound.data or not is_frequent(key.text, key.language):
            return
        path = self._folder / key.file_name
        new = path.with_suffix(f".{os.getpid()}.new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new.write_bytes(msgspec.msgpack.encode(Kept(sound.rate_hz, sound.data)))
            os.replace(new, path)
            self._drop_oldest()
        except OSError:
            with suppress(OSError):
                new.unlink()

    def _read(self, key: Key) -> Pcm | None:
        if self._folder is None:
            return None
        path = self._folder / key.file_name
        try:
            kept = msgspec.msgpack.decode(path.read_bytes(), type=Kept)
        except (OSError, msgspec.DecodeError):
            return None
        return Pcm(kept.data, kept.rate_hz) if len(kept.data) % 2 == 0 else None

    def _drop_oldest(self) -> None:
        assert self._folder is not None
        files = sorted(self._folder.glob("*.pcm"), key=lambda path: path.stat().st_mtime)
        for path in files[: max(0, len(files) - MOST_FILES)]:
            path.unlink(missing_ok=True)


def is_frequent(text: str, language: Language) -> bool:
    """Whether it is one of the answers that everybody gets."""
    return any(text.strip() == words.said_in(language).strip() for words in FREQUENT)
