"""The last looks at a screen that were told, so that a step can name the one it was decided on.

A person or a model decides on what they saw, which may be some seconds old. What such a step would
have touched and done there (`act.screen_step.place_of`) is held to the screen as it is when the
call is resolved (`act/catalogue/gui.py`), and by the driver just before it acts.
"""

import hashlib
from collections import OrderedDict

import msgspec

from edgewise.act.catalogue.gui import ON_SCREEN
from edgewise.act.function import Catalogue
from edgewise.act.resolve import resolve
from edgewise.act.screen import SCREEN, Seen
from edgewise.act.screen_step import step_of
from edgewise.core.call import Call, Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import JsonValue, snapshot_of

MOST_LOOKS = 64
"""Two minutes of a page that looks every two seconds."""
CALL = "gui.act"
NOWHERE = "nowhere"
"""Of a step that would have done nothing there: it fits no screen."""
_CATALOGUE = Catalogue(ON_SCREEN)


class Looks:
    """Those of one screen, in memory; equal looks are one."""

    def __init__(self) -> None:
        self._looks: OrderedDict[str, Seen] = OrderedDict()

    def remember(self, seen: Seen) -> str:
        """Keep a look; its name."""
        name = hashlib.sha256(msgspec.json.encode(seen)).hexdigest()[:16]
        self._looks[name] = seen
        self._looks.move_to_end(name)
        while len(self._looks) > MOST_LOOKS:
            self._looks.popitem(last=False)
        return name

    def place(self, name: str, arguments: dict[str, JsonValue]) -> str | None:
        """What a step with these arguments of a call would have touched and done then; None where
        the look is not remembered."""
        seen = self._looks.get(name)
        if seen is None:
            return None
        call = Call("", CALL, arguments, label_of(OriginKind.TOUCH))
        there = snapshot_of({SCREEN: msgspec.to_builtins(seen)})
        found = resolve(call, _CATALOGUE, there)
        step = step_of(found.effects[0].value) if isinstance(found, Resolved) else None
        return NOWHERE if step is None else step.seen
