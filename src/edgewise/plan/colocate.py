"""Attention and feed-forward on the same cards, as engines run them today: how many, how fast.

Ours, not the Step-3 report's: a step reads the weights that its batch needs and each sequence's
cache, and computes, at `reached` of peak, whichever takes longer; the network costs nothing. Dense
models are split by tensor, within a server and as far as their heads divide. Routed experts are
spread over all cards, as many on each (SGLang takes no other numbers). All else of such a model is
split by tensor, no further than attention has key/value heads and within a server, and then copied:
dense layers, shared experts, embedding and head too, as vLLM's data-parallel ranks hold them.
"""

from math import ceil, gcd, inf

from msgspec import Struct

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture, Gqa, Mfa, Moe, ShortConvolution
from edgewise.plan.chip import Chip
from edgewise.plan.count import Work, decode, kv_bytes, state_bytes
from edgewise.plan.disaggregate import REACHED, TARGET_S, TooFull, TooSlow
from edgewise.plan.fit import KEPT_FREE
from edgewise.plan.number_format import NumberFormat, bytes_each
from edgewise.plan.weights import parameters, weight_bytes

MOST_SERVERS = 16
"""Of experts; the Step-3 report says that DeepSeek-V3 takes 320 GPUs."""
MOST_BATCH = 1 << 20


class Colocated(Struct, frozen=True):
    """Cards that hold `batch` sequences and take `token_s` for a token of each; bytes are of all
    cards together, `weights_bytes` with the copies of what is no routed expert."""

    cards: int
    servers: int
    tensor_parallel: int
    data_parallel: int
    batch: int
    token_s: float
    weights_bytes: float
    cache_bytes: float
    room_bytes: float

    @property
    def tokens_s(self) -> float:
        """Tokens a second of all sequences."""
        return self.batch / self.token_s


class _Load(Struct, frozen=True):
    """What a model asks of cards, whatever their number."""

    work: Work
    held_bytes: float
    expert_bytes: float
    cache_bytes: float
    heads: int
    kv_heads: int
    acting: float
    experts: int


def size_colocated(
    architecture: Architecture,
    context: int,
    chip: Chip,
    *,
    target_s: float = TARGET_S,
    batch: int | None = None,
    weights: NumberFormat = NumberFormat.FP8,
    weights_bytes: float | None = None,
    compute: NumberFormat = NumberFormat.FP8,
    reached: float = REACHED,
) -> Colocated | TooSlow | TooFull:
    """The fewest cards (a power of two, or whole servers) that hold and decode `batch` sequences of
    `context` in time; without a batch, one sequence, and then as many as those cards can.

    Raises UserError for figures that the chip lacks, and for a batch, context or target that is
    none."""
    _check(context, target_s, batch)
    if chip.memory_bytes is None:
        raise chip.lacks("memory")
    load = _load(architecture, context, weights, weights_bytes)
    found: Colocated | TooSlow | TooFull | None = None
    for cards in _counts(chip.cards, load):
        found = _on(load, chip, cards, batch or 1, compute, reached)
        if isinstance(found, Colocated):
            if found.token_s <= target_s:
                return found if batch else _widest(load, chip, cards, target_s, compute, reached)
            found = TooSlow("attention and ffn", found.token_s, target_s)
    assert found is not None, "a server has at least one card"
    return found


def _counts(cards: int, load: _Load) -> list[int]:
    """Numbers of cards to try; they divide the experts, or a dense model's heads."""
    within = [1 << power for power in range(cards.bit_length()) if 1 << power < cards]
    if load.experts:
        whole = (each * cards for each in range(1, MOST_SERVERS + 1))
        return [each for each in (*within, *whole) if load.experts % each == 0]
    return [each for each in (*within, cards) if load.heads % each == 0]


def _widest(
    load: _Load, chip: Chip, cards: int, target_s: float, compute: NumberFormat, reached: float
) -> Colocated:
    """With as many sequences as have room and time."""
    low, high = 1, MOST_BATCH
    while low < high:
        middle = (low + high + 1) // 2
        tried = _on(load, chip, cards, middle, compute, reached)
        if isinstance(tried, Colocated) and tried.token_s <= target_s:
            low = middle
        else:
            high = middle - 1
    found = _on(load, chip, cards, low, compute, reached)
    assert isinstance(found, Colocated), "one sequence was seen to fit"
    return found


def _on(
    load: _Load, chip: Chip, cards: int, batch: int, compute: NumberFormat, reached: float
) -> Colocated | TooFull:
    """A batch on a number of cards, in time or not."""
    tensor = gcd(min(cards, chip.cards), load.kv_heads) if load.experts else cards
    copies = cards // tensor
    weights = load.held_bytes + (copies - 1) * (load.held_bytes - load.expert_bytes)
    repeated = max(1.0, tensor / load.kv_heads)
    cache = batch * load.cache_bytes * repeated
    room = (chip.memory_bytes or 0.0) * cards * (1 - KEPT_FREE)
    if weights + cache > room:
        return TooFull(weights + cache, room)
    idle = load.expert_bytes * (1 - load.acting) ** batch
    read = weights - idle + batch * load.work.cache_traffic * repeated
    computed = batch * load.work.flops / (cards * chip.peak(compute) * reached)
    return Colocated(
        cards=cards,
        servers=ceil(cards / chip.cards),
        tensor_parallel=tensor,
        data_parallel=copies,
        batch=batch,
        token_s=max(computed, read / (cards * chip.bandwidth() * reached)),
        weights_bytes=weights,
        cache_bytes=cache,
        room_bytes=room,
    )


def _load(
    architecture: Architecture, context: int, weights: NumberFormat, weights_bytes: float | None
) -> _Load:
    held = parameters(architecture)
    moes = [group.ffn for group in architecture.groups if isinstance(group.ffn, Moe)]
    if weights_bytes is None:
        total, experts = weight_bytes(held, weights), held.experts * bytes_each(weights)
    else:
        total, experts = weights_bytes, weights_bytes * held.experts / held.total
    attentions = [group.attention for group in architecture.groups if group.attention]
    kv_heads = [each.kv_heads if isinstance(each, Gqa | Mfa) else 1 for each in attentions]
    return _Load(
        work=decode(architecture, context),
        held_bytes=total,
        expert_bytes=experts,
        cache_bytes=kv_bytes(architecture, context) + state_bytes(architecture),
        heads=gcd(*(e.heads for e in attentions if not isinstance(e, ShortConvolution))),
        kv_heads=gcd(*kv_heads) or 1,
        acting=min((moe.top_k / moe.experts for moe in moes), default=1.0),
        experts=gcd(*(moe.experts for moe in moes)),
    )


def _check(context: int, target_s: float, batch: int | None) -> None:
    for name, value, sound, limit in (
        ("the context", context, context >= 1, "it is at least 1"),
        ("the target for a token", target_s, 0 < target_s < inf, "it is above 0 seconds"),
        ("the batch", batch, batch is None or batch >= 1, "it is at least 1"),
    ):
        if not sound:
            raise UserError(f"{name} is {value}; {limit}", code="bad_plan")
