"""A GGUF file's metadata and tensors become an architecture with the file's own parameters."""

from typing import Any

import msgspec
import pytest

from edgewise.errors import UserError
from edgewise.plan.arch import Dense, Gqa, Mla, Moe, ShortConvolution
from edgewise.plan.gguf_config import GgufTensor, architecture_of, part_of, weights_of
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.weights import parameters
from tests.each_row import each_row

HIDDEN, VOCAB = 32, 100
METADATA: dict[str, Any] = {
    "general.architecture": "llama",
    "general.name": "Tiny",
    "llama.block_count": 2,
    "llama.embedding_length": HIDDEN,
    "llama.context_length": 256,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
}
ATTENTION = {
    "attn_norm.weight": (HIDDEN,),
    "attn_q.weight": (HIDDEN, 32),
    "attn_k.weight": (HIDDEN, 16),
    "attn_v.weight": (HIDDEN, 16),
    "attn_output.weight": (32, HIDDEN),
}
DENSE = {
    "ffn_norm.weight": (HIDDEN,),
    "ffn_gate.weight": (HIDDEN, 64),
    "ffn_up.weight": (HIDDEN, 64),
    "ffn_down.weight": (64, HIDDEN),
}
EXPERTS = {
    "ffn_norm.weight": (HIDDEN,),
    "ffn_gate_inp.weight": (HIDDEN, 8),
    "exp_probs_b.bias": (8,),
    "ffn_gate_exps.weight": (HIDDEN, 16, 8),
    "ffn_up_exps.weight": (HIDDEN, 16, 8),
    "ffn_down_exps.weight": (16, HIDDEN, 8),
    "ffn_gate_shexp.weight": (HIDDEN, 24),
    "ffn_up_shexp.weight": (HIDDEN, 24),
    "ffn_down_shexp.weight": (24, HIDDEN),
}
Shapes = dict[str, tuple[int, ...]]


def tensor(name: str, shape: tuple[int, ...]) -> GgufTensor:
    """A tensor in 16 bits, one with a single side in 32."""
    found = GgufTensor(name, shape, "f16" if len(shape) > 1 else "f32", 0)
    return msgspec.structs.replace(found, size_bytes=found.size * (2 if len(shape) > 1 else 4))


def tensors_of(*layers: Shapes, head: bool = False, **more: tuple[int, ...]) -> list[GgufTensor]:
    """The tensors of a file with those layers."""
    found = [tensor("token_embd.weight", (HIDDEN, VOCAB)), tensor("output_norm.weight", (HIDDEN,))]
    found += [tensor("output.weight", (HIDDEN, VOCAB))] if head else []
    found += [tensor(f"{name}.weight", shape) for name, shape in more.items()]
    for number, layer in enumerate(layers):
        found += [tensor(f"blk.{number}.{name}", shape) for name, shape in layer.items()]
    return found


def of(metadata: dict[str, Any], *layers: Shapes, head: bool = False):
    tensors = tensors_of(*layers, head=head)
    architecture = architecture_of(metadata, tensors)
    assert parameters(architecture).total == sum(each.size for each in tensors)
    return architecture


def test_like_layers_are_one_group_of_the_files_sizes():
    found = of(METADATA, ATTENTION | DENSE, ATTENTION | DENSE)
    assert (found.name, found.hidden, found.vocab, found.tied) == ("Tiny", HIDDEN, VOCAB, True)
    (group,) = found.groups
    assert (group.layers, group.norms, group.extra) == (2, 2, 0)
    assert group.attention == Gqa(heads=4, kv_heads=2, head_dim=8)
    assert group.ffn == Dense(64)
    assert group.kv_format is NumberFormat.FP16
    assert not of(METADATA, ATTENTION | DENSE, ATTENTION | DENSE, head=True).tied


