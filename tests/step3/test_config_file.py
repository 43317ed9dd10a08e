"""config.json as it is published, in each of its spellings; whatever else it says is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from edgewise.errors import UserError
from edgewise.step3.config import PUBLISHED, Step3VLConfig, text_part
from edgewise.step3.config_file import config_document, config_from, read_config
from tests.each_row import each_row
from tests.step3.test_config import BOTH, VISION


def published(**changes: Any) -> dict[str, Any]:
    """The published text config, as reference note section 3.1 prints it, with changes."""
    return {
        "architectures": ["Step3TextForCausalLM"],
        "model_type": "step3_text",
        "hidden_size": 7168,
        "intermediate_size": 18432,
        "num_hidden_layers": 61,
        "vocab_size": 128815,
        "num_attention_heads": 64,
        "num_attention_groups": 1,
        "head_dim": 256,
        "share_q_dim": 2048,
        "moe_num_experts": 48,
        "moe_top_k": 3,
        "moe_intermediate_size": 5120,
        "share_expert_dim": 5120,
        "moe_layers_enum": ",".join(map(str, range(4, 60))),
        "norm_expert_weight": False,
        "rms_norm_eps": 1e-5,
        "hidden_act": "silu",
        "rope_theta": 500000,
        "rope_scaling": None,
        "max_seq_len": 65536,
        "max_position_embedding": 65536,
        "torch_dtype": "bfloat16",
        "bos_token_id": 0,
        "eos_token_id": [1, 2],
    } | changes


def seeing(**changes: Any) -> dict[str, Any]:
    """A config of text and vision with changes of the tower's."""
    document = config_document(BOTH)
    return document | {"vision_config": document["vision_config"] | changes}


def without(*keys: str, **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in published(**changes).items() if key not in keys}


@each_row(
    "document",
    [
        published(),
        published(moe_layers_enum=list(range(4, 60))),
        published(moe_layers_enum=" 4, " + ", ".join(map(str, range(5, 60)))),
        published(num_key_value_heads=1, max_position_embeddings=65536),
        without("max_position_embedding", max_position_embeddings=65536),
        without("rope_theta", rope_parameters={"rope_type": "default", "rope_theta": 5e5}),
        published(rope_parameters={"rope_type": "default"}),
        published(quantization_config={"quant_method": "fp8", "weight_block_size": [128, 128]}),
        config_document(PUBLISHED),
    ],
)
def test_every_spelling_of_the_published_config_is_the_same(document: dict[str, Any]):
    assert config_from(document) == PUBLISHED


def test_text_and_vision_come_back_as_they_were_written():
    document = json.loads(json.dumps(config_document(BOTH)))
    assert isinstance(document["text_config"]["moe_layers_enum"], str)
    assert config_from(document) == BOTH
    assert text_part(config_from(document | {"hidden_size": 7168})) == PUBLISHED


