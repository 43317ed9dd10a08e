"""`edgewise plan`: lists, plans, comparison, files that it writes, and what it refuses."""

import ast
import json
import subprocess
from pathlib import Path

import pytest
import yaml

from edgewise.cli.plan_probe import probe_model, write_probe
from edgewise.plan.arch import Gqa
from edgewise.plan.number_format import NumberFormat
from tests.cli.conftest import Edgewise
from tests.cli.test_lists import fits
from tests.each_row import each_row
from tests.plan.planned import CHIPS, MODELS

OWN = """
[[chip]]
name = "H20"
kind = "accelerator"
price = 1.5
peak_flops = { fp8 = 2.96e14 }
memory = "96 GB"
bandwidth = "4 TB/s"
source = "our contract"

[[chip]]
name = "Ours"
kind = "accelerator"
peak_flops = { fp8 = 1e14 }
source = "our lab"
"""


@each_row("language, words", [("en", "USD/h"), ("zh", "美元/时")])
def test_chips_are_listed(edgewise: Edgewise, language: str, words: str) -> None:
    out = edgewise("plan", "chips", "--language", language).out
    assert fits(out)
    assert words in out
    lines = out.splitlines()
    assert all(any(line.startswith(name + " ") for line in lines) for name in CHIPS)


@each_row("language, words", [("en", "longest context"), ("zh", "最长上下文")])
def test_models_are_listed(edgewise: Edgewise, language: str, words: str) -> None:
    out = edgewise("plan", "models", "--language", language).out
    assert fits(out)
    assert words in out
    assert {line.split()[0] for line in out.splitlines()} >= set(MODELS)


def test_the_lists_are_rows_of_json_too(edgewise: Edgewise) -> None:
    assert [row["name"] for row in edgewise("plan", "models", "--json").rows] == list(MODELS)
    assert [row["name"] for row in edgewise("plan", "chips", "--json").rows] == list(CHIPS)


@each_row("language", ["en", "zh"])
def test_a_plan_fits_80_columns(edgewise: Edgewise, language: str) -> None:
    ran = edgewise("plan", "step-3", "--chip", "H20,H800", "--language", language)
    assert ran.code == 0
    assert fits(ran.out)
    assert "0.055" in ran.out


def test_json_is_one_object_with_every_model_in_order(edgewise: Edgewise) -> None:
    ran = edgewise("plan", "step-3", "--compare", "DSv3, qwen3-8b,step-3", "--chip", "H800",
                   "--context", "4096", "--slo-ms", "40", "--json")  # fmt: skip
    (found,) = ran.rows
    assert [model["model"] for model in found["models"]] == ["step-3", "deepseek-v3", "qwen3-8b"]
    assert (found["context"], found["slo_ms"]) == (4096, pytest.approx(40))


QWEN3_0_6B = {
    "architectures": ["Qwen3ForCausalLM"],
    "model_type": "qwen3",
    "hidden_size": 1024,
    "intermediate_size": 3072,
    "num_hidden_layers": 28,
    "num_attention_heads": 16,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151936,
    "max_position_embeddings": 40960,
    "tie_word_embeddings": True,
    "attention_bias": False,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "torch_dtype": "bfloat16",
}


def test_a_config_json_is_planned_as_the_entry_of_its_model(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(QWEN3_0_6B), "utf-8")
    (found,) = edgewise("plan", str(config), "--compare", "qwen3-0.6b", "--json").rows
    read, entry = found["models"]
    assert read["parameters"] == entry["parameters"]
    assert read["token"] == entry["token"]
    assert read["chips"] == entry["chips"]


def quantized(folder: Path, **quantization: object) -> str:
    """A folder with a config.json that says so of its weights."""
    folder.mkdir()
    config = QWEN3_0_6B | {"quantization_config": quantization}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return str(folder)


