"""What of an answer was really heard: the sound that was sent, as its client plays it.

The client plays what comes at once and without gaps of its own, from the first sound on; it holds
while the answer is paused. So far it is an estimate; a client that tells how much it played
(`truncate`) makes it exact. Pure: times are passed in (monotonic seconds).
"""

from dataclasses import dataclass, field

from edgewise.sound.pcm import SPEAKING_HZ


@dataclass(frozen=True, slots=True)
class _Piece:
    says: str
    length_s: float
    begins_s: float
    """When it is played, as if it was never held."""


@dataclass(slots=True)
class Playing:
    """One answer's sound. Text without sound (`show`) counts as heard with what stands before."""

    _pieces: list[_Piece] = field(default_factory=list[_Piece])
    _ends_s: float = 0.0
    _held_s: float = 0.0
    _held_since: float | None = None
    _stopped_s: float | None = None

    @property
    def is_held(self) -> bool:
        """Whether the client waits to play on."""
        return self._held_since is not None

    @property
    def heard_words(self) -> str:
        """What counts as heard: all that was sent, or the words up to where it was stopped."""
        return self.text if self._stopped_s is None else self._words_until(self._stopped_s)

    @property
    def text(self) -> str:
        """All that was sent."""
        return "".join(piece.says for piece in self._pieces)

    @property
    def length_s(self) -> float:
        """Of all sound that was sent."""
        return sum(piece.length_s for piece in self._pieces)

    @property
    def has_sound(self) -> bool:
        """Whether any was sent."""
        return any(piece.length_s for piece in self._pieces)

    def send(self, says: str, samples: int, now: float) -> None:
        """This sound goes out now."""
        now -= self._held(now)
        begins_s = max(now, self._ends_s)
        length_s = samples / SPEAKING_HZ
        self._pieces.append(_Piece(says, length_s, begins_s))
        self._ends_s = begins_s + length_s

    def show(self, says: str, now: float) -> None:
        """These words go out, without sound."""
        self.send(says, 0, now)

    def is_playing(self, now: float) -> bool:
        """Whether some of it is not heard yet."""
        is_left = now - self._held(now) < self._ends_s
        return self._stopped_s is None and self.has_sound and is_left

    def left_s(self, now: float) -> float:
        """How long it will still be played."""
        return max(0.0, self._ends_s - now + self._held(now)) if self.is_playing(now) else 0.0

    def is_sent(self, now: float) -> bool:
        """Whether no more of it is left to play than a client is sent ahead."""
        return self.left_s(now) <= _AHEAD_S

    @property
    def is_cut(self) -> bool:
        """Whether it was stopped before its last words were with the client."""
        return self._stopped_s is not None and self._stopped_s < self.length_s - _AHEAD_S

    def hold(self, now: float) -> None:
        """The client stops where it is."""
        if self._held_since is None:
            self._held_since = now

    def resume(self, now: float) -> None:
        """And goes on."""
        if self._held_since is not None:
            self._held_s += now - self._held_since
            self._held_since = None

    def stop(self, heard_s: float) -> None:
        """Only so much of the sound was heard, and no more will be."""
        self._stopped_s = heard_s
        self._held_since = None

    def heard_s(self, now: float) -> float:
        """How much of the sound was heard by now."""
        now -= self._held(now)
        return sum(min(max(0.0, now - p.begins_s), p.length_s) for p in self._pieces)

    def _words_until(self, heard_s: float) -> str:
        said: list[str] = []
        left_s = heard_s
        for piece in self._pieces:
            if left_s + _EXACT_S < piece.length_s:
                said.append(_whole_words(piece.says, max(0.0, left_s) / piece.length_s))
                break
            said.append(piece.says)
            left_s -= piece.length_s
        return "".join(said)

    def _held(self, now: float) -> float:
        since = 0.0 if self._held_since is None else now - self._held_since
        return self._held_s + since


_AHEAD_S = 0.3
"""Of sound, that a client may have and not have played."""
_EXACT_S = 0.0005
"""Clients count in milliseconds."""
_ROUNDING = 1e-6


def _whole_words(text: str, share: float) -> str:
    """The words that end within that share of the characters; a Han character is a word."""
    end = int(len(text) * share + _ROUNDING)
    while 0 < end < len(text) and _is_inside_word(text, end):
        end -= 1
    return text[:end]


def _is_inside_word(text: str, end: int) -> bool:
    before, after = text[end - 1], text[end]
    both = (before.isalnum() or before == "'") and (after.isalnum() or after == "'")
    return both and not (_is_han(before) or _is_han(after))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
