"""Steps of one sentence that build on each other: "tap Post and then tap Log in".

What a screen shows after a step is another screen, so a step behind one that was not done is not
done either: behind one that asks it waits for the same yes, behind one that failed or was refused
it is left. Which targets are worked step by step is known to their drivers (`act.driver.Stepwise`);
what is independent of them goes on as ever. It decides nothing and waits for nobody.
"""

from collections.abc import Collection

from edgewise.core.call import Call, Result, Status
from edgewise.core.words import Words


class Steps:
    """What became of the steps of one sentence so far, by the targets that they are taken on."""

    def __init__(self) -> None:
        self._on: dict[str, frozenset[str]] = {}
        self._postponed: set[str] = set()
        self._stopped: dict[str, Status] = {}

    def note(self, call: Call, targets: Collection[str]) -> None:
        """`call` is a step on `targets`; on none it is no step."""
        self._on[call.id] = frozenset(targets)

    def is_behind_postponed(self, call: Call) -> bool:
        """Whether a step before `call` was put off, so that this one comes after it."""
        return not self._postponed.isdisjoint(self._on[call.id])

    def postpone(self, call: Call) -> None:
        """`call` is put off until the rest of the sentence was gone through."""
        self._postponed |= self._on[call.id]

    def end(self, result: Result) -> None:
        """A call ended; what is not done stops the steps behind it."""
        if result.status is not Status.DONE:
            for target in self._on.get(result.call, ()):
                self._stopped.setdefault(target, result.status)

    def waits(self, call: Call) -> bool:
        """Whether `call` is a step behind one that asks."""
        return Status.ASKED in self._before(call)

    def is_left(self, call: Call) -> bool:
        """Whether `call` is a step behind one that will not be done."""
        return bool(self._before(call)) and not self.waits(call)

    def _before(self, call: Call) -> set[Status]:
        return {self._stopped[target] for target in self._on[call.id] if target in self._stopped}


def waiting(call: Call) -> Result:
    """The result of a step that waits for the yes to the one before it."""
    return Result(call.id, call.capability, Status.ASKED, code="step_waits")


def left(call: Call) -> Result:
    """The result of a step that is left because the one before it was not done."""
    return Result(call.id, call.capability, Status.IMPOSSIBLE, code="step_left", words=_LEFT)


_LEFT = Words(
    "The step before it was not done, so I left this one too",
    "前一步没有完成，这一步也先不做",
)
