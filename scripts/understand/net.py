"""The network of the command model, in torch, for training only.

An encoder of the BERT family (Devlin et al., 2019) of the sizes of MiniLM-L6 (Wang et al., 2020),
width 384, 12 heads, feed-forward 1536. Its English word pieces and layers begin as those of
all-MiniLM-L6-v2; Chinese characters are new pieces and learnt here. Heads read tokens:
the function of the part it stands in (averaged over the part), its span tag (BIO), whether a new
part begins with it. `labels` is a head for the public sets' own finer labels, of their rows alone:
which of the functions that they know is meant is taken from it (`command_model.likely`).
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

WIDTH, HEADS, POSITIONS = 384, 12, 128
INNER = 1536
"""Feed-forward units of a layer, as many as MiniLM has."""


class Layer(nn.Module):
    """Self-attention and feed-forward, each with residual and LayerNorm after it."""

    def __init__(self, inner: int) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, 1e-12), nn.LayerNorm(WIDTH, 1e-12)
        self.up, self.down = nn.Linear(WIDTH, inner), nn.Linear(inner, WIDTH)

    def forward(self, x: Tensor, mask: Tensor | None, drop: float) -> Tensor:
        """x (B, T, 384), mask (B, 1, 1, T) true where a token stands -> (B, T, 384)."""
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=drop)
        x = self.norm1(x + F.dropout(self.out(seen.transpose(1, 2).reshape(b, t, WIDTH)), drop))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), drop))


class Encoder(nn.Module):
    """Word pieces (B, T) -> vectors (B, T, 384)."""

    def __init__(self, fixed: int, learnt: int, layers: int, inner: int = INNER) -> None:
        super().__init__()
        self.fixed = nn.Parameter(torch.zeros(fixed, WIDTH), requires_grad=False)
        self.learnt = nn.Parameter(torch.zeros(learnt, WIDTH))
        self.place = nn.Embedding(POSITIONS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer(inner) for _ in range(layers))

    def table(self) -> Tensor:
        """All word vectors; the pretrained ones stay, so that words never met stay near theirs."""
        return torch.cat((self.fixed, self.learnt))

    def forward(self, ids: Tensor, mask: Tensor | None = None, drop: float = 0.0) -> Tensor:
        known = len(self.fixed)
        fixed = F.embedding(ids.clamp_max(known - 1), self.fixed)
        learnt = F.embedding((ids - known).clamp_min(0), self.learnt)
        return self.read(torch.where((ids < known)[..., None], fixed, learnt), mask, drop)

    def read(self, words: Tensor, mask: Tensor | None = None, drop: float = 0.0) -> Tensor:
        """Vectors of the pieces alone (B, T, 384) -> of the pieces where they stand."""
        x = self.norm(words + self.place.weight[: words.shape[1]])
        x = F.dropout(x, drop)
        seen = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, seen, drop)
        return x


class CommandNet(nn.Module):
    """The encoder and its heads."""

    def __init__(
        self, encoder: Encoder, functions: int, tags: int, labels: int, drop: float = 0.1
    ) -> None:
        super().__init__()
        self.drop = drop
        self.encoder = encoder
        self.functions = nn.Linear(WIDTH, functions)
        self.tags = nn.Linear(WIDTH, tags)
        self.starts = nn.Linear(WIDTH, 1)
        self.labels = nn.Linear(WIDTH, labels)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Vectors of all tokens, with dropout while training."""
        drop = self.drop if self.training else 0.0
        return F.dropout(self.encoder(ids, mask, drop), drop)


def load_pretrained(encoder: Encoder, file: Path, numbers: list[int], which: list[int]) -> None:
    """Copies MiniLM's weights: of its word vectors the rows `numbers`, of its layers `which`, of
    their feed-forward units as many as there is room for, those with the largest weights."""
    w = {k.removeprefix("bert."): v for k, v in load_file(file).items()}
    kind = w["embeddings.token_type_embeddings.weight"][0]
    with torch.no_grad():
        encoder.fixed.copy_(w["embeddings.word_embeddings.weight"][numbers])
        encoder.learnt.normal_(0, 0.04)
        encoder.place.weight.copy_(w["embeddings.position_embeddings.weight"][:POSITIONS] + kind)
        encoder.norm.weight.copy_(w["embeddings.LayerNorm.weight"])
        encoder.norm.bias.copy_(w["embeddings.LayerNorm.bias"])
        for layer, number in zip(encoder.layers, which, strict=True):
            _load_layer(layer, w, f"encoder.layer.{number}.")


def _load_layer(layer: Layer, w: dict[str, Tensor], head: str) -> None:
    names = ("query", "key", "value")
    up, down = w[f"{head}intermediate.dense.weight"], w[f"{head}output.dense.weight"]
    kept = (up.norm(dim=1) * down.norm(dim=0)).topk(layer.up.out_features).indices.sort().values
    layer.up.weight.copy_(up[kept])
    layer.up.bias.copy_(w[f"{head}intermediate.dense.bias"][kept])
    layer.down.weight.copy_(down[:, kept])
    layer.down.bias.copy_(w[f"{head}output.dense.bias"])
    for kind in ("weight", "bias"):
        own = [w[f"{head}attention.self.{name}.{kind}"] for name in names]
        getattr(layer.qkv, kind).copy_(torch.cat(own))
        for part, name in (
            (layer.out, "attention.output.dense"), (layer.norm1, "attention.output.LayerNorm"),
            (layer.norm2, "output.LayerNorm"),
        ):  # fmt: skip
            getattr(part, kind).copy_(w[f"{head}{name}.{kind}"])
