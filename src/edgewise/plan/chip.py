"""Chips as data: what they cost, compute, hold and move. Each figure says where it is from.

A figure that its maker does not publish is None, never a guess. The entries are `chips.toml`, which
whoever may read files hands in; a person's own chip is a file like it. `network` is one card's
share of its server's; `cards` are those of a server.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from edgewise.errors import UserError
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.quantity import (
    BYTES,
    BYTES_PER_SECOND,
    FLOPS,
    OPERATIONS,
    USD_PER_HOUR,
    WATTS,
    quantity,
    wrong,
)


class Kind(StrEnum):
    """Where a chip works."""

    ACCELERATOR = "accelerator"
    DESKTOP = "desktop"
    EDGE = "edge"
    PHONE = "phone"


class Chip(Struct, frozen=True):
    """One chip. `peak_flops` is by number format, dense; `tops` is the maker's own number, for
    show only: makers count it in several ways."""

    name: str
    kind: Kind
    price_usd_per_hour: float | None
    peak_flops: dict[NumberFormat, float]
    memory_bytes: float | None
    bandwidth_bytes_s: float | None
    network_bytes_s: float | None
    power_w: float | None
    tops: float | None
    cards: int
    aliases: tuple[str, ...]
    sources: dict[str, str]

    def peak(self, compute: NumberFormat) -> float:
        """FLOP/s for numbers in that format, in a wider one where the chip has none for it: the
        Step-3 report computes in BF16 where there is no FP8. Raises UserError if none is known."""
        wider = (NumberFormat.BF16, NumberFormat.FP16, NumberFormat.FP32)
        own = () if compute is NumberFormat.FP32 else wider
        for each in (compute, *own):
            if each in self.peak_flops:
                return self.peak_flops[each]
        raise self.lacks("peak_flops", f" for {compute}")

    def bandwidth(self) -> float:
        """Bytes a second of its memory. Raises UserError if that is not known."""
        if self.bandwidth_bytes_s is None:
            raise self.lacks("bandwidth")
        return self.bandwidth_bytes_s

    def lacks(self, key: str, detail: str = "") -> UserError:
        """The error that a figure is needed which is not known."""
        return UserError(
            f"{self.name} has no {key}{detail}: its maker publishes none. Write the chip into a "
            f"file of your own with {key}",
            code="chip_figure_missing",
        )


class _Entry(Struct, forbid_unknown_fields=True):
    """A chip as it is written; figures are numbers or texts with a unit."""

    name: Annotated[str, Meta(min_length=1)]
    kind: Kind
    source: str = ""
    price: int | float | str | None = None
    peak_flops: dict[NumberFormat, int | float | str] = {}
    memory: int | float | str | None = None
    bandwidth: int | float | str | None = None
    network: int | float | str | None = None
    power: int | float | str | None = None
    tops: int | float | str | None = None
    cards: Annotated[int, Meta(ge=1, le=1024)] = 8
    aliases: tuple[str, ...] = ()
    sources: dict[str, str] = {}


class _File(Struct, forbid_unknown_fields=True):
    chip: Annotated[list[dict[str, Any]], Meta(min_length=1)]


DIMENSIONS = {
    "price": USD_PER_HOUR,
    "memory": BYTES,
    "bandwidth": BYTES_PER_SECOND,
    "network": BYTES_PER_SECOND,
    "power": WATTS,
    "tops": OPERATIONS,
}
FIGURES = (*DIMENSIONS, "peak_flops")


def chips_from(data: bytes) -> dict[str, Chip]:
    """The chips in a TOML file's bytes by their names, in the file's order. Raises UserError that
    names the chip and the key of what is wrong."""
    try:
        entries = msgspec.toml.decode(data, type=_File).chip
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise wrong("the list of chips", str(error)) from error
    chips: dict[str, Chip] = {}
    taken: set[str] = set()
    for number, values in enumerate(entries):
        chip = _chip(values, str(values.get("name", f"chip[{number}]")))
        for name in sorted(_names(chip)):
            if name in taken:
                raise wrong(chip.name, f"the name {name} stands twice")
            taken.add(name)
        chips[chip.name] = chip
    return chips


def with_own(own: Mapping[str, Chip], known: Mapping[str, Chip]) -> dict[str, Chip]:
    """A person's own chips, and of the known ones those that theirs do not replace: by a name in
    whatever case, their own or an alias. A known chip's alias yields to a name of theirs."""
    theirs = {name for chip in own.values() for name in _names(chip)}
    kept: dict[str, Chip] = {}
    for name, chip in known.items():
        if _plain(name) not in theirs:
            aliases = tuple(each for each in chip.aliases if _plain(each) not in theirs)
            kept[name] = msgspec.structs.replace(chip, aliases=aliases)
    return {**own, **kept}


