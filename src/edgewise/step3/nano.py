"""Step-3 in small: sizes that train from nothing on one processor core, and how weights begin.

Every part of the large model is there: shared low-rank queries with one key and value head, dense
and expert layers, three of the experts and a shared one for each token, a vision tower with the two
downsamplers. Pictures are 56 pixels wide and become four tokens; crops, which show a large picture
in parts, are left to the published size.
"""

import torch
from torch import nn

from edgewise.errors import UserError
from edgewise.step3.config import Step3TextConfig, Step3VisionConfig, Step3VLConfig
from edgewise.step3.moe import Stacked
from edgewise.step3.tokenizer import IMAGE_TOKEN_ID
from edgewise.step3.vision import Embeddings
from edgewise.step3.vision_language import Step3VL

NANO = Step3VLConfig(
    text_config=Step3TextConfig(
        hidden_size=256,
        intermediate_size=1024,
        num_hidden_layers=4,
        num_attention_heads=8,
        head_dim=64,
        share_q_dim=128,
        moe_layers_enum=(1, 2, 3),
        moe_num_experts=48,
        moe_top_k=3,
        moe_intermediate_size=224,
        share_expert_dim=224,
        vocab_size=2048,
        max_position_embedding=512,
        max_seq_len=512,
        rope_theta=10_000.0,
    ),
    vision_config=Step3VisionConfig(
        hidden_size=128,
        intermediate_size=512,
        output_hidden_size=256,
        num_hidden_layers=4,
        num_attention_heads=4,
        image_size=56,
        patch_size=7,
    ),
    image_token_id=IMAGE_TOKEN_ID,
    understand_projector_stride=2,
    projector_bias=True,
)
"""30 million parameters, of which a token of text uses 4."""

PICO = Step3VLConfig(
    text_config=Step3TextConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        head_dim=16,
        share_q_dim=24,
        moe_layers_enum=(1,),
        moe_num_experts=4,
        moe_top_k=3,
        moe_intermediate_size=32,
        share_expert_dim=32,
        vocab_size=320,
        max_position_embedding=128,
        max_seq_len=128,
        rope_theta=10_000.0,
    ),
    vision_config=Step3VisionConfig(
        hidden_size=32,
        intermediate_size=64,
        output_hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=28,
        patch_size=7,
    ),
    image_token_id=IMAGE_TOKEN_ID,
    understand_projector_stride=2,
    projector_bias=True,
)
"""For tests: seconds to train, one vector a picture."""

SIZES = {"step3-nano": NANO, "step3-pico": PICO}

HEAD_STD = 0.02
EMBEDDED_STD = 0.3
"""Of tokens, places and the class token: as large as what the first layers add to them, and as a
patch of a picture is; much smaller, what a token is would be lost behind the first layer."""
POST_NORM_GAIN = 0.2
"""Of the tower's norms at the beginning. They stand behind what they norm, so each layer adds a
vector of this length per element to the patches, however small its weights are; at 1 the patches
would drown in it before anything is learnt."""


def size_named(name: str) -> Step3VLConfig:
    """Raises UserError for a name that is no small size."""
    if name not in SIZES:
        raise UserError(
            f"{name!r} is no size of a small Step-3; there are: {', '.join(SIZES)}",
            code="unknown_option",
        )
    return SIZES[name]


def fresh(config: Step3VLConfig, seed: int) -> Step3VL:
    """A model that has learnt nothing; the same seed gives the same one."""
    torch.manual_seed(seed)
    model = Step3VL(config)
    initialise(model)
    return model


@torch.no_grad()
def initialise(model: Step3VL) -> None:
    """All but norms and biases normal: head and router of deviation 0.02, embeddings of 0.3; other
    matrices of 1/sqrt(inputs), so that a vector keeps its length, and those that write into the
    text's residual stream less by sqrt(2 layers), as GPT-2's begin. Norms 1, those of the tower
    `POST_NORM_GAIN`; biases 0."""
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            nn.init.normal_(module.weight, std=module.weight[0].numel() ** -0.5)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, Stacked):
            nn.init.normal_(module.weight, std=module.weight.shape[-1] ** -0.5)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=EMBEDDED_STD)
        elif isinstance(module, nn.LayerNorm):
            nn.init.constant_(module.weight, POST_NORM_GAIN)
            nn.init.zeros_(module.bias)
    nn.init.normal_(model.lm_head.weight, std=HEAD_STD)
    for module in model.modules():
        if isinstance(module, Embeddings):
            nn.init.normal_(module.class_embedding, std=EMBEDDED_STD)
    depth = (2 * len(model.model.layers)) ** -0.5
    for name, weight in model.model.named_parameters():
        if name.endswith("moe.gate.weight"):
            nn.init.normal_(weight, std=HEAD_STD)
        elif name.endswith(("o_proj.weight", "down_proj.weight")):
            weight.mul_(depth)
