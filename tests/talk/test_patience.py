"""Sound waits a moment while nothing goes on, and none of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.talk.patience import PATIENCE_MS, Patience

FRAME = bytes(range(32)) * 32
"""32 ms."""


def test_it_is_handed_on_in_pieces_of_three_frames_while_it_waits():
    patience = Patience()
    found = [len(patience.feed(FRAME, waits=True)) for _ in range(6)]
    assert found == [0, 0, 3 * len(FRAME), 0, 0, 3 * len(FRAME)]
    assert PATIENCE_MS == 96


def test_what_was_held_goes_on_with_the_first_sound_that_does_not_wait():
    patience = Patience()
    patience.feed(b"ab", waits=True)
    assert patience.feed(b"cd", waits=False) == b"abcd"


@given(st.lists(st.tuples(st.binary(max_size=4000), st.booleans()), max_size=20))
def test_no_sound_is_lost_doubled_or_out_of_order(parts: list[tuple[bytes, bool]]):
    patience = Patience()
    came = b"".join(patience.feed(data, waits=waits) for data, waits in parts) + patience.rest()
    assert came == b"".join(data for data, _ in parts)


def test_of_several_microphones_it_waits_for_as_much_of_each():
    patience = Patience(2)
    found = [len(patience.feed(FRAME, waits=True)) for _ in range(6)]
    assert found == [0, 0, 0, 0, 0, 6 * len(FRAME)]
