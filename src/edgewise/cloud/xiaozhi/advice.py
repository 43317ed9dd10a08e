"""What of an adviser's words a person is told: nothing that could stand beside a question.

Before a call its words are screened like any model's, a sentence at a time, and a claim to have
acted is held: if a call follows, it is dropped, for the device tells of that itself. Behind a call
what it claims to have done is left out. In a turn that asks the person something it says nothing.
"""

from edgewise.core.regex import regex
from edgewise.core.words import Language
from edgewise.think.honesty import claims_action, only_words
from edgewise.think.screen import ANSWER_CHARACTERS, clean
from edgewise.think.wording import Wording

_SENTENCES = regex(r".*?(?:[.!?…]+(?=\s|$)|[。！？；]|\n+|$)\s*")


class Advice:
    """The words of one turn; `asked` is set once a call asks the person."""

    def __init__(self, language: Language, question: str, *, only_calls: bool = False) -> None:
        """`only_calls`: without a call nothing is told."""
        self._only_calls = only_calls
        self._language = language
        self._wording = Wording(language, question)
        self._claim = ""
        self._behind = ""
        self._has_called = False
        self._is_out = False
        self.asked = False

    def called(self) -> bool:
        """A call was proposed; what was held is dropped. Whether it may be: not once words are
        out."""
        if self._is_out and not self._has_called:
            return False
        self._has_called = True
        self._claim = self._behind = ""
        return True

    def feed(self, text: str) -> str:
        """Take a piece; give what can be told now."""
        if self._has_called:
            self._behind += text
            return ""
        return "" if self._only_calls else self._out(self._wording.feed(text, 0.0))

    def finish(self) -> str:
        """Take the end; give what was held back."""
        if not self._has_called:
            if self._only_calls:
                return ""
            rest = self._claim or self._out(self._wording.finish(cut=False)) or self._claim
            return "" if self._wording.declined and not self._is_out else rest
        if self.asked:
            return ""
        kept = [s for s in _SENTENCES.findall(self._behind) if s.strip() and not claims_action(s)]
        return clean("".join(kept)).strip()[:ANSWER_CHARACTERS]

    def _out(self, shown: str) -> str:
        if only_words(self._language) in shown:
            self._claim = shown
            return ""
        self._is_out = self._is_out or bool(shown.strip())
        return shown
