"""A model's architecture from its Hugging Face `config.json`.

Each family yields its layers one by one (`hf_families`); those that are alike are then grouped.
Counted is the language model: a tower for pictures or sound and layers that predict several tokens
are left out.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, cast

import msgspec

from edgewise.errors import UserError
from edgewise.plan.arch import Architecture, LayerGroup, checked
from edgewise.plan.hf_families import FAMILIES, number_of_layers
from edgewise.plan.hf_values import HfValues

NESTED = {
    "gemma3": "gemma3_text",
    "llama4": "llama4_text",
    "step3_vl": "step3_text",
    "step3p7": "step3p5",
    "mistral3": "mistral",
}
"""A model of several parts and the family of its text, where the text does not say so itself."""
TIED = frozenset(
    {"gemma2", "gemma3_text", "ernie4_5", "ernie4_5_moe", "smollm3", "lfm2", "lfm2_moe"}
)
"""Families whose head is the embedding unless their config says otherwise."""


def architecture_of(values: object, name: str = "") -> Architecture:
    """The architecture in a `config.json`'s mapping. `name` is what to call it, its own name or
    family unless given. Raises UserError that names the key of what is wrong, and for a family that
    is not known."""
    if not isinstance(values, Mapping):
        raise UserError(
            "the model's config is wrong: it is no mapping of keys", code="bad_architecture"
        )
    outer = HfValues(cast(Mapping[str, Any], values))
    config = outer.within("text_config") or outer
    family = _family(outer, config)
    tied = family in TIED
    for each in (outer, config):
        tied = each.flag("tie_embedding", each.flag("tie_word_embeddings", tied))
    hidden, vocab = config.size("hidden_size"), _vocab(config, family)
    number_of_layers(config)
    head_bias = vocab if family == "ernie4_5_moe" and config.flag("use_bias", False) else 0
    return checked(
        Architecture(
            name=name or outer.text("_name_or_path") or family,
            hidden=hidden,
            vocab=vocab,
            groups=grouped(FAMILIES[family](config)),
            tied=tied,
            max_context=config.count(
                "max_position_embeddings", "max_position_embedding", "max_seq_len", default=0
            ),
            other_parameters=head_bias,
            source=f"config.json of the family {family}",
        )
    )


def grouped(layers: Iterator[LayerGroup]) -> tuple[LayerGroup, ...]:
    """Layers that are alike in one group, in the order of their first."""
    counts: dict[LayerGroup, int] = {}
    for layer in layers:
        counts[layer] = counts.get(layer, 0) + 1
    return tuple(msgspec.structs.replace(layer, layers=count) for layer, count in counts.items())


def _family(outer: HfValues, config: HfValues) -> str:
    """The family that reads the config. Raises UserError with those near the one it names."""
    own = config.text("model_type")
    family = own or NESTED.get(outer.text("model_type"), outer.text("model_type"))
    if not family:
        raise outer.wrong("model_type", "is missing")
    if family in FAMILIES:
        return family
    near = get_close_matches(family, FAMILIES, n=3, cutoff=0.6)
    raise UserError(
        f"model_type {family} is not known; {'near it' if near else 'known'}: "
        f"{', '.join(near or sorted(FAMILIES))}",
        code="bad_architecture",
    )


def _vocab(config: HfValues, family: str) -> int:
    return config.size("vocab_size", default=262_208 if family == "gemma3_text" else None)