def with_memory(chips: Sequence[Chip], memory_bytes: float) -> list[Chip]:
    """The chips, those without a memory with that one: their makers sell several sizes. Raises
    UserError where all have theirs."""
    if all(chip.memory_bytes is not None for chip in chips):
        told = ", ".join(f"{chip.name} has {(chip.memory_bytes or 0) / 1e9:g} GB" for chip in chips)
        raise UserError(
            f"--memory: {told or 'the memory of this machine is measured'}; it is for chips whose "
            "entry has none. For another size write a chip of your own: --chips FILE",
            code="bad_plan",
        )
    return [
        msgspec.structs.replace(
            chip, memory_bytes=memory_bytes, sources=chip.sources | {"memory": "--memory"}
        )
        if chip.memory_bytes is None
        else chip
        for chip in chips
    ]


def find_chip(name: str, chips: Mapping[str, Chip]) -> Chip:
    """The chip of that name or alias, in whatever case. Raises UserError with near names."""
    named = {_plain(each): chip for chip in chips.values() for each in (chip.name, *chip.aliases)}
    if (found := named.get(_plain(name))) is not None:
        return found
    close = get_close_matches(_plain(name), named, n=len(named), cutoff=0.5)
    near = list(dict.fromkeys(named[each].name for each in close))[:3]
    known = ", ".join(near or chips)
    raise UserError(
        f"no chip is called {name}; {'near it' if near else 'known'}: {known}. A chip of your own "
        "is a file",
        code="no_such_chip",
    )


def _chip(values: dict[str, Any], name: str) -> Chip:
    """The chip of one entry."""
    if (kind := values.get("kind")) not in (None, *Kind):
        raise wrong(f"{name}.kind", f"{kind!r} is none of {', '.join(Kind)}")
    try:
        entry = msgspec.convert(values, _Entry)
    except msgspec.ValidationError as error:
        raise wrong(name, str(error)) from error
    figures = {
        key: None if given is None else quantity(given, dimension, f"{name}.{key}")
        for key, dimension in DIMENSIONS.items()
        for given in (getattr(entry, key),)
    }
    return Chip(
        name=entry.name,
        kind=entry.kind,
        price_usd_per_hour=figures["price"],
        peak_flops={
            each: quantity(given, FLOPS, f"{name}.peak_flops.{each}")
            for each, given in entry.peak_flops.items()
        },
        memory_bytes=figures["memory"],
        bandwidth_bytes_s=figures["bandwidth"],
        network_bytes_s=figures["network"],
        power_w=figures["power"],
        tops=figures["tops"],
        cards=entry.cards,
        aliases=entry.aliases,
        sources=_sources(entry),
    )


def _sources(entry: _Entry) -> dict[str, str]:
    """Where each figure is from; a person's figure without a source is refused."""
    if unknown := sorted(set(entry.sources) - set(FIGURES)):
        raise wrong(
            f"{entry.name}.sources.{unknown[0]}", f"a figure is one of {', '.join(FIGURES)}"
        )
    given = [key for key in FIGURES if getattr(entry, key) not in (None, {})]
    sources = {key: entry.sources.get(key, entry.source) for key in given}
    for key, source in sources.items():
        if not source:
            raise wrong(f"{entry.name}.{key}", "where is it from? Write `source`, or `sources`")
    return sources


def _names(chip: Chip) -> set[str]:
    """What a chip is found by."""
    return {_plain(each) for each in (chip.name, *chip.aliases)}


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("-", " ").replace("_", " ").split())
