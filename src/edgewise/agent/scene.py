"""Scenes: a stored list of calls that is run as if each had been said.

A step keeps the label it was saved with, so a scene does not make untrusted content trusted; each
step is resolved and decided by itself.
"""

from collections.abc import Sequence

import msgspec

from edgewise.agent.home import Home
from edgewise.core.call import Call
from edgewise.core.label import Label, join
from edgewise.core.signal import JsonValue

MAX_STEPS = 20


async def expand(calls: Sequence[Call], home: Home) -> list[Call]:
    """`calls` with each `scene.run` of a stored scene replaced by its steps."""
    expanded: list[Call] = []
    for call in calls:
        steps = await _steps(call, home) if call.capability == "scene.run" else None
        expanded.extend([call] if steps is None else steps)
    return expanded


async def _steps(call: Call, home: Home) -> list[Call] | None:
    readings = await home.drivers.read(["scene.saved"])
    rows: JsonValue = readings["scene.saved"].value if "scene.saved" in readings else []
    wanted = str(call.arguments.get("name", "")).casefold()
    scene = next((row for row in rows if str(row.get("name", "")).casefold() == wanted), None)
    if scene is None:
        return None
    return [
        Call(
            id=f"{call.id}.{number}",
            capability=str(step["capability"]),
            arguments=dict(step.get("arguments", {})),
            label=join([call.label, msgspec.convert(step.get("label", {}), Label)]),
            confidence=call.confidence,
            clause=call.clause,
            asked_at=call.asked_at,
        )
        for number, step in enumerate(scene.get("steps", ())[:MAX_STEPS], 1)
        if step.get("capability") != "scene.run"
    ]
