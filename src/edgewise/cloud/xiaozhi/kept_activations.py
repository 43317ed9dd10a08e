"""The activations over a restart of the platform: a file of its folder, beside the secret that
makes the tokens.

A device shows its code for up to 100 seconds without asking for another one, whatever it is told
meanwhile (78/xiaozhi-esp32, main/application.cc: ten tries, 10 s after each that fails). Without
the file a person who types that code would be told that no device shows it. What was noted within
the last EVERY_S before a crash is lost, and so is a file that can not be read: those devices show
another code when they ask next.
"""

import asyncio
import logging
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.cloud.xiaozhi.activations import Activation, Activations, State
from edgewise.cloud.xiaozhi.bootstrap import Asking
from edgewise.core.clock import Clock

WAITING = "voice-waiting.json"
EVERY_S = 1.0
_log = logging.getLogger("edgewise.cloud")


class Kept(Struct, frozen=True):
    """One activation in the file; `ends_at` is in wall seconds, since the monotonic clock begins
    anew with the machine."""

    asking: Asking
    network: str
    challenge: str
    nonce: bytes
    code: str
    ends_at: float
    state: State


class KeptActivations:
    """Reads the activations of a folder's file once, and writes them there as they change."""

    def __init__(self, file: Path, clock: Clock, code_s: float) -> None:
        self._file = file
        self._clock = clock
        self.activations = Activations(clock, code_s, held=_read(file, clock, code_s))
        self._written = b""

    async def keep(self) -> None:
        """Write what changed, until it is cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await asyncio.to_thread(self.write)

    async def close(self) -> None:
        """Write what is left."""
        await asyncio.to_thread(self.write)

    def write(self) -> None:
        """Write the file for its owner alone, if there is something new; a full disk is told in the
        log and keeps nothing from going on."""
        ahead_s = self._clock.now() - self._clock.monotonic()
        held = [_kept(one, ahead_s) for one in self.activations.held()]
        told = msgspec.json.encode(held)
        if told == self._written:
            return
        made = self._file.with_name(f"{self._file.name}.new")
        try:
            with open(made, "wb", opener=lambda n, f: os.open(n, f, 0o600)) as file:
                file.write(told)
            made.replace(self._file)
        except OSError as error:
            _log.warning("%s can not be written: %s; codes end with a restart", self._file, error)
        self._written = told


def _kept(one: Activation, ahead_s: float) -> Kept:
    # whole seconds: the two clocks drift apart, and that is no change
    ends_at = float(round(one.until + ahead_s))
    return Kept(one.asking, one.network, one.challenge, one.nonce, one.code, ends_at, one.state)


def _read(file: Path, clock: Clock, code_s: float) -> list[Activation]:
    """What the process before left, with no code that lives longer than a fresh one; one that was
    being bound waits again."""
    kept: list[Kept] = []
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=list[Kept])
    except FileNotFoundError:
        pass
    except (msgspec.MsgspecError, OSError) as error:
        _log.warning("%s can not be read: %s; devices show another code", file, error)
    now, wall = clock.monotonic(), clock.now()
    return [
        Activation(
            one.asking,
            one.network,
            one.challenge,
            one.nonce,
            one.code,
            now + min(one.ends_at - wall, code_s),
            State.PENDING if one.state is State.CLAIMED else one.state,
        )
        for one in kept
    ]
