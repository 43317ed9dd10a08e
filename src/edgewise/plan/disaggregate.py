"""Attention and feed-forward on instances of their own (AFD): batches, network, sizes.

One instance is a server of cards. A token passes a pipeline of attention, network and FFN, whose
stages take equal parts of the time for an output token over all layers. Source: Step-3 report
(arXiv:2507.19427), sections 3, 5.4 and 6; reference note on Step-3, sections 1.2 and 2. What the
paper gives no rule for is said to be ours.
"""

from math import ceil, inf

from msgspec import Struct

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture, Attention, Ffn, Moe
from edgewise.plan.chip import Chip
from edgewise.plan.count import decode, kv_bytes, state_bytes
from edgewise.plan.fit import KEPT_FREE
from edgewise.plan.number_format import NumberFormat, bytes_each
from edgewise.plan.weights import parameters, projections

TARGET_S = 0.05
"""The paper's time for an output token."""
STAGES = 3
"""Attention, FFN and network, one micro-batch in each; the paper's other choice is 4."""
TRAFFIC_BYTES = 3
"""For each element of a token: 1 there in FP8, 2 back in BF16."""
REACHED = 0.5
"""Share of peak that attention and FFN reach; the paper's L20 example takes it for memory."""


def batch_of_dense(chip: Chip, compute: NumberFormat, stored: NumberFormat) -> float:
    """Tokens in a batch from which on a dense layer's FLOPs take longer than reading its weights;
    in the paper, with weights of a byte, FLOP/s / (2 x bandwidth)."""
    return chip.peak(compute) * bytes_each(stored) / (2 * chip.bandwidth())


def sparsity(ffn: Ffn | None) -> float:
    """The share of experts that act, shared ones among them: (top-k + shared) / experts, as the
    paper defines it; 1 for a dense layer."""
    if not isinstance(ffn, Moe):
        return 1.0
    return (ffn.top_k + ffn.shared_width / ffn.width) / ffn.experts


def batch_of_experts(dense: float, share: float) -> float:
    """Tokens in a batch from which on each expert has a full one."""
    return dense / share


def traffic_bytes(hidden: int, batch: float) -> float:
    """Bytes that a MoE layer's batch moves, to the experts and back."""
    return TRAFFIC_BYTES * hidden * batch


def sparsity_floor(
    hidden: int,
    layers: int,
    chip: Chip,
    *,
    compute: NumberFormat = NumberFormat.FP8,
    target_s: float = TARGET_S,
    network_share: float = 1.0,
) -> float:
    """The least share of acting experts for which a server's network keeps up with a batch that
    uses the chip well (Table 7). `network_share` is how much of the network is reached. Raises
    UserError for a chip whose network is not known."""
    network = _network(chip) * network_share
    dense = batch_of_dense(chip, compute, NumberFormat.FP8)
    return layers * traffic_bytes(hidden, dense) / (network * target_s / STAGES)


def acting_experts(floor: float, experts: int, shared: int) -> int:
    """Routed experts that a token has to take at that floor. The paper's example for DeepSeek-V3
    counts the shared one among all, which its definition does not."""
    return ceil((experts + shared) * floor - shared)


def scaled_throughput(known_tok_s: float, known: tuple[int, int], attention: int) -> float:
    """Tokens a second and card when a deployment of `known` attention and FFN instances gets
    `attention` of them for a longer context with the same FFN (the paper's rule for Table 8)."""
    return known_tok_s * sum(known) / (attention + known[1])


class AttentionRoom(Struct, frozen=True):
    """What one card of an attention server reads in a layer's time: `readable_bytes`, of which
    weights take `weights_bytes`; the rest is keys and values of `tokens` tokens of all sequences.
    """

    readable_bytes: float
    weights_bytes: float
    tokens: int

    def batch(self, context: int) -> int:
        """Sequences of that context on one card."""
        return self.tokens // context


