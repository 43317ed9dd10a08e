"""Which voices there are, by name, and which one each language has by default.

A name tells by its first letter the language (a, b English; z Chinese), by its second a woman's or
a man's. Any voice says both languages, each but its own with an accent.
"""

from edgewise.core.words import Language
from edgewise.engine.packages import package
from edgewise.errors import UserError

DEFAULTS = {Language.ENGLISH: "af_heart", Language.CHINESE: "zf_xiaobei"}


def voice_names(language: Language | None = None) -> tuple[str, ...]:
    """Those of a language, else all of them."""
    names = (file.path.removesuffix(".bin") for file in package("kokoro-voices").file)
    return tuple(name for name in names if language in (None, language_of_voice(name)))


def language_of_voice(name: str) -> Language:
    """The one that it speaks without an accent."""
    return Language.CHINESE if name[0] == "z" else Language.ENGLISH


def checked(name: str) -> str:
    """The name itself. Raises UserError (`unknown_voice`), naming those there are."""
    if name not in voice_names():
        told = f"no voice is called {name!r}; there are: {', '.join(voice_names())}"
        raise UserError(told, code="unknown_voice")
    return name
