"""Step-3's eyes: a vision transformer, two downsamplers, a projector to the text model's width.

Pixels in, one vector a token out; it does not know how a picture is cut (`pictures.py`) nor where
its tokens stand in a prompt (`image_tokens.py`). The tower is of EVA-CLIP's kind, with two turns of
its own: norms stand behind what they norm (x + LN(f(x)), none at the end), and the class token
stands four times before the patches. Modules bear the checkpoint's names, so that its tensors load
by name. Source: the published classes as vLLM (`step3_vl.py`) and SGLang run them.

Letters at the lines: B pictures, G patches along a side, P = G*G patches, T = 4 + P tokens, D width
of the tower, H heads, d = D/H, N tokens that come out.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from edgewise.errors import UserError
from edgewise.step3.config import (
    FIRST_KERNEL,
    SECOND_KERNEL,
    SECOND_PADDING,
    SECOND_STRIDE,
    Step3VisionConfig,
    Step3VLConfig,
)

PREFIX_TOKENS = 4
"""Copies of the class token before the patches: one, padded to what four chips share evenly."""


class Step3Vision(nn.Module):
    """All of the eyes; its `state_dict` holds the checkpoint's vision tensors under their names."""

    def __init__(self, config: Step3VLConfig) -> None:
        super().__init__()
        self.config = config
        tower, stride = config.vision_config, config.understand_projector_stride
        middle, last = tower.output_hidden_size, 2 * tower.output_hidden_size
        self.vision_model = VisionTower(tower)
        self.vit_downsampler = nn.Conv2d(tower.hidden_size, middle, FIRST_KERNEL, stride=stride)
        self.vit_downsampler2 = nn.Conv2d(
            middle, last, SECOND_KERNEL, stride=SECOND_STRIDE, padding=SECOND_PADDING
        )
        self.vit_large_projector = nn.Linear(
            last, config.text_config.hidden_size, bias=config.projector_bias
        )

    def forward(self, pixels: Tensor) -> Tensor:
        """(B, 3, side, side) -> (B, N, text width): 728 pixels give 169 tokens, 504 give 81, row by
        row. Raises UserError (`bad_picture`) for pixels of another shape."""
        self._check(pixels)
        return self.project(self.vision_model(pixels))

    def project(self, patches: Tensor) -> Tensor:
        """(B, P, D) -> (B, N, text width); no activation stands between the three."""
        side = math.isqrt(patches.shape[1])
        grid = patches.transpose(1, 2).unflatten(2, (side, side))  # (B, D, G, G): 52 or 36
        grid = self.vit_downsampler(grid)  # (B, 4096, 26, 26) or 18
        grid = self.vit_downsampler2(grid)  # (B, 8192, 13, 13) or 9
        return self.vit_large_projector(grid.flatten(2).transpose(1, 2))  # (B, N, text width)

    def features(self, crops: Tensor, view: Tensor) -> Tensor:
        """One picture's tokens in the order of the prompt: its crops (n, 3, 504, 504), which may be
        none, then the view of the whole (1, 3, 728, 728) -> (n * 81 + 169, text width)."""
        of_view = self(view).flatten(0, 1)
        return torch.cat([self(crops).flatten(0, 1), of_view]) if len(crops) else of_view

    def _check(self, pixels: Tensor) -> None:
        square = pixels.ndim == 4 and pixels.shape[1] == 3 and pixels.shape[2] == pixels.shape[3]
        if not square or not len(pixels):
            raise UserError(
                f"pixels of shape {tuple(pixels.shape)} are no square pictures; give"
                " (pictures, 3, side, side)",
                code="bad_picture",
            )
        self.config.tokens(pixels.shape[2])


class VisionTower(nn.Module):
    """Pixels to one vector a patch."""

    def __init__(self, config: Step3VisionConfig) -> None:
        super().__init__()
        self.embeddings = Embeddings(config)
        self.transformer = Transformer(config)

    def forward(self, pixels: Tensor) -> Tensor:
        """(B, 3, side, side) -> (B, P, D): the copies of the class token have done their part."""
        return self.transformer(self.embeddings(pixels))[:, PREFIX_TOKENS:]


class Embeddings(nn.Module):
    """Patches and class token, each with its learned position."""

    def __init__(self, config: Step3VisionConfig) -> None:
        super().__init__()
        self.grid = config.position_grid
        width, patch = config.hidden_size, config.patch_size
        self.class_embedding = nn.Parameter(torch.randn(1, width))
        self.patch_embedding = nn.Conv2d(3, width, patch, stride=patch)
        self.position_embedding = nn.Embedding(1 + self.grid * self.grid, width)

    def forward(self, pixels: Tensor) -> Tensor:
        """(B, 3, side, side) -> (B, T, D)."""
        patches = self.patch_embedding(pixels.to(self.patch_embedding.weight))  # (B, D, G, G)
        of_class, of_patches = self.positions(patches.shape[-1])
        first = (self.class_embedding + of_class).expand(len(pixels), PREFIX_TOKENS, -1)
        return torch.cat([first, patches.flatten(2).transpose(1, 2) + of_patches], dim=1)

    def positions(self, grid: int) -> tuple[Tensor, Tensor]:
        """The class token's position (1, D) and those of a grid of that side (grid * grid, D),
        stretched or shrunk from the learned ones in fp32 where it is another."""
        table = self.position_embedding.weight
        if grid == self.grid:
            return table[:1], table[1:]
        learned = table[1:].float().T.view(1, -1, self.grid, self.grid)  # (1, D, 52, 52)
        resized = F.interpolate(learned, (grid, grid), mode="bicubic", antialias=True)
        return table[:1], resized[0].flatten(1).T.to(table)


class Transformer(nn.Module):
    """The layers; no norm stands behind the last."""

    def __init__(self, config: Step3VisionConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x  # (B, T, D)


class Layer(nn.Module):
    """Attention and MLP, each normed before it is added."""

    def __init__(self, config: Step3VisionConfig) -> None:
        super().__init__()
        self.self_attn = Attention(config)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = MLP(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.layer_norm1(self.self_attn(x))  # (B, T, D)
        return x + self.layer_norm2(self.mlp(x))


class Attention(nn.Module):
    """Every token to every token; queries, keys and values from one fused matrix."""

    def __init__(self, config: Step3VisionConfig) -> None:
        super().__init__()
        self.heads, self.head_dim = config.num_attention_heads, config.head_dim
        self.qkv_proj = nn.Linear(config.hidden_size, 3 * config.hidden_size)
        self.out_proj = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        qkv = self.qkv_proj(x).unflatten(2, (3, self.heads, self.head_dim))  # (B, T, 3, H, d)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (B, H, T, d) each
        seen = F.scaled_dot_product_attention(q, k, v)  # scaled by d ** -0.5
        return self.out_proj(seen.transpose(1, 2).flatten(2))  # (B, T, D)


class MLP(nn.Module):
    """Two matrices with quick GELU, x * sigmoid(1.702 x), between."""

    def __init__(self, config: Step3VisionConfig) -> None:
        super().__init__()
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc1(x)  # (B, T, intermediate)
        return self.fc2(x * torch.sigmoid(1.702 * x))
