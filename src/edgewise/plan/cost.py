"""What a decoded token costs on a chip, as the Step-3 report reckons it (section 4, Table 6).

The rules are the paper's and are kind to every chip: peak rates; attention is the slower of its
FLOPs and its cache's bytes, and its projections after that; the FFN is its FLOPs alone, for a large
batch reads its weights once; the network costs nothing; router, embedding and head are left out.
A chip's time is what is reckoned; money is time by its price, so a chip without a price still has
times. Unit prices are exact (price / 3600 / rate): the printed three digits move 17 of 108 cells.
"""

from collections.abc import Iterable, Sequence
from itertools import product

from msgspec import Struct

from edgewise.plan.chip import Chip
from edgewise.plan.count import Work
from edgewise.plan.number_format import NumberFormat

MILLION = 1e6


class ChipCost(Struct, frozen=True):
    """One token on one chip: seconds of the whole chip, and USD a million tokens where the chip has
    a price. `intensity` is FLOPs of attention's core for each byte of cache; above `roofline`, the
    chip's FLOPs for each byte it can read, its arithmetic is what limits."""

    chip: Chip
    attention_s: float
    ffn_s: float
    intensity: float
    roofline: float

    @property
    def attention_usd(self) -> float | None:
        """USD for attention of a million tokens."""
        return _usd(self.chip, self.attention_s)

    @property
    def ffn_usd(self) -> float | None:
        """USD for the feed-forward layers of a million tokens."""
        return _usd(self.chip, self.ffn_s)

    @property
    def total_usd(self) -> float | None:
        """USD for a million tokens with both halves on this chip (the paper's EP)."""
        attention, ffn = self.attention_usd, self.ffn_usd
        return None if attention is None or ffn is None else attention + ffn

    @property
    def attention_is_computing(self) -> bool:
        """Whether the chip's FLOPs, not its memory, limit attention's core."""
        return self.intensity > self.roofline


class Split(Struct, frozen=True):
    """Attention on one chip and feed-forward on another, or the same (the paper's AFD)."""

    attention: ChipCost
    ffn: ChipCost
    total_usd: float

    @property
    def is_one_chip(self) -> bool:
        """Whether both halves are on one kind of chip."""
        return self.attention.chip.name == self.ffn.chip.name


def cost_on(work: Work, chip: Chip, compute: NumberFormat = NumberFormat.FP8) -> ChipCost:
    """The cost of one token's work on a chip that computes in `compute`, or wider where it has no
    such arithmetic. Raises UserError for a figure that the chip lacks."""
    peak, bandwidth = chip.peak(compute), chip.bandwidth()
    core_s = max(work.paper_core / peak, work.cache_traffic / bandwidth)
    return ChipCost(
        chip=chip,
        attention_s=core_s + work.paper_linear / peak,
        ffn_s=work.paper_ffn / peak,
        intensity=intensity(work),
        roofline=peak / bandwidth,
    )


def intensity(work: Work) -> float:
    """FLOPs of attention's core for each byte of keys, values and states; 0 without attention."""
    return work.paper_core / work.cache_traffic if work.cache_traffic else 0.0


def deployed_usd(cards: Iterable[tuple[Chip, int]], tokens_s: float) -> float | None:
    """USD a million tokens of so many cards of each chip that give `tokens_s` together; None where
    a chip has no price. Ours: what a planned deployment costs, not the paper's peak rates."""
    usd_s = 0.0
    for chip, count in cards:
        if chip.price_usd_per_hour is None:
            return None
        usd_s += count * chip.price_usd_per_hour / 3600
    return usd_s / tokens_s * MILLION


def best_split(costs: Sequence[ChipCost]) -> Split | None:
    """The cheapest chip for each half; None where no chip has a price. Among equals, one chip for
    both comes first, then the order given."""
    splits = _splits(costs)
    return min(splits, key=lambda split: (split.total_usd, not split.is_one_chip), default=None)


def training_usd(work: Work, chip: Chip, compute: NumberFormat = NumberFormat.FP8) -> float | None:
    """USD to train on a million tokens: three times a token's FLOPs at that context, all at peak.
    The rule meets the paper's Figure 4; the paper prints none."""
    flops = work.paper_core + work.paper_linear + work.paper_ffn
    return _usd(chip, 3 * flops / chip.peak(compute))


def _splits(costs: Iterable[ChipCost]) -> Iterable[Split]:
    for attention, ffn in product(tuple(costs), repeat=2):
        attention_usd, ffn_usd = attention.attention_usd, ffn.ffn_usd
        if attention_usd is not None and ffn_usd is not None:
            yield Split(attention, ffn, attention_usd + ffn_usd)


def _usd(chip: Chip, seconds: float) -> float | None:
    """USD for a million times these seconds of the chip."""
    if chip.price_usd_per_hour is None:
        return None
    return chip.price_usd_per_hour / 3600 * seconds * MILLION
