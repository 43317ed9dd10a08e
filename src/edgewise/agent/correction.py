"""What a person says a turn's words meant, made into a record from the turn's own.

It decides and does nothing: the record is feedback for whoever improves understanding
(`learn/feedback.py`). It is made of what the trail kept, so words that were hidden there stay so.
"""

from collections.abc import Sequence

from edgewise.act.function import Catalogue
from edgewise.core.event import (
    NOTHING,
    OTHER,
    Corrected,
    Event,
    Perceived,
    TurnStarted,
    Understood,
)
from edgewise.core.label import OWNER, Label, join
from edgewise.core.thought import Alternative
from edgewise.errors import UserError


def correct(
    events: Sequence[Event],
    meant: str,
    catalogue: Catalogue,
    *,
    at: float,
    before: Corrected | None = None,
) -> Corrected:
    """The record that the words of the turn with `events` meant `meant`; `before` is what was said
    of it last. Raises UserError for a turn in which no words to the device were understood."""
    started = next((event for event in events if isinstance(event, TurnStarted)), None)
    perceived = next((event for event in events if isinstance(event, Perceived)), None)
    understood = next((event for event in events if isinstance(event, Understood)), None)
    said = perceived is not None and perceived.message.text
    if not started or not perceived or not understood or not said or _is_of_itself(understood):
        raise UserError(
            f"in turn {events[0].turn!r} no words were understood that can be corrected; correct"
            " the turn in which they were said",
            code="nothing_understood",
        )
    message, thought = perceived.message, understood.thought
    names = [*(call.capability for call in thought.calls), meant]
    private = any(_is_private(catalogue, name) for name in names)
    return Corrected(
        seq=(before or events[-1]).seq + 1,
        at=at,
        turn=started.turn,
        text=message.text,
        language=message.language,
        label=join([message.label, Label(readers=OWNER)]) if private else message.label,
        kind=thought.kind,
        understood=tuple(Alternative(c.capability, c.confidence) for c in thought.calls),
        meant=meant,
        catalogue_hash=started.catalogue_hash,
        model_hash=started.model_hash,
    )


def _is_of_itself(understood: Understood) -> bool:
    """Whether the words were not said to the device, or there was nothing in them but a yes or no
    to its question: neither is a matter of understanding."""
    return understood.thought.fixed in ("overheard", "confirm", "deny")


def _is_private(catalogue: Catalogue, name: str) -> bool:
    """Whether words for this function tell of what is the owner's alone; an unknown one may."""
    function = catalogue.get(name)
    if function is None:
        return name not in (OTHER, NOTHING)
    capability = function.capability
    return capability.private or any(argument.private for argument in capability.arguments)
