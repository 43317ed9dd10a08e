"""A conversation whose hearing and speaking is billed: each turn heard, each answer spoken, once.

What is heard is let in with the first words that are told of it or when it is committed, whichever
comes first, and billed by its length once its words are there or it is thrown away; what was said,
by its characters and the length of its sound when the answer ends, however it ends. Both are
entries of the ledger under the endpoint given and the names of the models that hear and speak;
an answer's tokens are the gateway's own entry (`talk_mind.py`). Where a budget or limit does not
allow it, the words are kept back from the client and the model, or the answer ends, and the client
is told why.
"""

from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from msgspec.structs import replace

from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.config import ModelConfig
from edgewise.cloud.exchange import Admission
from edgewise.cloud.gateway import Gateway
from edgewise.cloud.ledger import Outcome
from edgewise.cloud.refusal import Refused
from edgewise.cloud.usage import NOTHING, Usage
from edgewise.sound.pcm import BYTES_PER_SAMPLE, LISTENING_HZ, SPEAKING_HZ
from edgewise.talk.events import (
    Cleared,
    Committed,
    Ended,
    Failed,
    Hearing,
    NotTranscribed,
    Overheard,
    ReplyEnded,
    ReplySound,
    ReplyStarted,
    ReplyText,
    SpeechStarted,
    TalkEvent,
    Transcribed,
)
from edgewise.talk.item import Item
from edgewise.talk.settings import Settings
from edgewise.talk.talk import Aside, Talk

MOST_SPOKEN = Usage(characters=2_000, audio_output_ms=180_000)
"""Held for an answer until it ends; what is more is taken as it comes."""
MOST_HEARD = Usage(audio_input_ms=30_000)
"""Held for what somebody says until its length is known; what is more is taken as it comes."""
_OUTCOMES = {
    Ended.COMPLETED: Outcome.DONE,
    Ended.INCOMPLETE: Outcome.DONE,
    Ended.CANCELLED: Outcome.CANCELLED,
    Ended.INTERRUPTED: Outcome.CANCELLED,
    Ended.FAILED: Outcome.FAILED,
}


