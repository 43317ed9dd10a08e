"""Where a value came from and who may read it.

Every value that reaches a call carries a `Label`. Anything derived from values carries the `join`
of their labels, so a summary does not launder its source. Sources: CaMeL (arXiv 2503.18813) and
FIDES (arXiv 2505.23643); the rules that read labels are in `act/policy`.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from msgspec import Struct
from msgspec.structs import replace


class OriginKind(StrEnum):
    """Kinds of source; the first five are trusted to propose calls.

    CLIENT is a program the owner gave a token to (the API, an MCP client, a cloud agent): it may
    propose, and the policy asks the person more often than for their own words.
    """

    VOICE = "voice"
    TOUCH = "touch"
    TYPED = "typed"
    SYSTEM = "system"
    CLIENT = "client"
    APP = "app"
    WEB = "web"
    MESSAGE = "message"
    CALENDAR = "calendar"
    CONTACT = "contact"
    MEDIA = "media"
    IMAGE = "image"
    MODEL = "model"
    TOOL = "tool"
    FILE = "file"


TRUSTED_KINDS = frozenset(
    {
        OriginKind.VOICE,
        OriginKind.TOUCH,
        OriginKind.TYPED,
        OriginKind.SYSTEM,
        OriginKind.CLIENT,
    }
)


OWNER = ("owner",)
"""Readers of what is the owner's alone."""


class Origin(Struct, frozen=True, order=True):
    """One source: its kind, and which one of that kind (a zone, an app, a sender, an address)."""

    kind: OriginKind
    detail: str = ""

    @property
    def trusted(self) -> bool:
        """Whether content of this source may propose calls."""
        return self.kind in TRUSTED_KINDS


class Residency(IntEnum):
    """How far a value may go: anywhere that is consented to, within its region, nowhere."""

    ANY = 0
    REGION = 1
    DEVICE = 2


class Sensitivity(IntEnum):
    """How much harm it does where it does not belong. PERSONAL tells who somebody is; SENSITIVE is
    the class of PIPL Art. 28 (health, finance, biometrics, tracks, children); SECRET gives power
    (keys, passwords) and leaves in no form."""

    PLAIN = 0
    PERSONAL = 1
    SENSITIVE = 2
    SECRET = 3


class Label(Struct, frozen=True):
    """The sources of a value, sorted, and its readers (`None`: anyone; empty: nobody); how far it
    may go, how much harm it does there, what it may be used for (`None`: anything), and until when
    (wall seconds, `None`: without end)."""

    origins: tuple[Origin, ...] = ()
    readers: tuple[str, ...] | None = None
    residency: Residency = Residency.ANY
    sensitivity: Sensitivity = Sensitivity.PLAIN
    purposes: tuple[str, ...] | None = None
    expires_at: float | None = None

    @property
    def trusted(self) -> bool:
        """Whether every source is trusted; a value without a source is not."""
        return bool(self.origins) and all(origin.trusted for origin in self.origins)

    @property
    def private(self) -> bool:
        """Whether somebody's reading of it is restricted."""
        return self.readers is not None

    def untrusted_origins(self) -> tuple[Origin, ...]:
        """The sources that may not propose calls."""
        return tuple(origin for origin in self.origins if not origin.trusted)


def label_of(
    kind: OriginKind, detail: str = "", *, readers: tuple[str, ...] | None = None
) -> Label:
    """The label of a value fresh from one source."""
    return Label((Origin(kind, detail),), readers)


def join(labels: Iterable[Label]) -> Label:
    """The label of anything derived from values with `labels`: all origins, common readers and
    purposes, and of everything else the strictest."""
    labels = tuple(labels)
    origins = {origin for label in labels for origin in label.origins}
    ends = [label.expires_at for label in labels if label.expires_at is not None]
    return Label(
        tuple(sorted(origins)),
        _common(label.readers for label in labels),
        max((label.residency for label in labels), default=Residency.ANY),
        max((label.sensitivity for label in labels), default=Sensitivity.PLAIN),
        _common(label.purposes for label in labels),
        min(ends, default=None),
    )


def is_stricter(one: Label, other: Label) -> bool:
    """Whether what is derived from both is bound by anything that `other` alone is not: how far it
    goes, its readers, its purposes, its end."""
    both, alone = join([one, other]), join([other])
    return replace(both, origins=()) != replace(alone, origins=())


def _common(sets: Iterable[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    """What all have that are restricted; None when none is."""
    common: set[str] | None = None
    for one in sets:
        if one is not None:
            common = set(one) if common is None else common & set(one)
    return None if common is None else tuple(sorted(common))