def test_biases_norms_and_gates_are_seen_in_the_tensors():
    more: Shapes = {
        "attn_q.bias": (32,),
        "attn_k.bias": (16,),
        "attn_v.bias": (16,),
        "attn_q_norm.weight": (8,),
        "attn_k_norm.weight": (8,),
        "attn_gate.weight": (HIDDEN, 4),
    }
    group = of(METADATA, ATTENTION | more | DENSE, ATTENTION | more | DENSE).groups[0]
    assert group.attention == Gqa(
        heads=4, kv_heads=2, head_dim=8, qkv_bias=True, qk_norm="head", output_gate="head"
    )
    assert group.extra == 0


def test_what_no_field_counts_is_extra():
    sinks: Shapes = {"attn_sinks.weight": (4,)}
    groups = of(METADATA, ATTENTION | sinks | DENSE, ATTENTION | DENSE).groups
    assert [group.extra for group in groups] == [4, 0]


def test_experts_are_as_many_as_their_tensors_third_side():
    metadata = METADATA | {"llama.expert_used_count": 2}
    found = of(metadata, ATTENTION | DENSE, ATTENTION | EXPERTS)
    assert found.groups[1].ffn == Moe(
        experts=8, top_k=2, width=16, shared_width=24, router_bias=True
    )
    with pytest.raises(UserError, match=r"llama\.expert_used_count is missing"):
        of(METADATA, ATTENTION | DENSE, ATTENTION | EXPERTS)


def test_latent_attention_is_read():
    metadata = {key.replace("llama.", "deepseek2."): value for key, value in METADATA.items()} | {
        "general.architecture": "deepseek2",
        "deepseek2.block_count": 1,
        "deepseek2.attention.kv_lora_rank": 16,
        "deepseek2.attention.q_lora_rank": 12,
        "deepseek2.attention.key_length_mla": 12,
        "deepseek2.attention.value_length_mla": 10,
        "deepseek2.rope.dimension_count": 4,
    }
    layer: Shapes = {
        "attn_norm.weight": (HIDDEN,),
        "attn_q_a.weight": (HIDDEN, 12),
        "attn_q_a_norm.weight": (12,),
        "attn_q_b.weight": (12, 48),
        "attn_kv_a_mqa.weight": (HIDDEN, 20),
        "attn_kv_a_norm.weight": (16,),
        "attn_k_b.weight": (8, 16, 4),
        "attn_v_b.weight": (16, 10, 4),
        "attn_output.weight": (40, HIDDEN),
    }
    group = of(metadata, layer | DENSE).groups[0]
    assert group.attention == Mla(
        heads=4, q_rank=12, kv_rank=16, rope_dim=4, nope_dim=8, value_dim=10
    )
    assert group.extra == 0


def test_layers_may_differ_in_heads_and_be_convolutions():
    metadata = METADATA | {"llama.attention.head_count_kv": [0, 2]}
    convolution: Shapes = {
        "attn_norm.weight": (HIDDEN,),
        "shortconv.conv.weight": (3, HIDDEN),
        "shortconv.in_proj.weight": (HIDDEN, 3 * HIDDEN),
        "shortconv.out_proj.weight": (HIDDEN, HIDDEN),
    }
    found = of(metadata, convolution | DENSE, ATTENTION | DENSE)
    assert found.groups[0].attention == ShortConvolution(3)


@pytest.mark.parametrize(
    ("family", "more", "windows"),
    [
        ("gemma2", {"attention.sliding_window": 64}, [64, 0]),
        ("phi3", {"attention.sliding_window": 64}, [0, 0]),
        ("mistral3", {"attention.sliding_window": 64}, [64, 64]),
        (
            "step35",
            {
                "attention.sliding_window": 64,
                "attention.sliding_window_pattern": [False, True],
            },
            [0, 64],
        ),
    ],
)
def test_the_layers_that_slide_are_those_of_llama_cpp(
    family: str, more: dict[str, Any], windows: list[int]
):
    metadata = {key.replace("llama.", f"{family}."): value for key, value in METADATA.items()}
    metadata |= {"general.architecture": family}
    metadata |= {f"{family}.{key}": value for key, value in more.items()}
    found = of(metadata, ATTENTION | DENSE, ATTENTION | DENSE)
    layers = [group.attention for group in found.groups for _ in range(group.layers)]
    assert [layer.window for layer in layers if isinstance(layer, Gqa)] == windows


