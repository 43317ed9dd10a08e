"""G.711 agrees with its tables: each code means one value, and silence is what it should be."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edgewise.sound.g711 import from_a, from_mu, to_a, to_mu

CODES = bytes(range(256))
SAMPLES = st.integers(-32_768, 32_767)


def of(*samples: int) -> bytes:
    return struct.pack(f"<{len(samples)}h", *samples)


def test_codes_of_the_standard_have_their_values():
    assert from_mu(b"\xff\x7f\x80\x00") == of(0, 0, 32_124, -32_124)
    assert from_a(b"\xd5\x55\xaa\x2a") == of(8, -8, 32_256, -32_256)


@pytest.mark.parametrize(
    ("there", "back", "doubles"), [(from_mu, to_mu, {0x7F: 0xFF}), (from_a, to_a, {})]
)
def test_every_code_comes_back(there, back, doubles):
    assert back(there(CODES)) == bytes(doubles.get(code, code) for code in CODES)


@pytest.mark.parametrize(("code_of", "value_of"), [(to_mu, from_mu), (to_a, from_a)])
@given(sample=SAMPLES)
@example(-32_768)
@example(32_767)
def test_a_sample_is_as_near_as_the_law_allows(code_of, value_of, sample):
    (heard,) = struct.unpack("<h", value_of(code_of(of(sample))))
    assert abs(heard - sample) <= max(16, abs(sample) // 32 + 8, abs(sample) - 32_124)
