"""What of a model's answer a person is given, and how sure it is said to be.

Over the `Screen` of every model stands what a small one needs: its answer begins with a caution,
and where it is wrong more often than right (`only_sure`) it is cut to the first sentence, which
must name something the question named, be about the world alone, hold no number, and be one of
which the model was sure. When nothing
of an answer may be given, that is said honestly, with the remedy.
"""

import sys

from edgewise.core.regex import regex
from edgewise.core.words import Language, Words
from edgewise.think.screen import ANSWER_CHARACTERS, Screen
from edgewise.think.surety import Surety

CAUTION = Words("On the device alone I may be wrong:", "只靠本机的小模型，可能说错：")
NOT_HERE = Words(
    "I can't answer this well on the device alone; a cloud or a larger local model could (see"
    " `edgewise models`).",
    "这个问题我在本机答不好；连接云端或安装更大的本地模型后可以回答（见 edgewise models）。",
)
# Years and amounts are wrong more often than right; "John F." is half a name.
_UNRELIABLE = regex(r"(?<![A-Za-z])\d|\b[A-Z]\.$")
_WORD = regex(r"[a-z]{3,}|[\u4e00-\u9fff]")
_ASKING = regex(
    r"(?:wh(?:at|o|om|ose|ich|ere|en|y)|how|do(?:es)?|did|the|and|are|was|were|for|with|from|that|this"
    r"|there|they|ha[vs]e?|had|can|could|would|tell|about|please|many|much|long)"
)
_PERSONS = regex(r"\b(?:i|i'm|i've|i'll|i'd|me|my|we|our|us|you|your|you're)\b|[我你您咱]")


class Wording:
    """One answer's way to the person; `ended` tells that no more of the model is wanted, `declined`
    that the person is told so instead of an answer."""

    def __init__(
        self,
        language: Language,
        asked: str = "",
        *,
        small: bool = False,
        only_sure: bool = False,
        as_written: bool = False,
    ) -> None:
        """`as_written`: see `LlamaSettings`."""
        self._language = language
        self._asked = _roots(asked)
        self._small = small
        self._surety = Surety() if only_sure else None
        most = sys.maxsize if as_written else ANSWER_CHARACTERS
        self._screen = Screen(language, most_characters=most)
        self.mark = "" if as_written else " …"  # of an answer that was cut
        self._ended = False
        self._shown = False
        self.declined = False

    @property
    def ended(self) -> bool:
        return self._ended or self._screen.ended

    @property
    def empty(self) -> bool:
        """Whether the model wrote nothing, as far as it was heard."""
        return not self._shown

    def feed(self, text: str, log_probability: float) -> str:
        """Take the next token; give what can be shown now, maybe nothing."""
        if self._surety is not None:
            self._surety.add(log_probability)
        return self._show(self._screen.feed(text))

    def finish(self, *, cut: bool) -> str:
        """Take the end of the model's text; `cut` when its limit ended it, not the model."""
        if self._ended:
            return ""
        rest = self._screen.finish()
        if self._surety is not None and (cut or not rest.strip()) and not self._shown:
            return self._decline()
        shown = self._show(rest if self._shown or rest.strip() else "")
        if not shown and not self._shown and self._screen.dropped:
            return self._decline()
        return shown + (self.mark if cut and self._shown and not self._screen.claimed else "")

    def _show(self, text: str) -> str:
        if self._surety is not None and not self._screen.claimed:
            if self._screen.dropped or (text and not self._may_stand(text, self._surety)):
                return self._decline()
            if text:
                self._ended = True
                text = text.strip()
        if not text:
            return ""
        first, self._shown = not self._shown, True
        if first and self._small and not self._screen.claimed:
            return f"{CAUTION.said_in(self._language)} {text.lstrip()}"
        return text

    def _may_stand(self, text: str, surety: Surety) -> bool:
        if self._asked and not self._asked & _roots(text):
            return False
        about_people = _PERSONS.search(text.casefold().replace("’", "'")) is not None
        return surety.sure and not about_people and _UNRELIABLE.search(text.strip()) is None

    def _decline(self) -> str:
        self._ended = self._shown = self.declined = True
        return NOT_HERE.said_in(self._language)


def _roots(text: str) -> set[str]:
    """The beginnings of a text's longer words, by which a subject is known again."""
    return {word[:4] for word in _WORD.findall(text.casefold()) if not _ASKING.fullmatch(word)}
