"""English words to the sounds of Kokoro's alphabet.

A word is looked up as written, in lower case, in American spelling; without its ending (-s, -ed,
-ing, -er, -ly, 's); as two words that were joined; an acronym is spelled; what is left is guessed
from its letters. `a`, `the` and `to` follow the sound after them; a word that sounds differently as
a verb is one after "to", "will" and the like. Numbers come as words already (`numbers_en.py`).
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from edgewise.answer.lexicon_en import DEFAULT, Lexicon, Variants
from edgewise.core.regex import regex
from edgewise.sound.letters_en import VOWELS, sounds_of_letters

_WORDS = regex(r"(?:[A-Za-z]\.){2,}|[A-Za-z\u00c0-\u024f]+(?:['-][A-Za-z\u00c0-\u024f]+)*")
_PARTS = regex(r"[A-Z]{2,}s\b|[A-Z]?[a-z\u00c0-\u024f]+(?:'[a-z]+)?|[A-Z]+(?![a-z])|[A-Z]")
_FULL_VOWELS = "AIOQWYaeiouyæɑɐɒɔəɛɜɪʊʌᵻ"
_VOICELESS = "ptkfθ"
_SIBILANT = "szʃʒʧʤ"
LONGEST_WORD = 60
LONGEST_SHOUT = 4
"""Capitals longer than this are a word that is shouted, if there is such a word."""
_BEFORE_VERB = frozenset([
    "to", "will", "would", "can", "could", "shall", "should", "must", "may", "might",
    "please", "don't", "do", "does", "did", "didn't", "won't", "can't", "cannot",
    "couldn't", "not", "i", "you", "we", "they", "let's", "let", "and",
])  # fmt: skip
_BEFORE_READ = frozenset([
    "have", "has", "had", "was", "were", "is", "been", "be", "being", "just", "already",
])  # fmt: skip
_BEFORE_NOUN = frozenset([
    "the", "a", "an", "my", "your", "his", "her", "its", "our", "their", "this", "that", "no",
    "any", "every",
])  # fmt: skip
# What the dictionaries have not, or have for another use.
_OWN: dict[str, str] = {
    "wifi": "wˈIfˌI", "app": "ˈæp", "apps": "ˈæps", "km": "kˌɑlˈɑməɾəɹz", "edgewise": "ˈɛʤwˌIz",
    "etc": "ɛtsˈɛɾəɹə", "vs": "vˈɜɹsəz", "mr": "mˈɪstəɹ", "mrs": "mˈɪsəz", "ms": "mˈɪz",
    "dr": "dˈɑktəɹ", "st": "stɹˈit", "playlist": "plˈAlˌɪst", "eta": "ˌitˌiˈA", "ok": "ˌOkˈA",
    "id": "ˌIdˈi", "ids": "ˌIdˈiz", "gps": "ʤˌipˌiˈɛs", "pm": "pˌiˈɛm", "am": "æm",
}  # fmt: skip
_LETTERS = {
    "a": "A", "b": "bi", "c": "si", "d": "di", "e": "i", "f": "ɛf", "g": "ʤi", "h": "Aʧ", "i": "I",
    "j": "ʤA", "k": "kA", "l": "ɛl", "m": "ɛm", "n": "ɛn", "o": "O", "p": "pi", "q": "kju",
    "r": "ɑɹ", "s": "ɛs", "t": "ti", "u": "ju", "v": "vi", "w": "dʌbᵊlju", "x": "ɛks", "y": "wI",
    "z": "zi",
}  # fmt: skip
_SPELLINGS = (("our", "or"), ("isation", "ization"), ("ise", "ize"), ("ising", "izing"),
              ("ised", "ized"), ("ogue", "og"), ("yre", "ire"), ("re", "er"), ("ller", "ler"),
              ("lling", "ling"), ("lled", "led"))  # fmt: skip


class EnglishSounds:
    """Words to sounds; the dictionaries are read when first needed."""

    def __init__(self, cache_folder: Path | None = None) -> None:
        self._cache_folder = cache_folder
        self._lexicon: Lexicon | None = None
        self._known = lru_cache(maxsize=4096)(self._looked_up)

    def load(self) -> None:
        """Read the dictionaries. Raises ModelError (`model_missing`), TrustError."""
        self._words()

    def of(self, text: str) -> str:
        """The sounds of a run of words, one space between; marks are not looked at."""
        words = self._words_of(text)
        said: list[str] = []
        for place in range(len(words) - 1, -1, -1):  # from the end: the next word's sound decides
            following = said[-1] if said else ""
            said.append(self._said(words, place, following))
        return " ".join(reversed([each for each in said if each]))

    def _words_of(self, text: str) -> list[str]:
        """Words; one with a hyphen stays whole if a dictionary has it."""
        words: list[str] = []
        for word in _WORDS.findall(text.replace("&", " and ")):
            if "." in word:
                words.append(word.replace(".", "").upper())
            elif "-" in word and not self._variants_of(word):
                words += word.split("-")
            else:
                words.append(word)
        return [word[:LONGEST_WORD] for word in words]

    def _said(self, words: list[str], place: int, following: str) -> str:
        word = words[place]
        lower = word.lower()
        vowel = following.lstrip("ˈˌ")[:1] in tuple(_FULL_VOWELS)
        if following and lower == "the":
            return "ði" if vowel else "ðə"
        if following and word in ("a", "A") and (word == "a" or place == 0):
            return "ɐ"
        if following and lower == "to":
            return "tʊ" if vowel else "tə"
        variants = self._variants_of(word)
        if len(variants) > 1 and not word.isupper():
            before = words[place - 1].lower() if place else ""
            return _chosen(lower, variants, before, last=not following)
        return variants.get(DEFAULT) or self._known(word)

    def _words(self) -> Lexicon:
        if self._lexicon is None:
            self._lexicon = Lexicon(self._cache_folder)
        return self._lexicon

    def _variants_of(self, word: str) -> Variants:
        """What the dictionaries say of the word as it stands."""
        own = _OWN.get(word.lower())
        if own and not (word.isupper() and word.lower() == "st"):
            return {DEFAULT: own}
        forms = [word, word.lower(), word.capitalize()]
        if word.isupper() and 1 < len(word) <= LONGEST_SHOUT:
            # also words in capitals are in the dictionaries, for shouts: ABS, LED, ACT
            found = self._words().variants(word)
            return found if found and "NOUN" not in found else {}
        for form in forms:
            if found := self._words().variants(form):
                return found
        return {}

    def _looked_up(self, word: str) -> str:
        if word.isupper() and len(word) <= LONGEST_SHOUT:
            return spelled(word)
        parts = _PARTS.findall(word)
        if len(parts) > 1 and not word.isupper():
            return " ".join(self._single(part) for part in parts)
        return self._single(word)

    def _single(self, word: str) -> str:
        if word.isupper() and 1 < len(word) <= LONGEST_SHOUT:
            return spelled(word)
        if len(word) > 2 and word[:-1].isupper() and word[-1] == "s":
            return _with_s(spelled(word[:-1]))
        lower = word.lower()
        return self._derived(lower) or _guessed(lower)

    def _plain(self, word: str) -> str:
        return self._variants_of(word).get(DEFAULT) or ""

    def _derived(self, word: str) -> str:
        return (
            self._plain(word)
            or self._respelled(word)
            or self._ended(word)
            or self._prefixed(word)
            or self._joined(word)
        )

    def _respelled(self, word: str) -> str:
        for british, american in _SPELLINGS:
            if british in word and (found := self._plain(word.replace(british, american))):
                return found
        return ""

    def _ended(self, word: str) -> str:
        for ending, add in _ENDINGS:
            if not word.endswith(ending) or len(word) - len(ending) < 2:
                continue
            for stem in _stems(word[: -len(ending)], ending):
                if found := self._plain(stem) or self._respelled(stem):
                    return add(found)
        return ""

    def _prefixed(self, word: str) -> str:
        for prefix, sounds in _PREFIXES:
            rest = word.removeprefix(prefix)
            if rest != word and len(rest) > 2:
                found = self._plain(rest) or self._ended(rest) or self._respelled(rest)
                if found:
                    return sounds + found
        return ""

    def _joined(self, word: str) -> str:
        for cut in range(len(word) - 3, 2, -1):
            first, second = self._plain(word[:cut]), ""
            if first:
                second = self._plain(word[cut:]) or self._ended(word[cut:])
            if first and second:
                return first + second.replace("ˈ", "ˌ")
        return ""


def spelled(letters: str) -> str:
    """Letter by letter, the last one stressed."""
    names = [_LETTERS[letter] for letter in _bare(letters)]
    last = len(names) - 1
    return "".join(_stressed(name, "ˈ" if n == last else "ˌ") for n, name in enumerate(names))


def _bare(word: str) -> str:
    """Its letters a to z, without accents."""
    parted = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in parted if "a" <= letter <= "z")


def _stressed(name: str, mark: str) -> str:
    place = next((n for n, sign in enumerate(name) if sign in _FULL_VOWELS), 0)
    return name[:place] + mark + name[place:]


def _guessed(word: str) -> str:
    if word.endswith("'s"):
        return _with_s(_guessed(word[:-2]))
    letters = _bare(word)
    if letters and not any(letter in VOWELS for letter in letters):
        return spelled(letters)
    return sounds_of_letters(letters)


def _chosen(word: str, variants: Variants, before: str, *, last: bool) -> str:
    name = DEFAULT
    if word == "read" and before in _BEFORE_READ:
        name = "VBN"
    elif word == "used":
        name = DEFAULT if before in ("is", "was", "are", "be", "been", "i", "we", "you") else "VBD"
    elif "VERB" in variants and (before in _BEFORE_VERB or (not before and word in _COMMANDS)):
        name = "VERB"
    elif "NOUN" in variants and before in _BEFORE_NOUN:
        name = "NOUN"
    elif "None" in variants and last:
        name = "None"
    return variants.get(name) or variants.get(DEFAULT) or ""


_COMMANDS = frozenset([
    "close", "record", "use", "present", "live", "decrease", "increase", "reject", "import",
])  # fmt: skip


def _with_s(stem: str) -> str:
    if stem[-1:] in tuple(_SIBILANT):
        return stem + "ᵻz"
    return stem + ("s" if stem[-1:] in tuple(_VOICELESS) else "z")


def _with_ed(stem: str) -> str:
    if stem[-1:] in tuple("td"):
        return stem[:-1] + ("ɾ" if stem[-2:-1] in tuple(_FULL_VOWELS) else stem[-1]) + "ᵻd"
    return stem + ("t" if stem[-1:] in tuple(_VOICELESS + "sʃʧ") else "d")


def _stems(stem: str, ending: str) -> list[str]:
    """How the word may be written without its ending."""
    stems = [stem]
    if ending in ("ed", "ing", "er", "est", "able"):
        stems.append(stem + "e")
        if len(stem) > 2 and stem[-1] == stem[-2]:
            stems.append(stem[:-1])
    if ending in ("es", "ed", "er", "est", "ly", "ness") and stem.endswith("i"):
        stems.append(stem[:-1] + "y")
    return stems


def _adding(sounds: str) -> Callable[[str], str]:
    return lambda stem: stem + sounds


_ENDINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("'s", _with_s), ("s'", _with_s), ("es", _with_s), ("s", _with_s), ("ed", _with_ed),
    ("ing", _adding("ɪŋ")), ("er", _adding("əɹ")), ("est", _adding("əst")), ("ly", _adding("li")),
    ("less", _adding("ləs")), ("ness", _adding("nəs")), ("able", _adding("əbᵊl")),
    ("ful", _adding("fəl")), ("ment", _adding("mənt")), ("'ll", _adding("əl")),
    ("'re", _adding("əɹ")), ("'ve", _adding("əv")), ("'d", _adding("d")),
)  # fmt: skip
_PREFIXES = (
    ("kilo", "kˈɪləˌ"), ("un", "ˌʌn"), ("re", "ɹˌi"), ("pre", "pɹˌi"), ("non", "nˌɑn"),
    ("over", "ˌOvəɹ"), ("under", "ˌʌndəɹ"), ("multi", "mˌʌlti"), ("auto", "ˌɔɾO"),
    ("dis", "dɪs"), ("mis", "mɪs"), ("micro", "mˌIkɹO"), ("mini", "mˌɪni"), ("anti", "ˌænti"),
)  # fmt: skip
