"""Where a value came from and who may read it.

Every value that reaches a call carries a `Label`. Anything derived from values carries the `join`
of their labels, so a summary does not launder its source. Sources: CaMeL (arXiv 2503.18813) and
FIDES (arXiv 2505.23643); the rules that read labels are in `act/policy`.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


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


class Label(Struct, frozen=True):
    """The sources of a value, sorted, and its readers (`None`: anyone; empty: nobody)."""

    origins: tuple[Origin, ...] = ()
    readers: tuple[str, ...] | None = None

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
    """The label of anything derived from values with `labels`: all origins, common readers."""
    origins: set[Origin] = set()
    readers: set[str] | None = None
    for label in labels:
        origins.update(label.origins)
        if label.readers is not None:
            readers = set(label.readers) if readers is None else readers & set(label.readers)
    return Label(tuple(sorted(origins)), None if readers is None else tuple(sorted(readers)))