class MeteredTalk:
    """Implements `Talk`; `ended` is called when a flight is stopped from outside (its key is
    revoked, the platform ends)."""

    def __init__(
        self,
        talk: Talk,
        gateway: Gateway,
        ask: Callable[[], Caller],
        ears: ModelConfig | None,
        voice: ModelConfig | None,
        ended: Callable[[], object],
        endpoint: Endpoint = Endpoint.REALTIME,
    ) -> None:
        self._talk = talk
        self._gateway = gateway
        self._ask = ask
        self._ears = ears
        self._voice = voice
        self._ended = ended
        self._endpoint = endpoint
        self._speaking: dict[str, tuple[Admission, Usage]] = {}
        self._refused: set[str] = set()
        self._hearing: dict[str, tuple[Admission, Usage]] = {}
        self._unheard: dict[str, Refused] = {}
        self._paid: deque[str] = deque(maxlen=64)
        self._is_deaf = False
        self._open = ""
        self._heard_ms = 0.0
        self._since_ms = 0.0

    @property
    def settings(self) -> Settings:
        """See `Talk`."""
        return self._talk.settings

    @property
    def items(self) -> tuple[Item, ...]:
        """See `Talk`; of what may not be heard, without its words."""
        return tuple(
            replace(item, text="") if item.id in self._unheard else item
            for item in self._talk.items
        )

    def configure(self, settings: Settings) -> None:
        """See `Talk`."""
        self._talk.configure(settings)

    def hear(self, data: bytes) -> None:
        """See `Talk`."""
        self._heard_ms += len(data) * 1000 / (BYTES_PER_SAMPLE * LISTENING_HZ)
        self._talk.hear(data)

    def commit(self, cause: str = "") -> None:
        """See `Talk`."""
        self._talk.commit(cause)

    def clear(self) -> None:
        """See `Talk`."""
        self._talk.clear()

    def add(self, item: Item, previous: str | None = None, cause: str = "") -> None:
        """See `Talk`."""
        self._talk.add(item, previous, cause)

    def delete(self, item: str, cause: str = "") -> None:
        """See `Talk`."""
        self._talk.delete(item, cause)

    def reply(
        self, settings: Settings | None = None, cause: str = "", aside: Aside | None = None
    ) -> None:
        """See `Talk`."""
        self._talk.reply(settings, cause, aside)

    def cancel(self, reply: str = "", cause: str = "") -> None:
        """See `Talk`."""
        self._talk.cancel(reply, cause)

    def truncate(self, item: str, heard_ms: int, cause: str = "") -> None:
        """See `Talk`."""
        self._talk.truncate(item, heard_ms, cause)

    async def events(self) -> AsyncGenerator[TalkEvent, None]:
        """See `Talk`; each is billed before it is told."""
        try:
            async with aclosing(self._talk.events()) as events:
                async for happened in events:
                    for told in await self._billed(happened):
                        yield told
        finally:
            self._settle_all()

    async def close(self) -> None:
        """See `Talk`."""
        await self._talk.close()
        self._settle_all()

    async def _billed(self, happened: TalkEvent) -> list[TalkEvent]:
        """What is told of what happened."""
        match happened:
            case ReplyStarted() | ReplyText() | ReplySound() | ReplyEnded():
                return await self._of_reply(happened)
            case SpeechStarted():
                self._since_ms = happened.at_ms
            case Hearing():
                return await self._hears(happened)
            case Committed():
                await self._committed(happened)
            case Overheard() | Cleared():
                self._thrown_away()
            case Transcribed():
                return [await self._transcribed(happened)]
            case NotTranscribed():
                self._unheard.pop(happened.item, None)
                self._settle_heard(happened.item, Outcome.FAILED)
            case _:
                pass
        return [happened]

    async def _of_reply(
        self, happened: ReplyStarted | ReplyText | ReplySound | ReplyEnded
    ) -> list[TalkEvent]:
        reply = happened.reply
        match happened:
            case ReplyStarted() if self._is_deaf and not happened.cause:
                self._refused.add(reply)  # an answer to what may not be heard
                self._talk.cancel(reply)
            case ReplyText() | ReplySound() if reply in self._refused:
                return []
            case ReplySound():
                if (refused := await self._spoken(happened)) is not None:
                    self._refused.add(reply)
                    self._talk.cancel(reply)
                    return [_told(refused)]
            case ReplyEnded():
                self._refused.discard(reply)
                self._settle(reply, _OUTCOMES[happened.ended])
            case _:
                pass
        return [happened]

    async def _hears(self, hearing: Hearing) -> list[TalkEvent]:
        """Bill what is said up to now, by the sound since it began."""
        self._open = hearing.item
        if hearing.item in self._unheard:
            return []
        refused = await self._listened(hearing.item, self._heard_ms - self._since_ms)
        if refused is None:
            return [hearing]
        self._unheard[hearing.item] = refused
        self._talk.clear()
        return [_told(refused)]

    async def _listened(self, item: str, used_ms: float) -> Refused | None:
        """Bill up to `used_ms` of an item's sound; why that may not be."""
        if self._ears is None:
            return None
        if item in self._unheard:
            return self._unheard[item]
        used = Usage(audio_input_ms=max(0, round(used_ms)))
        try:
            if item not in self._hearing:
                self._hearing[item] = (await self._admitted(self._ears, MOST_HEARD), NOTHING)
            admission, _ = self._hearing[item]
            self._hearing[item] = (admission, used)
            admission.count(used)
        except Refused as refused:
            self._settle_heard(item, Outcome.FAILED)
            return refused
        self._is_deaf = False
        return None

    async def _committed(self, committed: Committed) -> None:
        self._open, self._since_ms = "", self._heard_ms
        item, transcribes = committed.item, self._talk.settings.transcribes
        refused = await self._listened(item, committed.length_s * 1000)
        if refused is not None:
            self._hold_back(item, refused)
        if not transcribes:  # its words go to the model alone; nothing more is told of it
            self._unheard.pop(item, None)
            self._settle_heard(item, Outcome.DONE)
            self._paid.append(item)

    async def _transcribed(self, heard: Transcribed) -> TalkEvent:
        if heard.item in self._paid:
            return heard
        refused = await self._listened(heard.item, heard.length_s * 1000)
        if refused is not None:
            self._hold_back(heard.item, refused)
            self._unheard.pop(heard.item)
            code = refused.problem.code or "refused"
            return NotTranscribed(heard.item, code, refused.problem.message)
        self._settle_heard(heard.item, Outcome.DONE)
        return heard

    def _hold_back(self, item: str, refused: Refused) -> None:
        """Nobody is told the words of this, nor is it answered: the conversation forgets it."""
        self._unheard[item] = refused
        self._is_deaf = True
        if any(one.id == item for one in self._talk.items):
            self._talk.delete(item)

    def _thrown_away(self) -> None:
        """What was said is no item; what was told of it is billed."""
        self._unheard.pop(self._open, None)
        self._settle_heard(self._open, Outcome.CANCELLED)
        self._open, self._since_ms = "", self._heard_ms

    async def _spoken(self, said: ReplySound) -> Refused | None:
        """Bill more of an answer; why that may not be."""
        if self._voice is None:
            return None
        length_ms = len(said.data) * 1000 // (BYTES_PER_SAMPLE * SPEAKING_HZ)
        more = Usage(characters=len(said.says), audio_output_ms=length_ms)
        try:
            if said.reply not in self._speaking:
                admission = await self._admitted(self._voice, MOST_SPOKEN)
                self._speaking[said.reply] = (admission, NOTHING)
            admission, before = self._speaking[said.reply]
            used = before.plus(more)
            admission.count(used)
        except Refused as refused:
            return refused
        self._speaking[said.reply] = (admission, used)
        return None

    async def _admitted(self, model: ModelConfig, most: Usage) -> Admission:
        caller = self._ask()
        caller.check_model(model.name)
        admission = await self._gateway.admit(caller, self._endpoint, model, most, 0, stream=False)
        admission.flight.stop = self._ended
        return admission

    def _settle(self, reply: str, outcome: Outcome) -> None:
        if (held := self._speaking.pop(reply, None)) is not None:
            held[0].settle(outcome, held[1])

    def _settle_heard(self, item: str, outcome: Outcome) -> None:
        if (held := self._hearing.pop(item, None)) is not None:
            held[0].settle(outcome, held[1])

    def _settle_all(self) -> None:
        for reply in list(self._speaking):
            self._settle(reply, Outcome.DISCONNECTED)
        for item in list(self._hearing):
            self._settle_heard(item, Outcome.DISCONNECTED)


def _told(refused: Refused) -> Failed:
    return Failed(refused.problem.code or "refused", refused.problem.message)
