"""One realtime connection: a client's events into a conversation, and what happens there back.

It holds the session's terms, which dialect is spoken and what is open, and knows no socket: texts
in, events out, at once. With a `Playback` sound comes and goes by a track of its own (`hear`,
`Playback.read`), and events carry none. Each connection has a conversation of its own; nothing is
shared between two. A refused event is answered by an `error` that names it, and changes nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from edgewise.perceive.hear import Vocabulary
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ
from edgewise.talk.events import (
    Cleared,
    Committed,
    Failed,
    ReplyActed,
    ReplyCall,
    ReplyEnded,
    ReplySound,
    ReplyStarted,
    ReplyText,
    TalkEvent,
)
from edgewise.talk.item import Item
from edgewise.talk.realtime.client_events import (
    BY_NAME,
    Append,
    Cancel,
    Clear,
    ClearOutput,
    Commit,
    Create,
    Delete,
    Respond,
    Retrieve,
    Truncate,
    Update,
    read_event,
)
from edgewise.talk.realtime.coding import Incoming
from edgewise.talk.realtime.ga import GA
from edgewise.talk.realtime.items import is_reference, item_of, item_shown
from edgewise.talk.realtime.pictures import Pictures
from edgewise.talk.realtime.playback import Playback
from edgewise.talk.realtime.problem import Problem, not_here
from edgewise.talk.realtime.reply import Event, Reply
from edgewise.talk.realtime.session import Dialect, Session, Terms
from edgewise.talk.realtime.stepfun import STEPFUN
from edgewise.talk.realtime.telling import Telling
from edgewise.talk.remembering import new_id
from edgewise.talk.settings import TurnEnd
from edgewise.talk.talk import Aside, Talk

LEAST_SOUND_S = 0.1
"""Less than that is no turn (OpenAI's bound)."""
MOST_SOUND_S = 120.0
"""Of a turn that the client commits."""
_GA_FIELDS = ("audio", "output_modalities", "max_output_tokens")


class Connection:
    """Between one client and one conversation. `beta`: the client asked for the dialect from before
    GA; else its first session update tells."""

    def __init__(
        self,
        talk: Talk,
        session: Session,
        *,
        beta: bool = False,
        pictures: Pictures | None = None,
        playback: Playback | None = None,
        new_id: Callable[[str], str] = new_id,
    ) -> None:
        self.session = session
        self.pictures = pictures or Pictures()
        self.heard_s = 0.0
        self._talk = talk
        self._playback = playback
        self._new_id = new_id
        self._conversation = new_id("conv")
        self._dialect: Dialect = STEPFUN if beta else GA
        self._may_switch = not beta
        self._incoming = Incoming(session.hears)
        self._sound_s = 0.0
        self._is_full = False
        self._asked: dict[str, tuple[str, Terms]] = {}
        self._replies: dict[str, Reply] = {}
        self._telling = Telling()
        self._begin(self._dialect)

    @property
    def dialect(self) -> Dialect:
        """Which is spoken."""
        return self._dialect

    @property
    def is_answering(self) -> bool:
        """Whether an answer is on its way, or asked."""
        return bool(self._replies or self._asked)

    def begin(self, given: dict[str, Any]) -> None:
        """Go by that session from the start, as if it were an update. Raises Problem."""
        self._update(given)

    def opening(self) -> list[Event]:
        """What a client is told first."""
        shown = self._dialect.shown(self.session)
        return self._named([{"type": "session.created", "session": shown}])

    def receive(self, message: str | bytes) -> list[Event]:
        """Take a client's event; what is answered at once."""
        cause = ""
        try:
            kind, given, cause = read_event(message)
            return self._named(self._take(kind, given, cause))
        except Problem as problem:
            return [self.error(problem, cause or problem.cause)]

    def error(self, problem: Problem, cause: str = "") -> Event:
        """An error, as both dialects write it. `cause`: the client's own id of the event."""
        error = {
            "type": problem.kind,
            "code": problem.code,
            "message": str(problem),
            "param": problem.param,
            "event_id": cause or None,
        }
        return {"type": "error", "event_id": self._new_id("event"), "error": error}

    def tell(self, happened: TalkEvent) -> list[Event]:
        """What happened in the conversation, in the client's words."""
        if self._playback is not None:
            self._playback.take(happened)
        return self._named(self._told(happened))

    def hear(self, samples: bytes) -> list[Event]:
        """Sound of the client's track (at `LISTENING_HZ`); what is answered at once."""
        if self.session.offer.no_ears or not samples:
            return []
        try:
            self._take_sound(samples, len(samples) / BYTES_PER_SAMPLE / LISTENING_HZ)
        except Problem as problem:
            told, self._is_full = self._is_full, True
            return [] if told else [self.error(problem)]
        return []

    def played(self, kind: str, reply: str) -> list[Event]:
        """What became of an answer's sound: `started`, `stopped` or `cleared`."""
        return self._named([{"type": f"output_audio_buffer.{kind}", "response_id": reply}])

    def _named(self, events: Iterator[Event] | list[Event]) -> list[Event]:
        return [{**event, "event_id": self._new_id("event")} for event in events]

    # a client's events

    def _take(self, kind: str, given: dict[str, Any], cause: str) -> list[Event]:
        event = BY_NAME[kind](given)
        match event:
            case Append():
                self._append(event.audio)
            case Update():
                return [self._update(event.session)]
            case Commit():
                self._commit(cause)
            case Clear():
                self._forget_sound()
                self._talk.clear()
            case ClearOutput():
                return self._clear_output(cause)
            case Create():
                self._create(event, cause)
            case Retrieve():
                item = self._item(event.item_id)
                shown = item_shown(item, self._dialect)
                return [{"type": "conversation.item.retrieved", "item": shown}]
            case Truncate():
                self._truncate(event, cause)
            case Delete():
                self._talk.delete(event.item_id, cause)
            case Respond():
                self._respond(event.response or {}, cause)
            case Cancel():
                self._cancel(event.response_id or "", cause)
            case _:
                raise AssertionError(f"{kind} is read and not taken")
        return []

    def _append(self, audio: str) -> None:
        if self._playback is not None:
            raise not_here("audio", "the sound of a call comes by its audio track; send none here")
        if self.session.offer.no_ears:
            raise not_here("audio", self.session.offer.no_ears)
        self._check_room()
        samples, length_s = self._incoming.read(audio)
        self._take_sound(samples, length_s)

    def _check_room(self) -> None:
        by_hand = self.session.settings.turns.end is TurnEnd.CLIENT
        if by_hand and self._sound_s >= MOST_SOUND_S:
            said = f"{self._sound_s:.0f} s of sound wait; the limit is {MOST_SOUND_S:g} s"
            raise Problem("input_audio_buffer_full", f"audio: {said}, commit or clear it", "audio")

    def _take_sound(self, samples: bytes, length_s: float) -> None:
        self._check_room()
        self._sound_s += length_s
        self.heard_s += length_s
        if samples:
            self._talk.hear(samples)

    def _forget_sound(self) -> None:
        self._sound_s, self._is_full = 0.0, False

    def _commit(self, cause: str) -> None:
        if self._sound_s < LEAST_SOUND_S:
            said = (
                f"the buffer holds {self._sound_s * 1000:.0f} ms of sound;"
                f" append at least {LEAST_SOUND_S * 1000:.0f} ms before it is committed"
            )
            raise Problem("input_audio_buffer_commit_empty", said)
        self._forget_sound()
        self._talk.commit(cause)

    def _update(self, given: dict[str, Any]) -> Event:
        if self._dialect is not GA or "type" in given:
            self._hold(self._dialect.changed(self.session, given))
        elif self._may_switch and not any(name in given for name in _GA_FIELDS):
            self._switch(given)
        else:
            said = "session.type: it is missing; send 'realtime' or 'transcription'"
            raise Problem("missing_required_parameter", said, "session.type")
        self._may_switch = False
        return {"type": "session.updated", "session": self._dialect.shown(self.session)}

    def _switch(self, given: dict[str, Any]) -> None:
        """Speak StepFun's from here on: its defaults, then what the update names."""
        settings = replace(self.session.settings, turns=STEPFUN.begins)
        begun = replace(self.session, settings=settings, shows_words=True)
        changed = STEPFUN.changed(begun, given)
        self._dialect = STEPFUN
        self._hold(changed)

    def _begin(self, dialect: Dialect) -> None:
        settings = replace(
            self.session.settings,
            turns=dialect.begins,
            speaks=not self.session.offer.no_voice,
            vocabulary=Vocabulary(self.session.offer.words, self.session.offer.names),
        )
        shows_words = self.session.shows_words or dialect is STEPFUN
        self._hold(replace(self.session, settings=settings, shows_words=shows_words))

    def _hold(self, session: Session) -> None:
        """Go by these terms."""
        if session.hears is not self._incoming.coding:
            self._incoming = Incoming(session.hears)
        self.session = session
        self._talk.configure(session.settings)

    def _create(self, event: Create, cause: str) -> None:
        item = item_of(event.item, "item", self._new_id, self.pictures)
        previous = event.previous_item_id
        self._talk.add(item, "" if previous == "root" else previous, cause)

    def _item(self, name: str) -> Item:
        found = next((item for item in self._talk.items if item.id == name), None)
        if found is None:
            said = f"item_id: there is no item {name[:80]!r} in this conversation"
            raise Problem("unknown_item", said, "item_id")
        return found

    def _truncate(self, event: Truncate, cause: str) -> None:
        if event.content_index != 0:
            said = f"content_index: {event.content_index}; an answer's sound is content 0"
            raise Problem("invalid_value", said, "content_index")
        self._talk.truncate(event.item_id, event.audio_end_ms, cause)

    def _respond(self, given: dict[str, Any], cause: str) -> None:
        if self.session.listens_only:
            raise not_here("type", "a transcription session answers nothing; connect another")
        terms = self._dialect.terms(self.session, given)
        if given.get("input") is not None:
            items = tuple(self._input(one, at) for at, one in enumerate(given["input"]))
            terms = replace(terms, items=items)
        if not terms.apart and self._in_band():
            said = "an answer is on its way; wait for its response.done, or cancel it"
            raise Problem("conversation_already_has_active_response", said)
        asking = self._new_id("ask")
        self._asked[asking] = (cause, terms)
        aside = None
        if terms.apart or terms.items is not None:
            aside = Aside(terms.items, keeps=not terms.apart)
        self._talk.reply(terms.settings, asking, aside)

    def _input(self, given: Any, at: int) -> Item:
        """An item of a response's own input, sent whole or by its id."""
        place = f"response.input[{at}]"
        if is_reference(given):
            return self._item(str(given["id"]))
        return item_of(given, place, self._new_id, self.pictures)

    def _in_band(self) -> bool:
        running = any(not reply.terms.apart for reply in self._replies.values())
        return running or any(not terms.apart for _, terms in self._asked.values())

    def _cancel(self, reply: str, cause: str) -> None:
        if reply and reply not in self._replies:
            said = f"response_id: {reply[:80]!r} is no answer on its way"
            raise Problem("response_cancel_not_active", said, "response_id")
        if not self.is_answering:
            said = "there is no answer to cancel: none is on its way"
            raise Problem("response_cancel_not_active", said)
        self._talk.cancel(reply, cause)

    def _clear_output(self, cause: str) -> list[Event]:
        if self.is_answering:
            self._talk.cancel("", cause)
        if self._playback is not None and self._playback.clear():
            return []  # it says itself what was cleared
        return [{"type": "output_audio_buffer.cleared"}]

    # what happens in the conversation

    def _told(self, happened: TalkEvent) -> Iterator[Event]:
        match happened:
            case ReplyStarted():
                yield from self._reply_begins(happened)
            case ReplyText() | ReplySound() | ReplyCall() | ReplyActed() | ReplyEnded():
                yield from self._of_reply(happened)
            case Failed():
                yield self._failed(happened)
            case _:
                if isinstance(happened, Committed | Cleared):
                    self._forget_sound()
                yield from self._telling.tell(
                    happened, self._dialect, self._talk.items, words=self.session.shows_words
                )

    def _reply_begins(self, started: ReplyStarted) -> Iterator[Event]:
        session = self.session
        _, terms = self._asked.pop(started.cause, ("", Terms(session.settings, session.says)))
        reply = Reply(
            started, self._dialect, terms, self._conversation, by_track=self._playback is not None
        )
        self._replies[started.reply] = reply
        yield from reply.begun()

    def _of_reply(
        self, happened: ReplyText | ReplySound | ReplyCall | ReplyActed | ReplyEnded
    ) -> Iterator[Event]:
        reply = self._replies.get(happened.reply)
        if reply is None:
            return
        match happened:
            case ReplyText():
                yield from reply.text(happened)
            case ReplySound():
                yield from reply.sound(happened)
            case ReplyCall():
                yield from reply.call(happened)
            case ReplyActed():
                arguments = msgspec.json.encode(happened.arguments).decode()
                yield from reply.acted(happened, arguments)
            case ReplyEnded():
                del self._replies[happened.reply]
                yield from reply.ended(happened)

    def _failed(self, failed: Failed) -> Event:
        cause, _ = self._asked.pop(failed.cause, (failed.cause, None))
        param = "item_id" if failed.code == "unknown_item" else None
        problem = Problem(failed.code, failed.message, param)
        return self.error(problem, cause)