def test_bytes_are_by_part_and_format():
    tensors = tensors_of(ATTENTION | DENSE, ATTENTION | EXPERTS, head=True, odd=(2, 3))
    weights = weights_of(tensors)
    assert weights.total_bytes == sum(each.size_bytes for each in tensors)
    assert weights.part_bytes["dense"] == 3 * 64 * HIDDEN * 2
    assert weights.part_bytes["experts"] == 3 * 16 * HIDDEN * 8 * 2
    assert weights.part_bytes["shared"] == 3 * 24 * HIDDEN * 2
    assert weights.part_bytes["router"] == HIDDEN * 8 * 2
    assert weights.part_bytes["head"] == weights.part_bytes["embedding"] == HIDDEN * VOCAB * 2
    assert weights.part_bytes["other"] == 12
    assert set(weights.part_formats["small"]) == {"f32"}
    assert part_of(tensor("blk.0.attn_q.bias", (32,))) == "small"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"llama.block_count": 3}, "layer 2 has no tensors"),
        ({"llama.block_count": 1}, r"blk\.1\..* is of no layer; there are 1"),
        ({"llama.block_count": 10**7}, "block_count is 10000000"),
        ({"llama.embedding_length": 64}, r"token_embd\.weight is 32 wide; the metadata says 64"),
        ({"llama.attention.head_count": 8}, r"blk\.0\.attn_k\.weight is \(32, 16\); .* \(32, 8\)"),
        ({"llama.attention.value_length": 4}, r"blk\.0\.attn_output\.weight is \(32, 32\)"),
        ({"llama.attention.head_count": None}, "head_count is missing"),
        ({"llama.attention.head_count_kv": 3}, "head_count_kv is 3; it divides 4 heads"),
        ({"llama.attention.head_count_kv": 4}, r"blk\.0\.attn_k\.weight is \(32, 16\)"),
        ({"general.architecture": ""}, r"general\.architecture is missing"),
    ],
)
def test_metadata_that_the_tensors_contradict_is_refused(changed: dict[str, Any], said: str):
    tensors = tensors_of(ATTENTION | DENSE, ATTENTION | DENSE)
    with pytest.raises(UserError, match=said) as refused:
        architecture_of(METADATA | changed, tensors)
    assert refused.value.code == "bad_architecture"


def test_attention_that_is_not_known_is_told_with_its_tensors():
    rwkv: Shapes = {"time_mix_key.weight": (HIDDEN, 64)}
    with pytest.raises(UserError, match=r"layer 0 has no attention that is known; .*time_mix"):
        of(METADATA, rwkv, ATTENTION | DENSE)


@each_row(
    "changed, said",
    [
        ({"attn_q.weight": (HIDDEN,)}, r"attn_q\.weight is \(32,\); it has 2 sides"),
        ({"ffn_up.weight": (HIDDEN,)}, r"ffn_up\.weight"),
        ({"ffn_down.weight": (64,)}, r"ffn_down\.weight"),
        ({"ffn_up_exps.weight": (HIDDEN, 64)}, "it has 3 sides"),
        (EXPERTS | {"ffn_down_shexp.weight": (24,)}, r"ffn_down_shexp\.weight"),
    ],
)
def test_a_tensor_with_too_few_sides_is_refused(changed: Shapes, said: str):
    layer = ATTENTION | DENSE | changed
    with pytest.raises(UserError, match=said):
        architecture_of(METADATA, tensors_of(layer, layer))


@each_row("name", ["ssm_in.weight", "indexer.k.weight"])
def test_what_stands_beside_attention_and_is_not_counted_is_refused(name: str):
    layer = ATTENTION | DENSE | {name: (HIDDEN, 8)}
    with pytest.raises(UserError, match=f"blk.0.{name} belongs to"):
        architecture_of(METADATA, tensors_of(layer, layer))
