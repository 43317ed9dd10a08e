"""The last scores of this device's own questions, by which a share that the policy asks for is met.

What a device is asked drifts, and a threshold that was fixed elsewhere sends another share than was
asked for. Kept are numbers alone, in memory and in `route_recent.json`; of a question whose label
keeps it from anybody, nothing. Until there are enough of them the usual scores of the scorer stand
in, as if they had been asked here.
"""

import logging
import os
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from edgewise.core.place import Routing, Way
from edgewise.route.calibrate import threshold_following
from edgewise.route.question import Following, Question
from edgewise.route.sample import is_public

FILE = "route_recent.json"
WINDOW = 100
FEWEST = 20
_BEYOND = 1e9
"""Past every raw score: for a share of none; its negative for all."""
_log = logging.getLogger("edgewise.device")


class _Kept(Struct, frozen=True):
    """`raws` are scores that `scorer` made, `sent` whether a check sent that question away."""

    scorer: str
    raws: tuple[float, ...]
    sent: tuple[bool, ...]


class RecentScores:
    """Of the last `WINDOW` questions that a score decided. `usual` are scores of one scorer, spread
    as they usually are; may be empty."""

    def __init__(self, folder: Path, scorer: str = "", usual: Sequence[float] = ()) -> None:
        self._path = folder / FILE
        self._scorer = scorer
        self._raws: deque[float] = deque(maxlen=WINDOW)
        self._sent: deque[bool] = deque(maxlen=WINDOW)
        times = WINDOW // len(usual) if usual else 0
        for raw in usual[:WINDOW]:
            self._raws.extend([raw] * max(1, times))
        self._sent.extend([False] * len(self._raws))
        self._load()

    def following(self, share: float) -> Following | None:
        """From which raw score on that share would go. Of the share is taken off what checks of
        answers have sent lately; `None` while too little is known."""
        if len(self._raws) < FEWEST:
            return None
        before = share - sum(self._sent) / len(self._sent)
        at = threshold_following(self._raws, before) if 0 < before < 1 else _BEYOND
        return Following(share, -at if before >= 1 else at, len(self._raws))

    def add(self, question: Question, weighed: Routing, routing: Routing) -> None:
        """Note a turn that a score decided and no label keeps."""
        score = question.score
        decided = weighed.stages and weighed.stages[-1].name == "score"
        if score is None or not decided or not is_public(question) or weighed.margin is None:
            return
        if score.scorer != self._scorer:
            self._scorer = score.scorer
            self._raws.clear()
            self._sent.clear()
        self._raws.append(round(score.raw, 4))
        self._sent.append(weighed.way is Way.DEVICE and routing.way is not Way.DEVICE)
        self._save()

    def _load(self) -> None:
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            _log.warning("%s is not read, the usual scores count: %s", self._path, error)
            return
        if kept.scorer == self._scorer and len(kept.raws) == len(kept.sent):
            self._raws.extend(kept.raws)
            self._sent.extend(kept.sent)

    def _save(self) -> None:
        """A disk that does not take it costs no turn: the scores are in memory."""
        kept = _Kept(self._scorer, tuple(self._raws), tuple(self._sent))
        fresh = self._path.with_suffix(".new")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(kept) + b"\n")
            fresh.replace(self._path)
        except OSError as error:
            _log.warning("%s is not written: %s", self._path, error)
