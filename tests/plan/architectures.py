"""Architectures of any kind for the planner's tests."""

from hypothesis import strategies as st

from edgewise.plan.arch import (
    Architecture,
    Attention,
    Dense,
    Ffn,
    Gqa,
    LayerGroup,
    LinearAttention,
    Mfa,
    Mla,
    Moe,
)
from edgewise.plan.number_format import NumberFormat

WIDTHS = st.integers(1, 512)


def one_group(attention: Attention | None, ffn: Ffn | None, hidden: int = 32) -> Architecture:
    """A model of a single layer with a vocabulary of ten."""
    return Architecture(
        name="one", hidden=hidden, vocab=10, groups=(LayerGroup(1, attention, ffn),)
    )


@st.composite
def attentions(draw: st.DrawFn) -> Attention:
    """Attention of any kind."""
    kv_heads, share, width = draw(st.integers(1, 8)), draw(st.integers(1, 8)), draw(WIDTHS)
    heads = kv_heads * share
    window, chunk = draw(st.sampled_from(((0, 0), (0, 0), (64, 0), (4096, 0), (0, 8192))))
    return draw(
        st.sampled_from(
            (
                Gqa(heads=heads, kv_heads=kv_heads, head_dim=width, window=window, chunk=chunk),
                Mfa(heads=heads, kv_heads=kv_heads, head_dim=width, q_rank=64),
                Mla(heads, share, kv_rank=width, rope_dim=8, nope_dim=16, value_dim=16),
                LinearAttention(heads, kv_heads, key_dim=width, value_dim=16, convolution=share),
            )
        )
    )


@st.composite
def ffns(draw: st.DrawFn) -> Ffn:
    """A feed-forward of either kind."""
    top_k, width = draw(st.integers(1, 8)), draw(WIDTHS)
    experts = top_k + draw(st.integers(0, 64))
    return draw(
        st.sampled_from((Dense(width), Moe(experts, top_k, width, draw(st.integers(0, 64)))))
    )


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    """A model of one to three groups."""
    group = st.builds(
        LayerGroup,
        layers=st.integers(1, 60),
        attention=attentions(),
        ffn=ffns(),
        kv_format=st.sampled_from((NumberFormat.BF16, NumberFormat.FP8, NumberFormat.Q8_0)),
    )
    return Architecture(
        name="any",
        hidden=draw(WIDTHS),
        vocab=draw(WIDTHS),
        groups=tuple(draw(st.lists(group, min_size=1, max_size=3))),
        tied=draw(st.booleans()),
    )
