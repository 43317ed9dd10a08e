"""Whether who speaks has finished."""

import numpy as np
import pytest

from edgewise.perceive.mel import samples_of
from edgewise.perceive.smart_turn import SmartTurn
from tests.perceive.sounds import needs_model, recorded


@pytest.mark.slow
def test_a_whole_sentence_is_finished_and_a_begun_one_is_less_so():
    needs_model("smart-turn")
    model = SmartTurn()
    whole = samples_of(recorded("something").data)
    begun = whole[: int(len(whole) * 0.45)]
    assert model.finished(whole) > 0.5
    assert model.finished(whole) > model.finished(begun)


@pytest.mark.slow
def test_any_length_is_taken():
    needs_model("smart-turn")
    model = SmartTurn()
    for length in (0, 1, 1600, 16_000 * 20):
        assert 0 <= model.finished(np.zeros(length, np.float32)) <= 1
