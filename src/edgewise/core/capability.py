"""The declaration of a capability: what a device can do, as a value.

`think` reads declarations to understand words, `act` has the code behind them, and neither knows
the other; `agent` hands the same catalogue to both. How each one acts is in `act/catalogue`.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum

import msgspec
from msgspec import Struct

from edgewise.core.label import OriginKind
from edgewise.core.signal import JsonValue
from edgewise.core.words import Words


class Risk(StrEnum):
    """How bad it is to do it wrongly; the gates are in `act/policy/gates.cedar`."""

    READ = "read"
    REVERSIBLE = "reversible"
    DISRUPTIVE = "disruptive"
    IRREVERSIBLE = "irreversible"
    SAFETY_CRITICAL = "safety_critical"


class Kind(StrEnum):
    """Types of an argument's value."""

    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"
    ZONE = "zone"
    ZONES = "zones"
    TEXT = "text"
    DURATION = "duration"
    MOMENT = "moment"
    OBJECT = "object"


class Choice(Struct, frozen=True):
    """One allowed value, how it is said back, and the words by which people mean it."""

    value: str
    words: Words
    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()


class Argument(Struct, frozen=True):
    """One argument: its type, its limits, and how it may be filled.

    Numbers are in `unit`; DURATION is seconds; MOMENT is ISO 8601 local time without zone, or
    a date alone; ZONES is a list of zone names; OBJECT is any JSON object. `private` values never
    reach the trail in clear. `default` fills a missing value; an argument that is `required` and
    missing makes the device ask.
    """

    name: str
    kind: Kind
    words: Words
    required: bool = False
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    default: JsonValue = None
    private: bool = False
    relative: bool = False


class Sink(Struct, frozen=True):
    """What flows out of the device by a call: which argument, to whom (an argument or a name)."""

    argument: str
    to: str


class Example(Struct, frozen=True):
    """A sentence and the arguments it must be understood as."""

    text: str
    arguments: dict[str, JsonValue] = {}


HOUSE = "edgewise"
"""The provider of what is declared here; of all else words and names may be a stranger's."""


class Capability(Struct, frozen=True):
    """One thing the device can do.

    `name` is `family.verb`. `actuators` are the targets it may touch (`*` stands for one or more
    name parts); an effect outside them is refused. `one_of` lists groups of arguments of which
    exactly one must be given. `time_to_live_s` counts from the request to the write (rule 36);
    `readback_s` is how long the change may take to show (rule 37). `done` is the template of the
    answer after success, `tells` that of a read. `content` names the kind of source that data read
    through it has; `None` is the device's own state.
    """

    name: str
    words: Words
    risk: Risk
    arguments: tuple[Argument, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    actuators: tuple[str, ...] = ()
    sinks: tuple[Sink, ...] = ()
    undoable: bool = False
    time_to_live_s: float = 30.0
    readback_s: float = 2.0
    rules: tuple[int, ...] = ()
    en: tuple[Example, ...] = ()
    zh: tuple[Example, ...] = ()
    done: Words | None = None
    tells: Words | None = None
    private: bool = False
    content: OriginKind | None = None
    available: bool = True
    unavailable: Words | None = None
    provider: str = HOUSE

    @property
    def family(self) -> str:
        """The part of the name before the verb."""
        return self.name.rpartition(".")[0]

    def argument(self, name: str) -> Argument | None:
        """The declaration of the argument `name`, if there is one."""
        return next((argument for argument in self.arguments if argument.name == name), None)


def catalogue_hash(capabilities: Iterable[Capability]) -> str:
    """SHA-256 of the declarations in order of name; the trail of each turn carries it (rule 40)."""
    ordered = sorted(capabilities, key=lambda capability: capability.name)
    return hashlib.sha256(msgspec.json.encode(ordered, order="deterministic")).hexdigest()
