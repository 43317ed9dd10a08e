"""The small sizes: what they have, and how their weights begin."""

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.errors import UserError
from edgewise.step3.config_file import config_document, config_from
from edgewise.step3.layout import count_active_parameters, count_parameters
from edgewise.step3.nano import NANO, PICO, SIZES, fresh, size_named

torch.set_num_threads(1)


@pytest.mark.parametrize("name", SIZES)
def test_a_small_size_is_written_and_read_as_a_config(name: str):
    assert config_from(config_document(size_named(name))) == SIZES[name]


def test_a_size_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(UserError, match="step3-nano, step3-pico"):
        size_named("step3-giga")


def test_nano_has_tens_of_millions_of_parameters_of_which_a_token_uses_few():
    assert 25e6 < count_parameters(NANO.text_config) < 30e6
    assert 4e6 < count_active_parameters(NANO.text_config) < 8e6


def test_the_same_seed_begins_alike():
    one, same, other = (fresh(PICO, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)


def test_no_layer_drowns_what_a_token_is_at_the_beginning():
    model = fresh(PICO, 0)
    ids = torch.arange(20)[None]
    before = model.model.embed_tokens(ids)
    after = before
    for layer in model.model.layers:
        from edgewise.step3.attention import rotation_at

        after = layer(after, rotation_at(torch.arange(20), PICO.text_config))
    assert 0.5 < (after.std() / before.std()).item() < 3


def test_a_model_that_has_learnt_nothing_finds_all_tokens_about_as_likely():
    logits = fresh(PICO, 0)(torch.arange(20, 40)[None])
    assert logits.std() < 0.3
