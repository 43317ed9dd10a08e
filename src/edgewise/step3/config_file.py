"""Reads and writes the config.json of a Step-3 checkpoint, with the traps of its spelling.

Every key must be known: one that would change the computation, and that this model does not have,
must not be passed over in silence. So the keys of the config (`Step3TextConfig`), keys whose only
value is the one computed here (FIXED), other spellings of the same (ALIASES), and keys that change
nothing (IDLE) are read; any other is an error. Traps (reference note on Step-3, section 3.1):
`moe_layers_enum` is a string with commas or a list, `max_position_embedding` has no s at its end,
and later versions of transformers write `rope_theta` inside `rope_parameters`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import asdict

from edgewise.errors import UserError
from edgewise.step3.config import (
    Step3Config,
    Step3TextConfig,
    Step3VisionConfig,
    Step3VLConfig,
    wrong,
)

CONFIG = "config.json"
TEXT, VISION_LANGUAGE = "step3_text", "step3_vl"
VISION = "step3_vision_encoder"
ARCHITECTURES = {TEXT: "Step3TextForCausalLM", VISION_LANGUAGE: "Step3VLForConditionalGeneration"}
ALIASES = {
    "max_position_embeddings": "max_position_embedding",
    "num_key_value_heads": "num_attention_groups",
}
FIXED: dict[str, object] = {
    "attention_bias": False,
    "hidden_act": "silu",
    "is_encoder_decoder": False,
    "mlp_bias": False,
    "rope_scaling": None,
    "tie_word_embeddings": False,
}
IDLE = frozenset(
    {
        *("_name_or_path", "architectures", "auto_map", "dtype", "torch_dtype", "use_cache"),
        *("bos_token_id", "eos_token_id", "pad_token_id", "transformers_version"),
        *("chunk_size_feed_forward", "id2label", "label2id", "problem_type", "return_dict"),
        *("initializer_range", "output_attentions", "output_hidden_states"),
    }
)
LATER_TOWERS = frozenset(
    {
        *("width", "layers", "heads", "mlp_ratio", "ls_init_value", "layer_scale_init_value"),
        *("use_rope2d", "use_ln_pre", "rope_parameters"),
    }
)
"""Keys of the vision towers of later models, which compute something else."""
BLOCK = [128, 128]
"""Rows and columns that share one scale in the published block-fp8 weights."""

S = TypeVar("S", bound=msgspec.Struct)


def read_config(folder: Path) -> Step3Config:
    """The config of a checkpoint's folder. Raises UserError that names the file, or the key."""
    path = folder / CONFIG
    try:
        document = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise _bad_file(f"{path} cannot be read: {error.strerror or error}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _bad_file(f"{path} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise _bad_file(f"{path} holds no object with keys")
    return config_from(document)


def config_from(document: Mapping[str, Any]) -> Step3Config:
    """The config that a parsed config.json says. Raises UserError that names the key."""
    kind = document.get("model_type")
    if not isinstance(kind, str) or kind not in ARCHITECTURES:
        raise wrong("model_type", kind, f"this is the model of {TEXT} and {VISION_LANGUAGE}")
    _check_quantization(document.get("quantization_config"))
    keys = {
        key: value
        for key, value in document.items()
        if key not in {"model_type", "quantization_config"}
    }
    return _text(keys) if kind == TEXT else _vision_language(keys)


def config_document(config: Step3Config) -> dict[str, Any]:
    """What config.json holds, spelt so that other engines read it as well."""
    if isinstance(config, Step3VLConfig):
        parts = {
            "text_config": config_document(config.text_config),
            "vision_config": asdict(config.vision_config),
        }
        kind, keys = VISION_LANGUAGE, asdict(config) | parts
    else:
        kind = TEXT
        keys = asdict(config) | {
            "moe_layers_enum": ",".join(map(str, config.moe_layers_enum)),
            "hidden_act": "silu",
            "tie_word_embeddings": False,
        }
    return {"architectures": [ARCHITECTURES[kind]], "model_type": kind, **keys}


def _vision_language(keys: dict[str, Any]) -> Step3VLConfig:
    keys = dict(keys)
    parts: dict[str, Mapping[str, Any]] = {}
    for name in ("text_config", "vision_config"):
        part = keys.pop(name, None)
        if not isinstance(part, Mapping):
            raise wrong(name, part, "it holds that part's keys")
        parts[name] = part
    text_keys = dict(parts["text_config"])
    if (kind := text_keys.pop("model_type", TEXT)) != TEXT:
        raise wrong("text_config.model_type", kind, f"Step-3 has {TEXT}")
    text = _text(text_keys)
    if (width := keys.pop("hidden_size", text.hidden_size)) != text.hidden_size:
        raise wrong("hidden_size", width, f"text_config.hidden_size is {text.hidden_size}")
    return _made(
        Step3VLConfig,
        _without_fixed(keys)
        | {"text_config": text, "vision_config": _vision(parts["vision_config"])},
    )


def _vision(keys: Mapping[str, Any]) -> Step3VisionConfig:
    kind = keys.get("model_type", VISION)
    if kind != VISION:
        raise wrong("vision_config.model_type", kind, f"Step-3 has {VISION}")
    unused = {key for key, value in keys.items() if key in LATER_TOWERS and value is None}
    for key in LATER_TOWERS & (keys.keys() - unused):
        raise wrong(key, keys[key], "it is of the tower of Step3-VL-10B or Step-3.7, not Step-3's")
    plain = {k: v for k, v in keys.items() if k not in unused and k != "model_type"}
    return _made(Step3VisionConfig, _without_idle(plain))


def _text(keys: Mapping[str, Any]) -> Step3TextConfig:
    plain = _without_fixed(keys)
    for alias, name in ALIASES.items():
        if alias in plain:
            value = plain.pop(alias)
            if plain.setdefault(name, value) != value:
                raise wrong(alias, value, f"{name} is {plain[name]!r}; they are the same")
    if (rope := plain.pop("rope_parameters", None)) is not None:
        _take_rope(plain, rope)
    if "moe_layers_enum" in plain:
        plain["moe_layers_enum"] = _layers(plain["moe_layers_enum"])
    return _made(Step3TextConfig, plain)


def _without_fixed(keys: Mapping[str, Any]) -> dict[str, Any]:
    for key, only in FIXED.items():
        if key in keys and keys[key] not in (only, None):
            raise wrong(key, keys[key], f"Step-3 has {only!r} only")
    return {key: value for key, value in _without_idle(keys).items() if key not in FIXED}


def _without_idle(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if key not in IDLE}


def _take_rope(plain: dict[str, Any], parameters: object) -> None:
    """Moves `rope_theta` out of `rope_parameters`, the later spelling."""
    if not isinstance(parameters, Mapping):
        raise wrong("rope_parameters", parameters, "it holds rope_type and rope_theta")
    inner = dict(parameters)
    kind = inner.pop("rope_type", "default")
    if kind != "default":
        raise wrong("rope_parameters.rope_type", kind, "Step-3 has 'default' only")
    theta = inner.pop("rope_theta", None)
    if inner:
        raise _unknown("rope_parameters." + min(inner))
    if theta is not None and plain.setdefault("rope_theta", theta) != theta:
        limit = f"rope_theta is {plain['rope_theta']!r}; they are the same"
        raise wrong("rope_parameters.rope_theta", theta, limit)


def _layers(value: object) -> tuple[int, ...]:
    if isinstance(value, str):
        try:
            return tuple(int(part) for part in value.split(",")) if value.strip() else ()
        except ValueError:
            pass
    elif isinstance(value, list | tuple) and all(type(layer) is int for layer in value):
        return tuple(value)
    raise wrong("moe_layers_enum", value, "it lists layers, as in '4,5,6' or [4, 5, 6]")


def _check_quantization(found: object) -> None:
    """Block fp8 is the only quantised layout of the published weights."""
    if found is None:
        return
    if not isinstance(found, Mapping):
        raise wrong("quantization_config", found, "it holds quant_method and weight_block_size")
    method, block = found.get("quant_method"), found.get("weight_block_size")
    if method != "fp8":
        raise wrong("quantization_config.quant_method", method, "'fp8' is read here")
    if not isinstance(block, list | tuple) or list(block) != BLOCK:
        raise wrong("quantization_config.weight_block_size", block, f"{BLOCK} is read here")


def _made(kind: type[S], keys: dict[str, Any]) -> S:
    known = msgspec.structs.fields(kind)
    if unknown := keys.keys() - {field.name for field in known}:
        raise _unknown(min(unknown))
    for field in known:
        if field.required and field.name not in keys:
            raise _bad_file(
                f"the model's config: {field.name} is missing; {kind.__name__} needs it"
            )
    try:
        return msgspec.convert(keys, kind)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$.")
        key = place.rstrip("`")
        raise wrong(key, keys.get(key), what) from error


def _unknown(key: str) -> UserError:
    return _bad_file(
        f"the model's config: {key} is unknown; it would change the model, so remove it if it does"
        " not, or load the model that has it"
    )


def _bad_file(what: str) -> UserError:
    return UserError(what, code="bad_model_config")
