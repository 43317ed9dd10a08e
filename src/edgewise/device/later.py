"""What the owner lets wait for a network: put in, looked at, taken out; with what came of it.

An entry holds the payload exactly as it would have left, and, sealed with it and for it alone, what
its stand-ins stand for and the question that was decided on; kinds that are never put back are in
none of it. Its key is its turn's name, which the first attempt was sent under, if there was one.
Sending is `late_sending.py`'s.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.agent.reach import ToKeep, Waits
from edgewise.core.clock import Clock
from edgewise.core.label import Label, Residency
from edgewise.core.message import Message, Speaker
from edgewise.core.words import Language, Words
from edgewise.device.late_answers import LateAnswers, Outcome, Talk
from edgewise.device.outbox import FILE, Entry, Outbox
from edgewise.errors import UserError
from edgewise.route.payload import Payload
from edgewise.route.question import Question
from edgewise.route.restore import restore

HOUR_S = 3600.0


class Waiting(Struct, frozen=True):
    """The content of an entry. `values` are those behind the payload's stand-ins, `question` is
    about what the payload was made of, and `made_of` its label."""

    turn: str
    session: str
    speaker: Speaker
    language: Language
    label: Label
    question: Question
    payload: Payload
    values: dict[str, str]
    made_of: Label = Label(residency=Residency.DEVICE)
    """Of what an earlier version kept it is not known."""

    @property
    def message(self) -> Message:
        """The question as it was asked, but for what is never put back."""
        asked = next(turn.text for turn in self.payload.turns[::-1] if turn.role == "user")
        return Message(restore(asked, self.values), self.language, self.label, self.speaker)


class Later:
    """The queue of the device's folder. With `hours` 0 nothing new is kept and nothing leaves; what
    waits expires. Raises DeviceError where its files can not be used."""

    def __init__(self, folder: Path, clock: Clock, hours: float) -> None:
        self.hours = hours
        self._clock = clock
        self.box = Outbox(folder, clock, gone=self._gone)
        self.answers = LateAnswers(folder, clock)

    @property
    def repaired(self) -> Words | None:
        """What had to be set aside at the start."""
        return self.box.repaired

    def keep(
        self,
        asked: ToKeep,
        payload: Payload,
        values: Mapping[str, str],
        label: Label,
        endpoint: str,
    ) -> Waits:
        """Keep `payload`, whose sources are labelled `label`. Raises UserError for what may not
        wait, DeviceError (`outbox_full`) where there is no room."""
        if not self.hours:
            raise UserError("nothing is kept: set queue_hours in config.toml", code="queue_off")
        message, until = asked.message, self._clock.now() + self.hours * HOUR_S
        waiting = Waiting(
            *(asked.turn, asked.session, message.speaker, message.language, message.label),
            *(asked.question, payload, dict(values), label),
        )
        crowded = self.box.put(
            msgspec.json.encode(waiting),
            label,
            key=asked.turn,
            recipient=endpoint,
            purpose=payload.purpose,
            until=until,
        )
        ends = until if label.expires_at is None else min(until, label.expires_at)
        return Waits(ends, len(crowded))

    def waiting(self, key: str) -> Waiting | None:
        """What an entry that waits is to send; `None` where there is none, or it does not open."""
        return opened(self.box.content(key))

    def entry(self, key: str) -> Entry | None:
        """One that waits."""
        return next((one for one in self.box.entries() if one.key == key), None)

    def drop(self, key: str) -> bool:
        """Remove it, whether it waits or has ended; whether there was one."""
        waited = self.box.remove(key)
        return bool(self.answers.remove(key)) or waited

    def erase(self, key: str | None = None) -> int:
        """Remove all (`None`) or one, with every trace; how many those were (rule P10)."""
        if key is not None:
            return int(self.drop(key))
        return self.box.purge() + self.answers.remove()

    def with_exchanges(self, since: float) -> set[str]:
        """The keys of what was kept after `since` and is to leave with earlier exchanges."""
        found: set[str] = set()
        for entry in self.box.entries():
            waiting = self.waiting(entry.key)
            if entry.queued_at >= since and (waiting is None or _asks_more(waiting)):
                found.add(entry.key)
        return found

    def close(self) -> None:
        """Close the file."""
        self.box.close()

    def _gone(self, entry: Entry, content: bytes | None, why: str) -> None:
        """Of what goes unsent nothing is kept but whom to tell."""
        waiting = opened(content)
        told = Talk() if waiting is None else talk_of(waiting)
        told = msgspec.structs.replace(told, question="")
        self.answers.add(self.outcome(entry, why), told)

    def outcome(self, entry: Entry, how: str) -> Outcome:
        """That it ended so, now."""
        return Outcome(entry.key, entry.recipient, how, entry.queued_at, self._clock.now())


def open_later(folder: Path, clock: Clock, hours: float) -> Later | None:
    """The queue, or `None` where none is wanted and nothing waits. Raises DeviceError."""
    return Later(folder, clock, hours) if hours or (folder / FILE).exists() else None


def opened(content: bytes | None) -> Waiting | None:
    """The content of an entry, if it is one."""
    try:
        return None if content is None else msgspec.json.decode(content, type=Waiting)
    except msgspec.MsgspecError:
        return None


def _asks_more(waiting: Waiting) -> bool:
    return sum(turn.role == "user" for turn in waiting.payload.turns) > 1


def talk_of(waiting: Waiting, answer: str = "") -> Talk:
    """Its words, with the answer's."""
    return Talk(
        *(waiting.turn, waiting.session, waiting.speaker, waiting.language, waiting.label),
        *(waiting.message.text, answer),
    )
