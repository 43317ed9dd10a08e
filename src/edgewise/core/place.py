"""Where a turn thinks, and why there: the values that `route` decides on."""

from enum import StrEnum

from msgspec import Struct

from edgewise.core.words import Words

Value = bool | int | float | str | None


class Site(StrEnum):
    """The two places."""

    DEVICE = "device"
    CLOUD = "cloud"


class Mode(StrEnum):
    """What the owner wants: the four of Firebase's hybrid inference, and to be asked each time."""

    DEVICE_ONLY = "device_only"
    PREFER_DEVICE = "prefer_device"
    PREFER_CLOUD = "prefer_cloud"
    CLOUD_ONLY = "cloud_only"
    ASK = "ask"


class Way(StrEnum):
    """How words are found: by the device's model; by a cloud's with the whole turn; by a cloud that
    plans while the device reads (DELEGATE); by a cloud's agent that proposes calls (AGENT); later,
    when there is a network (QUEUE); after the person said yes to it (ASK); not at all (REFUSE)."""

    DEVICE = "device"
    CLOUD = "cloud"
    DELEGATE = "delegate"
    AGENT = "agent"
    QUEUE = "queue"
    ASK = "ask"
    REFUSE = "refuse"

    @property
    def site(self) -> Site:
        """Where the thinking is done."""
        away = self in (Way.CLOUD, Way.DELEGATE, Way.AGENT)
        return Site.CLOUD if away else Site.DEVICE


class Stage(Struct, frozen=True):
    """One stage of a routing decision: what it looked at, and whether it settled the matter.

    `otherwise` says what would have changed the outcome here; `threshold` is what `values` were
    held against. Nothing of what was said stands in any of it (rule P11).
    """

    name: str
    words: Words
    values: dict[str, Value] = {}
    threshold: float | None = None
    settled: bool = False
    otherwise: Words | None = None


class Routing(Struct, frozen=True):
    """A routing decision. `endpoint` is the cloud's name, empty on the device; `margin` is how far
    the decisive score was from its threshold; `rules` are the ids of hard rules that cut a way off;
    `check` says that the device's answer is checked before it counts, `probability` with which a
    permitted sample took this way (1: no chance in it)."""

    way: Way
    endpoint: str = ""
    model: str = ""
    stages: tuple[Stage, ...] = ()
    allowed: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    runner_up: str = ""
    margin: float | None = None
    check: bool = False
    probability: float = 1.0
    policy: str = ""
    calibration: str = ""


class Place(Struct, frozen=True):
    """A site, the model or service there, and each stage's line that led to it.

    A line without a translation is one that an older trail holds.
    """

    site: Site
    name: str
    why: tuple[Words | str, ...] = ()
