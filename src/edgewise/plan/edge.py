"""One sequence on one chip: how fast it decodes and reads a prompt, how long it can be, and where
the cloud has to take over. This rule is OURS: the Step-3 report prices full batches and has none.

    token_s = weights read / their rate + cache / its rate + attention's FLOPs / their rate
              + other FLOPs / their rate + layers x layer_s + token_s

With a batch of one each weight is read for a single token, so weights' bytes bound decoding; a
prompt's tokens share them, so FLOPs bound prefill. Terms are added, not overlapped: what a chip
hides behind one another is in the rates, which are measured (`cli.plan_measure`) or, for a chip of
a data sheet, shares of its peaks (`rates_of`). Not known: throttling by heat, other programs.
"""

from math import inf

from msgspec import Struct

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture
from edgewise.plan.chip import Chip
from edgewise.plan.count import decode, prefill
from edgewise.plan.fit import KEPT_FREE, Fit, fit_bytes
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.stored import StoredWeights, rate_of, read_for_a_token

BANDWIDTH_SHARE = 0.6
COMPUTE_SHARE = 0.5
"""Shares of a data sheet's peaks that a runtime reaches with one sequence: our assumption, between
what llama.cpp's users print of phones and of graphics cards. Measure where you can."""
LAYER_S = 5e-6
"""Starting the kernels of a layer: our assumption."""


class Rates(Struct, frozen=True):
    """What a runtime reaches on a chip. Bytes and FLOPs a second; `inf` where another rate holds
    the cost already. `source` says how they came about."""

    weights_bytes_s: dict[NumberFormat, float]
    other_weights_bytes_s: float
    cache_bytes_s: float
    core_flops_s: float
    linear_flops_s: float
    prefill_flops_s: float
    layer_s: float
    token_s: float
    source: str


class Decoding(Struct, frozen=True):
    """Seconds of one decoded token by what they are for; `joules` None where power is not known."""

    weights_s: float
    cache_s: float
    compute_s: float
    overhead_s: float
    joules: float | None

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.weights_s + self.cache_s + self.compute_s + self.overhead_s

    @property
    def tokens_s(self) -> float:
        """Tokens a second."""
        return 1 / self.seconds


class Takeover(Struct, frozen=True):
    """How far the device goes. `most_context_fits` is bound by memory and the model's own limit,
    `most_context_fast` by the wanted speed besides; 0 where not even one token does. From
    `cloud_from` tokens of context on, the cloud has to take over; None: nowhere."""

    wanted_tokens_s: float
    most_context_fits: int
    most_context_fast: int
    cloud_from: int | None
    because: str


def rates_of(
    chip: Chip,
    compute: NumberFormat = NumberFormat.FP16,
    *,
    bandwidth_share: float = BANDWIDTH_SHARE,
    compute_share: float = COMPUTE_SHARE,
    layer_s: float = LAYER_S,
) -> Rates:
    """Rates of a chip of a data sheet as shares of its peaks. Raises UserError for a share outside
    0 to 1, and for a figure that the chip lacks."""
    for name, share in (("bandwidth_share", bandwidth_share), ("compute_share", compute_share)):
        if not 0 < share <= 1:
            raise UserError(f"{name} is {share}; it is above 0 and at most 1", code="bad_plan")
    bandwidth = chip.bandwidth() * bandwidth_share
    flops = chip.peak(compute) * compute_share
    source = f"{bandwidth_share:g} of bandwidth and {compute_share:g} of peak (assumed)"
    return _even(bandwidth, flops, layer_s, source)


def rates_by_bandwidth(chip: Chip, *, bandwidth_share: float = BANDWIDTH_SHARE) -> Rates:
    """Rates of a chip whose FLOP/s are not known, as if it had no end of them: decoding is at most
    so fast, and of prefill they tell nothing. Raises UserError for a chip without bandwidth."""
    source = f"{bandwidth_share:g} of bandwidth alone (assumed): at most so fast"
    return _even(chip.bandwidth() * bandwidth_share, inf, LAYER_S, source)


