"""A ring of an alarm as a notification on the desktop, through the same door as any other call.

It asks as a program without a place in the car, in a session of its own: an undo said in the car
never closes an alarm's notification. It makes no sound. The device has no language of its own, so
a ring without a label is told in both.
"""

import logging

from edgewise.agent.agent import Agent
from edgewise.core.event import CallFinished
from edgewise.core.message import Channel, Speaker
from edgewise.core.signal import JsonValue
from edgewise.device.phone.ringer import Ring
from edgewise.errors import UserError
from edgewise.perceive.perceive import language_of

SESSION = "alarms"
LONGEST_TITLE = 200
_NAMES = {
    "alarm": "Alarm / 闹钟",
    "timer": "Timer / 计时器",
    "reminder": "Reminder / 提醒",
}
_MISSED = "Missed while the device was off / 关机期间错过"

_log = logging.getLogger("edgewise.device")


async def show_ring(agent: Agent, ring: Ring) -> None:
    """Show it if the device has a desktop; what came of it is in the trail, a failure in the log.

    Raises nothing for what the desktop or the policy does.
    """
    if agent.catalogue.get("desktop.notify") is None:
        return
    arguments = notification_of(ring)
    speaker = Speaker(zone=None, channel=Channel.API)
    language = language_of(str(arguments["title"]), agent.home.language)
    try:
        async for event in agent.run_call("desktop.notify", arguments, SESSION, speaker, language):
            if isinstance(event, CallFinished) and event.result.code:
                _log.warning("a ring is not shown on the desktop: %s", event.result.code)
    except UserError as error:  # too many turns of this session wait already
        _log.warning("a ring is not shown on the desktop: %s", error)


def notification_of(ring: Ring) -> dict[str, JsonValue]:
    """The arguments of `desktop.notify`: the label is the title, what rings the details."""
    label = str(ring.row.get("label") or "").strip()[:LONGEST_TITLE]
    kind = _NAMES.get(str(ring.row.get("kind")), _NAMES["alarm"])
    details = [kind] if label else []
    if ring.missed:
        details.append(_MISSED)
    return {
        "title": label or kind,
        "body": "\n".join(details),
        "urgency": "normal" if ring.missed else "critical",
    }
