"""The device's side asks the real model once more where the person would be told nothing."""

import pytest

from benchmarks.pair_device import OwnModel
from benchmarks.pair_questions import Asked, Key
from tests.benchmarks.test_pair_check import asked


@pytest.mark.slow
async def test_an_answer_that_is_not_given_is_read_all_the_same():
    capital = asked("What is the capital of Peru?", Key(("Lima",)))
    number = asked("How many letters are in the word “garden”?", Key(number=6))
    async with OwnModel() as model:
        given, hidden = await model.answer(capital), await model.answer(number)
        chinese = await model.answer(
            Asked("z", "k", "zh", "秘鲁的首都是哪里？", Key(("利马",)), "")
        )
    assert (given.text, given.shown) == ("The capital of Peru is Lima.", True)
    assert len(given.log_probabilities) > 3
    assert max(given.log_probabilities) <= 0 > min(given.log_probabilities)
    assert hidden.text
    assert not hidden.shown
    assert not chinese.text
    assert not chinese.log_probabilities
