"""Attention: the fused path is the plain one, nothing looks ahead, and angles are relative."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from torch import Tensor

from edgewise.step3.attention import attend_fused, attend_plain, causal, rotate, rotation_at
from scripts.step3.golden import TINY
from tests.each_row import each_row

torch.set_num_threads(1)


def drawn(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)))


@each_row("tokens, seen", [(1, 1), (7, 7), (1, 9), (3, 9)])
def test_the_fused_path_gives_what_the_plain_one_gives(tokens: int, seen: int):
    q, k, v = drawn(2, tokens, 4, 32), drawn(2, seen, 1, 32), drawn(2, seen, 1, 32)
    torch.testing.assert_close(attend_fused(q, k, v), attend_plain(q, k, v))


@each_row("attend", [attend_plain, attend_fused])
def test_a_token_sees_itself_and_those_before_it_alone(attend):
    q, k, v = drawn(1, 5, 2, 32), drawn(1, 5, 1, 32), drawn(1, 5, 1, 32)
    before = attend(q, k, v)
    k[:, 3:], v[:, 3:] = 7.0, 9.0
    after = attend(q, k, v)
    torch.testing.assert_close(after[:, :3], before[:, :3])
    assert not torch.allclose(after[:, 3:], before[:, 3:])
    torch.testing.assert_close(before[:, 0], drawn(1, 5, 1, 32)[:, 0].expand(-1, 2, -1))


def test_the_last_tokens_stand_at_the_end_of_those_that_may_be_seen():
    assert causal(2, 4, torch.device("cpu")).tolist() == [
        [True, True, True, False],
        [True, True, True, True],
    ]


def test_products_of_rotated_vectors_depend_on_their_distance_alone():
    q, k = drawn(1, 1, 1, 32), drawn(1, 2, 1, 32)[:, :1]

    def product(at: int, to: int) -> Tensor:
        turned = (
            rotate(x, rotation_at(torch.tensor([place]), TINY)) for x, place in ((q, at), (k, to))
        )
        return torch.sum(next(turned) * next(turned))

    torch.testing.assert_close(product(9, 4), product(105, 100), atol=1e-4, rtol=1e-5)
    assert not torch.isclose(product(9, 4), product(9, 5))


def test_a_pair_lies_half_a_head_apart_and_the_first_turns_by_one_radian_a_token():
    x = torch.zeros(1, 1, 1, 32)
    x[..., 0] = 1.0
    turned = rotate(x, rotation_at(torch.tensor([1]), TINY)).flatten()
    assert turned[0].item() == pytest.approx(0.5403023)
    assert turned[16].item() == pytest.approx(0.8414710)
    assert turned.count_nonzero() == 2


def test_places_may_differ_from_row_to_row():
    x = drawn(2, 3, 4, 32)
    rows = rotate(x, rotation_at(torch.tensor([[0, 1, 2], [5, 6, 7]]), TINY))
    torch.testing.assert_close(rows[1:], rotate(x[1:], rotation_at(torch.arange(5, 8), TINY)))
