"""What was saved is loaded as it was: in every type, in one file or several, a layer at a time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from safetensors.torch import load_file, save_file

from edgewise.errors import UserError
from edgewise.step3.checkpoint import SINGLE
from edgewise.step3.config import Step3TextConfig, Step3VLConfig
from edgewise.step3.config_file import config_document
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.weights import load_model, save_model
from scripts.step3.golden import SEED, TINY, seeded_model
from tests.step3.test_config import VISION

torch.set_num_threads(1)
IDS = torch.arange(12)[None]


@pytest.fixture(scope="module")
def model() -> Step3ForCausalLM:
    return seeded_model(TINY, SEED).requires_grad_(False)


@pytest.mark.parametrize("shard_bytes", [2**30, 100_000, 1], ids=["one", "some", "each"])
def test_a_model_comes_back_as_it_was_saved(
    model: Step3ForCausalLM, tmp_path: Path, shard_bytes: int
):
    save_model(model, tmp_path / "model", shard_bytes=shard_bytes)
    again = load_model(tmp_path / "model")
    assert again.config == TINY
    assert torch.equal(again(IDS), model(IDS))
    assert torch.equal(load_model(tmp_path / "model", dtype=torch.float32)(IDS), model(IDS))


def test_who_may_read_the_folder_may_read_its_weights(model: Step3ForCausalLM, tmp_path: Path):
    save_model(model, tmp_path / "model", shard_bytes=1 << 16)
    for file in (tmp_path / "model").iterdir():
        assert file.stat().st_mode & 0o777 == (tmp_path / "model").stat().st_mode & 0o666


@pytest.mark.parametrize(
    ("dtype", "fp8", "most"),
    [(torch.bfloat16, False, 0.05), (torch.float16, False, 0.006), (torch.bfloat16, True, 0.5)],
    ids=["bf16", "fp16", "fp8"],
)
def test_a_smaller_type_costs_little(
    model: Step3ForCausalLM, tmp_path: Path, dtype: torch.dtype, fp8: bool, most: float
):
    save_model(model, tmp_path / "model", dtype=dtype, fp8=fp8)
    assert load_model(tmp_path / "model").lm_head.weight.dtype == dtype
    again = load_model(tmp_path / "model", dtype=torch.float32)
    difference = (again(IDS) - model(IDS)).abs().max()
    assert 0 < difference < most


def test_fp8_weights_are_their_stored_value_times_the_scale_of_the_block(
    model: Step3ForCausalLM, tmp_path: Path
):
    save_model(model, tmp_path / "model", fp8=True)
    name = "model.layers.1.moe.down_proj.weight"
    stored = load_file(tmp_path / "model" / SINGLE)
    again = load_model(tmp_path / "model", dtype=torch.float32)
    expected = stored[name].float() * stored[name + "_scale_inv"]
    assert torch.equal(again.state_dict()[name], expected)
    assert torch.equal(again.state_dict()["lm_head.weight"], model.lm_head.weight)


def test_the_text_part_of_a_folder_with_vision_is_loaded(model: Step3ForCausalLM, tmp_path: Path):
    both = Step3VLConfig(
        text_config=TINY,
        vision_config=VISION,
        image_token_id=9,
        understand_projector_stride=2,
        projector_bias=False,
    )
    folder = tmp_path / "model"
    save_model(model, folder)
    (folder / "config.json").write_text(json.dumps(config_document(both)))
    seen = {"vision_model.x": torch.ones(1), "vit_downsampler.weight": torch.ones(1)}
    save_file(load_file(folder / SINGLE) | seen, folder / SINGLE)
    assert torch.equal(load_model(folder)(IDS), model(IDS))
    save_file(load_file(folder / SINGLE) | {"audio.x": torch.ones(1)}, folder / SINGLE)
    with pytest.raises(UserError, match=r"audio\.x"):
        load_model(folder)


def test_a_config_of_absurd_size_is_refused_without_taking_its_memory(
    model: Step3ForCausalLM, tmp_path: Path
):
    folder = tmp_path / "model"
    save_model(model, folder)
    document = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(document | {"hidden_size": 2**20}))
    with pytest.raises(UserError, match=r"model\.embed_tokens\.weight in .*\(256, 1048576\)"):
        load_model(folder)


def test_nothing_is_written_over_and_what_was_begun_is_removed(
    model: Step3ForCausalLM, tmp_path: Path
):
    folder = tmp_path / "model"
    folder.mkdir()
    save_model(model, folder)
    with pytest.raises(UserError, match="exists"):
        save_model(model, folder)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        save_model(model, tmp_path / "file" / "model")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "model"]


WIDE = Step3TextConfig(
    hidden_size=512,
    intermediate_size=4096,
    num_hidden_layers=8,
    num_attention_heads=4,
    head_dim=64,
    share_q_dim=64,
    moe_layers_enum=(1, 3, 5, 7),
    moe_num_experts=16,
    moe_top_k=2,
    moe_intermediate_size=512,
    share_expert_dim=512,
    vocab_size=512,
    max_position_embedding=64,
    max_seq_len=64,
)
PROBE = """
import re, sys
from pathlib import Path
import torch
torch.set_num_threads(1)
from edgewise.step3.weights import load_model
def peak():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) * 1024
with torch.device("meta"):
    torch.nn.Embedding(4, 4)  # loads parts of torch, once
before = peak()
model = load_model(Path(sys.argv[1]), dtype=torch.float32)
print(peak() - before, sum(w.nbytes for w in model.parameters()))
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="told by the kernel on Linux only")
def test_loading_takes_the_memory_of_the_model_and_a_layer(tmp_path: Path):
    save_model(Step3ForCausalLM(WIDE), tmp_path / "model", dtype=torch.bfloat16)
    command = [sys.executable, "-c", PROBE, str(tmp_path / "model")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    taken, held = map(int, done.stdout.split())
    assert held > 300e6
    assert taken < held + held / WIDE.num_hidden_layers, f"{taken} for a model of {held}"
