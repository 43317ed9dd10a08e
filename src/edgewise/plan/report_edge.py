"""A plan's part for one sequence on a device: formats, what fits, speeds, where a cloud goes on.

The arithmetic is `edge`'s; here it is put together for each format; what is not known is None.
"""

from collections.abc import Sequence
from math import inf

from msgspec import Struct

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture
from edgewise.plan.chip import Chip
from edgewise.plan.edge import (
    Rates,
    Takeover,
    decoding,
    edge_fit,
    prefill_s,
    rates_by_bandwidth,
    rates_of,
    takeover,
)
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.stored import StoredWeights, stored_as

FORMATS = (NumberFormat.BF16, NumberFormat.Q8_0, NumberFormat.Q4_K)
"""What is planned where no format is asked for: as published, and llama.cpp's two most used."""
FILE = "file"
"""Stands for the format of a GGUF file, which often mixes several."""


class OnDevice(Struct, frozen=True):
    """One model in one format on one device, a single sequence. None is not known.

    `joules` are an upper bound where power is a data sheet's. `most_context` has room, and is as
    long as the model allows; from `cloud_from` tokens on a cloud has to take over, for the reason
    in `cloud_because`, None nowhere. `rates` says where the rates are from; where a chip's FLOP/s
    are not known, decoding is at most so fast, and the cloud takes over no later."""

    chip: str
    format: str
    weights_bytes: float
    memory_bytes: float | None
    fits: bool | None
    decode_tokens_s: float | None
    prefill_tokens_s: float | None
    first_token_s: float | None
    joules: float | None
    most_context: int | None
    cloud_from: int | None
    cloud_because: str | None
    rates: str | None


def on_device(
    model: Architecture,
    chip: Chip,
    context: int,
    wanted_tokens_s: float,
    stored: Sequence[tuple[str, StoredWeights]],
    rates: Rates | None = None,
) -> tuple[OnDevice, ...]:
    """The model on one device, in each way that it is stored; `rates` where they were measured."""
    reached = _rates(chip) if rates is None else rates
    return tuple(
        _in_format(model, chip, context, wanted_tokens_s, name, weights, reached)
        for name, weights in stored
    )


def ways_to_store(
    model: Architecture, asked: NumberFormat | None, exact: StoredWeights | None
) -> tuple[tuple[str, StoredWeights], ...]:
    """A file's own weights, else the format that is asked for, else `FORMATS`."""
    if exact is not None:
        return ((FILE, exact),)
    formats = FORMATS if asked is None else (asked,)
    return tuple((each.value, stored_as(model, each)) for each in formats)


def _in_format(
    model: Architecture,
    chip: Chip,
    context: int,
    wanted_tokens_s: float,
    name: str,
    stored: StoredWeights,
    rates: Rates | None,
) -> OnDevice:
    room = None if chip.memory_bytes is None else edge_fit(model, stored, chip, context)
    is_bound = rates is not None and rates.prefill_flops_s == inf
    power_w = None if is_bound else chip.power_w
    found = rates and decoding(model, stored, rates, context, power_w)
    first_s = None if is_bound else rates and prefill_s(model, stored, rates, context)
    limit = rates and _limit(model, chip, wanted_tokens_s, stored, rates)
    return OnDevice(
        chip=chip.name,
        format=name,
        weights_bytes=stored.total_bytes,
        memory_bytes=chip.memory_bytes,
        fits=room and room.fits,
        decode_tokens_s=found and found.tokens_s,
        prefill_tokens_s=first_s and context / first_s,
        first_token_s=first_s,
        joules=found and found.joules,
        most_context=room and room.most_context,
        cloud_from=limit and limit.cloud_from,
        cloud_because=limit and limit.because,
        rates=rates and rates.source,
    )


def _limit(
    model: Architecture, chip: Chip, wanted_tokens_s: float, stored: StoredWeights, rates: Rates
) -> Takeover | None:
    """Where the cloud takes over; for a chip whose memory is not known only where speed alone
    decides, for not even the first token is as fast as is wanted."""
    if chip.memory_bytes is not None:
        return takeover(model, stored, chip, rates, wanted_tokens_s=wanted_tokens_s)
    if decoding(model, stored, rates, 1).tokens_s >= wanted_tokens_s:
        return None
    return Takeover(wanted_tokens_s, 0, 0, cloud_from=1, because="speed")


def _rates(chip: Chip) -> Rates | None:
    """Assumed shares of a data sheet's peaks, of its bandwidth alone where it has no FLOP/s; None
    where it has neither."""
    for rates in (rates_of, rates_by_bandwidth):
        try:
            return rates(chip)
        except UserError as error:
            if error.code != "chip_figure_missing":
                raise
    return None
