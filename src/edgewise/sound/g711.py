"""Sound as telephones send it: G.711, one byte a sample at 8 kHz, by mu-law or A-law.

Own code because Python 3.13 has none any more (`audioop` is gone). Source: ITU-T G.711 (11/88),
tables 1 and 2; the segments' ends as in its Appendix. Decoded samples are of 16 bits.
"""

from array import array
from collections.abc import Callable
from functools import cache
from sys import byteorder

TELEPHONE_HZ = 8_000
_BIAS = 0x84
_MU_CLIP = 8_158


def from_mu(data: bytes) -> bytes:
    """16-bit samples (little endian) of mu-law bytes."""
    return _decoded(data, _mu_values())


def from_a(data: bytes) -> bytes:
    """16-bit samples (little endian) of A-law bytes."""
    return _decoded(data, _a_values())


def to_mu(samples: bytes) -> bytes:
    """Mu-law bytes of 16-bit samples (little endian)."""
    return _encoded(samples, _mu_codes())


def to_a(samples: bytes) -> bytes:
    """A-law bytes of 16-bit samples (little endian)."""
    return _encoded(samples, _a_codes())


def _decoded(data: bytes, values: tuple[int, ...]) -> bytes:
    return _swapped(array("h", [values[code] for code in data])).tobytes()


def _encoded(samples: bytes, codes: bytes) -> bytes:
    heard = array("H")
    heard.frombytes(samples)
    return bytes([codes[sample] for sample in _swapped(heard)])


def _swapped(samples: "array[int]") -> "array[int]":
    if byteorder == "big":
        samples.byteswap()
    return samples


def _mu_value(code: int) -> int:
    code = ~code & 0xFF
    size = (((code & 0x0F) << 3) + _BIAS << (code >> 4 & 7)) - _BIAS
    return -size if code & 0x80 else size


def _mu_code(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    size = min(abs(sample >> 2), _MU_CLIP) + (_BIAS >> 2)  # the law is of 14 bits
    segment = size.bit_length() - 6
    return ~(sign | segment << 4 | size >> segment + 1 & 0x0F) & 0xFF


def _a_value(code: int) -> int:
    code ^= 0x55
    segment, step = code >> 4 & 7, code & 0x0F
    size = (step << 4) + 8 if segment == 0 else (step << 4) + 0x108 << segment - 1
    return size if code & 0x80 else -size


def _a_code(sample: int) -> int:
    sign = 0x80 if sample >= 0 else 0
    size = (sample if sample >= 0 else ~sample) >> 4
    segment = max(0, size.bit_length() - 4)
    step = size >> max(0, segment - 1) & 0x0F
    return (sign | segment << 4 | step) ^ 0x55


@cache
def _mu_values() -> tuple[int, ...]:
    return tuple(_mu_value(code) for code in range(256))


@cache
def _a_values() -> tuple[int, ...]:
    return tuple(_a_value(code) for code in range(256))


def _codes(code_of: Callable[[int], int]) -> bytes:
    """The code of every sample, by its 16 bits without sign."""
    return bytes(code_of(word - 0x10000 if word & 0x8000 else word) for word in range(0x10000))


@cache
def _mu_codes() -> bytes:
    return _codes(_mu_code)


@cache
def _a_codes() -> bytes:
    return _codes(_a_code)
