"""What goes wrong between a device and its cloud, as values that `chaos.ChaosProxy` carries out.

`up` is from the client to the server, `down` the way back. Bytes are counted for each connection,
each direction on its own, heads and frames included. Times and choices are made for tests: a
profile keeps the kind of a fault, and can be made quicker with `dataclasses.replace`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from edgewise.errors import UserError

UNRESOLVABLE_HOST = "localhost.invalid"
"""A name that no resolver may answer (RFC 6761, section 6.4), for a failure of DNS: give the client
`http://localhost.invalid`. There is nothing for a proxy to do. The resolver is asked, and takes as
long to say no as it does on this machine."""


def _check_signs(value: Any) -> None:
    for field in fields(value):
        held = getattr(value, field.name)
        if isinstance(held, int | float) and not held >= 0:
            raise UserError(f"{field.name} is {held}; it can not be below 0")


@dataclass(frozen=True, slots=True)
class Lane:
    """One direction. Each piece is late by `latency_s` and a random part of `jitter_s`, in order.

    `rate_bytes_s` is passed at most each second. After `stall_after_bytes` nothing passes for
    `stall_s` (once; infinite until the faults are changed), after `reset_after_bytes` the
    connection is reset. `None`: never.
    """

    latency_s: float = 0.0
    jitter_s: float = 0.0
    rate_bytes_s: float | None = None
    stall_after_bytes: int | None = None
    stall_s: float = math.inf
    reset_after_bytes: int | None = None

    def __post_init__(self) -> None:
        _check_signs(self)
        if self.rate_bytes_s == 0:
            raise UserError("rate_bytes_s is 0; to pass nothing, stall_after_bytes=0")


@dataclass(frozen=True, slots=True)
class Faults:
    """All that can go wrong at once.

    `refuse`: nobody listens, open connections are reset. `silent`: connections are accepted, what
    comes is swallowed, nothing is said (half-open); open ones fall silent, for good. After
    `dead_after_bytes` of answers a connection falls silent, without an end (FIN). For
    `accept_delay_s` a connection is not read (the kernel accepts it before anybody can delay it).
    `flap_up_s` and `flap_down_s` take turns, beginning with up; down is as with `refuse`.

    With `cut_probability` a request draws a cut: a reset at a random byte, fewer than
    `cut_within_bytes` of answers later, in a following answer if its own is shorter. What is no
    plain HTTP/1.1 draws once a connection. With `error_probability` a request is swallowed and
    answered with `error_status`.
    """

    up: Lane = Lane()
    down: Lane = Lane()
    refuse: bool = False
    silent: bool = False
    dead_after_bytes: int | None = None
    accept_delay_s: float = 0.0
    flap_up_s: float = 0.0
    flap_down_s: float = 0.0
    cut_probability: float = 0.0
    cut_within_bytes: int = 1024
    error_probability: float = 0.0
    error_status: int = 503

    def __post_init__(self) -> None:
        _check_signs(self)
        for name in ("cut_probability", "error_probability"):
            if getattr(self, name) > 1:
                raise UserError(f"{name} is {getattr(self, name)}; at most 1")
        if bool(self.flap_up_s) != bool(self.flap_down_s):
            raise UserError("flapping needs both flap_up_s and flap_down_s")
        if self.cut_within_bytes < 1:
            raise UserError(f"cut_within_bytes is {self.cut_within_bytes}; at least 1")


HEALTHY = Faults()

PROFILES: Mapping[str, Faults] = MappingProxyType(
    {
        "healthy": HEALTHY,
        "cloud_down": Faults(refuse=True),
        "jitter_400ms": Faults(down=Lane(jitter_s=0.4)),
        "resets_2_percent": Faults(cut_probability=0.02),
        "stall_mid_stream": Faults(down=Lane(stall_after_bytes=600)),
        "flapping": Faults(flap_up_s=2.0, flap_down_s=1.0),
        "half_open": Faults(silent=True),
        "slow_link": Faults(
            up=Lane(latency_s=0.15, rate_bytes_s=8_000),
            down=Lane(latency_s=0.15, rate_bytes_s=16_000),
        ),
        "errors_50_percent": Faults(error_probability=0.5),
    }
)
"""By name. `errors_50_percent` is what retry amplification is measured under."""
