"""A model's weights as they are kept: bytes by part and format, and which of them a token reads.

A file often mixes formats; its reader fills this in. For a model without a file, `stored_as` is
what `weights.weight_bytes` says.
"""

from collections.abc import Mapping

from msgspec import Struct

from edgewise.plan.arch import Architecture
from edgewise.plan.number_format import NumberFormat, bytes_each
from edgewise.plan.weights import PARTS, parameters

NAMED = {each.value: each for each in NumberFormat} | {
    "f32": NumberFormat.FP32,
    "f16": NumberFormat.FP16,
}
"""Formats by their names here and in GGUF."""


class StoredWeights(Struct, frozen=True):
    """What the tensors take. `part_bytes` is by `weights.PARTS` and "other", exact; a tied head has
    none. `part_formats` are each part's formats with their bytes, GGUF's names in small letters."""

    part_bytes: dict[str, int]
    part_formats: dict[str, dict[str, int]]

    @property
    def total_bytes(self) -> int:
        """Bytes of all tensors, without the file's header."""
        return sum(self.part_bytes.values())

    @property
    def formats(self) -> tuple[str, ...]:
        """All formats, those with most bytes first."""
        sizes: dict[str, int] = {}
        for each in self.part_formats.values():
            for name, size in each.items():
                sizes[name] = sizes.get(name, 0) + size
        return tuple(sorted(sizes, key=lambda name: -sizes[name]))


def stored_as(architecture: Architecture, stored: NumberFormat) -> StoredWeights:
    """All matrices in one format, norms and other towers in 16 bits unless that is wider."""
    held = parameters(architecture)
    wide = stored if bytes_each(stored) > 2 else NumberFormat.BF16
    formats: dict[str, dict[str, int]] = {}
    for part in (*PARTS, "other"):
        kept = wide if part in ("small", "other") else stored
        if size := round(getattr(held, part) * bytes_each(kept)):
            formats[part] = {kept.value: size}
    return StoredWeights({part: sum(each.values()) for part, each in formats.items()}, formats)


def read_for_a_token(architecture: Architecture, stored: StoredWeights) -> dict[str, float]:
    """Bytes that one decoded token reads, by format: all layers, of the experts those that act, and
    the head (the embedding where it is tied); of an embedding of its own, one row is nothing."""
    held = parameters(architecture)
    shares = dict.fromkeys(PARTS, 1.0)
    shares["experts"] = held.active_experts / held.experts if held.experts else 0.0
    shares["embedding"] = 0.0 if stored.part_bytes.get("head") else 1.0
    read: dict[str, float] = {}
    for part, share in shares.items():
        for name, size in stored.part_formats.get(part, {}).items():
            if share:
                read[name] = read.get(name, 0.0) + share * size
    return read


def rate_of(name: str, rates: Mapping[NumberFormat, float], otherwise: float) -> float:
    """Bytes a second at which a format of that name is read."""
    return rates.get(NAMED[name], otherwise) if name in NAMED else otherwise
