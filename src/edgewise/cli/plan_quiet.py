"""Whether this machine is quiet enough to be measured: by its load before, by its probes after.

A busy machine gives low figures, and uneven ones: each probe meets another share of its cores.
"""

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise

from edgewise.core.words import Words
from edgewise.plan.number_format import NumberFormat, bytes_each

BUSY = 0.5
"""Load a core: from there on others take a share that shows in what is measured."""
UNEVEN = 2.0
"""Between repeats of one probe, quickest and slowest left aside; quiet ones differ by tenths."""
SLOWER = 1.5
"""By so much a narrow format may take longer than a wide one: on a quiet EPYC, unpacking with one
thread makes Q4_1 1.1 times as slow as Q8_0."""


def load_now() -> float | None:
    """Processes that ran or waited in the last minute, on average; None where it is not told."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None


def told_of_load(load: float | None, cores: int) -> Words | None:
    """What to say of that load before measuring; None where the machine is quiet, or not known."""
    if load is None or load <= BUSY * cores:
        return None
    return _BUSY.filled(load=f"{load:.1f}", cores=cores)


def told_of_probes(
    repeats_s: Sequence[Sequence[float]], wide_s: Mapping[NumberFormat, float]
) -> Words | None:
    """What to say after measuring of `repeats_s`, each probe's own times, and of `wide_s`, the
    times of those that the memory limits; None where they agree."""
    if any(is_uneven(each) for each in repeats_s):
        return _UNEVEN
    ordered = sorted(wide_s, key=bytes_each)
    for narrow, wide in pairwise(ordered):
        if wide_s[narrow] > SLOWER * wide_s[wide]:
            return _SLOWER.filled(narrow=narrow, wide=wide)
    return None


def is_uneven(times_s: Sequence[float]) -> bool:
    """Whether repeats of one probe disagree grossly, the quickest and the slowest left aside."""
    inner = sorted(times_s)[1:-1]
    return bool(inner) and (inner[0] <= 0 or inner[-1] > UNEVEN * inner[0])


_BUSY = Words(
    "This machine is busy (load {load} on {cores} cores): the figures will be too low.",
    "本机正忙（{cores} 核，负载 {load}）：测得的数据会偏低。",
)
_UNEVEN = Words(
    "Repeats of one probe differ by more than twice: other programs disturbed them. Do not rely on "
    "these figures; repeat when the machine is quiet.",
    "同一探测的多次结果相差超过一倍：受到其他程序干扰。这些数据不可靠，请在机器空闲时重测。",
)
_SLOWER = Words(
    "{narrow} came out slower than {wide}, which has more bytes: other programs may have "
    "disturbed it. Do not rely on these figures; repeat when the machine is quiet.",
    "{narrow} 测得比字节更多的 {wide} 还慢：可能受到其他程序干扰。数据不可靠，请在机器空闲时重测。",
)
