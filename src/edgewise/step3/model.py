"""The Step-3 text model: ids of tokens in, a score for every token that may come next out.

    x = embed(ids)
    each layer:  x = x + attention(norm(x));  x = x + feed_forward(norm(x))
    scores = lm_head(norm(x))

The feed-forward part is dense in the layers that `moe_layers_enum` leaves out. The modules are
named as the published tensors are, so `state_dict` and checkpoint have the same keys.
Letters of shapes: B sequences, T tokens, h hidden, V vocabulary. Source: reference note, section 3.
"""

import torch
from torch import Tensor, nn

from edgewise.errors import UserError
from edgewise.step3.attention import Attention, Look, Rotation, rotation_at
from edgewise.step3.cache import Step
from edgewise.step3.config import Step3Config, Step3TextConfig
from edgewise.step3.moe import MixtureOfExperts, SwiGLU


class Block(nn.Module):
    """One layer: (B, T, h) -> (B, T, h)."""

    def __init__(self, config: Step3TextConfig, layer: int, *, plain: bool = False) -> None:
        super().__init__()
        h, eps = config.hidden_size, config.rms_norm_eps
        self.input_layernorm = nn.RMSNorm(h, eps=eps)
        self.self_attn = Attention(config, plain=plain)
        self.post_attention_layernorm = nn.RMSNorm(h, eps=eps)
        self.is_moe = layer in config.moe_layers_enum
        if self.is_moe:
            self.moe = MixtureOfExperts(config, plain=plain)
            self.share_expert = SwiGLU(h, config.share_expert_dim)
        else:
            self.mlp = SwiGLU(h, config.intermediate_size)

    def forward(self, x: Tensor, rotation: Rotation, look: Look | None = None) -> Tensor:
        return self.feed(self.attend(x, rotation, look))

    def attend(self, x: Tensor, rotation: Rotation, look: Look | None = None) -> Tensor:
        """The half that needs the tokens before: (B, T, h) -> (B, T, h), x added."""
        return x + self.self_attn(self.input_layernorm(x), rotation, look)

    def feed(self, x: Tensor) -> Tensor:
        """The half that takes each token alone: (..., h) -> (..., h), x added."""
        y = self.post_attention_layernorm(x)
        return x + (self.share_expert(y) + self.moe(y) if self.is_moe else self.mlp(y))


class Step3TextModel(nn.Module):
    """Embedding, layers and the last norm."""

    def __init__(self, config: Step3TextConfig, *, plain: bool = False) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Block(config, layer, plain=plain) for layer in config.layers)
        self.norm = nn.RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

    def forward(self, x: Tensor, step: Step | None = None) -> Tensor:
        """(B, T, h) -> (B, T, h). x is `embed_tokens(ids)`, or with pictures' vectors in it. With a
        step, B is 1 and T are its tokens, which see those before them in its cache.

        Raises UserError for more tokens than the config lets a sequence have."""
        positions = torch.arange(x.shape[1], device=x.device) if step is None else step.positions
        if (longest := x.shape[1] if step is None else step.longest) > self.config.context:
            raise too_long(longest, self.config)
        rotation = rotation_at(positions, self.config)
        for number, layer in enumerate(self.layers):
            x = layer(x, rotation, None if step is None else step.look(number))
        return self.norm(x)


class Step3ForCausalLM(nn.Module):
    """The whole text model. `plain` builds it of the paths that are written for reading."""

    def __init__(self, config: Step3TextConfig, *, plain: bool = False) -> None:
        super().__init__()
        self.config: Step3Config = config
        self.model = Step3TextModel(config, plain=plain)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    def forward(self, ids: Tensor) -> Tensor:
        """ids (B, T) -> logits (B, T, V); entry t scores the token that follows t."""
        return self.lm_head(self.model(self.model.embed_tokens(ids)))


def too_long(tokens: int, config: Step3TextConfig) -> UserError:
    """The error for a sequence that the model was not made for."""
    return UserError(
        f"a sequence of {tokens} tokens is too long: the model reads {config.context}; shorten the"
        " prompt, or ask for fewer tokens",
        code="too_long",
    )
