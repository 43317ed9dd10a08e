"""Whether words on a screen are English or Chinese, so that the tables know what they weigh.

A button in another language may send or delete, and no table tells: what is not read is asked
about. A label is read by its own words; a name ("Anna") also by the labels around it, unless there
is something written that it might send. Pure. What its words weigh: `act/screen_words.py`.
"""

import unicodedata
from collections.abc import Iterable

from edgewise.act.screen import Element, Role, Seen
from edgewise.act.screen_english import FUNCTION_WORDS, INTERFACE_WORDS
from edgewise.act.screen_stakes import is_written_in
from edgewise.core.regex import regex

_WORD = regex(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_HAN, _KANA = regex(r"[\u3400-\u9fff]"), regex(r"[\u3041-\u30fa\u30fd-\u30ff\uff66-\uff9d]")
_ASKS = regex(r"[?？¿؟]")
_PRESSED = (Role.BUTTON, Role.LINK, Role.SWITCH)
_MOST_KANA = 4
"""Letters: の stands in Chinese names too."""
_LABELS = 3
"""Labels in one language that make a page one in it."""
_SENTENCE = 3
"""Words of the shortest text that is no name."""
_LABEL = 3
"""Words that say something, of the longest text that is no sentence."""


def is_read(element: Element, seen: Seen) -> bool:
    """Whether the words of `element`, which is on `seen`, are known as English or Chinese, or are
    a name among such; what has no letters is read."""
    words, letters = _words(element.text), element.text
    if not words:
        return True
    if _is_of_other_script(letters):
        return False
    if _HAN.search(letters):
        return not _is_japanese(seen)
    if _is_english(words):
        return True
    sends = any(map(is_written_in, seen.elements))
    return _is_name(letters) and not sends and _is_at_home(element, seen)


def is_page_read(seen: Seen) -> bool:
    """Whether what a screen says in sentences, above all what it asks, is English or Chinese."""
    told = [e.text for e in seen.elements if e.role in (Role.TEXT, Role.OTHER) and not e.secret]
    unread = [text for text in (*told, seen.title) if _is_sentence(text) and not _is_known(text)]
    if any(map(_ASKS.search, unread)):
        return False
    return 2 * len(unread) <= sum(map(_is_sentence, told)) and not (unread and _is_japanese(seen))


def unread_question(seen: Seen) -> str:
    """What a screen that is not read may ask, for the person who can read it."""
    told = [e.text for e in seen.elements if e.role in (Role.TEXT, Role.OTHER) and not e.secret]
    unread = [text for text in told if _is_sentence(text) and not _is_known(text)]
    asks = next((text for text in unread if _ASKS.search(text)), "")
    return " ".join((asks or next(iter(unread), "")).split())


def _is_name(text: str) -> bool:
    """Whether all its words that are not English are written as names are: "Anna", "eBay". Where
    all is in capitals, they tell nothing: "TICKET STORNIEREN"."""
    words = _WORD.findall(text)
    others = [word for word in words if not _is_english([word.casefold()])]
    written = text.isascii() and not (text.isupper() and len(words) > 1)
    return written and all(any(map(str.isupper, word)) for word in others)


def _is_at_home(element: Element, seen: Seen) -> bool:
    """Whether most labels around a name are English or Chinese."""
    others = [e.text for e in seen.elements if e.role in _PRESSED and e is not element]
    labels = [text for text in others if text != element.text and _words(text)]
    known = sum(map(_is_known, labels))
    return known >= _LABELS and 2 * known >= len(labels) and not _is_japanese(seen)


def _is_sentence(text: str) -> bool:
    words = _words(text)
    asks = _ASKS.search(text) is not None
    return bool(words) and (len(words) >= _SENTENCE or asks or _is_of_other_script(text))


def _is_known(text: str) -> bool:
    """Whether a text is English or Chinese; of a sentence that asks nothing a third of the words
    is enough."""
    if _is_of_other_script(text):
        return False
    words = _words(text)
    if _HAN.search(text) is not None or _is_english(words):
        return True
    told = sum(word in FUNCTION_WORDS or _is_interface_word(word) for word in words)
    return len(words) >= _SENTENCE and _ASKS.search(text) is None and 3 * told >= len(words)


def _is_english(words: list[str]) -> bool:
    """Whether the words that say something are English: in a label every one ("Account auflösen"
    has an English word too, and deletes), in a sentence two of three. "do" and "in" are words of
    other languages too, and count where there is nothing else."""
    told = [word for word in words if word not in FUNCTION_WORDS]
    known = sum(map(_is_interface_word, told))
    return known == len(told) or (len(told) > _LABEL and 3 * known >= 2 * len(told))


def _is_interface_word(word: str) -> bool:
    return word in FUNCTION_WORDS or any(form in INTERFACE_WORDS for form in _forms(word))


def _forms(word: str) -> Iterable[str]:
    """A word and what it may be a form of: "settings", "saved", "shopping"."""
    yield word
    bare = word.replace("’", "'").removesuffix("'s")
    yield bare
    for ending in ("s", "es", "ed", "ing", "ly"):
        if bare.endswith(ending) and len(bare) - len(ending) > 2:
            stem = bare[: -len(ending)]
            yield from (stem, f"{stem}e")
            if stem[-1] == stem[-2]:
                yield stem[:-1]
    if bare.endswith(("ies", "ied")):
        yield f"{bare[:-3]}y"


def _words(text: str) -> list[str]:
    """The words of a text in small letters, those of one Latin letter apart."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return [word for word in found if len(word) > 1 or not word.isascii()]


def _is_of_other_script(text: str) -> bool:
    """Whether it has a letter that is neither Latin nor Chinese."""
    return any(
        letter.isalpha()
        and not unicodedata.name(letter, "").startswith(("LATIN ", "CJK ", "ª", "º"))
        for letter in unicodedata.normalize("NFKC", text)
        if not letter.isascii()
    )


def _is_japanese(seen: Seen) -> bool:
    """Whether a page is written in Japanese, whose Chinese characters mean other things."""
    texts = [element.text for element in seen.elements] + [seen.title]
    return sum(len(_KANA.findall(text)) for text in texts) >= _MOST_KANA
