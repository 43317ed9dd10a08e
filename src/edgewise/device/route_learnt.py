"""Which learnt calibration of the routing is in force: the last file of `route_calibrations`.

A person puts one there (`edgewise learn adopt`) and takes it back (`edgewise learn revert`); the
files below it stay, so every step can be undone down to the maps that ship. It is looked at with
each question, so a change counts at once. A file that does not hold is as none: the shipped maps
count, which the log and each decision's record say.
"""

import logging
from pathlib import Path

import msgspec

from edgewise.device.kept_file import keep_file, unwritten
from edgewise.device.route_score import shipped_scorer
from edgewise.errors import UserError
from edgewise.route.calibrate import Calibration
from edgewise.route.learnt import Learnt, learnt_from, recalibrated
from edgewise.route.postcheck import BY_HAND
from edgewise.route.question import Score
from edgewise.route.scorer import Scorer, scorer_id

FOLDER = "route_calibrations"
_STILL = "what was in force still is"
_log = logging.getLogger("edgewise.device")


def own_scorers() -> dict[str, Scorer]:
    """What makes this device's raw scores, by the name of the score."""
    before = shipped_scorer()
    return ({"prescore": before} if before is not None else {}) | {"postcheck": BY_HAND}


class LearntMaps:
    """The calibration in force in a device's folder, read again when its file changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._read: tuple[tuple[str, int], Learnt | None] | None = None

    def now(self) -> Learnt | None:
        """What is in force; `None`: the maps that ship."""
        path = self._newest()
        try:
            seen = (path.name, path.stat().st_mtime_ns) if path is not None else ("", 0)
        except OSError:
            seen = ("", 0)
        if self._read is None or self._read[0] != seen:
            self._read = (seen, _held(path) if path is not None and seen[0] else None)
        return self._read[1]

    def before(self, score: Score | None) -> Score | None:
        """A question's score under it."""
        learnt = self.now() if score is not None else None
        return score if score is None or learnt is None else recalibrated(score, learnt.prescore)

    def after(self, score: Score) -> Score:
        """An answer's score under it."""
        learnt = self.now()
        return score if learnt is None else recalibrated(score, learnt.postcheck)

    def calibrations(self) -> dict[str, Calibration]:
        """The map of each score that counts now, learnt or shipped."""
        learnt = self.now()
        found = {name: scorer.calibration for name, scorer in own_scorers().items()}
        for name, part in learnt.parts if learnt is not None else ():
            if name in found and part.scorer == scorer_id(own_scorers()[name]):
                found[name] = part.after
        return found

    def adopt(self, learnt: Learnt, *, force: bool = False) -> None:
        """Put it into force, above the one before. Raises UserError for one that is not for this
        device's scorers, is in force, or, unless forced, may make scores worse."""
        scorers = own_scorers()
        for name, part in learnt.parts:
            if name not in scorers or part.scorer != scorer_id(scorers[name]):
                raise UserError(
                    f"the {name} of {learnt.version} is for another scorer ({part.scorer}) than"
                    " this device's; learn anew here: edgewise learn route",
                    code="other_scorer",
                )
            if part.gain_low < 0 and not force:
                raise UserError(
                    f"the {name} of {learnt.version} may be worse than what is in force: its gain"
                    f" is {part.gain:+.4f}, at least {part.gain_low:+.4f}; wait for more outcomes,"
                    " or say --force",
                    code="no_gain",
                )
        now = self.now()
        if now is not None and now.parts == learnt.parts:
            raise UserError(f"{learnt.version} is in force already", code="already_in_force")
        newest = self._newest()
        number = int(newest.stem) + 1 if newest is not None else 1
        path = self._folder / f"{number:04}.json"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise unwritten(path, error, _STILL) from error
        keep_file(path, msgspec.json.encode(learnt) + b"\n", _STILL)

    def revert(self) -> Learnt | None:
        """Take back the last one, and give what is in force then. Raises UserError where none is,
        DeviceError when the folder can not be written."""
        newest = self._newest()
        if newest is None:
            raise UserError("no learnt calibration is in force", code="none_in_force")
        try:
            newest.unlink()
        except OSError as error:
            raise unwritten(newest, error, _STILL) from error
        return self.now()

    def _newest(self) -> Path | None:
        found = (path for path in self._folder.glob("*.json") if path.stem.isdecimal())
        return max(found, key=lambda path: int(path.stem), default=None)


def _held(path: Path) -> Learnt | None:
    try:
        return learnt_from(path.read_bytes())
    except (OSError, UserError) as error:
        _log.warning("%s does not count, the shipped maps do: %s", path, error)
        return None