def test_a_quantized_models_config_says_its_format_and_an_engine_reads_it_there(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    folder = quantized(tmp_path / "my model", quant_method="awq", bits=4)
    (found,) = edgewise("plan", folder, "--chip", "H800,RTX 4090", "--json").rows
    assert found["models"][0]["weights_format"] == "int4"
    assert [each["format"] for each in found["models"][0]["devices"]] == ["int4"]
    script = edgewise("plan", folder, "--chip", "H800", "--emit", "vllm").out
    assert f"vllm serve '{folder}'" in script
    assert "--quantization" not in script
    assert "kept: awq" in script
    (asked,) = edgewise("plan", folder, "--format", "bf16", "--json").rows
    assert asked["models"][0]["weights_format"] == "bf16"


def test_a_format_that_the_config_does_not_have_is_told(edgewise: Edgewise, tmp_path: Path) -> None:
    folder = quantized(tmp_path / "model", quant_method="fp8")
    other = edgewise("plan", folder, "--chip", "H20", "--format", "int4", "--emit", "vllm").out
    assert "That is not int4, in which it was planned" in other
    own = edgewise("plan", folder, "--chip", "H20", "--emit", "vllm").out
    assert "in which it was planned" not in own


def test_a_quantization_that_is_not_known_is_told(edgewise: Edgewise, tmp_path: Path) -> None:
    folder = quantized(tmp_path / "model", quant_method="aqlm")
    out = " ".join(edgewise("plan", folder).out.split())
    assert "quantization (aqlm) of its config is not counted: say with --format" in out
    assert "not counted" not in edgewise("plan", folder, "--format", "q4_k").out
    assert "--quantization" not in edgewise("plan", folder, "--emit", "vllm").out


def test_a_plain_config_is_served_from_the_folder_that_was_named(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(json.dumps(QWEN3_0_6B), "utf-8")
    for given in (tmp_path, tmp_path / "config.json"):
        script = edgewise("plan", str(given), "--emit", "vllm").out
        assert f"vllm serve {tmp_path} " in script
        assert "--quantization fp8" in script


def test_a_gguf_file_is_told_by_its_own_formats_and_takes_no_others(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    pytest.importorskip("gguf")
    file = tmp_path / "tiny.gguf"
    heads = Gqa(heads=4, kv_heads=2, head_dim=64)
    write_probe(file, probe_model(2, heads, 256, 512), NumberFormat.Q4_1)
    assert "weights on servers in q4_1, q8_0, f32: " in edgewise("plan", str(file)).out
    ran = edgewise("plan", str(file), "--format", "bf16")
    assert ran.is_one_clear_line("tiny.gguf is a GGUF file", "leave --format bf16 out")
    ran = edgewise("plan", str(file), "--emit", "vllm")
    assert ran.is_one_clear_line("tiny.gguf is a GGUF file", "it was made from")


@each_row("model, kv_format, dtype", [("qwen3-8b", "fp8", "fp8"), ("step-3", "bf16", "auto")])
def test_a_deployment_keeps_keys_and_values_as_was_asked(
    edgewise: Edgewise, model: str, kv_format: str, dtype: str
) -> None:
    asked = ("--chip", "H800", "--kv-format", kv_format, "--emit", "vllm")
    assert f"--kv-cache-dtype {dtype} " in edgewise("plan", model, *asked).out


def test_a_chip_that_is_named_twice_is_planned_once(edgewise: Edgewise) -> None:
    (found,) = edgewise("plan", "step-3", "--chip", "H20,h20,NVIDIA H20", "--json").rows
    assert [each["chip"] for each in found["models"][0]["chips"]] == ["H20"]


def test_a_file_of_ones_own_replaces_a_price_and_adds_a_chip(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    own = tmp_path / "chips.toml"
    own.write_text(OWN, "utf-8")
    (found,) = edgewise("plan", "step-3", "--chip", "H20,Ours", "--chips", str(own), "--json").rows
    h20, ours = found["models"][0]["chips"]
    assert h20["total_usd"] == pytest.approx(0.0801 * 1.5 / 0.8, abs=1e-4)
    assert set(ours["missing"]) == {"bandwidth", "memory", "price", "network"}
    listed = edgewise("plan", "chips", "--chips", str(own)).out
    assert listed.count("H20 ") == 1


def test_a_deployment_is_all_that_is_written(edgewise: Edgewise) -> None:
    script = edgewise("plan", "step-3", "--emit", "vllm").out
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)
    script = edgewise("plan", "step-3", "--emit", "sglang").out
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)
    ast.parse(edgewise("plan", "step-3", "--emit", "ray").out)
    assert len(list(yaml.safe_load_all(edgewise("plan", "step-3", "--emit", "k8s").out))) == 3


def test_a_chart_is_written_beside_the_plan(edgewise: Edgewise, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    chart = tmp_path / "plan.svg"
    ran = edgewise("plan", "step-3", "--plot", str(chart), "--json")
    assert json.loads(ran.out)["models"]
    assert chart.read_text("utf-8").lstrip().startswith("<?xml")


@each_row(
    "arguments, told",
    [
        (("stp-3",), ("step-3", "config.json")),
        (("step-3", "--chip", "H8000"), ("H800",)),
        (("step-3", "--chip", ","), ("--chip",)),
        (("step-3", "--context", "-1"), ("-1", "from 1")),
        (("step-3", "--context", "70000"), ("65536", "--context")),
        (("step-3", "--context", "999999999999"), ("from 1",)),
        (("step-3", "--slo-ms", "0"), ("from 0.001",)),
        (("step-3", "--batch", "100000000"), ("--batch is 100000000", "1048576")),
        (("step-3", "--chip", "this-machine", "--memory", "8GB"), ("this machine",)),
        (("step-3", "--batch", "0"), ("from 1",)),
        (("step-3", "--slo-ms", "0.1", "--emit", "k8s"), ("--slo-ms",)),
        (("step-3", "--plot", "chart.gif"), (".svg",)),
        (("step-3", "--chips", "nowhere.toml"), ("nowhere.toml",)),
        (("step-3", "--apart"), ("--apart", "--emit vllm")),
        (("step-3", "--emit", "vllm", "--json"), ("--json and --emit",)),
        (("qwen3-4b", "--chip", "RK3588", "--batch", "4"), ("--batch 4", "accelerator")),
        (("step-3", "--memory", "12GB"), ("--memory", "H20 has 96 GB")),
        (("step-3", "--memory", "12 GX"), ("--memory", "GX")),
    ],
)
def test_what_cannot_be_is_one_clear_line(
    edgewise: Edgewise, arguments: tuple[str, ...], told: tuple[str, ...]
) -> None:
    ran = edgewise("plan", *arguments)
    assert ran.is_one_clear_line(*told), ran


def test_an_unknown_engine_is_a_wrong_option(edgewise: Edgewise) -> None:
    assert edgewise("plan", "step-3", "--emit", "tgi").code == 2


def test_an_unknown_format_is_a_wrong_option_that_names_the_known(edgewise: Edgewise) -> None:
    ran = edgewise("plan", "step-3", "--format", "q9")
    assert ran.code == 2
    assert "q8_0" in ran.err


def test_the_help_fits_80_columns(edgewise: Edgewise) -> None:
    assert fits(edgewise("plan", "--help").out)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_this_machine_is_measured(edgewise: Edgewise) -> None:
    (found,) = edgewise("plan", "smollm2-135m", "--chip", "this-machine", "--json").rows
    devices = found["models"][0]["devices"]
    assert all(device["decode_tokens_s"] > 0 for device in devices)
    assert all("this machine" in device["rates"] for device in devices)


def test_a_memory_that_a_chips_maker_leaves_open_is_given(edgewise: Edgewise) -> None:
    asked = ("plan", "qwen3-4b", "--chip", "RK3588", "--format", "q4_k", "--json")
    (found,) = edgewise(*asked, "--memory", "16GB").rows
    (device,) = found["models"][0]["devices"]
    assert (device["memory_bytes"], device["fits"]) == (16e9, True)


def test_a_file_of_chips_that_is_wrong_is_named(edgewise: Edgewise, tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(OWN.replace('"96 GB"', '"96 GX"'), "utf-8")
    assert edgewise("plan", "step-3", "--chips", str(own)).is_one_clear_line("mine.toml", "GX")


def test_a_model_of_a_short_context_is_planned_at_its_own_unless_one_is_given(
    edgewise: Edgewise, tmp_path: Path
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(QWEN3_0_6B | {"max_position_embeddings": 2048}), "utf-8")
    assert "context 2048 (the model's longest)" in edgewise("plan", str(config)).out
    (found,) = edgewise("plan", "qwen3-8b", "--compare", str(config), "--json").rows
    assert found["context"] == 2048
    assert edgewise("plan", str(config), "--context", "8192").is_one_clear_line("2048")
