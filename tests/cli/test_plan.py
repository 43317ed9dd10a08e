"""`edgewise plan`: lists, plans, comparison, files that it writes, and what it refuses."""

import ast
import json
import subprocess
from pathlib import Path

import pytest
import yaml

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
        (("step-3", "--batch", "0"), ("from 1",)),
        (("step-3", "--slo-ms", "0.1", "--emit", "k8s"), ("--slo-ms",)),
        (("step-3", "--plot", "chart.gif"), (".svg",)),
        (("step-3", "--chips", "nowhere.toml"), ("nowhere.toml",)),
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
