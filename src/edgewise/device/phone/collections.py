"""What the device's stores hold, and what they add to a row themselves.

Rows: `phone.contacts.7`; documents (one value each): `nav.route`; values: `phone.settings.wifi`.
Rows carry no clock when they are written: `stamp` adds it here, once, so that resolving a call
twice gives the same effects.
"""

from typing import Any

PREFIXES = ("phone", "nav", "memory", "scene")

DOCUMENTS = frozenset({"nav.route", "nav.view", "nav.position", "phone.screen", "phone.finder"})
"""Targets of two words that hold one value."""

VALUES = frozenset({"phone.settings", "nav.settings"})
"""Collections whose entries are plain values; read whole, they are an object by key."""

_STARTED = frozenset({"phone.alarms", "phone.call", "nav.route"})
_SENT = frozenset({"phone.messages", "phone.emails"})


def stamp(
    collection: str, value: dict[str, Any], before: dict[str, Any] | None, wall: float
) -> dict[str, Any]:
    """The row with what the store knows: `at` (first written), `started_at`, `status` of a message.

    What a row brings along is kept, so an undo restores it exactly.
    """
    added: dict[str, Any] = {}
    if "at" not in value:
        added["at"] = before.get("at", wall) if before else wall
    if collection in _STARTED and "started_at" not in value and value.get("state") != "paused":
        added["started_at"] = wall
    if collection in _SENT and value.get("direction") == "out" and "status" not in value:
        added["status"] = "sent"
    return {**value, **added}
