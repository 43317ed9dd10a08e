"""The eyes of a small Step-3 learn alone what is on a picture."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.step3.nano import PICO, fresh
from scripts.step3.eyes import NAMES, pictures, teach_eyes
from scripts.step3.pictures import COLOURS, UNSEEN

torch.set_num_threads(1)


def test_a_step_follows_from_its_seed_and_shows_no_pair_that_is_kept_back():
    pixels, names, colours = pictures(1, 2, 200, 28)
    again, _, _ = pictures(1, 2, 200, 28)
    other, _, _ = pictures(1, 3, 200, 28)
    assert torch.equal(pixels, again)
    assert not torch.equal(pixels, other)
    shown = {(list(COLOURS)[c], NAMES[n]) for n, c in zip(names, colours, strict=True)}
    assert len(shown) > 50
    assert not shown & UNSEEN


def test_only_the_eyes_change_and_they_learn():
    model = fresh(PICO, 3)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    told: list[str] = []
    teach_eyes(model, 1, 200, 16, lambda _: 3e-3, told.append)
    changed = {n for n, weight in model.state_dict().items() if not torch.equal(weight, before[n])}
    assert changed == {name for name in before if name.startswith("vi")}
    assert told[-1].startswith("eyes alone: step 200 of 200")
    assert int(told[-1].split()[-2]) > 3 * 100 / len(NAMES)
