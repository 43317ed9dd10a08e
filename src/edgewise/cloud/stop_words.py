"""`stop` of a completion for a model that knows none: the answer ends before the first of them.

Text that may be the beginning of one is held back until it is known. It knows texts only.
"""

from collections.abc import Sequence


class StopWords:
    """One answer's way past its stop words; `found` tells that no more is wanted."""

    def __init__(self, words: Sequence[str]) -> None:
        self.found = False
        self._words = tuple(word for word in words if word)
        self._held: str = ""

    def feed(self, text: str) -> str:
        """Take the next piece; give what is certainly before a stop word."""
        if self.found:
            return ""
        text = self._held + text
        begins = [at for word in self._words if (at := text.find(word)) >= 0]
        if begins:
            self.found, self._held = True, ""
            return text[: min(begins)]
        held = max((_begun(text, word) for word in self._words), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def finish(self) -> str:
        """Take the end of the text; give what was held back."""
        held, self._held = self._held, ""
        return held


def _begun(text: str, word: str) -> int:
    """How many characters at the end of `text` may be the beginning of `word`."""
    longest = min(len(word) - 1, len(text))
    return next((size for size in range(longest, 0, -1) if text.endswith(word[:size])), 0)
