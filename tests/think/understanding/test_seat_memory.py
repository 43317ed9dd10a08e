import pytest

from edgewise.think.understanding.seat_memory import names_seat_memory
from tests.each_row import each_row


@pytest.mark.parametrize("text", ["recall seat position 2", "座椅记忆1", "把我的座椅位置存为2号"])
def test_a_number_behind_a_seat_position_is_a_memory(text: str):
    assert names_seat_memory(text)


@each_row(
    "text",
    [
        "move my seat forward",
        "set seat position to 40",
        "座椅位置调到40",
        "remember that my seat is broken",
    ],
)
def test_a_seat_to_be_moved_is_none(text: str):
    assert not names_seat_memory(text)
