"""The model gives what others give: vLLM's own Step-3, and the same made of transformers' parts.

Weights follow from a seed (`scripts.step3.golden`); none are kept.
"""

import json
import os

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch
from torch import Tensor, nn

from edgewise.step3.config import PUBLISHED, text_part
from edgewise.step3.config_file import config_from
from edgewise.step3.layout import count_parameters, tensor_shapes
from edgewise.step3.model import Step3ForCausalLM
from scripts.step3.golden import GOLDEN, PROMPT, SEED, TINY, make_golden, seeded_model

torch.set_num_threads(1)
TOLERANCE = 1e-5
IDS = torch.randint(0, TINY.vocab_size, (2, 17), generator=torch.Generator().manual_seed(SEED))


@pytest.fixture(scope="module")
def model() -> Step3ForCausalLM:
    return seeded_model(TINY, SEED).requires_grad_(False)


def test_its_tensors_are_named_and_shaped_as_those_of_a_checkpoint(model: Step3ForCausalLM):
    assert {n: tuple(w.shape) for n, w in model.state_dict().items()} == tensor_shapes(TINY)


def test_the_published_size_has_the_published_tensors():
    with torch.device("meta"):
        model = Step3ForCausalLM(PUBLISHED)
    assert {n: tuple(w.shape) for n, w in model.state_dict().items()} == tensor_shapes(PUBLISHED)
    assert sum(w.numel() for w in model.parameters()) == count_parameters(PUBLISHED)


@pytest.mark.parametrize("plain", [False, True], ids=["fast", "plain"])
@pytest.mark.parametrize("case", [0, 1], ids=["as published", "otherwise"])
def test_log_probabilities_are_those_of_vllm(case: int, plain: bool):
    kept = json.loads(GOLDEN.read_text("utf-8"))
    said = kept["cases"][case]
    config = text_part(config_from(said["config"]))
    model = seeded_model(config, kept["seed"], plain=plain).requires_grad_(False)
    found = model(torch.tensor([kept["prompt"]]))[0].log_softmax(-1)  # (T, V)
    assert len(said["log_probabilities"]) == len(kept["prompt"]) - 1
    pairs = [
        (found[place, int(token)].item(), theirs)
        for place, row in enumerate(said["log_probabilities"])
        for token, theirs in row.items()
    ]
    assert len(pairs) >= 320
    assert max(abs(ours - theirs) for ours, theirs in pairs) <= TOLERANCE


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(
    not os.environ.get("EDGEWISE_TEST_VLLM"),
    reason="takes minutes and 3.5 GB: set EDGEWISE_TEST_VLLM=1 to ask vLLM itself anew",
)
def test_vllm_still_says_what_was_kept():
    kept, found = json.loads(GOLDEN.read_text("utf-8")), make_golden()
    for key in ("seed", "rule", "prompt"):
        assert found[key] == kept[key]
    for case, kept_case in zip(found["cases"], kept["cases"], strict=True):
        assert case["config"] == kept_case["config"]
        rows = zip(case["log_probabilities"], kept_case["log_probabilities"], strict=True)
        for row, kept_row in rows:
            assert row == pytest.approx(kept_row, abs=TOLERANCE)


def test_sixteen_bits_give_nearly_the_same(model: Step3ForCausalLM):
    for dtype, most in ((torch.bfloat16, 0.2), (torch.float16, 0.02)):
        half = seeded_model(TINY, SEED).requires_grad_(False).to(dtype)
        scores = half(IDS)
        assert scores.dtype == dtype
        assert (scores - model(IDS)).abs().max() < most


def test_logits_are_those_of_the_same_made_of_transformers_parts(model: Step3ForCausalLM):
    pytest.importorskip("transformers", reason="transformers is not installed (extra step3)")
    with torch.no_grad():
        theirs = of_transformers_parts(model)(IDS).logits
    assert (model(IDS) - theirs).abs().max() <= TOLERANCE
    assert theirs.abs().max() > 1


def of_transformers_parts(ours: Step3ForCausalLM) -> nn.Module:
    """A Llama whose query is low-rank and whose second layer is DeepSeek-V2's mixture, with our
    weights (reference note on Step-3, section 5.2)."""
    from transformers import DeepseekV2Config, LlamaConfig, LlamaForCausalLM
    from transformers.models.deepseek_v2.modeling_deepseek_v2 import DeepseekV2Moe
    from transformers.models.llama.modeling_llama import LlamaRMSNorm

    llama = LlamaConfig(
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=32,
        vocab_size=256,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 5e5},
        tie_word_embeddings=False,
        attn_implementation="eager",
    )
    mixture = DeepseekV2Config(
        hidden_size=64,
        n_routed_experts=4,
        num_experts_per_tok=2,
        n_shared_experts=1,
        moe_intermediate_size=32,
        topk_method="greedy",
        norm_topk_prob=False,
        routed_scaling_factor=1.0,
        first_k_dense_replace=0,
        hidden_act="silu",
    )
    mixture._experts_implementation = "eager"
    theirs = LlamaForCausalLM(llama)
    for layer in theirs.model.layers:
        layer.self_attn.q_proj = nn.Sequential(
            nn.Linear(64, 48, bias=False), LlamaRMSNorm(48, 1e-5), nn.Linear(48, 128, bias=False)
        )
    theirs.model.layers[1].mlp = DeepseekV2Moe(mixture)
    theirs.load_state_dict(renamed(ours.state_dict()))
    return theirs.eval()


def renamed(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Our tensors under the names of `of_transformers_parts`."""
    names = {
        "self_attn.q_proj": "self_attn.q_proj.0",
        "self_attn.inter_norm": "self_attn.q_proj.1",
        "self_attn.wq": "self_attn.q_proj.2",
        "share_expert": "mlp.shared_experts",
        "moe.gate.": "mlp.gate.",
        "moe.down_proj.weight": "mlp.experts.down_proj",
        "moe.up_proj.weight": "mlp.experts.gate_up_proj",
    }
    found: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if "moe.gate_proj" in name:
            continue
        ours, theirs = next(((o, t) for o, t in names.items() if o in name), ("", ""))
        both = [weights[name.replace("up_proj", "gate_proj")]] if "moe.up_proj" in name else []
        found[name.replace(ours, theirs)] = torch.cat([*both, weight], dim=1) if both else weight
    return found


def test_the_plain_path_gives_what_the_fast_one_gives(model: Step3ForCausalLM):
    plain = seeded_model(TINY, SEED, plain=True).requires_grad_(False)
    assert (model(IDS) - plain(IDS)).abs().max() <= TOLERANCE


def test_what_follows_changes_nothing_before_it(model: Step3ForCausalLM):
    torch.testing.assert_close(model(IDS)[:, :9], model(IDS[:, :9]))


def test_it_learns_a_sentence_by_heart():
    torch.manual_seed(SEED)
    model = Step3ForCausalLM(TINY)
    steps = torch.optim.AdamW(model.parameters(), lr=3e-3)
    ids = torch.tensor([PROMPT])
    losses = []
    for _ in range(30):
        loss = nn.functional.cross_entropy(model(ids)[0, :-1], ids[0, 1:])
        steps.zero_grad()
        loss.backward()
        steps.step()
        losses.append(loss.item())
    assert losses[0] > 5
    assert losses[-1] < 0.3
