"""A recorded pair: what a device's own model and a cloud answered to the same questions.

A file of JSON lines, the first about the recording, each other a question; made by
benchmarks/record_pair.py, read here. Beside right and wrong it holds what a check of the answer may
look at and what the way took, so that routing can be judged without asking anybody again.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.errors import UserError

CENTINATS = 100.0


class About(Struct, frozen=True, forbid_unknown_fields=True):
    """What was recorded: the device's model, what stood for the cloud, in plain words, the seed of
    the questions, the currency of costs, the machine and its load (waiting processes) once the
    device had answered."""

    device: str
    cloud: str
    seed: int
    currency: str
    machine: str


class ByDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """The device's answer: the first sentence its model wrote, and whether that is right. `shown`
    says that the device as it ships gives it to the person. `surety` are the log-probabilities of
    its tokens, negated, in hundredths of a nat. All empty where it does not know the language."""

    text: str
    right: bool
    shown: bool
    surety: tuple[int, ...]
    took_s: float

    @property
    def log_probabilities(self) -> tuple[float, ...]:
        """Those of the tokens, natural."""
        return tuple(-each / CENTINATS for each in self.surety)


class ByCloud(Struct, frozen=True, forbid_unknown_fields=True):
    """The cloud's answer and what it took; bytes are those of heads and bodies, `replaced` counts
    the values that left as stand-ins."""

    text: str
    right: bool
    began_s: float
    took_s: float
    sent_bytes: int
    received_bytes: int
    input_tokens: int
    output_tokens: int
    cost: float
    replaced: int = 0


class Recorded(Struct, frozen=True, forbid_unknown_fields=True):
    """One question, its kind and language, and both answers."""

    id: str
    kind: str
    language: str
    text: str
    device: ByDevice
    cloud: ByCloud


class Pair(Struct, frozen=True):
    """A whole recording."""

    about: About
    rows: tuple[Recorded, ...]


def load_recording(path: Path) -> Pair:
    """The recording in a file. Raises UserError that names the line that does not hold."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; give --pair, a recorded pair") from error
    about: About | None = None
    rows: list[Recorded] = []
    for number, line in enumerate(lines, 1):
        try:
            if about is None:
                about = msgspec.json.decode(line, type=About)
            else:
                rows.append(msgspec.json.decode(line, type=Recorded))
        except msgspec.MsgspecError as error:
            raise UserError(f"{path}, line {number}: no recorded pair: {error}") from error
    if about is None or not rows:
        raise UserError(f"{path} holds no question; record one: python -m benchmarks.record_pair")
    return Pair(about, tuple(rows))


def written(pair: Pair) -> bytes:
    """The file's content."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in (pair.about, *pair.rows))
