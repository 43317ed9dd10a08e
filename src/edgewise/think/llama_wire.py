"""What the device and its language model's process say to each other: one JSON object a line.

The device writes orders to the process's standard input, the process writes reports to its
standard output. Both ends check what they read against these types; a line that does not fit
counts as a broken process. Knows nothing of pipes or models.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from edgewise.think.chat import ChatTurn

LINE_LIMIT_BYTES = 1 << 20

Count = Annotated[int, Meta(ge=0)]


class Generate(Struct, frozen=True, tag="generate", forbid_unknown_fields=True):
    """Order: write an answer. It names no schema, grammar or tool on purpose: the runtime drops
    a constraint it cannot compile without saying so (docs/decisions/0005)."""

    id: Annotated[int, Meta(ge=1)]
    system: str
    turns: Annotated[tuple[ChatTurn, ...], Meta(min_length=1)]
    max_tokens: Annotated[int, Meta(ge=1, le=8192)]
    temperature: Annotated[float, Meta(ge=0, le=2)]
    log_probabilities: bool = False


class Cancel(Struct, frozen=True, tag="cancel", forbid_unknown_fields=True):
    """Order: stop writing that answer; its Finished still comes."""

    id: Count


class Ready(Struct, frozen=True, tag="ready", forbid_unknown_fields=True):
    """Report: the model is loaded."""

    context_tokens: Count
    load_ms: float
    memory_bytes: Count


class Piece(Struct, frozen=True, tag="piece", forbid_unknown_fields=True):
    """Report: the next token's characters, and how likely it was if the order asked for that."""

    id: Count
    text: str
    log_probability: Annotated[float, Meta(le=0)] = 0.0


class Ending(StrEnum):
    """Why a model stopped writing."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"


class Finished(Struct, frozen=True, tag="finished", forbid_unknown_fields=True):
    """Report: an answer is complete, and what it took."""

    id: Count
    ending: Ending
    prompt_tokens: Count = 0
    cached_tokens: Count = 0
    tokens: Count = 0
    first_ms: float = 0.0
    tokens_per_s: float = 0.0
    memory_bytes: Count = 0


class Failure(StrEnum):
    """What can go wrong in the process, as codes."""

    NO_RUNTIME = "no_runtime"
    NO_MODEL = "no_model"
    TOO_LONG = "too_long"
    REFUSED = "refused"
    BUSY = "busy"
    BAD_ORDER = "bad_order"


class Failed(Struct, frozen=True, tag="failed", forbid_unknown_fields=True):
    """Report: an order (or, with id 0, the process itself) failed, and how."""

    id: Count
    failure: Failure
    message: str
    prompt_tokens: Count = 0
    limit_tokens: Count = 0


Order = Generate | Cancel
Report = Ready | Piece | Finished | Failed

_encoder = msgspec.json.Encoder()
_orders = msgspec.json.Decoder(Order)
_reports = msgspec.json.Decoder(Report)


def to_line(message: Order | Report) -> bytes:
    """One line with its newline. Raises UnicodeEncodeError for lone surrogates in a text."""
    return _encoder.encode(message) + b"\n"


def read_order(line: bytes) -> Order:
    """The order in a line. Raises msgspec.DecodeError for anything else."""
    return _orders.decode(line)


def read_report(line: bytes) -> Report:
    """The report in a line. Raises msgspec.DecodeError for anything else."""
    return _reports.decode(line)
