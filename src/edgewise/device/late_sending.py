"""Sends what waits once it may and can, and tells what came of it; one pass, or for good.

Mode, rules, consents, expiry and what may be spent are asked again for each entry at the moment of
sending. An answer is kept, sealed, before its entry goes: a process that is killed in between sends
the same again under the same key at most, and tells one answer once.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from edgewise.agent.agent import Agent
from edgewise.agent.late import Late, answer_of, moment
from edgewise.agent.reach import WRONG_LANGUAGE
from edgewise.core.event import Answered, Came, Event, Stopped, TextDelta, TurnStarted
from edgewise.core.message import Channel, Speaker
from edgewise.core.place import Mode
from edgewise.core.signal import JsonValue
from edgewise.core.words import Words
from edgewise.device.late_answers import Outcome, Talk
from edgewise.device.later import Later, opened, talk_of
from edgewise.device.outbox import Ending, Entry
from edgewise.device.reach import DeviceReach
from edgewise.errors import DeviceError, EdgewiseError, LinkError, UserError
from edgewise.route.ability import cloud_is_away
from edgewise.route.rules import forbidding

_log = logging.getLogger("edgewise.device")

SESSION = "alarms"
"""Of notifications that nobody asked for just now, as `desktop/ring.py`'s."""
_NEVER_TAKEN = frozenset({400, 413, 422})
"""Replies by which a cloud says that it will never take this request."""


class Pace(Struct, frozen=True):
    """How often it is tried, seconds: `first_s` after a failure, doubled up to `most_s`; every
    `tick_s` it is looked whether there is a network again, while something waits."""

    first_s: float = 30.0
    most_s: float = 1_800.0
    tick_s: float = 2.0


@dataclass(slots=True)
class LateSending:
    """The queue of one device at work. `post` shows an event to whoever looks on; without it
    nothing is told. `started` hears of a turn that begins, long before it is known whether
    there is anything to tell."""

    agent: Agent
    reach: DeviceReach
    later: Later
    post: Callable[[Event], None] | None = None
    pace: Pace = field(default_factory=Pace)
    jitter: Callable[[], float] = random.random
    started: Callable[[TurnStarted], None] | None = None
    _fresh: dict[str, Sequence[Event]] = field(default_factory=dict[str, Sequence[Event]])

    async def run(self) -> None:
        """Send and tell for good; ends when it is cancelled. What fails is logged."""
        pause_s = self.pace.first_s
        while True:
            self.reach.came.clear()
            was_online = self.reach.online
            hows: set[str] = set()
            try:
                hows = {ending.how for ending in await self.send()}
                await self.tell()
            except EdgewiseError as error:
                _log.warning("what waits could not be sent (%s): %s", error.code, error)
                hows = {"away"}
            pause_s = min(pause_s * 2, self.pace.most_s) if "away" in hows else self.pace.first_s
            await self._until_due(pause_s * (0.75 + self.jitter() / 2), was_online=was_online)

    async def send(self, key: str = "", *, agreed: bool = False) -> tuple[Ending, ...]:
        """Send what may be sent now, or of that only `key`; `agreed`: the person said yes to
        sending just that. Raises DeviceError."""

        def may_send(entry: Entry) -> bool | str:
            if key not in ("", entry.key):
                return "not asked for"
            why = self.held(entry, agreed=agreed)
            return True if why is None else why.en

        endings = await self.later.box.send(self._deliver, may_send)
        return tuple(ending for ending in endings if key in ("", ending.entry.key))

    def held(self, entry: Entry, *, agreed: bool = False) -> Words | None:
        """Why it may not or can not be sent now; `None`: it can."""
        if not self.later.hours:
            return _OFF
        waiting = self.later.waiting(entry.key)
        if waiting is None:
            return None  # sending finds out what is wrong with it
        question = self.reach.as_now(waiting.question)
        question = replace(question, agreed=question.agreed or agreed)
        cloud = next((one for one in question.endpoints if one.name == entry.recipient), None)
        if cloud is None:
            return _NO_CLOUD
        if question.mode is Mode.DEVICE_ONLY:
            return _DEVICE_ONLY
        if rules := forbidding(question, cloud):
            return rules[0].words
        if question.mode is Mode.ASK and not question.agreed:
            return _ASKS
        if (away := cloud_is_away(question, cloud)) is not None:
            return away
        return None if self.reach.may_leave(question, entry.recipient) else _MAY_NOT

    async def tell(self) -> None:
        """Tell what has ended and was not told yet, each once."""
        if self.post is None:
            return
        outcomes = self.later.answers.all()
        untold = {outcome.key for outcome in outcomes if not outcome.told_at}
        self._fresh = {key: events for key, events in self._fresh.items() if key in untold}
        for outcome in outcomes:
            if not outcome.told_at and self.later.answers.tell(outcome.key):
                for event in self._fresh.pop(outcome.key, None) or self._told(outcome):
                    self.post(event)
                await self._notify(outcome)

    def _told(self, outcome: Outcome) -> Sequence[Event]:
        """A turn that tells of one that another process sent, or that was not sent."""
        talk = self.later.answers.talk(outcome.key) or Talk()
        words = words_of(outcome, talk, self.agent.home.clock.now())
        source = outcome.recipient if talk.answer else ""
        turn = talk.turn or outcome.key
        return self.agent.tell_late(talk.session, turn, talk.message, words, source)

    async def _deliver(self, entry: Entry, content: bytes) -> None:
        """See `outbox.Deliver`."""
        waiting = opened(content)
        if waiting is None:
            self.later.answers.add(self.later.outcome(entry, "damaged"), Talk())
            raise UserError("what waited can not be read", code="damaged")
        if self.later.answers.talk(entry.key) is not None:
            return  # it was answered, and the process killed before that was noted
        question = replace(waiting.question, agreed=True)  # a yes that lacks held it before
        try:
            outgoing = self.reach.take_up(
                waiting.payload, waiting.values, entry.recipient, question, waiting.made_of
            )
        except DeviceError as error:  # nothing left, so it goes on waiting
            raise LinkError(str(error), code=error.code) from error
        late = Late(
            entry.key, waiting.turn, waiting.session, waiting.message, entry.queued_at, outgoing
        )
        events = [self._noted(event) async for event in self.agent.ask_late(late)]
        end = events[-1]
        if self.later.entry(entry.key) is None:
            return  # the person had it removed meanwhile, and with it what comes of it
        if isinstance(end, Answered):
            text = "".join(event.text for event in events if isinstance(event, TextDelta))
            self.later.answers.add(self.later.outcome(entry, "answered"), talk_of(waiting, text))
            self._fresh[entry.key] = events
            return
        code = end.code if isinstance(end, Stopped) else "cloud_broken"
        if code == WRONG_LANGUAGE or _is_never_taken(events):
            self.later.answers.add(self.later.outcome(entry, "refused"), talk_of(waiting))
            raise UserError(f"{entry.recipient} does not take it", code=code)
        raise LinkError(f"{entry.recipient} gave no answer", code=code)

    def _noted(self, event: Event) -> Event:
        if self.started is not None and isinstance(event, TurnStarted):
            self.started(event)
        return event

    async def _until_due(self, pause_s: float, *, was_online: bool) -> None:
        """Wait until it is time, a cloud has answered, or there is a network again."""
        clock = self.agent.home.clock
        until = clock.monotonic() + pause_s
        while (left_s := until - clock.monotonic()) > 0:
            is_online = self.reach.online
            if is_online and not was_online:
                return
            was_online = is_online
            tick_s = self.pace.tick_s if self.later.box.entries() else left_s
            with suppress(TimeoutError):
                async with asyncio.timeout(min(tick_s, left_s)):  # wait_for may lose a cancel
                    await self.reach.came.wait()
                return

    async def _notify(self, outcome: Outcome) -> None:
        """A notification on the desktop if there is one; it holds no words of anybody's."""
        if self.agent.catalogue.get("desktop.notify") is None:
            return
        arguments: Mapping[str, JsonValue] = {
            "title": _NOTICE.en + " / " + _NOTICE.zh,
            "body": f"edgewise outbox show {outcome.key}",
            "urgency": "normal",
        }
        speaker = Speaker(zone=None, channel=Channel.API)
        with suppress(UserError):  # too many turns of this session wait already
            async for _ in self.agent.run_call("desktop.notify", dict(arguments), SESSION, speaker):
                pass


