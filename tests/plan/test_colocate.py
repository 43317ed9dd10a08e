"""Both halves on the same cards: held, in time, and split as engines split."""

import msgspec
import pytest

from edgewise.errors import UserError
from edgewise.plan.arch import Moe
from edgewise.plan.colocate import Colocated, size_colocated
from edgewise.plan.count import decode, kv_bytes
from edgewise.plan.disaggregate import REACHED, TooFull, TooSlow
from edgewise.plan.fit import KEPT_FREE
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.weights import parameters, weight_bytes
from tests.each_row import each_row
from tests.plan.planned import CHIPS, MODELS


def colocated(model: str, chip: str, **asked: object) -> Colocated:
    found = size_colocated(MODELS[model], 8192, CHIPS[chip], **asked)
    assert isinstance(found, Colocated), found
    return found


def test_a_small_model_takes_one_card_and_one_sequence_reads_its_weights_and_cache() -> None:
    model, chip = MODELS["qwen3-8b"], CHIPS["H20"]
    found = colocated("qwen3-8b", "H20", batch=1)
    assert (found.cards, found.servers, found.tensor_parallel, found.data_parallel) == (1, 1, 1, 1)
    held = weight_bytes(parameters(model), NumberFormat.FP8)
    read = held + kv_bytes(model, 8192)
    assert found.token_s == pytest.approx(read / (4e12 * REACHED))
    assert found.room_bytes == pytest.approx(chip.memory_bytes * (1 - KEPT_FREE))


def test_without_a_batch_one_more_sequence_would_be_too_many() -> None:
    widest = colocated("qwen3-8b", "H20")
    assert widest.weights_bytes + widest.cache_bytes <= widest.room_bytes
    assert widest.token_s <= 0.05
    each = widest.cache_bytes / widest.batch
    too_full = widest.weights_bytes + widest.cache_bytes + each > widest.room_bytes
    too_late = widest.token_s + each / (4e12 * REACHED) > 0.05
    assert too_full or too_late


def test_a_wider_batch_takes_more_cards_and_a_shorter_time_does_too() -> None:
    narrow = colocated("qwen3-32b", "H800", batch=8)
    assert colocated("qwen3-32b", "H800", batch=128).cards > narrow.cards
    assert colocated("qwen3-32b", "H800", batch=8, target_s=0.008).cards > narrow.cards


@each_row(
    "model, kv_heads",
    [("deepseek-v3", 1), ("step-3", 1), ("qwen3-235b-a22b", 4), ("llama-4-maverick", 8)],
)
def test_attention_of_experts_is_split_no_further_than_its_key_heads(
    model: str, kv_heads: int
) -> None:
    found = colocated(model, "H800")
    assert found.tensor_parallel == min(kv_heads, found.cards)
    assert found.tensor_parallel * found.data_parallel == found.cards


def test_copies_of_all_but_the_routed_experts_are_held() -> None:
    model, found = MODELS["step-3"], colocated("step-3", "H800")
    once = weight_bytes(parameters(model), NumberFormat.FP8)
    experts = 56 * 48 * 3 * 7168 * 5120
    assert found.data_parallel == 8
    assert found.weights_bytes == pytest.approx(experts + 8 * (once - experts))


@each_row("model, chip, context", [("deepseek-v3", "Ascend 910B", 65536), ("kimi-k2", "L20", 8192)])
def test_each_card_has_as_many_experts(model: str, chip: str, context: int) -> None:
    found = size_colocated(MODELS[model], context, CHIPS[chip])
    experts = {g.ffn.experts for g in MODELS[model].groups if isinstance(g.ffn, Moe)}
    assert isinstance(found, Colocated)
    assert found.servers > 2
    assert [each % found.cards for each in experts] == [0]


def test_tensor_parallelism_stays_within_a_server() -> None:
    six = msgspec.structs.replace(CHIPS["H20"], cards=6)
    model = msgspec.structs.replace(
        MODELS["qwen3-235b-a22b"],
        groups=tuple(
            msgspec.structs.replace(group, ffn=msgspec.structs.replace(group.ffn, experts=144))
            for group in MODELS["qwen3-235b-a22b"].groups
        ),
    )
    found = size_colocated(model, 8192, six, batch=600)
    assert isinstance(found, Colocated)
    assert (found.cards, found.servers, found.tensor_parallel) == (12, 2, 2)
    assert found.data_parallel % found.servers == 0


def test_experts_have_their_share_of_a_files_bytes() -> None:
    held = parameters(MODELS["step-3"])
    found = colocated("step-3", "H800", weights_bytes=held.total / 2)
    assert found.data_parallel > 1
    rest = (held.total - held.experts) / 2
    assert found.weights_bytes == pytest.approx(held.total / 2 + (found.data_parallel - 1) * rest)


def test_a_dense_model_split_beyond_its_key_heads_copies_its_cache() -> None:
    found = size_colocated(MODELS["gemma-3-1b"], 8192, CHIPS["L4"], target_s=0.004, batch=1)
    assert isinstance(found, Colocated)
    assert found.tensor_parallel == found.cards == 2
    assert found.cache_bytes == pytest.approx(2 * kv_bytes(MODELS["gemma-3-1b"], 8192))


def test_a_dense_model_is_split_no_further_than_its_heads_divide() -> None:
    found = size_colocated(MODELS["gemma-3-1b"], 8192, CHIPS["L4"], target_s=1e-4)
    assert isinstance(found, TooSlow)  # four query heads: on four cards, not on eight
    on_four = size_colocated(MODELS["gemma-3-1b"], 8192, CHIPS["L4"], target_s=found.needs_s)
    assert isinstance(on_four, Colocated)
    assert on_four.cards == 4


def test_a_wide_batch_computes_longer_than_it_reads() -> None:
    model = MODELS["deepseek-v3"]
    found = size_colocated(model, 1024, CHIPS["H20"], batch=4096, target_s=10)
    assert isinstance(found, Colocated)
    computed = 4096 * decode(model, 1024).flops / (found.cards * 2.96e14 * REACHED)
    assert found.token_s == pytest.approx(computed)


def test_a_model_that_no_server_holds_is_too_full() -> None:
    big = MODELS["qwen3-32b"]
    found = size_colocated(big, 8192, CHIPS["L4"], weights=NumberFormat.FP32, batch=64)
    assert isinstance(found, TooFull)
    assert found.needs_bytes > found.has_bytes


def test_a_time_that_no_server_reaches_is_too_slow() -> None:
    found = size_colocated(MODELS["qwen3-32b"], 8192, CHIPS["L4"], target_s=1e-4)
    assert isinstance(found, TooSlow)
    assert found.needs_s > found.has_s == 1e-4


def test_the_exact_bytes_of_a_file_take_the_place_of_the_format() -> None:
    assert colocated("qwen3-8b", "H20", weights_bytes=5e9).weights_bytes == 5e9


@each_row("asked", [{"batch": 0}, {"target_s": 0.0}, {"target_s": float("inf")}])
def test_what_cannot_be_is_refused(asked: dict[str, float]) -> None:
    with pytest.raises(UserError, match="it is"):
        size_colocated(MODELS["qwen3-8b"], 8192, CHIPS["H20"], **asked)


def test_a_chip_without_memory_says_so() -> None:
    chip = msgspec.structs.replace(CHIPS["H20"], memory_bytes=None)
    with pytest.raises(UserError, match="memory"):
        size_colocated(MODELS["qwen3-8b"], 8192, chip)
