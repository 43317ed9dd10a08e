"""A frame comes out as it went in; bytes that are none are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.engine.frame import BODY_LIMIT_BYTES, HEAD, BadFrame, Frame, Kind, read_head, to_bytes


@given(st.sampled_from(Kind), st.integers(0, 2**32 - 1), st.binary(max_size=200))
def test_a_frame_comes_out_as_it_went_in(kind: Kind, order: int, body: bytes):
    data = to_bytes(Frame(kind, order, body))
    assert read_head(data[: HEAD.size]) == (kind, order, len(body))
    assert data[HEAD.size :] == body


def test_an_unknown_kind_is_no_frame():
    with pytest.raises(BadFrame, match="kind 99"):
        read_head(HEAD.pack(99, 1, 0))


def test_a_frame_longer_than_the_limit_is_refused_before_its_body_is_read():
    with pytest.raises(BadFrame, match="the limit is"):
        read_head(HEAD.pack(Kind.REPORT, 1, BODY_LIMIT_BYTES + 1))
