"""What a call plays: the sound of its answers as it is heard, cut where the person speaks.

Where sound goes out by an audio track the server plays it, so it knows what was heard: what waits
when an answer is cut is dropped at once, and the answer counts as heard up to there. It is read
piece by piece by whoever sends the track, and knows neither codec nor connection.
Source: openai-openapi f85dbe2, `RealtimeServerEventOutputAudioBufferStarted` and its like.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator

from edgewise.sound.pcm import BYTES_PER_SAMPLE, SPEAKING_HZ
from edgewise.talk.events import (
    Ended,
    ReplyEnded,
    ReplyPaused,
    ReplyResumed,
    ReplySound,
    TalkEvent,
    Truncated,
)

_CUT = (Ended.CANCELLED, Ended.INTERRUPTED)
_REMEMBERED = 16


class _Answer:
    """The sound of one answer that waits, and how much of it was played."""

    def __init__(self, reply: str, item: str) -> None:
        self.reply = reply
        self.item = item
        self.waits = bytearray()
        self.played_bytes = 0
        self.is_over = False

    @property
    def played_ms(self) -> int:
        return self.played_bytes * 1000 // (BYTES_PER_SAMPLE * SPEAKING_HZ)

    def take(self, length: int) -> bytes:
        piece = bytes(self.waits[:length])
        del self.waits[:length]
        self.played_bytes += len(piece)
        return piece


class Playback:
    """Of one call. `truncate` is told of an item how many milliseconds were heard (`Talk`); `tell`
    that an answer was `started`, `stopped` or `cleared`, and which."""

    def __init__(
        self, truncate: Callable[[str, int], None], tell: Callable[[str, str], None]
    ) -> None:
        self._truncate = truncate
        self._tell = tell
        self._answers: OrderedDict[str, _Answer] = OrderedDict()
        self._dropped: deque[str] = deque(maxlen=_REMEMBERED)
        self._is_held = False

    @property
    def waiting_bytes(self) -> int:
        """How much sound is not played yet (samples at `SPEAKING_HZ`)."""
        return sum(len(answer.waits) for answer in self._answers.values())

    def take(self, happened: TalkEvent) -> None:
        """What happened in the conversation, as far as it is about sound."""
        match happened:
            case ReplySound() if happened.item not in self._dropped:
                answer = self._answers.get(happened.item)
                if answer is None:
                    answer = self._answers[happened.item] = _Answer(happened.reply, happened.item)
                answer.waits += happened.data
            case ReplyEnded():
                self._ended(happened)
            case Truncated():
                answer = self._drop(happened.item)
                if answer is not None and happened.at_ms > answer.played_ms:
                    self._truncate(answer.item, answer.played_ms)
            case ReplyPaused():
                self._is_held = True
            case ReplyResumed():
                self._is_held = False
            case _:
                pass

    def clear(self) -> bool:
        """Play nothing more of what there is; whether there was anything."""
        answers = list(self._answers.values())
        for answer in answers:
            self._drop(answer.item)
            self._truncate(answer.item, answer.played_ms)
        return bool(answers)

    def read(self, length: int) -> bytes:
        """The next `length` bytes to be played; silence where there is nothing."""
        sound = b"" if self._is_held else b"".join(self._pieces(length))
        return sound.ljust(length, b"\0")

    def _pieces(self, length: int) -> Iterator[bytes]:
        while length and self._answers:
            answer = next(iter(self._answers.values()))
            if answer.waits and not answer.played_bytes:
                self._tell("started", answer.reply)
            piece = answer.take(length)
            length -= len(piece)
            yield piece
            if answer.waits or not answer.is_over:
                return  # its next words are not there yet, or all of the piece is
            del self._answers[answer.item]
            self._tell("stopped", answer.reply)

    def _ended(self, ended: ReplyEnded) -> None:
        if ended.ended not in _CUT:
            if (answer := self._answers.get(ended.item)) is not None:
                answer.is_over = True
        elif (answer := self._drop(ended.item)) is not None:
            self._truncate(answer.item, answer.played_ms)

    def _drop(self, item: str) -> _Answer | None:
        answer = self._answers.pop(item, None)
        if answer is not None:
            self._dropped.append(item)
            self._is_held = False
            self._tell("cleared", answer.reply)
        return answer