def news_of(later: Later) -> list[Words]:
    """What the person did not read yet, to be told at a start."""
    unread = sum(not outcome.read_at for outcome in later.answers.all())
    return [_UNREAD.filled(count=unread)] if unread else []


def words_of(outcome: Outcome, talk: Talk, now: float) -> Words:
    """What came of a question, for the person."""
    if outcome.how == "answered":
        return answer_of(outcome.asked_at, talk.answer, now)
    told = _ENDS.get(outcome.how, _ENDS["damaged"])
    return told.filled(at=moment(outcome.asked_at, now), name=outcome.recipient)


def _is_never_taken(events: Sequence[Event]) -> bool:
    attempts = [one for event in events if isinstance(event, Came) for one in event.attempts]
    return bool(attempts) and attempts[-1].status in _NEVER_TAKEN


_OFF = Words("nothing is sent later: queue_hours is 0", "未开启稍后发送：queue_hours 为 0")
_NO_CLOUD = Words("its cloud is no longer set up", "对应的云端已不在配置中")
_DEVICE_ONLY = Words("in the mode device_only nothing leaves", "device_only 模式下任何内容都不离开")
_ASKS = Words("in the mode ask it needs your yes", "ask 模式下需要您确认")
_MAY_NOT = Words("it may not leave now", "现在不得发送")
_NOTICE = Words("A question that waited has come to an end", "等待中的问题有结果了")
_UNREAD = Words(
    "questions that waited have ended: {count}; read how with `edgewise outbox list`",
    "有 {count} 个等待中的问题已有结果：edgewise outbox list",
)
_ENDS = {
    "expired": Words(
        "Your question of {at} for {name} waited as long as it may and was not sent. Ask again.",
        "您 {at} 想问 {name} 的问题已过等待期限，没有发出，请重新提问。",
    ),
    "crowded": Words(
        "Your question of {at} for {name} was not sent: others took its room. Ask again.",
        "您 {at} 想问 {name} 的问题因等待的问题过多而放弃，没有发出，请重新提问。",
    ),
    "refused": Words(
        "{name} does not take your question of {at}. Ask in another way.",
        "{name} 不接受您 {at} 的问题，请换个方式提问。",
    ),
    "damaged": Words(
        "Your question of {at} for {name} could not be read any more. Ask again.",
        "您 {at} 想问 {name} 的问题已无法读取，请重新提问。",
    ),
}