def _even(bandwidth: float, flops: float, layer_s: float, source: str) -> Rates:
    """The same bytes and FLOPs a second for every part of the work."""
    return Rates(
        weights_bytes_s={},
        other_weights_bytes_s=bandwidth,
        cache_bytes_s=bandwidth,
        core_flops_s=flops,
        linear_flops_s=flops,
        prefill_flops_s=flops,
        layer_s=layer_s,
        token_s=0.0,
        source=source,
    )


def decoding(
    architecture: Architecture,
    stored: StoredWeights,
    rates: Rates,
    context: int,
    power_w: float | None = None,
) -> Decoding:
    """The seconds of one token that attends to `context` tokens. `power_w` is what the chip draws
    while it works; a data sheet's limit makes `joules` an upper bound."""
    _at_least_one("context", context)
    work = decode(architecture, context)
    weights_s = sum(
        size / rate_of(name, rates.weights_bytes_s, rates.other_weights_bytes_s)
        for name, size in read_for_a_token(architecture, stored).items()
    )
    cache_s = (work.cache_traffic + work.kv_write) / rates.cache_bytes_s
    compute_s = work.core / rates.core_flops_s + (work.flops - work.core) / rates.linear_flops_s
    overhead_s = architecture.layers * rates.layer_s + rates.token_s
    seconds = weights_s + cache_s + compute_s + overhead_s
    return Decoding(
        weights_s, cache_s, compute_s, overhead_s, None if power_w is None else power_w * seconds
    )


def prefill_s(
    architecture: Architecture, stored: StoredWeights, rates: Rates, tokens: int
) -> float:
    """Seconds until a prompt of `tokens` is read: its FLOPs, or its weights once where that is
    longer, and attention's core at the rate that decoding has."""
    _at_least_one("tokens", tokens)
    work = prefill(architecture, tokens)
    linear_s = (work.flops - work.core) / rates.prefill_flops_s
    core_s = work.core / max(rates.core_flops_s, rates.prefill_flops_s)
    once = decoding(architecture, stored, rates, 1).weights_s
    return max(linear_s, once) + core_s + architecture.layers * rates.layer_s + rates.token_s


def edge_fit(
    architecture: Architecture,
    stored: StoredWeights,
    chip: Chip,
    context: int,
    kept_free: float = KEPT_FREE,
) -> Fit:
    """Whether weights and one sequence of `context` tokens fit into the chip's memory."""
    return fit_bytes(architecture, chip, stored.total_bytes, context=context, kept_free=kept_free)


def takeover(
    architecture: Architecture,
    stored: StoredWeights,
    chip: Chip,
    rates: Rates,
    *,
    wanted_tokens_s: float,
    kept_free: float = KEPT_FREE,
) -> Takeover:
    """Where the cloud takes over for a wanted speed. Raises UserError for a speed that is not above
    0, and for a chip whose memory is not known."""
    if not 0 < wanted_tokens_s < inf:
        raise UserError(f"{wanted_tokens_s} tokens/s is wanted; it is above 0", code="bad_plan")
    fits = edge_fit(architecture, stored, chip, 1, kept_free).most_context
    low, high = 0, fits
    while low < high:
        middle = (low + high + 1) // 2
        if decoding(architecture, stored, rates, middle).tokens_s >= wanted_tokens_s:
            low = middle
        else:
            high = middle - 1
    if low < fits:
        return Takeover(wanted_tokens_s, fits, low, low + 1, "speed")
    if architecture.max_context and fits >= architecture.max_context:
        return Takeover(wanted_tokens_s, fits, low, None, "the model's own limit")
    return Takeover(wanted_tokens_s, fits, low, low + 1, "memory")


def _at_least_one(name: str, value: int) -> None:
    if value < 1:
        raise UserError(f"{name} is {value}; it is at least 1", code="bad_plan")
