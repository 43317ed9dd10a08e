"""Whether weights, keys and values fit into memory, and how long or wide a use can be.

All experts of a MoE are held, not only those that act; a window's layers keep a window. What a
runtime takes besides is one share of memory that is left alone.
"""

from msgspec import Struct

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture
from edgewise.plan.chip import Chip
from edgewise.plan.count import kv_bytes, state_bytes
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.weights import parameters, weight_bytes

KEPT_FREE = 0.1
"""Share of memory for activations, buffers and the runtime; vLLM's default leaves as much."""


class Fit(Struct, frozen=True):
    """Bytes that a use needs and has. `most_context` is the longest of the same batch, `most_batch`
    the widest of the same context; both 0 where not even the weights fit."""

    weights_bytes: float
    cache_bytes: float
    room_bytes: float
    most_context: int
    most_batch: int

    @property
    def fits(self) -> bool:
        """Whether all of it has room."""
        return self.weights_bytes + self.cache_bytes <= self.room_bytes


def fit(
    architecture: Architecture,
    chip: Chip,
    *,
    weights: NumberFormat,
    context: int,
    batch: int = 1,
    cards: int = 1,
    kept_free: float = KEPT_FREE,
) -> Fit:
    """How the model stored as `weights` fits into `cards` chips with `batch` sequences of `context`
    tokens. Raises UserError for a chip whose memory is not known."""
    held = weight_bytes(parameters(architecture), weights)
    return fit_bytes(
        architecture, chip, held, context=context, batch=batch, cards=cards, kept_free=kept_free
    )


def fit_bytes(
    architecture: Architecture,
    chip: Chip,
    weights_bytes: float,
    *,
    context: int,
    batch: int = 1,
    cards: int = 1,
    kept_free: float = KEPT_FREE,
) -> Fit:
    """Like `fit`, for weights whose bytes are known, as a file's are."""
    for name, value in (("context", context), ("batch", batch), ("cards", cards)):
        if value < 1:
            raise UserError(f"{name} is {value}; it is at least 1", code="bad_plan")
    if chip.memory_bytes is None:
        raise chip.lacks("memory")
    room = chip.memory_bytes * cards * (1 - kept_free)
    each = kv_bytes(architecture, context) + state_bytes(architecture)
    left = max(room - weights_bytes, 0.0)
    return Fit(
        weights_bytes=weights_bytes,
        cache_bytes=batch * each,
        room_bytes=room,
        most_context=longest_context(architecture, left / batch),
        most_batch=int(left // each) if each else batch,
    )


def longest_context(architecture: Architecture, room_bytes: float) -> int:
    """Tokens of one sequence whose cache has that room, at most the model's own limit (a billion
    where it states none)."""
    room = room_bytes - state_bytes(architecture)
    low, high = 0, architecture.max_context or 10**9
    if room < 0:
        return 0
    while low < high:
        middle = (low + high + 1) // 2
        if kv_bytes(architecture, middle) <= room:
            low = middle
        else:
            high = middle - 1
    return low
