"""Where a turn thinks, and why there: the value `route` decides on."""

from enum import StrEnum

from msgspec import Struct

from edgewise.core.words import Words


class Site(StrEnum):
    """The two places."""

    DEVICE = "device"
    CLOUD = "cloud"


class Place(Struct, frozen=True):
    """A site, the model or service there, and each stage's line that led to it.

    A line without a translation is one that an older trail holds.
    """

    site: Site
    name: str
    why: tuple[Words | str, ...] = ()
