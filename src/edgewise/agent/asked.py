"""A question that waits for the person's yes to send it: its words, kept in memory alone.

The session's file and the record hold what would leave by digest, length and counts (`Leaving`),
never these words; a device that has lost them asks for the question again.
"""

import hashlib
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from edgewise.core.event import Leaving
from edgewise.core.label import Residency
from edgewise.core.message import Message
from edgewise.core.thought import Exchange
from edgewise.think.chat import Said


@dataclass(frozen=True, slots=True)
class Asked:
    """What was shown, the message it was made of, what was said before it, and what the device
    would have answered, if it has."""

    leaving: Leaving
    message: Message
    exchanges: tuple[Exchange, ...]
    held: Said | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The person's answer to it, by which the question goes on."""

    asked: Asked
    yes: bool


def is_kept_here(asked: Asked | None, answer: Answer | None) -> bool:
    """Whether a turn's words stay on the device: the person is still asked, or said no."""
    return asked is not None or (answer is not None and not answer.yes)


def kept_here(message: Message) -> Message:
    """The message as one that no later turn sends along: nobody said yes to it."""
    return replace(message, label=replace(message.label, residency=Residency.DEVICE))


def hash_of_leaving(leaving: Leaving) -> str:
    """What an approval must name: all that was shown of what would leave."""
    data = msgspec.json.encode(leaving, order="deterministic")
    return hashlib.sha256(b"leaving\0" + data).hexdigest()
