"""The text of an answer as its tokens come, up to the first stop string.

What was shown is never taken back. So text waits while it may still become part of a stop string,
which may begin in one token and end in another, and while a character's bytes are not all there.
"""

from collections.abc import Callable, Sequence

from edgewise.errors import UserError

Decode = Callable[[Sequence[int]], str]
"""Tokens to text, as a tokenizer's `decode` does it."""
UNFINISHED = "\ufffd"
"""What `decode` gives for bytes that are no whole character yet."""


class TextStream:
    """Takes tokens and gives the text that is certain. Without `decode` all text is empty, and stop
    strings are refused with UserError."""

    def __init__(self, decode: Decode | None, stop: Sequence[str] = ()) -> None:
        if stop and decode is None:
            raise UserError(
                "stop strings are text, and there is no tokenizer; give one, or stop_ids",
                code="bad_sampling",
            )
        self.stopped = False
        self._decode, self._stop = decode, stop
        self._ids: list[int] = []
        self._before, self._read = 0, 0  # ids from the one on are decoded; text up to the other is
        self._waiting = ""

    def take(self, token: int) -> str:
        """What may be shown after this token. `stopped` is true once a stop string is whole."""
        self._waiting += self._decoded(token)
        ends = [at for one in self._stop if (at := self._waiting.find(one)) >= 0]
        if ends:
            self.stopped = True
            shown, self._waiting = self._waiting[: min(ends)], ""
            return shown
        keep = max((_begun(self._waiting, one) for one in self._stop), default=0)
        shown = self._waiting[: len(self._waiting) - keep]
        self._waiting = self._waiting[len(shown) :]
        return shown

    def close(self) -> str:
        """The rest, when no more tokens come: what waited is no stop string after all."""
        rest, self._waiting = self._waiting + self._following(), ""
        self._read = len(self._ids)
        return "" if self.stopped else rest

    def _decoded(self, token: int) -> str:
        """The text that the token adds; none while it ends within a character.

        Tokenizers write a token by what stands before it, so the last ones are decoded again."""
        self._ids.append(token)
        text = self._following()
        if text.endswith(UNFINISHED):
            return ""
        self._before, self._read = self._read, len(self._ids)
        return text

    def _following(self) -> str:
        """The text of the tokens that are not read yet."""
        if self._decode is None or self._read == len(self._ids):
            return ""
        known = self._decode(self._ids[self._before : self._read])
        return self._decode(self._ids[self._before :])[len(known) :]


def _begun(text: str, stop: str) -> int:
    """How many characters at the end of the text are the beginning of a stop string."""
    longest = min(len(stop) - 1, len(text))
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
