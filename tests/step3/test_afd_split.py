"""Each tensor is held once on the attention side or, over all workers, once on the FFN side."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from torch import Tensor

from edgewise.step3.afd_split import FeedSide, attention_side, fill_side, share
from edgewise.step3.checkpoint import Part
from edgewise.step3.config_file import read_config
from edgewise.step3.layout import tensor_shapes
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.weights import load_model, open_checkpoint, save_model
from scripts.step3.golden import OTHER, SEED, TINY, seeded_model

torch.set_num_threads(1)
FEED = (".gate_proj.", ".up_proj.", ".down_proj.")


@pytest.fixture(scope="module", params=["fp32", "fp8"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("afd") / "model"
    save_model(seeded_model(TINY, SEED), place, fp8=request.param == "fp8")
    return place


def test_shares_are_even_and_give_each_thing_once():
    assert [share(7, worker, 3) for worker in range(3)] == [range(2), range(2, 4), range(4, 7)]
    for count in range(1, 20):
        for workers in range(1, count + 1):
            shares = [share(count, worker, workers) for worker in range(workers)]
            assert [thing for one in shares for thing in one] == list(range(count))
            assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_the_attention_side_holds_all_but_the_feed_forward_matrices():
    for config in (TINY, OTHER):
        with torch.device("meta"):
            held = {n: tuple(w.shape) for n, w in attention_side(config).named_parameters()}
        assert held == {
            name: shape
            for name, shape in tensor_shapes(config).items()
            if not any(one in name for one in FEED)
        }


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_ffn_workers_hold_each_of_those_matrices_once(folder: Path, workers: int):
    whole = dict(load_model(folder).named_parameters())
    built: dict[str, list[tuple[Part, Tensor]]] = {}
    for side in feed_sides(folder, workers):
        parts = side.parts()
        assert list(parts) == [name for name, _ in side.named_parameters()]
        for name, weight in side.named_parameters():
            built.setdefault(name, []).append((parts[name], weight))
    assert set(built) == {name for name in whole if any(one in name for one in FEED)}
    for name, pieces in built.items():
        joined = torch.cat([weight for _, weight in pieces], dim=pieces[0][0].dim)
        assert torch.equal(joined, whole[name])


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_parts_of_all_workers_add_up_to_the_whole_feed_forward(folder: Path, workers: int):
    model = load_model(folder, dtype=torch.float32)
    sides = [side.float() for side in feed_sides(folder, workers)]
    y = torch.randn(11, TINY.hidden_size, generator=torch.Generator().manual_seed(1))
    for layer, block in enumerate(model.model.layers):
        whole = block.share_expert(y) + block.moe(y) if block.is_moe else block.mlp(y)
        chosen, weights = block.moe.route(y) if block.is_moe else (None, None)
        summed = sum(side(layer, y, chosen, weights) for side in sides)
        assert (summed - whole).abs().max() <= 1e-5


def test_it_tells_what_it_loaded(folder: Path):
    config = read_config(folder)
    with torch.device("meta"):
        model = Step3ForCausalLM(TINY), FeedSide(TINY, 1, 2)
    told = fill_side(model[0], open_checkpoint(folder, config), {}, "cpu")
    assert told == [name for name, _ in model[0].named_parameters()]
    told = fill_side(model[1], open_checkpoint(folder, config), model[1].parts(), "cpu")
    assert "model.layers.0.mlp.down_proj.weight[1: 64..128]" in told
    assert "model.layers.1.moe.up_proj.weight[0: 2..4]" in told


def feed_sides(folder: Path, workers: int) -> list[FeedSide]:
    checkpoint = open_checkpoint(folder, read_config(folder))
    sides: list[FeedSide] = []
    for worker in range(workers):
        with torch.device("meta"):
            side = FeedSide(TINY, worker, workers)
        fill_side(side, checkpoint, side.parts(), "cpu")
        sides.append(side.requires_grad_(False))
    return sides