def attention_room(
    architecture: Architecture,
    chip: Chip,
    layer_s: float,
    *,
    weights: NumberFormat = NumberFormat.FP8,
) -> AttentionRoom:
    """How much attention one card has time for, at its full bandwidth. Of the projections only the
    one after attention is split over a server's cards (the paper's L20 example); the first group of
    layers stands for all."""
    group = architecture.groups[0]
    held = _of_card(group.attention, architecture.hidden, chip.cards) * bytes_each(weights)
    readable = chip.bandwidth() * layer_s
    model = Architecture(
        name=architecture.name,
        hidden=architecture.hidden,
        vocab=architecture.vocab,
        groups=(group,),
    )
    each = kv_bytes(model, 1) / group.layers
    left = max(readable - held, 0.0)
    return AttentionRoom(readable, held, int(left // each) if each else 0)


class FfnCards(Struct, frozen=True):
    """Cards that read all FFN weights within a token's stage: bytes one card has time for, and the
    cards and whole servers that this makes."""

    bytes_per_card: float
    cards: int
    servers: int


def ffn_cards(
    architecture: Architecture,
    chip: Chip,
    layer_s: float,
    *,
    weights: NumberFormat = NumberFormat.FP8,
    reached: float = REACHED,
) -> FfnCards:
    """How many cards read the FFN weights of all layers at `reached` of their bandwidth, in
    `layer_s` a layer (the paper's L20 example)."""
    each = chip.bandwidth() * reached * layer_s * architecture.layers
    total = parameters(architecture).ffn * bytes_each(weights)
    return FfnCards(each, ceil(total / each), ceil(total / (each * chip.cards)))


class Deployment(Struct, frozen=True):
    """xA yF: servers for attention and for FFN. A micro-batch is in each stage. Tokens a second are
    those of whole stages at `reached` of peak."""

    attention_servers: int
    ffn_servers: int
    micro_batch: int
    stage_s: float
    cards: int
    tokens_s: float

    @property
    def name(self) -> str:
        """As the paper writes it: 2A2F."""
        return f"{self.attention_servers}A{self.ffn_servers}F"

    @property
    def batch(self) -> int:
        """Sequences in the whole pipeline."""
        return STAGES * self.micro_batch

    @property
    def tokens_s_per_card(self) -> float:
        """Tokens a second by all cards of both kinds."""
        return self.tokens_s / self.cards


class TooSlow(Struct, frozen=True):
    """No number of servers meets the target: a single sequence takes `needs_s` in `part`
    ("attention", "ffn", "network"), a stage has `has_s`."""

    part: str
    needs_s: float
    has_s: float


class TooFull(Struct, frozen=True):
    """No number of servers holds it: a single sequence in each stage and the weights beside it take
    `needs_bytes` of the `has_bytes` of one attention card."""

    needs_bytes: float
    has_bytes: float


class _Card(Struct, frozen=True):
    """What of one card can be reckoned with."""

    peak: float
    bandwidth: float
    room_bytes: float
    cards: int
    network: float | None


def size_deployment(
    architecture: Architecture,
    context: int,
    attention_chip: Chip,
    ffn_chip: Chip,
    *,
    target_s: float = TARGET_S,
    micro_batch: int | None = None,
    weights: NumberFormat = NumberFormat.FP8,
    compute: NumberFormat = NumberFormat.FP8,
    reached: float = REACHED,
) -> Deployment | TooSlow | TooFull:
    """The fewest servers that decode a micro-batch within each stage at a context.

    Ours, not the paper's: FFN servers are those that hold and read the weights in time; without a
    `micro_batch` it is the one that uses the FFN's chips well, as far as their time and network
    allow; attention servers are those that its keys, values and weights need, in time and memory.
    Each attention card holds all projections; where that is too slow or too much, a server's cards
    share the one after attention, as in the paper's L20 example.
    Raises UserError for figures that a chip lacks, and for a target or context that is none."""
    _check(context, target_s, micro_batch, reached)
    stage_s = target_s / STAGES
    attention = _card(attention_chip, compute, reached)
    ffn = _card(ffn_chip, compute, reached)
    ffn_servers, limits = _ffn_servers(architecture, ffn, weights, stage_s, micro_batch)
    most, part = min((most, part) for part, most in limits.items())
    if most < 1:
        return TooSlow(part, stage_s / most, stage_s)
    if micro_batch is None:
        dense = batch_of_dense(ffn_chip, compute, weights)
        share = min(sparsity(group.ffn) for group in architecture.groups)
        micro_batch = max(1, int(min(batch_of_experts(dense, share), most)))
    whole = parameters(architecture).projections * bytes_each(weights)
    per_card = _sequences(architecture, context, attention, whole, stage_s)
    if not isinstance(per_card, int):
        split = _split_projections(architecture, attention.cards) * bytes_each(weights)
        per_card = _sequences(architecture, context, attention, split, stage_s)
    if not isinstance(per_card, int):
        return per_card
    attention_servers = ceil(micro_batch / (per_card * attention.cards))
    return Deployment(
        attention_servers=attention_servers,
        ffn_servers=ffn_servers,
        micro_batch=micro_batch,
        stage_s=stage_s,
        cards=attention_servers * attention.cards + ffn_servers * ffn.cards,
        tokens_s=micro_batch / stage_s,
    )


def _ffn_servers(
    architecture: Architecture,
    card: _Card,
    weights: NumberFormat,
    stage_s: float,
    micro_batch: int | None,
) -> tuple[int, dict[str, float]]:
    """FFN servers, and the micro-batches that they and their network manage in a stage."""
    held = parameters(architecture).ffn * bytes_each(weights)
    work = decode(architecture, 1).ffn
    moved = sum(
        group.layers * traffic_bytes(architecture.hidden, 1)
        for group in architecture.groups
        if group.ffn is not None
    )
    in_time = card.cards * min(card.bandwidth * stage_s, card.room_bytes)
    of_batch = (micro_batch or 0) * work / (card.cards * card.peak * stage_s)
    of_network = (micro_batch or 0) * moved / (card.network * stage_s) if card.network else 0.0
    servers = max(1, ceil(held / in_time), ceil(of_batch), ceil(of_network))
    by_time = servers * card.cards * card.peak * stage_s / work if work else inf
    by_network = servers * card.network * stage_s / moved if card.network and moved else inf
    return servers, {"ffn": by_time, "network": by_network}


def _sequences(
    architecture: Architecture, context: int, card: _Card, held: float, stage_s: float
) -> int | TooSlow | TooFull:
    """Sequences of a micro-batch that one attention card serves in a stage with `held` bytes of
    weights; its memory holds those of all stages."""
    work = decode(architecture, context)
    each_s = max(work.core / card.peak, work.cache_traffic / card.bandwidth)
    computed_s = work.projections / card.peak
    read_s = held / card.bandwidth
    alone_s = each_s + max(computed_s, read_s)
    if alone_s > stage_s:
        return TooSlow("attention", alone_s, stage_s)
    in_time = (stage_s - read_s) / each_s if each_s else inf
    computing = stage_s / (each_s + computed_s)
    kept = STAGES * (kv_bytes(architecture, context) + state_bytes(architecture))
    in_memory = (card.room_bytes - held) / kept if kept else inf
    if in_memory < 1:
        return TooFull(held + kept, card.room_bytes)
    return int(min(in_time, computing, in_memory))


def _split_projections(architecture: Architecture, cards: int) -> float:
    """Weights of all layers' projections on one of `cards`."""
    hidden = architecture.hidden
    return sum(
        group.layers * _of_card(group.attention, hidden, cards) for group in architecture.groups
    )


def _of_card(attention: Attention | None, hidden: int, cards: int) -> float:
    """Weights of one layer's projections on one card, the last of them split over all."""
    matrices = projections(attention, hidden)
    return sum(each.size / (cards if each.name == "o" else 1) for each in matrices)


def _card(chip: Chip, compute: NumberFormat, reached: float) -> _Card:
    if chip.memory_bytes is None:
        raise chip.lacks("memory")
    network = None if chip.network_bytes_s is None else _network(chip)
    return _Card(
        peak=chip.peak(compute) * reached,
        bandwidth=chip.bandwidth() * reached,
        room_bytes=chip.memory_bytes * (1 - KEPT_FREE),
        cards=chip.cards,
        network=network,
    )


def _network(chip: Chip) -> float:
    """Bytes a second of a server's cards together."""
    if chip.network_bytes_s is None:
        raise chip.lacks("network")
    return chip.network_bytes_s * chip.cards


def _check(context: int, target_s: float, micro_batch: int | None, reached: float) -> None:
    least = "it is at least 1"
    for name, value, sound, limit in (
        ("the context", context, context >= 1, least),
        ("the target for a token", target_s, 0 < target_s < inf, "it is above 0 seconds"),
        ("the micro-batch", micro_batch, micro_batch is None or micro_batch >= 1, least),
        ("the share of peak reached", reached, 0 < reached <= 1, "it is above 0 and at most 1"),
    ):
        if not sound:
            raise UserError(f"{name} is {value}; {limit}", code="bad_plan")
