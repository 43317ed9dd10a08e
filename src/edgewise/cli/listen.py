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

from edgewise.cli.ask import State, ZoneOption, read_state
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

LONGEST_S = 600.0
MOST_BYTES = 64 << 20


def listen(
    language: Spoken = None,
    wake: Wake = "",
    file: From = None,
    zone: ZoneOption = Zone.DRIVER,
    state: State = None,
) -> None:
    """Talk with the device by voice, shown as it goes.

    Ctrl-C ends it. The car is a simulated one of its own.
    """
    sound = read_file(file) if file is not None else None
    given = read_state(state) if state is not None else None
    try:
        asyncio.run(_listen(language, wake, sound, zone, given))
    except KeyboardInterrupt:
        print()


def read_file(path: Path) -> "Pcm":
    """The sound of a file. Raises UserError (`bad_sound`)."""
    from edgewise.sound.read import read_sound

    try:
        size_bytes = path.stat().st_size
        if size_bytes > MOST_BYTES:
            told = f"{path} has {size_bytes:,} bytes, the limit is {MOST_BYTES:,}; give a part"
            raise UserError(told, code="bad_sound")
        data = path.read_bytes()
    except OSError as error:
        told = f"{path}: {error.strerror}; name a sound file"
        raise UserError(told, code="bad_sound") from error
    return read_sound(data, longest_s=LONGEST_S, most_bytes=MOST_BYTES)


async def _listen(
    language: Language | None,
    wake: str,
    sound: "Pcm | None",
    zone: Zone,
    state: dict[str, Any] | None,
) -> None:
    from edgewise.device.alone import device_alone
    from edgewise.device.config import data_folder, load_config
    from edgewise.device.live_talk import converse
    from edgewise.device.loudspeaker import Loudspeaker, Playing
    from edgewise.device.microphone import Microphone, as_spoken
    from edgewise.device.senses import senses_of
    from edgewise.sound.pcm import Pcm

    tongue = spoken()
    async with AsyncExitStack() as stack:
        microphone = Microphone() if sound is None else None
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
        talk = await open_talk(device, senses, zone, echoes=sound is None and playing is not None)
        stack.push_async_callback(talk.close)
        await senses.warm(senses.language or Language.ENGLISH)
        print(_READY.said_in(tongue), flush=True)
        source: AsyncIterator[bytes]
        if microphone is not None:
            microphone.drop()
            source = microphone.pieces()
        else:
            source = as_spoken(sound or Pcm(b""))
        await converse(talk, source, playing, Transcript(tongue).show)


async def open_talk(device: "Device", senses: "Senses", zone: Zone, *, echoes: bool) -> "Talk":
    """A person's conversation with the device. `echoes`: the microphone hears the loudspeaker.

    Raises ModelError where the device has no ears."""
    from edgewise.device.board import Board
    from edgewise.device.callers import Caller
    from edgewise.device.conversations import NO_EARS, Conversations
    from edgewise.device.limits import Limits

    if senses.ears is None:
        raise ModelError(NO_EARS, code="model_missing")
    waking = await asyncio.to_thread(senses.waking)
    conversations = Conversations(device.agent, Board(), Limits(), senses)
    name = f"listen-{secrets.token_hex(4)}"
    talk = await conversations.open(Caller.OWNER, zone, name, waking=waking, echo=echoes)
    settings = talk.settings
    turns = replace(settings.turns, pauses=True)
    talk.configure(replace(settings, turns=turns, wake=waking is not None))
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
                self._line("> ", event.text)
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
