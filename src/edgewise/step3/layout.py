"""Which tensors a Step-3 model has: names and shapes as published, hence how many parameters.

Source: reference note on Step-3, sections 3.4 and 3.5. Shapes are (out, in); those of experts are
stacked, (expert, out, in).
"""

from math import prod

from edgewise.step3.config import (
    FIRST_KERNEL,
    SECOND_KERNEL,
    Step3Config,
    Step3TextConfig,
    Step3VisionConfig,
    Step3VLConfig,
)

Shape = tuple[int, ...]
TEXT_LAYERS = "model.layers."


def tensor_shapes(config: Step3Config) -> dict[str, Shape]:
    """Every tensor of a checkpoint: text from the embedding up, then vision where there is some."""
    if isinstance(config, Step3VLConfig):
        return tensor_shapes(config.text_config) | vision_shapes(config)
    h = config.hidden_size
    shapes: dict[str, Shape] = {"model.embed_tokens.weight": (config.vocab_size, h)}
    for layer in config.layers:
        shapes |= layer_shapes(config, layer)
    return shapes | {"model.norm.weight": (h,), "lm_head.weight": (config.vocab_size, h)}


def layer_shapes(config: Step3TextConfig, layer: int) -> dict[str, Shape]:
    """The tensors of one layer, by their full names."""
    h, rank, head = config.hidden_size, config.share_q_dim, config.head_dim
    heads = config.num_attention_heads * head
    inner: dict[str, Shape] = {
        "input_layernorm.weight": (h,),
        "self_attn.q_proj.weight": (rank, h),
        "self_attn.k_proj.weight": (head, h),
        "self_attn.v_proj.weight": (head, h),
        "self_attn.inter_norm.weight": (rank,),
        "self_attn.wq.weight": (heads, rank),
        "self_attn.o_proj.weight": (h, heads),
        "post_attention_layernorm.weight": (h,),
    }
    if layer in config.moe_layers_enum:
        experts, width = (config.moe_num_experts,), config.moe_intermediate_size
        inner["moe.gate.weight"] = (config.moe_num_experts, h)
        inner |= _swiglu("moe", h, width, experts)
        inner |= _swiglu("share_expert", h, config.share_expert_dim)
    else:
        inner |= _swiglu("mlp", h, config.intermediate_size)
    return {f"{TEXT_LAYERS}{layer}.{name}": shape for name, shape in inner.items()}


def vision_shapes(config: Step3VLConfig) -> dict[str, Shape]:
    """The tensors of the tower and of what stands between it and the text model."""
    tower = config.vision_config
    width, middle, last = tower.hidden_size, tower.output_hidden_size, 2 * tower.output_hidden_size
    patch, embeddings = tower.patch_size, "vision_model.embeddings."
    shapes: dict[str, Shape] = {
        f"{embeddings}class_embedding": (1, width),
        **_biased(f"{embeddings}patch_embedding", width, tower.num_channels, patch, patch),
        f"{embeddings}position_embedding.weight": (1 + tower.position_grid**2, width),
    }
    for layer in range(tower.num_hidden_layers):
        shapes |= _tower_layer(f"vision_model.transformer.layers.{layer}.", tower)
    shapes |= _biased("vit_downsampler", middle, width, FIRST_KERNEL, FIRST_KERNEL)
    shapes |= _biased("vit_downsampler2", last, middle, SECOND_KERNEL, SECOND_KERNEL)
    shapes |= _biased("vit_large_projector", config.text_config.hidden_size, last)
    if not config.projector_bias:
        del shapes["vit_large_projector.bias"]
    return shapes


def is_projection(name: str) -> bool:
    """Whether the tensor is one that the block-fp8 checkpoint holds in fp8: the large products of a
    layer of text, and neither norm, router, embedding nor head."""
    return name.startswith(TEXT_LAYERS) and name.endswith(("_proj.weight", ".wq.weight"))


def count_parameters(config: Step3Config) -> int:
    return sum(map(prod, tensor_shapes(config).values()))


def count_active_parameters(config: Step3TextConfig) -> int:
    """How many of them take part in one token: `moe_top_k` experts of each layer, and all else but
    the input embedding, of which one row is looked up."""
    expert = 3 * config.hidden_size * config.moe_intermediate_size
    idle = (config.moe_num_experts - config.moe_top_k) * len(config.moe_layers_enum)
    embedding = config.vocab_size * config.hidden_size
    return count_parameters(config) - embedding - idle * expert


def _swiglu(name: str, h: int, width: int, stack: Shape = ()) -> dict[str, Shape]:
    return {
        f"{name}.gate_proj.weight": (*stack, width, h),
        f"{name}.up_proj.weight": (*stack, width, h),
        f"{name}.down_proj.weight": (*stack, h, width),
    }


def _tower_layer(name: str, tower: Step3VisionConfig) -> dict[str, Shape]:
    width, wide = tower.hidden_size, tower.intermediate_size
    return (
        _biased(f"{name}self_attn.qkv_proj", 3 * width, width)
        | _biased(f"{name}self_attn.out_proj", width, width)
        | _biased(f"{name}layer_norm1", width)
        | _biased(f"{name}mlp.fc1", wide, width)
        | _biased(f"{name}mlp.fc2", width, wide)
        | _biased(f"{name}layer_norm2", width)
    )


def _biased(name: str, *shape: int) -> dict[str, Shape]:
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
