"""`[wyoming]` of config.toml: where other programs may use the senses of this device, and which
satellites it hears. Off unless it is set.

The Wyoming protocol has no authentication and no encryption. So the server is for this machine
alone unless `allow` names who else; and who asks is a program, which sits in no seat and can not
say yes for the person, unless a `zone` says that a person sits there.
"""

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from edgewise.core.zone import Zone
from edgewise.errors import UserError
from edgewise.web.loopback import is_loopback

MOST_SATELLITES = 8
Seat = Literal["", "driver", "passenger", "row2_left", "row2_right", "row3"]


class SatelliteConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[[wyoming.satellite]]`: its `address` (`tcp://HOST:PORT`), the `zone` of the person who
    speaks to it (empty: nobody in particular, a program), and whether it `cancels_echo` of its own
    loudspeaker, so that its answers can be interrupted by voice."""

    address: str
    zone: Seat = ""
    cancels_echo: bool = False


class WyomingConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`listen` is where the server listens (`127.0.0.1:10300`; empty: off); at an address other
    than loopback `allow` must name the addresses or networks that are served. Words handed over
    there (`transcript`) are those of a person at `zone`, empty: of a program."""

    listen: str = ""
    allow: tuple[str, ...] = ()
    zone: Seat = ""
    satellite: tuple[SatelliteConfig, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.listen or self.satellite)

    @property
    def place(self) -> tuple[str, int]:
        """Host and port of `listen`."""
        return place_of(f"tcp://{self.listen}")

    @property
    def networks(self) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """Those of `allow`."""
        return [ipaddress.ip_network(each, strict=False) for each in self.allow]


def zone_of(seat: Seat) -> Zone | None:
    """The zone that a seat names; None for none."""
    return Zone(seat) if seat else None


def place_of(address: str) -> tuple[str, int]:
    """Host and port of `tcp://HOST:PORT`. Raises UserError."""
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    rest = parts.path or parts.query or parts.fragment or parts.username
    if parts.scheme != "tcp" or not host or not port or rest:
        raise UserError(f"{address!r} is no address; write tcp://HOST:PORT, PORT 1 to 65535")
    return host, port


def check_wyoming(config: WyomingConfig) -> None:
    """Raises UserError for what can not be."""
    if len(config.satellite) > MOST_SATELLITES:
        told = f"{len(config.satellite)} satellites; at most {MOST_SATELLITES} are served"
        raise UserError(f"wyoming.satellite: {told}")
    for satellite in config.satellite:
        place_of(satellite.address)
    try:
        networks = config.networks
    except ValueError as error:
        raise UserError(
            f"wyoming.allow: {error}; write addresses or networks, like 192.168.1.0/24"
        ) from error
    if config.listen and not is_loopback(config.place[0]) and not networks:
        raise UserError(
            f"wyoming.listen is {config.listen!r}, which other machines reach, and the protocol has"
            " no authentication: name in wyoming.allow who is served, or listen on 127.0.0.1"
        )
