"""A folder's tensors: each that is missing, too many, misshapen, of a wrong type or cut off is
told by its name and its file, before a model is made of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from edgewise.errors import UserError
from edgewise.step3.checkpoint import INDEX, SINGLE, Checkpoint, Part
from edgewise.step3.weights import load_model, save_model
from scripts.step3.golden import SEED, TINY, seeded_model
from tests.each_row import each_row

torch.set_num_threads(1)
Q = "model.layers.0.self_attn.q_proj.weight"
EXPERTS = "model.layers.1.moe.up_proj.weight"
Tensors = dict[str, Tensor]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "model"
    save_model(seeded_model(TINY, SEED), folder)
    return folder


@pytest.fixture(scope="module")
def in_fp8(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fp8") / "model"
    save_model(seeded_model(TINY, SEED), folder, fp8=True)
    return folder


@pytest.fixture
def sharded(tmp_path: Path) -> Path:
    folder = tmp_path / "sharded"
    save_model(seeded_model(TINY, SEED), folder, shard_bytes=100_000)
    return folder


def changed(folder: Path, into: Path, change: Callable[[Tensors], object]) -> Path:
    """A folder with the same config and changed tensors."""
    into.mkdir()
    (into / "config.json").write_bytes((folder / "config.json").read_bytes())
    tensors = load_file(folder / SINGLE)
    change(tensors)
    save_file({name: one.clone().contiguous() for name, one in tensors.items()}, into / SINGLE)
    return into


def assert_told(folder: Path, *named: str) -> None:
    with pytest.raises(UserError) as refused:
        load_model(folder)
    assert refused.value.code == "bad_checkpoint"
    for part in named:
        assert part in str(refused.value)


@each_row(
    "change, named",
    [
        (lambda t: t.pop(Q), [f"{Q}: missing"]),
        (lambda t: t.update({"model.layers.3.x": t[Q]}), ["model.layers.3.x in", SINGLE]),
        (lambda t: t.update({"vit_downsampler.weight": t[Q]}), ["vit_downsampler.weight in"]),
        (lambda t: t.update({Q: t[Q].T}), [f"{Q} in", "(64, 48)", "(48, 64)"]),
        (lambda t: t.update({EXPERTS: t[EXPERTS][:3]}), [EXPERTS, "(3, 32, 64)", "(4, 32, 64)"]),
        (lambda t: t.update({Q: t[Q].int()}), [f"{Q} in", "I32", "BF16"]),
        (lambda t: t.update({Q: t[Q].double()}), [f"{Q} in", "F64"]),
        (
            lambda t: t.clear() or t.update({"x": torch.ones(1)}),
            ["model.embed_tokens.weight: missing", "and 36 more"],
        ),
    ],
)
def test_a_tensor_that_does_not_fit_is_told(
    whole: Path,
    tmp_path_factory: pytest.TempPathFactory,
    change: Callable[[Tensors], object],
    named: list[str],
):
    assert_told(changed(whole, tmp_path_factory.mktemp("changed") / "model", change), *named)


@each_row(
    "change, named",
    [
        (lambda t: t.pop(Q + "_scale_inv"), [Q + "_scale_inv: missing"]),
        (
            lambda t: t.update({Q + "_scale_inv": torch.ones(2, 1)}),
            [Q + "_scale_inv in", "(2, 1)", "(1, 1)"],
        ),
        (
            lambda t: t.update({Q + "_scale_inv": torch.ones(1, 1, dtype=torch.int64)}),
            [Q + "_scale_inv in", "I64"],
        ),
        (
            lambda t: t.update({Q + "_scale_inv": torch.full((1, 1), float("nan"))}),
            [Q + "_scale_inv in", "not all are numbers"],
        ),
        (lambda t: t.update({Q: t[Q].float()}), [Q + "_scale_inv in", "not a tensor of this"]),
        (
            lambda t: t.update({"model.norm.weight": torch.ones(64).to(torch.float8_e4m3fn)}),
            ["model.norm.weight in", "only matrices"],
        ),
    ],
)
def test_a_scale_that_does_not_fit_is_told(
    in_fp8: Path,
    tmp_path_factory: pytest.TempPathFactory,
    change: Callable[[Tensors], object],
    named: list[str],
):
    assert_told(changed(in_fp8, tmp_path_factory.mktemp("changed") / "model", change), *named)


@each_row("kept_bytes", [0, 7, 8, 100, 5_000, 200_000, -1])
def test_a_file_that_was_cut_off_is_told_wherever_it_ends(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, kept_bytes: int
):
    folder = changed(whole, tmp_path_factory.mktemp("cut") / "model", lambda _: None)
    data = (folder / SINGLE).read_bytes()
    (folder / SINGLE).write_bytes(data[:kept_bytes])
    assert_told(folder, SINGLE, *(["lm_head.weight"] if kept_bytes == 5_000 else []))


def test_the_tensor_that_a_file_breaks_off_in_is_named(whole: Path, tmp_path: Path):
    folder = changed(whole, tmp_path / "cut", lambda _: None)
    data = (folder / SINGLE).read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    last = max((n for n in header if n != "__metadata__"), key=lambda n: header[n]["data_offsets"])
    (folder / SINGLE).write_bytes(data[:-1])
    assert_told(folder, f"it ends within {last}")


@each_row("data", [b"not a file of tensors", bytes(64), b"\xff" * 64, b"\x02" + bytes(7) + b"[]"])
def test_a_file_that_is_none_of_tensors_is_told(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: bytes
):
    folder = changed(whole, tmp_path_factory.mktemp("none") / "model", lambda _: None)
    (folder / SINGLE).write_bytes(data)
    assert_told(folder, str(folder / SINGLE))


def test_shards_are_found_by_their_index(sharded: Path):
    files = {found.file.name for found in Checkpoint(sharded).tensors.values()}
    assert len(files) > 2
    assert files == {path.name for path in sharded.glob("*.safetensors")}


def edit_index(folder: Path, change: Callable[[dict[str, str]], object]) -> None:
    index = json.loads((folder / INDEX).read_text())
    change(index["weight_map"])
    (folder / INDEX).write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda m: m.pop(Q), [Q, "model-0000"]),
        (lambda m: m.update({Q: m["lm_head.weight"]}), [Q, INDEX]),
        (lambda m: m.update({Q: "model-9.safetensors"}), [Q, "model-9", "does not exist"]),
        (lambda m: m.update({Q: "../model.safetensors"}), [Q, "no file beside it"]),
        (lambda m: m.update({Q: "config.json"}), [Q, "no file beside it"]),
        (lambda m: m.update({Q: "m" * 400 + ".safetensors"}), [Q, "does not exist"]),
        (lambda m: m.update({Q: 4}), [INDEX]),
        (lambda m: m.clear(), ["missing"]),
    ],
)
def test_an_index_that_does_not_hold_is_told(
    sharded: Path, change: Callable[[dict[str, str]], object], named: list[str]
):
    edit_index(sharded, change)
    assert_told(sharded, *named)


def test_a_broken_index_a_second_set_of_weights_and_none_at_all_are_told(
    sharded: Path, whole: Path
):
    (sharded / SINGLE).write_bytes((whole / SINGLE).read_bytes())
    assert_told(sharded, "has both")
    (sharded / SINGLE).unlink()
    (sharded / INDEX).write_text('{"weight_map": ')
    assert_told(sharded, INDEX, "cannot be read")
    (sharded / INDEX).unlink()
    assert_told(sharded, "neither")


@pytest.mark.parametrize(
    ("name", "part"),
    [(Q, Part(0, 5, 20)), (Q, Part(1, 60, 64)), (EXPERTS, Part(0, 1, 3))],
    ids=["rows", "columns", "experts"],
)
def test_a_part_is_read_as_it_is_in_the_whole(whole: Path, in_fp8: Path, name: str, part: Part):
    for folder in (whole, in_fp8):
        checkpoint = Checkpoint(folder)
        shape = checkpoint.tensors[name].shape
        full = torch.empty(shape)
        checkpoint.read(name, full)
        wanted = full[part.of(shape)]
        found = torch.empty(wanted.shape)
        checkpoint.read(name, found, part)
        assert torch.equal(found, wanted)
