"""The paper's Tables 2 and 3; and that counts of work and cache behave for any model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgewise.plan.arch import (
    Architecture,
    Dense,
    Gqa,
    LayerGroup,
    LinearAttention,
    Mla,
    ShortConvolution,
)
from edgewise.plan.count import (
    decode,
    kv_bytes,
    kv_bytes_per_token,
    pairs,
    prefill,
    reach,
    state_bytes,
)
from tests.plan.architectures import architectures, one_group
from tests.plan.paper import MODELS, NAMES, needs_tables, rows

CONTEXTS = st.integers(1, 200_000)


@needs_tables
def test_all_72_numbers_of_tables_2_and_3_are_met_within_half_a_percent():
    off: dict[str, float] = {}
    table = rows("table2_3_per_token")
    for row in table:
        work = decode(MODELS[NAMES[row["model"]]], int(row["context_tokens"]))
        counted = {
            "kv_state_bytes": work.cache_traffic,
            "attn_core_flops": work.paper_core,
            "attn_linear_flops": work.paper_linear,
            "ffn_flops": work.paper_ffn,
        }
        for column, value in counted.items():
            off[f"{row['model']} {row['context_tokens']} {column}"] = abs(
                value / float(row[column]) - 1
            )
    assert len(off) == 72
    assert {cell: error for cell, error in off.items() if error > 0.005} == {}


def test_the_paper_charges_mla_more_for_values_than_they_take():
    """With 512 for values the printed 1.47e11 of DeepSeek-V3 at 8K would be 1.39e11."""
    work = decode(MODELS["deepseek-v3"], 8192)
    assert work.paper_core == pytest.approx(1.47e11, rel=0.005)
    assert work.core == pytest.approx(1.39e11, rel=0.005)


def test_the_paper_charges_a_state_twice_what_minimax_multiplies():
    """With 5 FLOPs an element the printed 3.42e9 at 8K would be 3.05e9."""
    work = decode(MODELS["minimax-m1"], 8192)
    assert work.state == 5 * 70 * 64 * 128 * 128
    assert work.paper_core == pytest.approx(3.42e9, rel=0.005)
    assert work.core == pytest.approx(3.05e9, rel=0.005)


def test_ten_full_layers_of_minimax_meet_the_table_and_eight_do_not():
    """The paper says 10 in one place and 8 in another."""
    assert MODELS["minimax-m1"].groups[0].layers == 10
    per_layer = 2 * 8 * 128 * 2 * 8192
    printed, counted = 9.23e8, decode(MODELS["minimax-m1"], 8192).cache_traffic
    assert counted == pytest.approx(printed, rel=0.005)
    assert counted - 2 * per_layer != pytest.approx(printed, rel=0.05)


def test_the_work_is_the_sum_of_its_items_and_the_paper_leaves_three_out():
    work = decode(MODELS["step-3"], 8192)
    assert work.flops == work.core + work.projections + work.ffn + work.router + work.head
    left_out = work.flops - work.paper_core - work.paper_linear - work.paper_ffn
    assert left_out == pytest.approx(work.router + work.head)
    assert work.head == 2 * 7168 * 128815
    assert work.router == 2 * 56 * 7168 * 48
    assert left_out < 0.05 * work.flops


def test_a_token_at_a_time_and_all_at_once_do_the_same_work():
    model = one_group(Gqa(heads=4, kv_heads=2, head_dim=8, window=5), Dense(width=32))
    at_once, each = prefill(model, 12, heads=12), [decode(model, n) for n in range(1, 13)]
    for item in ("scores", "values", "projections", "dense", "head", "kv_write"):
        assert getattr(at_once, item) == sum(getattr(work, item) for work in each), item
    assert at_once.kv_read < sum(work.kv_read for work in each)


def test_a_kernel_that_masks_afterwards_does_the_whole_square():
    model = one_group(Gqa(heads=4, kv_heads=2, head_dim=8), Dense(width=32))
    assert prefill(model, 12, masked=False).scores == 2 * 4 * 8 * 12 * 12
    assert prefill(model, 12).scores == 2 * 4 * 8 * 12 * 13 / 2
    assert prefill(model, 4, before=8, masked=False).scores == 2 * 4 * 8 * 4 * 12


def test_mla_attends_in_its_latent_when_decoding_and_in_its_heads_at_prefill():
    mla = Mla(heads=4, q_rank=0, kv_rank=32, rope_dim=4, nope_dim=8, value_dim=6)
    model = one_group(mla, None)
    assert decode(model, 10).scores == 2 * 4 * (32 + 4) * 10
    assert decode(model, 10).values == 2 * 4 * 32 * 10
    assert prefill(model, 1, before=9).scores == 2 * 4 * (8 + 4) * 10
    assert prefill(model, 1, before=9).values == 2 * 4 * 6 * 10
    assert decode(model, 10).projections == prefill(model, 1, before=9).projections
    assert kv_bytes_per_token(model) == 2 * 36


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 12))
def test_pairs_are_those_that_counting_one_by_one_gives(new: int, before: int, limit: int):
    tokens = range(before + 1, before + new + 1)
    assert pairs(new, before) == sum(tokens)
    assert pairs(new, before, window=limit) == sum(min(n, limit) for n in tokens)
    assert pairs(new, before, chunk=limit) == sum((n - 1) % limit + 1 for n in tokens)


@given(architectures(), CONTEXTS, CONTEXTS)
def test_a_longer_context_never_costs_less(model: Architecture, one: int, other: int):
    short, long = decode(model, min(one, other)), decode(model, max(one, other))
    for item in short.__struct_fields__:
        assert 0 <= getattr(short, item) <= getattr(long, item), item
    assert kv_bytes(model, min(one, other)) <= kv_bytes(model, max(one, other))


@given(architectures(), CONTEXTS)
def test_a_cache_is_never_more_than_every_token_kept(model: Architecture, context: int):
    assert 0 <= kv_bytes(model, context) <= kv_bytes_per_token(model) * context
    assert decode(model, context).kv_write == kv_bytes_per_token(model)


@given(CONTEXTS, st.lists(st.integers(1, 9000), min_size=1, max_size=3), st.booleans())
def test_the_cache_of_windows_alone_is_bounded(context: int, limits: list[int], chunked: bool):
    plain = Gqa(heads=4, kv_heads=2, head_dim=8)
    windows = [replace(plain, **{"chunk" if chunked else "window": limit}) for limit in limits]
    groups = tuple(LayerGroup(2, window, None) for window in windows)
    model = Architecture(name="windows", hidden=32, vocab=10, groups=groups)
    bound = sum(2 * 2 * 2 * 8 * 2 * limit for limit in limits)
    assert [reach(window) for window in windows] == limits
    assert kv_bytes(model, context) <= bound
    assert kv_bytes(model, max(limits) + context) == bound
    assert decode(model, max(limits) + context).kv_read == bound


def test_a_state_does_not_grow_and_is_read_and_written():
    lightning = LinearAttention(heads=64, key_heads=64, key_dim=128, value_dim=128, gate=True)
    model = one_group(lightning, None)
    assert state_bytes(model) == 64 * 128 * 128 * 4
    assert decode(model, 10).state_traffic == decode(model, 9_000).state_traffic
    assert decode(model, 10).state_traffic == 2 * state_bytes(model)
    assert kv_bytes(model, 9_000) == 0


def test_gated_delta_and_mamba_are_linear_attention_with_a_convolution():
    """Qwen3-Next's and a Mamba-2 layer of 24 heads: sizes as in their modules."""
    delta = LinearAttention(
        heads=32,
        key_heads=16,
        key_dim=128,
        value_dim=128,
        gate=True,
        scalars=2,
        convolution=4,
        flops_per_element=7,
    )
    hidden = 2048
    work = decode(one_group(delta, None, hidden=hidden), 100)
    assert work.projections == 2 * hidden * (12288 + 64 + 4096)
    assert work.state == 2 * 8192 * 4 + 7 * 32 * 128 * 128
    mamba = LinearAttention(
        heads=24, key_heads=1, key_dim=128, value_dim=64, gate=True, scalars=1, convolution=4
    )
    work = decode(one_group(mamba, None, hidden=768), 100)
    assert work.projections == 2 * (768 * (2 * 1536 + 2 * 128 + 24) + 1536 * 768)


def test_a_short_convolution_keeps_the_tokens_before():
    model = one_group(ShortConvolution(length=3), Dense(width=8), hidden=16)
    assert state_bytes(model) == 2 * 16 * 2
    assert decode(model, 5).state == 2 * 16 * 3


def test_a_layer_that_borrows_keys_reads_them_and_keeps_none():
    own = Gqa(heads=4, kv_heads=2, head_dim=8)
    borrowed = Gqa(heads=4, kv_heads=2, head_dim=8, own_kv=False)
    model = Architecture(
        name="borrows",
        hidden=32,
        vocab=10,
        groups=(LayerGroup(1, own, None), LayerGroup(1, borrowed, None)),
    )
    work = decode(model, 100)
    assert kv_bytes(model, 100) == 100 * 2 * 2 * 8 * 2
    assert work.kv_read == 2 * kv_bytes(model, 100)
