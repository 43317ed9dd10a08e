"""`edgewise listen`: a conversation by voice at this machine's microphone and loudspeaker.

It has a simulated car of its own, as `edgewise chat` has alone. With `--from FILE` a recording is
heard in its place, in real time, and the command ends when all of it is answered.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import replace

from edgewise.cli.ask import State, read_state
from edgewise.cli.language import spoken
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone
from edgewise.errors import DeviceError, ModelError, UserError

if TYPE_CHECKING:
    from edgewise.device.runtime import Device
    from edgewise.device.senses import Senses
    from edgewise.sound.pcm import Pcm
    from edgewise.talk.events import TalkEvent
    from edgewise.talk.talk import Talk

Spoken = Annotated[
    Language | None, typer.Option("--language", help="en or zh; else told apart in each turn.")
]
Wake = Annotated[
    str, typer.Option("--wake", help="A wake word (hey_mycroft) or phrase; only then it hears.")
]
From = Annotated[
    Path | None, typer.Option("--from", help="Hear this sound file in place of a microphone.")
]
Seated = Annotated[
    Zone | None,
    typer.Option(
        "--zone",
        help="Where who speaks sits; else the seats of [senses] channels, or the driver's.",
    ),
]

LONGEST_S = 600.0
MOST_BYTES = 64 << 20


def listen(
    language: Spoken = None,
    wake: Wake = "",
    file: From = None,
    zone: Seated = None,
    state: State = None,
) -> None:
    """Talk with the device by voice, shown as it goes.

    Ctrl-C ends it. The car is a simulated one of its own.
    """
    seats = () if zone is not None else seats_of_channels()
    sounds = read_file(file, len(seats)) if file is not None else ()
    given = read_state(state) if state is not None else None
    try:
        asyncio.run(_listen(language, wake, sounds, zone or Zone.DRIVER, seats, given))
    except KeyboardInterrupt:
        print()


def seats_of_channels() -> "tuple[Zone | None, ...]":
    """Where the channels of the microphone are; empty: it has one. Raises UserError."""
    from edgewise.device.config import data_folder, load_config
    from edgewise.device.wyoming_config import zone_of

    return tuple(zone_of(seat) for seat in load_config(data_folder()).senses.channels)


def read_file(path: Path, channels: int = 0) -> "tuple[Pcm, ...]":
    """The sound of a file: of each of its `channels`, which it must have; of all mixed where none
    are wanted. Raises UserError (`bad_sound`)."""
    from edgewise.sound.read import read_channels, read_sound

    try:
        size_bytes = path.stat().st_size
        if size_bytes > MOST_BYTES:
            told = f"{path} has {size_bytes:,} bytes, the limit is {MOST_BYTES:,}; give a part"
            raise UserError(told, code="bad_sound")
        data = path.read_bytes()
    except OSError as error:
        told = f"{path}: {error.strerror}; name a sound file"
        raise UserError(told, code="bad_sound") from error
    if not channels:
        return (read_sound(data, longest_s=LONGEST_S, most_bytes=MOST_BYTES),)
    sounds = read_channels(data, longest_s=LONGEST_S, most_bytes=MOST_BYTES).channels
    if len(sounds) != channels:
        told = (
            f"{path} has {len(sounds)} channels, [senses] names {channels}; give a file with as"
            " many, or --zone for one seat"
        )
        raise UserError(told, code="bad_sound")
    return sounds


async def _listen(
    language: Language | None,
    wake: str,
    sounds: "tuple[Pcm, ...]",
    zone: Zone,
    seats: "tuple[Zone | None, ...]",
    state: dict[str, Any] | None,
) -> None:
    from edgewise.device.alone import device_alone
    from edgewise.device.config import data_folder, load_config
    from edgewise.device.live_talk import converse
    from edgewise.device.loudspeaker import Loudspeaker, Playing
    from edgewise.device.microphone import Microphone, as_spoken
    from edgewise.device.senses import senses_of

    tongue = spoken()
    async with AsyncExitStack() as stack:
        microphone = None if sounds else Microphone(len(seats) or 1)
        if microphone is not None:
            stack.callback(microphone.close)
        playing: Playing | None = Playing()
        try:
            stack.callback(Loudspeaker(playing).close)
        except DeviceError as error:
            sys.stderr.write(f"edgewise: {error}\n")
            playing = None
        device = await stack.enter_async_context(device_alone(state, "", pace=1.0))
        config = load_config(data_folder())
        chosen = replace(config.senses, language=language or config.senses.language)
        chosen = replace(chosen, wake=wake or chosen.wake)
        senses = senses_of(device, chosen, data_folder())
        stack.push_async_callback(senses.close)
        echoes = microphone is not None and playing is not None
        talk = await open_talk(device, senses, zone, seats, echoes=echoes)
        stack.push_async_callback(talk.close)
        await senses.warm(senses.language or Language.ENGLISH)
        print(_READY.said_in(tongue), flush=True)
        source: AsyncIterator[bytes]
        if microphone is not None:
            microphone.drop()
            source = microphone.pieces()
        else:
            source = as_spoken(*sounds)
        await converse(talk, source, playing, Transcript(tongue).show)


async def open_talk(
    device: "Device",
    senses: "Senses",
    zone: Zone,
    seats: "tuple[Zone | None, ...]" = (),
    *,
    echoes: bool,
) -> "Talk":
    """A person's conversation with the device: at `zone`, or at each of `seats`. `echoes`: the
    microphone hears the loudspeaker.

    Raises ModelError where the device has no ears."""
    from edgewise.device.callers import Caller
    from edgewise.device.conversations import NO_EARS, Conversations
    from edgewise.device.limits import Limits
    from edgewise.hosting.board import Board

    if senses.ears is None:
        raise ModelError(NO_EARS, code="model_missing")
    conversations = Conversations(device.agent, Board(), Limits(), senses)
    name = f"listen-{secrets.token_hex(4)}"
    talk = await conversations.open(Caller.OWNER, zone, name, echo=echoes, seats=seats)
    turns = replace(talk.settings.turns, pauses=True)
    talk.configure(replace(talk.settings, turns=turns))
    return talk


class Transcript:
    """Shows a conversation, a line for each thing; what is still heard is rewritten in place."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._is_partial = False

    def show(self, event: "TalkEvent") -> None:
        """One event."""
        from edgewise.talk import events

        match event:
            case events.Hearing():
                self._partial(event.text)
            case events.Transcribed() if event.text:
                self._line(f"{event.zone or ''}> ", event.text)
            case events.Transcribed():
                self._line("", _NOTHING.said_in(self._language))
            case events.ReplyActed():
                self._line("  ✓ " if event.done else "  ✗ ", _call(event.name, event.arguments))
            case events.ReplyEnded():
                self._reply(event)
            case events.NotTranscribed() | events.Failed():
                self._line("! ", event.message)
            case _:
                pass

    def _reply(self, ended: "Any") -> None:
        from edgewise.talk.events import Ended

        cut = ended.ended in (Ended.INTERRUPTED, Ended.CANCELLED)
        if ended.ended is Ended.FAILED:
            self._line("! ", ended.message)
        elif said := (ended.heard if cut else ended.text):
            self._line("  ", said + (" —" if cut else ""))

    def _partial(self, text: str) -> None:
        if sys.stdout.isatty():
            print(f"\r\x1b[K… {text}", end="", flush=True)
            self._is_partial = True
        else:
            print(f"… {text}", flush=True)

    def _line(self, mark: str, text: str) -> None:
        start = "\r\x1b[K" if self._is_partial else ""
        self._is_partial = False
        print(f"{start}{mark}{text}", flush=True)


def _call(name: str, arguments: dict[str, Any]) -> str:
    return f"{name} {' '.join(f'{key}={value}' for key, value in arguments.items())}".strip()


_READY = Words("Speak; Ctrl-C ends.", "请讲话；按 Ctrl-C 结束。")
_NOTHING = Words("(no words)", "（没有听清）")
