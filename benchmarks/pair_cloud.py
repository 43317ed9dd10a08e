"""The cloud's side of the pair: a scripted model behind our own platform, and the real way to it.

No weights of a larger model come with this repository, so nothing here pretends to be one: the
upstream answers from the questions' keys, right in `ACCURACY` of them as a seed draws it, wrong in
the others with the answer to another question of the kind. Its times are drawn, too: a first word
after about half a second, then some 50 tokens a second. All between is real: the device's reach
replaces what must not leave, builds the payload and asks a served platform, which counts and bills.
"""

import math
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.edgewise_cloud import start_edgewise, write_settings
from benchmarks.pair_check import is_right
from benchmarks.pair_questions import Asked
from benchmarks.processes import end, share_cores
from edgewise.agent.reach import CloudSaid
from edgewise.core.clock import SystemClock
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Message, Speaker
from edgewise.core.place import Mode
from edgewise.core.words import Language
from edgewise.device.clouds import Cloud
from edgewise.device.config import Config
from edgewise.device.consents import Consents
from edgewise.device.reach import PURPOSE, DeviceReach, Own
from edgewise.errors import LinkError
from edgewise.learn.pair import ByCloud
from edgewise.route.policy import DEFAULT
from edgewise.testing.upstream.answers import Answer
from edgewise.testing.upstream.server import started_upstream

ACCURACY = 0.95
FIRST_MS, SPREAD = 450.0, 0.5
"""The median of the time to the first word, and the standard deviation of its logarithm."""
TOKEN_MS = (14.0, 26.0)
NAME, MODEL = "platform", "scripted"
CURRENCY = "CNY"
INPUT_PRICE, OUTPUT_PRICE = 1.35, 5.4
"""A million tokens; as in the platform's settings for benchmarks."""
DEADLINE_S = 60.0
CLOUD = (
    f"scripted: right in {ACCURACY:.0%} of the questions as a seed draws them, behind a served"
    " platform; no larger model's weights are in this repository"
)


class Line(Struct, frozen=True):
    """What the script says to one question, and when."""

    text: str
    first_ms: float
    delay_ms: float


def script(asked: Sequence[Asked], seed: int) -> dict[str, Line]:
    """What is said to each question, by its id. Raises ValueError for a key that contradicts its
    own answer."""
    found: dict[str, Line] = {}
    for one in asked:
        draw = random.Random(f"{seed} cloud {one.id}")
        right = draw.random() < ACCURACY
        text = _sentence(one, one.good) if right else _wrong(one, asked, draw)
        if is_right(one, text) is not right:
            raise ValueError(f"{one.id}: {text!r} is {'not ' if right else ''}right by its key")
        first_ms = FIRST_MS * math.exp(draw.gauss(0.0, SPREAD))
        found[one.id] = Line(text, round(first_ms, 1), round(draw.uniform(*TOKEN_MS), 1))
    return found


def _wrong(one: Asked, asked: Sequence[Asked], draw: random.Random) -> str:
    """The right answer to another question of the kind that is wrong here."""
    others = [other.good for other in asked if other.kind == one.kind]
    others += ["Yes", "No"] if one.key.yes is not None else []
    draw.shuffle(others)
    said = (_sentence(one, other) for other in others)
    return next(text for text in said if not is_right(one, text))


def _sentence(one: Asked, good: str) -> str:
    if one.language == "zh":
        return f"答案是{good}。"
    return f"{good}." if one.key.yes is not None else f"The answer is: {good}."


@asynccontextmanager
async def connected(folder: Path) -> AsyncIterator["Way"]:
    """The whole way to the cloud, over a platform that is served in `folder` until the end."""
    answers: dict[str, Answer] = {}
    cores = share_cores()
    async with started_upstream(models=(MODEL,), answers=answers) as upstream:
        write_settings(folder, upstream.address, [MODEL])
        address, key, process = start_edgewise(folder, cores.servers | cores.load)
        try:
            device = folder / "device"
            device.mkdir()
            reach = _reach(device, address, key)
            try:
                yield Way(reach, answers)
            finally:
                await reach.close()
        finally:
            end(process)


def _reach(folder: Path, address: str, key: str) -> DeviceReach:
    """The device's reach with this one cloud, agreed to."""
    (folder / "platform.key").touch(mode=0o600)
    (folder / "platform.key").write_text(key)
    cloud = Cloud(
        NAME, f"{address}/v1", MODEL, "CN", input_price=INPUT_PRICE, output_price=OUTPUT_PRICE,
        key_file="platform.key",
    )  # fmt: skip
    clock = SystemClock()
    Consents(folder, clock).grant(cloud.endpoint, PURPOSE)
    config = Config(region="CN", mode=Mode.PREFER_CLOUD, cloud=(cloud,))
    return DeviceReach(folder, config, clock, DEFAULT, bytes(32), Own(), dict)


class Way:
    """The device's way to the scripted cloud."""

    def __init__(self, reach: DeviceReach, answers: dict[str, Answer]) -> None:
        self._reach = reach
        self._answers = answers

    async def ask(self, asked: Asked, line: Line) -> ByCloud:
        """What came of asking; the script is told what it will see, which is what left. Raises
        LinkError when no whole answer came."""
        message = Message(
            asked.text, Language(asked.language), label_of(OriginKind.TYPED), Speaker()
        )
        question = self._reach.question(message, last="", deadline_s=DEADLINE_S)
        outgoing = self._reach.outgoing("pair", message, (), question, NAME)
        if not self._reach.may_leave(question, NAME):
            raise LinkError(f"{asked.id} may not leave", code="cloud_away")
        leaves = msgspec.json.decode(outgoing.body)[-1]["text"]
        self._answers[leaves] = Answer(leaves, line.text, line.first_ms, line.delay_ms)
        notes: list[CloudSaid] = []
        pieces: list[str] = []
        started, began_s = time.perf_counter(), 0.0
        sent = self._reach.send(outgoing, turn=asked.id, deadline_s=DEADLINE_S, note=notes.append)
        async for piece in sent:
            began_s = began_s or time.perf_counter() - started
            pieces.append(piece)
        took_s, text = time.perf_counter() - started, "".join(pieces)
        (note,) = notes
        if note.failed or not text:
            raise LinkError(f"{asked.id}: the cloud failed ({note.failed})", code="cloud_broken")
        return ByCloud(
            text, is_right(asked, text), round(began_s, 3), round(took_s, 3),
            sum(one.sent_bytes for one in note.attempts),
            sum(one.received_bytes for one in note.attempts),
            note.input_tokens, note.output_tokens, round(note.cost, 9),
            sum(outgoing.replaced.values()),
        )  # fmt: skip
