"""A parked car as its own signal table describes it, and a way to ask what a call means there."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.act.resolve import resolve
from edgewise.core.call import Call, Resolution
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import snapshot_of
from edgewise.device.vehicle.signals import load_signals

Meaning = Callable[..., Resolution]


@pytest.fixture(scope="session")
def car() -> Mapping[str, Any]:
    """Every signal of the car with its first value."""
    return {s.path: s.initial for s in load_signals().values() if s.initial is not None}


@pytest.fixture(scope="session")
def meaning(car: Mapping[str, Any]) -> Meaning:
    """`meaning(capability, arguments, {target: value}, clause=...)`: the resolution in that car."""
    catalogue = builtin_catalogue()

    def ask(
        capability: str,
        arguments: Mapping[str, Any] | None = None,
        changes: Mapping[str, Any] | None = None,
        *,
        clause: str = "",
        zone: str = "driver",
        language: str = "en",
    ) -> Resolution:
        session = {"session.zone": zone, "session.language": language}
        call = Call(
            "turn.1", capability, dict(arguments or {}), label_of(OriginKind.VOICE), clause=clause
        )
        values = {**car, **session, **(changes or {})}
        return resolve(call, catalogue, snapshot_of(values, now=100.0, wall=1_795_000_000.0))

    return ask


@pytest.fixture(scope="session")
def writes(meaning: Meaning) -> Callable[..., dict[str, Any]]:
    """Like `meaning`, but only the writes: {target: value}."""

    def ask(*arguments: Any, **named: Any) -> dict[str, Any]:
        return {e.target: e.value for e in meaning(*arguments, **named).effects}

    return ask
