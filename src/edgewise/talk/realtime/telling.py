"""What happens in a conversation beside its answers, as events: speech, items, what was heard."""

from collections.abc import Iterator, Sequence

from edgewise.talk.events import (
    Cleared,
    Committed,
    Hearing,
    ItemAdded,
    ItemDeleted,
    NotTranscribed,
    Overheard,
    SpeechStarted,
    SpeechStopped,
    TalkEvent,
    Transcribed,
    Truncated,
    Who,
)
from edgewise.talk.item import Item
from edgewise.talk.realtime.hypothesis import Hypothesis
from edgewise.talk.realtime.items import item_shown
from edgewise.talk.realtime.reply import Event
from edgewise.talk.realtime.session import Dialect

HEARD = "conversation.item.input_audio_transcription"


class Telling:
    """Of one conversation; it keeps what was told of words that are still being heard."""

    def __init__(self) -> None:
        self._hypotheses: dict[str, Hypothesis] = {}

    def tell(
        self, happened: TalkEvent, dialect: Dialect, items: Sequence[Item], *, words: bool
    ) -> Iterator[Event]:
        """`words`: the client wants to know what was heard."""
        match happened:
            case SpeechStarted():
                said = {"audio_start_ms": happened.at_ms}
                yield _of("input_audio_buffer.speech_started", happened.item) | said
            case SpeechStopped():
                said = {"audio_end_ms": happened.at_ms}
                yield _of("input_audio_buffer.speech_stopped", happened.item) | said
            case Committed() | ItemAdded() | ItemDeleted() | Truncated():
                yield from _of_items(happened, dialect, items)
            case Cleared():
                yield {"type": "input_audio_buffer.cleared"}
            case Overheard():  # in the API's words: what was begun to be heard is thrown away
                self._hypotheses.pop(happened.item, None)
                yield {"type": "input_audio_buffer.cleared"}
            case Hearing() | Transcribed() | NotTranscribed():
                told = self._heard(happened)
                if words:
                    yield from told
            case _:
                return

    def _heard(self, happened: Hearing | Transcribed | NotTranscribed) -> Iterator[Event]:
        place = {"item_id": happened.item, "content_index": 0}
        match happened:
            case Hearing():
                hypothesis = self._hypotheses.setdefault(happened.item, Hypothesis())
                if delta := hypothesis.more(happened.text):
                    yield {"type": f"{HEARD}.delta", **place, "delta": delta}
            case Transcribed():
                hypothesis = self._hypotheses.pop(happened.item, Hypothesis())
                if delta := hypothesis.rest(happened.text):
                    yield {"type": f"{HEARD}.delta", **place, "delta": delta}
                usage = {"type": "duration", "seconds": round(happened.length_s, 3)}
                said = {"transcript": happened.text, "usage": usage}
                yield {"type": f"{HEARD}.completed", **place, **said}
            case NotTranscribed():
                self._hypotheses.pop(happened.item, None)
                error = {
                    "type": "transcription_error",
                    "code": happened.code,
                    "message": happened.message,
                    "param": None,
                }
                yield {"type": f"{HEARD}.failed", **place, "error": error}


def _of_items(
    happened: Committed | ItemAdded | ItemDeleted | Truncated,
    dialect: Dialect,
    items: Sequence[Item],
) -> Iterator[Event]:
    match happened:
        case Committed():
            behind = {"previous_item_id": happened.previous or None}
            yield _of("input_audio_buffer.committed", happened.item) | behind
            item = Item(happened.item, Who.PERSON, by_sound=True)
            yield from _added(item, happened.previous, dialect)
        case ItemAdded():
            item = next((one for one in items if one.id == happened.item), None)
            if item is not None:  # it may be gone by now
                yield from _added(item, happened.previous, dialect)
        case ItemDeleted():
            yield _of("conversation.item.deleted", happened.item)
        case Truncated():
            end = {"content_index": 0, "audio_end_ms": happened.at_ms}
            yield _of("conversation.item.truncated", happened.item) | end


def _added(item: Item, previous: str, dialect: Dialect) -> Iterator[Event]:
    shown = item_shown(item, dialect)
    for kind in dialect.added:
        yield {"type": kind, "previous_item_id": previous or None, "item": shown}


def _of(kind: str, item: str) -> Event:
    return {"type": kind, "item_id": item}
