"""What a request used, in the ledger's own units; all are whole numbers, so sums are exact.

`input_tokens` holds the cached ones, `output_tokens` the reasoning ones, as in the OpenAI API: the
parts are priced apart and never counted twice.
"""

from msgspec import Struct


class Usage(Struct, frozen=True):
    """Amounts of one request, or sums of many."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    audio_input_ms: int = 0
    audio_output_ms: int = 0
    characters: int = 0
    images: int = 0
    searches: int = 0
    storage_byte_hours: int = 0

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def plus(self, other: "Usage") -> "Usage":
        """The sum, unit by unit."""
        return Usage(*(getattr(self, unit) + getattr(other, unit) for unit in UNITS))


UNITS: tuple[str, ...] = Usage.__struct_fields__
NOTHING = Usage()
