"""What is told of a device's clouds: how they do, what was agreed to, what left, what it cost.

The same values cross the device API and are read by the command line, so nothing heavy is imported.
"""

from typing import Literal

from msgspec import Struct

from edgewise.agent.fates import Fate
from edgewise.core.place import Mode
from edgewise.core.words import Words
from edgewise.route.payload import Sent

State = Literal["ready", "resting", "away"]


class Reply(Struct, frozen=True):
    """What the device API replies about clouds."""


class Today(Struct, frozen=True):
    """What clouds have cost today (UTC) and may cost, in units of currency and bytes, and how many
    turns sent something."""

    money: float
    money_limit: float
    bytes: int
    bytes_limit: int
    turns: int


class CloudRow(Struct, frozen=True):
    """One cloud: whether it can be asked now, or `why` not (`resting`: it failed lately;
    `ready` with a `why`: it refused the key or the model when it was asked last); what
    still keeps every message from it (`lacking`), and the consents in force for it."""

    name: str
    region: str
    model: str
    address: str
    state: State
    why: Words | None
    lacking: list[Words]
    consents: list[str]


class Clouds(Reply, frozen=True):
    """How the device stands with its clouds. `waiting` questions are kept until there is a
    network."""

    mode: Mode
    online: bool
    waiting: int
    today: Today
    clouds: list[CloudRow]


class ConsentRow(Reply, frozen=True):
    """One consent, also one that has ended. `once`: it is for one question only."""

    id: str
    recipient: str
    region: str
    purpose: str
    granted_at: float
    sensitive: bool
    crossing: bool
    expires_at: float | None
    revoked_at: float | None
    drive: str
    once: bool
    in_force: bool


class ConsentRows(Reply, frozen=True):
    """All that was ever agreed to, newest first."""

    consents: list[ConsentRow]


class LeftRow(Struct, frozen=True):
    """What left at one time, and its exact `payload` while the device remembers it. `fate` is what
    became of it; `turn` is the one in which it left where that is another, which went on with this
    one: a question that waited, a yes."""

    endpoint: str
    region: str
    purpose: str
    digest: str
    size_bytes: int
    replaced: dict[str, int]
    payload: list[Sent] | None
    fate: Fate = Fate.LEFT
    turn: str = ""


class LeftOfTurn(Reply, frozen=True):
    """All that left in a turn and for it later, what would leave by the yes that it asks for
    (`asks`), and what it cost. `kept`: its question was kept to be sent later, and has not been."""

    turn: str
    left: list[LeftRow]
    cost: float
    asks: LeftRow | None = None
    kept: bool = False