@each_row(
    "document, named",
    [
        (published(model_type="qwen3_moe"), "model_type is 'qwen3_moe'"),
        (published(model_type="step3p5"), "model_type is 'step3p5'"),
        (without("model_type"), "model_type is None"),
        (without("share_q_dim"), "share_q_dim is missing"),
        (published(hidden_size="7168"), "hidden_size is '7168'"),
        (published(hidden_size=7168.5), "hidden_size is 7168.5"),
        (published(hidden_size=True), "hidden_size is True"),
        (published(hidden_size=-7168), "hidden_size is -7168"),
        (published(norm_expert_weight="no"), "norm_expert_weight is 'no'"),
        (published(hidden_act="gelu"), "hidden_act is 'gelu'"),
        (published(tie_word_embeddings=True), "tie_word_embeddings is True"),
        (published(rope_scaling={"factor": 2}), "rope_scaling is"),
        (published(rope_parameters={"rope_type": "yarn"}), "rope_parameters.rope_type"),
        (published(rope_parameters={"factor": 2}), "rope_parameters.factor is unknown"),
        (published(rope_parameters={"rope_theta": 1e4}), "rope_parameters.rope_theta"),
        (published(rope_parameters="default"), "rope_parameters is"),
        (published(moe_layers_enum="4,five"), "moe_layers_enum is '4,five'"),
        (published(moe_layers_enum=[4, "5"]), "moe_layers_enum is"),
        (published(moe_layers_enum=None), "moe_layers_enum is None"),
        (published(moe_layers_enum="4,61"), "moe_layers_enum is '4,61'"),
        (published(num_key_value_heads=8), "num_key_value_heads is 8"),
        (published(max_position_embeddings=8192), "max_position_embeddings is 8192"),
        (published(use_moe_router_bias=True), "use_moe_router_bias is unknown"),
        (published(quantization_config={"quant_method": "gptq"}), "quantization_config.quant"),
        (published(quantization_config={"quant_method": "fp8"}), "weight_block_size is None"),
        (published(quantization_config=8), "quantization_config is 8"),
        (config_document(BOTH) | {"text_config": None}, "text_config is None"),
        (
            config_document(BOTH) | {"text_config": published(model_type="qwen3")},
            "text_config.model_type is 'qwen3'; Step-3 has step3_text",
        ),
        (config_document(BOTH) | {"hidden_size": 64}, "hidden_size is 64"),
        (config_document(BOTH) | {"projector_bias": 2}, "projector_bias is 2"),
        (config_document(BOTH) | {"video": 1}, "video is unknown"),
        (config_document(BOTH) | {"vision_config": {"image_size": 8}}, "hidden_size is missing"),
        (config_document(BOTH) | {"vision_config": [32]}, "vision_config is [32]"),
        (config_document(BOTH) | {"understand_projector_stride": True}, "projector_stride is True"),
        (seeing(image_size="56"), "image_size is '56'"),
        (seeing(num_hidden_layers=2.0), "num_hidden_layers is 2.0"),
        (seeing(layer_norm_eps="1e-5"), "layer_norm_eps is '1e-5'"),
        (seeing(hidden_act=None), "hidden_act is None"),
        (seeing(model_type="clip_vision_model"), "vision_config.model_type is 'clip_vision_model'"),
        (seeing(width=1536), "width is 1536; it is of the tower of Step3-VL-10B or Step-3.7"),
        (seeing(use_rope2d=True), "use_rope2d is True; it is of the tower"),
        (seeing(windows=4), "windows is unknown"),
        ({"model_type": ["step3_text"]}, "model_type is ['step3_text']"),
    ],
)
def test_what_the_model_does_not_have_is_named_with_its_key(document: dict[str, Any], named: str):
    with pytest.raises(UserError) as refused:
        config_from(document)
    assert named in str(refused.value)
    assert refused.value.code == "bad_model_config"


@each_row(
    "key",
    [*("understand_projector_stride", "projector_bias", "image_token_id")]
    + [f"vision_config.{key}" for key in VISION.__struct_fields__[:7]],
)
def test_a_key_of_vision_that_is_missing_is_named_and_nothing_is_guessed(key: str):
    document = json.loads(json.dumps(config_document(BOTH)))
    *path, last = key.split(".")
    del (document[path[0]] if path else document)[last]
    with pytest.raises(UserError, match=f"{last} is missing"):
        config_from(document)


def test_what_transformers_writes_into_every_config_does_no_harm():
    written = {"model_type": "step3_vision_encoder", "rope_parameters": None, "dtype": "bfloat16"}
    assert config_from(seeing(**written)) == BOTH


@each_row("text", ['{"model_type": ', "[1]", "\xff", "[" * 100_000])
def test_a_file_that_is_no_config_is_named(tmp_path_factory: pytest.TempPathFactory, text: str):
    folder = tmp_path_factory.mktemp("broken")
    (folder / "config.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match=r"config\.json"):
        read_config(folder)


def test_a_folder_without_a_config_is_named(tmp_path: Path):
    with pytest.raises(UserError, match=r"config\.json cannot be read: No such file"):
        read_config(tmp_path)


def test_a_folder_with_vision_is_read_with_it(tmp_path: Path):
    (tmp_path / "config.json").write_text(json.dumps(config_document(BOTH)))
    assert isinstance(read_config(tmp_path), Step3VLConfig)
