"""Text to the sounds of Kokoro's alphabet: each part by the rules of its own script.

Chinese characters by `sounds_zh.py`, Latin words by `sounds_en.py`; numbers in the language of
the answer. Other scripts have no sounds here; `unspoken` tells them. Knows no voices.
"""

import unicodedata
from pathlib import Path

from edgewise.answer import numbers_en, numbers_zh
from edgewise.answer.sounds_en import EnglishSounds
from edgewise.answer.sounds_zh import ChineseSounds
from edgewise.core.regex import regex
from edgewise.core.words import Language, Words

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f"
_LATIN = "A-Za-z\u00c0-\u024f"
_RUNS = regex(
    rf"[{HAN}]+|(?:[A-Za-z]\.){{2,}}|[{_LATIN}0-9](?:[{_LATIN}0-9'&+-]*[{_LATIN}0-9])?|[^\S\n]+|\n|."
)
_MARKS = {
    "，": ",", "、": ",", "。": ".", "！": "!", "？": "?", "：": ":", "；": ";", "…": "…", "—": "—",
    "–": "—", "（": ",", "）": ",", "(": ",", ")": ",", "「": "", "」": "", "《": "", "》": "",
    "“": "", "”": "", '"': "", ",": ",", ".": ".", "!": "!", "?": "?", ":": ":", ";": ";",
    "\n": ".", "[": ",", "]": ",", "【": ",", "】": ",", "·": " ", "|": ",",
}  # fmt: skip


AT_ONCE = 400
"""Characters; a clause has fewer. A long text in parts: expressions look far ahead."""
NOT_READ = Words("something in another script", "一段其他文字")
"""Said in the place of what has no sounds here."""


class Sounds:
    """Both languages; the Chinese dictionaries are loaded when first needed."""

    def __init__(self, cache_folder: Path | None = None) -> None:
        self._english = EnglishSounds(cache_folder)
        self._chinese = ChineseSounds()

    def of(self, text: str, language: Language, *, tells: bool = False) -> str:
        """The sounds of `text`; empty when there is nothing in it that can be said. `tells`: that
        letters were passed over is said, in the place of the first ones."""
        if tells:
            text = _telling(text, language)
        parts = [text[n : n + AT_ONCE] for n in range(0, len(text), AT_ONCE)]
        return tidied(" ".join(self._of(part, language) for part in parts))

    def _of(self, text: str, language: Language) -> str:
        chinese = language is Language.CHINESE
        said = (numbers_zh if chinese else numbers_en).said(plain(text))
        pieces: list[tuple[str, str]] = []
        for run in _RUNS.findall(said):
            kind = _kind(run)
            if kind == "en" and pieces and pieces[-1][0] == "en":
                pieces[-1] = ("en", pieces[-1][1] + run)
            elif kind == "space":
                if pieces and pieces[-1][0] == "en":
                    pieces[-1] = ("en", pieces[-1][1] + " ")
                else:
                    pieces.append(("mark", " "))
            elif kind:
                pieces.append((kind, run))
        return "".join(f" {self._sounded(*piece)} " for piece in pieces)

    def load(self, language: Language) -> None:
        """Load what that language needs. Raises ModelError, TrustError."""
        self._english.load()
        if language is Language.CHINESE:
            self._chinese.load()

    def _sounded(self, kind: str, run: str) -> str:
        if kind == "zh":
            return self._chinese.of(run)
        return self._english.of(run) if kind == "en" else _MARKS.get(run, run)


def plain(text: str) -> str:
    """The text without what cannot be said: control characters, marks that combine, wide forms."""
    text = unicodedata.normalize("NFKC", text.replace("…", "\u2026"))
    text = text.replace("...", "…").replace("\u2019", "'").replace("\u2018", "'")
    return "".join(c if c == "\n" or unicodedata.category(c)[0] not in "CM" else " " for c in text)


def unspoken(text: str) -> str:
    """The letters of scripts without sounds here, each once: what has to be said to the person."""
    found = dict.fromkeys(
        c for c in plain(text) if c.isalpha() and not _kind(c) and not c.isspace()
    )
    return "".join(found)


def _telling(text: str, language: Language) -> str:
    for place, sign in enumerate(text):
        if sign.isalpha() and not _kind(plain(sign) or " "):
            return f"{text[:place]} {NOT_READ.said_in(language)} {text[place:]}"
    return text


def tidied(sounds: str) -> str:
    """One space between words, none before a mark, one mark where several meet, none in front."""
    marks: list[str] = []
    words: list[str] = []
    for part in regex(r"[,.!?:;…—]|[^\s,.!?:;…—]+").findall(sounds):
        if part in _STRENGTH:
            if words:
                marks.append(part)
        else:
            if marks:
                words[-1] += max(marks, key=_STRENGTH.index)
                marks = []
            words.append(part)
    if words and marks:
        words[-1] += max(marks, key=_STRENGTH.index)
    return " ".join(words)


_STRENGTH = [",", "—", ":", ";", "…", ".", "!", "?"]


def _kind(run: str) -> str:
    first = run[0]
    if first.isspace() and first != "\n":
        return "space"
    if "\u3400" <= first <= "\u9fff" or first >= "\U00020000":
        return "zh"
    if (first.isascii() and first.isalnum()) or ("\u00c0" <= first <= "\u024f" and first.isalpha()):
        return "en"
    return "mark" if run in _MARKS else ""
