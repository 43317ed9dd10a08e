"""What the front and its workers say to each other: JSON over a pair of sockets, values only.

The front speaks `Setup` once, then `Go` for each pass of a micro-batch; workers answer `Ready`, and
attention workers `Passed` to each `Go` in which they have tokens. FFN workers answer nothing: what
they compute goes to the attention workers. Whoever cannot go on says why and ends.
Tokens and vectors between workers do not pass here (`afd_link`).
"""

from typing import Literal

import msgspec
from msgspec import Struct

from edgewise.step3.sampling import Sampling

Role = Literal["attention", "ffn"]


class Plan(Struct, frozen=True):
    """How many workers of each kind, and micro-batches in flight (3 as in the paper; 1: no stage
    overlaps another). Ranks: attention workers first."""

    attention: int = 1
    ffn: int = 1
    micro_batches: int = 3

    @property
    def workers(self) -> int:
        return self.attention + self.ffn

    def place(self, rank: int) -> tuple[Role, int]:
        """A rank's role, and which of that role it is, from 0."""
        if rank < self.attention:
            return "attention", rank
        return "ffn", rank - self.attention

    def name(self, rank: int) -> str:
        role, index = self.place(rank)
        return f"{'FFN' if role == 'ffn' else role} worker {index}"


class Ask(Struct, frozen=True):
    """One request: the prompt's tokens, and how those after it are chosen."""

    prompt: tuple[int, ...]
    sampling: Sampling = Sampling()


class Begun(Struct, frozen=True):
    """A request for a worker: `known` are tokens after the prompt that were decoded before."""

    number: int
    ask: Ask
    known: tuple[int, ...] = ()


class Setup(Struct, frozen=True, tag=True):
    """What a worker is. `store`: the file by which workers find each other. `pages`: of the cache
    of an attention worker. `wait_limit_s`: how long one waits for another."""

    rank: int
    plan: Plan
    folder: str
    store: str
    threads: int
    pages: int
    wait_limit_s: float


class Go(Struct, frozen=True, tag=True):
    """One pass of a micro-batch through all layers. `counts`: how many tokens each attention worker
    has in it. `begun`: requests that come in, for the attention worker that is told."""

    micro: int
    counts: tuple[int, ...]
    begun: tuple[Begun, ...] = ()


class Tell(Struct, frozen=True, tag=True):
    """Asks for `Spent`, counted since the last time; also whether the worker lives."""


class Stop(Struct, frozen=True, tag=True):
    """Ends the worker."""


class Ready(Struct, frozen=True, tag=True):
    """The worker has its weights; `held` are their names, with the part where it is only one."""

    held: list[str]
    held_bytes: int


class Chosen(Struct, frozen=True):
    number: int
    token: int
    is_last: bool


class Passed(Struct, frozen=True, tag=True):
    micro: int
    chosen: list[Chosen]


class Spent(Struct, frozen=True, tag=True):
    """Seconds: `computing` in the worker's own stage, `waiting` from handing vectors over to having
    those that come back (attention workers), or for vectors to come in (FFN workers). Summed over
    micro-batches, which wait at the same time."""

    computing_s: float
    waiting_s: float


class Lost(Struct, frozen=True, tag=True):
    """The worker of rank `peer` does not answer this one, which ends."""

    peer: int
    reason: str


class Failed(Struct, frozen=True, tag=True):
    """This worker has an error of its own and ends."""

    reason: str


Order = Setup | Go | Tell | Stop
Report = Ready | Passed | Spent | Lost | Failed

encode = msgspec.json.Encoder().encode
orders = msgspec.json.Decoder(Order)
reports = msgspec.json.Decoder(Report)
