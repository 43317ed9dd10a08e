"""A request is checked before it is taken; one that is decoded again draws as it would have."""

from random import Random

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

from edgewise.errors import UserError
from edgewise.step3.afd_message import Ask, Begun
from edgewise.step3.afd_requests import Running, pages, settle
from edgewise.step3.cache import PAGE_TOKENS
from edgewise.step3.sampling import Sampling
from scripts.step3.golden import TINY


def test_one_that_is_decoded_again_draws_as_it_would_have():
    ask = Ask((1, 2), Sampling(temperature=1.0, seed=3, max_tokens=6))
    draws = Random(3)
    once = [draws.random() for _ in range(6)]
    again = Running(Begun(0, ask, (7, 8, 9)))
    assert again.pending == [1, 2, 7, 8, 9]
    assert [again.draws.random() for _ in range(3)] == once[3:]
    assert [again.take(token) for token in (4, 5, 6)] == [False, False, True]


def test_it_ends_at_a_stop_token():
    running = Running(Begun(0, Ask((1,), Sampling(max_tokens=6, stop_ids=(5,)))))
    assert [running.take(token) for token in (4, 5)] == [False, True]
    assert running.pending == [5]


def test_pages_are_for_the_prompt_and_all_that_may_follow():
    assert pages(Ask((1,) * PAGE_TOKENS, Sampling(max_tokens=1))) == 2
    assert pages(Ask((1,), Sampling(max_tokens=PAGE_TOKENS - 1))) == 1


def test_one_without_a_seed_gets_one_that_stays():
    settled = settle(Ask((1,), Sampling(temperature=1.0, max_tokens=9)), TINY, 64)
    assert settled.sampling.seed is not None
    assert settle(settled, TINY, 64) == settled


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (Ask(()), "at least one"),
        (Ask((1, 256)), "token 256 of the prompt is not from 0 to 255"),
        (Ask((-1,)), "token -1"),
        (Ask((1,), Sampling(max_tokens=256)), "context of 256"),
        (Ask((1,), Sampling(max_tokens=200)), "pages of the cache, which has 8"),
        (Ask((1,), Sampling(max_tokens=2, stop=("x",))), "stop_ids"),
        (Ask((1,), Sampling(max_tokens=2, logprobs=True)), "one process"),
    ],
)
def test_what_does_not_hold_is_named(ask: Ask, said: str):
    with pytest.raises(UserError, match=said):
        settle(ask, TINY, 8)
