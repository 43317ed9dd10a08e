"""The tensors that a config says there are, and so many parameters as were published."""

from math import prod

from msgspec.structs import replace

from edgewise.step3.config import PUBLISHED
from edgewise.step3.layout import (
    count_active_parameters,
    count_parameters,
    is_projection,
    layer_shapes,
    tensor_shapes,
    vision_shapes,
)
from tests.step3.test_config import STEP3


def test_step3_has_316_billion_parameters_of_which_a_token_uses_38():
    assert round(count_parameters(PUBLISHED) / 1e9, 2) == 316.29
    assert round(count_active_parameters(PUBLISHED) / 1e9, 2) == 37.92


def test_attention_of_one_layer_has_as_many_as_the_reference_note_counts():
    attention = {
        name: shape
        for name, shape in layer_shapes(PUBLISHED, 0).items()
        if ".self_attn." in name and "norm" not in name
    }
    assert sum(map(prod, attention.values())) == 169_345_024


def test_dense_layers_have_no_experts_and_the_others_have_them_stacked():
    shapes = tensor_shapes(PUBLISHED)
    assert shapes["model.layers.3.mlp.down_proj.weight"] == (7168, 18_432)
    assert shapes["model.layers.4.moe.down_proj.weight"] == (48, 7168, 5120)
    assert shapes["model.layers.4.share_expert.gate_proj.weight"] == (5120, 7168)
    dense = {int(name.split(".")[2]) for name in shapes if ".mlp." in name}
    assert dense == {0, 1, 2, 3, 60}
    assert not any(".moe." in n for n in tensor_shapes(replace(PUBLISHED, moe_layers_enum=())))


def test_vision_has_as_many_as_the_5_billion_stated_beside_the_text_models():
    assert sum(map(prod, vision_shapes(STEP3).values())) == 4_675_381_760
    assert count_parameters(STEP3) == count_parameters(PUBLISHED) + 4_675_381_760
    assert not vision_shapes(STEP3).keys() & tensor_shapes(PUBLISHED).keys()


def test_a_projector_without_bias_has_no_tensor_for_one():
    shapes = vision_shapes(replace(STEP3, projector_bias=False))
    assert vision_shapes(STEP3).keys() - shapes.keys() == {"vit_large_projector.bias"}


def test_only_the_large_products_of_a_layer_are_held_in_fp8():
    names = {name.split(".", 3)[-1] for name in layer_shapes(PUBLISHED, 4) if is_projection(name)}
    kept = {name.split(".", 3)[-1] for name in layer_shapes(PUBLISHED, 4)} - names
    assert kept == {
        "input_layernorm.weight",
        "post_attention_layernorm.weight",
        "self_attn.inter_norm.weight",
        "moe.gate.weight",
    }
    assert not is_projection("model.embed_tokens.weight")
    assert not is_projection("lm_head.weight")
    assert not any(map(is_projection, vision_shapes(STEP3)))
