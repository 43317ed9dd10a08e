"""Scenes: a stored list of calls that is run as if each had been said.

A step and its arguments keep the labels they were saved with, so a scene does not make untrusted
content trusted, nor a guess a wish; each step is resolved and decided by itself. What is stored is
not believed: a step that is no call is left out, one without a readable label counts as written by
nobody who may propose calls.
"""

from collections.abc import Iterator, Sequence

import msgspec

from edgewise.act.catalogue.rows import plain
from edgewise.agent.home import Home
from edgewise.core.call import Call
from edgewise.core.label import Label, OriginKind, join, label_of
from edgewise.core.signal import JsonValue, as_list, as_object

MAX_STEPS = 20

_SAVED = "scene.saved"
_UNKNOWN = label_of(OriginKind.APP, _SAVED)
_CHOSEN_BY = "(scene)"
"""Among a step's labels, that of the scene's name: whoever gave it chose all the steps. No
argument can be called so."""


async def expand(calls: Sequence[Call], home: Home) -> list[Call]:
    """`calls` with each `scene.run` of a stored scene replaced by its steps."""
    expanded: list[Call] = []
    for call in calls:
        scene = await _stored(call, home) if call.capability == "scene.run" else None
        expanded.extend([call] if scene is None else _steps(call, scene))
    return expanded


async def _stored(call: Call, home: Home) -> dict[str, JsonValue] | None:
    """The scene that `call` names, if there is one."""
    wanted = plain(str(call.arguments.get("name") or ""))
    rows = as_list((await home.snapshot([_SAVED])).get(_SAVED)) if wanted else []
    named = (row for row in map(as_object, rows) if plain(str(row.get("name") or "")) == wanted)
    return next(named, None)


def _steps(call: Call, scene: dict[str, JsonValue]) -> Iterator[Call]:
    for number, step in enumerate(map(as_object, as_list(scene.get("steps"))[:MAX_STEPS]), 1):
        capability, arguments = step.get("capability"), step.get("arguments", {})
        if not isinstance(capability, str) or not isinstance(arguments, dict):
            continue
        if capability == "scene.run":
            continue
        proposer = join([call.label, _label_in(step.get("label"))])
        held = as_object(step.get("labels"))
        labels = {name: join([proposer, _label_in(label)]) for name, label in held.items()}
        if "name" in call.labels:
            labels[_CHOSEN_BY] = call.labels["name"]
        yield Call(
            id=f"{call.id}.{number}",
            capability=capability,
            arguments=as_object(arguments),
            label=proposer,
            labels=labels,
            confidence=call.confidence,
            inferred=call.inferred,
            clause=call.clause,
            asked_at=call.asked_at,
        )


def _label_in(held: JsonValue) -> Label:
    try:
        label = msgspec.convert(held, Label)
    except msgspec.ValidationError:
        return _UNKNOWN
    return label if label.origins else _UNKNOWN
