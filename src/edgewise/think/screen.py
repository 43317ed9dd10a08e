"""Screens a model's words as they come, so that only what is fit to be shown gets through.

Takes pieces of any length and gives whole sentences: control and direction characters gone, a
chat template's tokens taken as the end, hidden reasoning left out, a repeated sentence taken as
the end, a length that is not passed, a claim to have acted replaced (see `honesty`), a sentence
about the device left out (see `device_words`; `dropped` tells of it). A sentence waits until it is
complete, because only then can it be judged.

It judges form, not truth, and gives text only: nothing here or behind it reads a call in it.
"""

import re
import unicodedata

from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.think.device_words import speaks_of_device
from edgewise.think.honesty import claims_action, is_acknowledgement, only_words

# A spoken answer of this length takes over a minute; a longer sentence than the second is let go
# in parts, so that a model that never ends one still shows its words.
ANSWER_CHARACTERS = 1200
SENTENCE_CHARACTERS = 400
WORDLESS_SENTENCES = 3  # "1. 2. 3. 4." is a model that lost its way


class Screen:
    """One answer's way from the model to the person; `ended` tells that no more is wanted."""

    def __init__(
        self, language: Language = Language.ENGLISH, *, most_characters: int = ANSWER_CHARACTERS
    ) -> None:
        self.ended = False
        self.claimed = False
        self.dropped = False
        self._language = language
        self._left_characters = most_characters
        self._raw = ""
        self._held = ""
        self._before = ""
        self._said: set[str] = set()
        self._wordless = 0

    def feed(self, piece: str) -> str:
        """Take the next piece; give what can be shown now, maybe nothing."""
        if self.ended:
            return ""
        self._raw += piece
        return self._advance(complete=False)

    def finish(self) -> str:
        """Take the end of the model's text; give what was held back."""
        if self.ended:
            return ""
        shown = self._advance(complete=True)
        self.ended = True
        return shown

    def _advance(self, *, complete: bool) -> str:
        shown = ""
        self._raw = _REASONING.sub("", self._raw)
        token = (_LAST_TOKEN if complete else _TEMPLATE_TOKEN).search(self._raw)
        if token is not None:
            self._raw, complete = self._raw[: token.start()], True
        while not self.ended:
            end = _sentence_end(self._raw, complete=complete)
            if end == 0:
                break
            sentence, self._raw = self._raw[:end], self._raw[end:]
            shown += self._judge(clean(sentence))
        if complete and not self.ended:
            shown += self._say(self._held)
            self._held = ""
        if token is not None:
            self.ended = True
        return shown

    def _judge(self, sentence: str) -> str:
        together = self._held + sentence
        if claims_action(sentence) or claims_action(self._before + together):
            self.ended = self.claimed = True
            self._held = ""
            return self._say(only_words(self._language), lead=bool(self._before))
        if speaks_of_device(sentence):
            self.dropped = True
            self._held = ""
            return ""
        known = sentence.strip().casefold()
        self._wordless = 0 if any(map(str.isalpha, known)) else self._wordless + bool(known)
        if self._wordless > WORDLESS_SENTENCES:
            self.ended = True
            return ""
        if len(known) > 12 and known in self._said:
            self.ended = True
            return ""
        self._said.add(known)
        if is_acknowledgement(sentence) or not known:
            self._held = together
            return ""
        self._held = ""
        shown = self._say(together)
        self._before = sentence
        return shown

    def _say(self, text: str, *, lead: bool = False) -> str:
        if not self._said_anything():
            text = text.lstrip()
        elif lead:
            text = " " + text
        if len(text) > self._left_characters and not self.claimed:
            text = text[: self._left_characters].rsplit(" ", 1)[0].rstrip() + " …"
            self.ended = True
        self._left_characters -= len(text)
        return text

    def _said_anything(self) -> bool:
        return bool(self._before)


def clean(text: str) -> str:
    """A text without control, direction and unassigned characters; tabs become spaces."""
    return "".join(_shown(character) for character in text)


def neutral(text: str) -> str:
    """A person's text without what a chat template would read as its own tokens."""
    return _LAST_TOKEN.sub(" ", clean(text))


def _shown(character: str) -> str:
    if character in "\n\u200d":  # the joiner holds emoji together
        return character
    if character == "\t":
        return " "
    return "" if unicodedata.category(character) in _UNFIT else character


def _sentence_end(text: str, *, complete: bool) -> int:
    """Where the first complete sentence of a text ends, with the space after it; 0 if none does."""
    if not complete and (opened := _OPEN_TOKEN.search(text)) is not None:
        text = text[: opened.start()]  # perhaps a token that is still being written
    found = _SENTENCE.match(text)
    if found is not None:
        return found.end()
    if complete:
        return len(text)
    if len(text) > SENTENCE_CHARACTERS:
        return text.rfind(" ", 0, SENTENCE_CHARACTERS) + 1 or SENTENCE_CHARACTERS
    return 0


_UNFIT = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SENTENCE = regex(r".*?(?:[.!?…]+[\"'”’)\]]*(?=\s)|[。！？；]+[”’」』）\"']*|\n+)", re.DOTALL)
_REASONING = regex(r"<think>.*?</think>\s*", re.DOTALL)
_TOKENS = (
    r"<\|[^|<>\n]{1,40}\|>|</?(?:s|bos|eos|pad|unk|start_of_turn|end_of_turn)>"
    r"|<unused\d+>|\[/?INST\]|<</?SYS>>|<[｜|][^<>\n]{1,40}[｜|]>"
)
_TEMPLATE_TOKEN = regex(_TOKENS)
_LAST_TOKEN = regex(_TOKENS + "|<think>")  # reasoning that never came to an end
_OPEN_TOKEN = regex(r"<think>|<[^<>\s]{0,41}$|\[/?I?N?S?T?$")
