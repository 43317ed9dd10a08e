"""`vllm serve` with the planned sizes: what a shell would run is read back."""

import json
import shlex
import subprocess
from pathlib import Path

import msgspec
import pytest

from edgewise.cli.plan_vllm import write_vllm, write_vllm_apart
from edgewise.errors import UserError
from edgewise.plan.number_format import NumberFormat
from tests.cli.test_plan_deployment import planned_for
from tests.each_row import each_row

ECHO = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"


def run(script: str, folder: Path, *arguments: str, **environment: str) -> list[str]:
    """The words that the script hands to `vllm`, run by a shell with a `vllm` that prints them."""
    stand_in = folder / "vllm"
    stand_in.write_text(ECHO)
    stand_in.chmod(0o755)
    path = f"{folder}:/usr/bin:/bin"
    told = subprocess.run(
        ["/bin/sh", "-c", script, "deploy", *arguments],
        env={"PATH": path, **environment}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return told.stdout.splitlines()


def value(words: list[str], flag: str) -> str:
    return words[words.index(flag) + 1]


def test_one_server_of_experts_copies_attention_and_spreads_experts(tmp_path: Path) -> None:
    planned = planned_for("step-3", "H800")
    words = run(write_vllm(planned), tmp_path)
    assert words[:2] == ["serve", "stepfun-ai/step3"]
    assert value(words, "--tensor-parallel-size") == "1"
    assert value(words, "--data-parallel-size") == "8"
    assert "--enable-expert-parallel" in words
    assert value(words, "--max-model-len") == "8192"
    assert value(words, "--kv-cache-dtype") == "fp8"
    assert int(value(words, "--max-num-seqs")) == planned.serving.batch // 8


def test_a_dense_model_is_split_by_tensor_alone(tmp_path: Path) -> None:
    words = run(write_vllm(planned_for("qwen3-32b", "H800", batch=128)), tmp_path)
    assert int(value(words, "--tensor-parallel-size")) > 1
    assert "--data-parallel-size" not in words
    assert "--enable-expert-parallel" not in words
    assert value(words, "--kv-cache-dtype") == "fp8"


def test_the_top_says_what_was_planned_and_for_which_version() -> None:
    top = [line for line in write_vllm(planned_for("step-3", "H20", "H800")).splitlines()
           if line.startswith("#")]  # fmt: skip
    said = " ".join(line.removeprefix("# ") for line in top)
    assert "step-3 at context 8192" in said
    assert "vLLM 0.32" in said
    assert "does not take step-3" in said
    assert "80 x H20 for attention, 16 x H800" in said


def test_where_the_plugin_takes_the_model_both_kinds_of_server_are_written(tmp_path: Path) -> None:
    planned = planned_for("deepseek-v3", "H800", context=4096)
    script, apart = write_vllm_apart(planned), planned.plan.deployment
    assert apart is not None
    hosts = {"AFD_HOST": "10.0.0.1", "ATTENTION_HOST": "10.0.0.2", "FFN_HOST": "10.0.0.3"}
    first = run(script, tmp_path, "attention", "0", **hosts)
    third = run(script, tmp_path, "ffn", "2", **hosts)
    assert "vLLM 0.30.0 exactly" in " ".join(script.replace("\n# ", " ").split())
    for role, words in (("attention", first), ("ffn", third)):
        told = json.loads(value(words, "--additional-config"))["afd"]
        assert told["role"] == role
        assert told["host"] == "10.0.0.1"
        assert told["num_attention_ranks"] == apart.attention_cards
        assert told["num_ffn_ranks"] == apart.ffn_cards
    assert value(first, "--data-parallel-size") == str(apart.attention_cards)
    assert value(third, "--data-parallel-size") == str(apart.ffn_cards)
    assert value(third, "--data-parallel-start-rank") == "16"
    assert value(third, "--data-parallel-address") == "10.0.0.3"
    assert "--headless" not in first
    assert "--headless" in third


def test_fewer_ranks_of_attention_than_of_ffn_are_not_written_apart() -> None:
    planned = planned_for("deepseek-v3", "H800", context=16)
    found = planned.plan.deployment
    assert found is not None
    assert 0 < found.attention_cards < found.ffn_cards
    assert "does not take deepseek-v3" in write_vllm(planned).replace("\n# ", " ")
    with pytest.raises(UserError, match=r"--apart: .*does not take deepseek-v3"):
        write_vllm_apart(planned)


def test_ranks_of_attention_that_ffns_do_not_divide_are_not_written_apart() -> None:
    planned = planned_for("deepseek-v3", "H800", context=32768)
    found = planned.plan.deployment
    assert found is not None
    assert found.attention_cards > found.ffn_cards > 0
    assert found.attention_cards % found.ffn_cards
    assert "a multiple of those of FFN" in write_vllm(planned).replace("\n# ", " ")


@each_row(
    "model, words", [("qwen3-235b-a22b", "--apart writes it"), ("qwen3-32b", "does not take")]
)
def test_of_qwen3_the_plugin_takes_the_models_with_experts(model: str, words: str) -> None:
    planned = planned_for(model, "H20")
    found = planned.plan.deployment
    assert found is not None
    assert found.attention_cards % found.ffn_cards == 0
    named = msgspec.structs.replace(planned.architecture, name="Qwen3-AWQ")
    script = write_vllm(msgspec.structs.replace(planned, architecture=named))
    assert words in script.replace("\n# ", " ")


def test_a_chip_without_fp8_is_told_no_fp8(tmp_path: Path) -> None:
    planned = planned_for("qwen3-32b", "A800")
    words = run(write_vllm(planned), tmp_path)
    assert value(words, "--kv-cache-dtype") == "auto"
    assert "--quantization" not in words
    about = " ".join(planned.about)
    assert "A800 has no FP8: name a checkpoint in INT8" in about
    assert "--kv-format bf16" in about
    wide = planned_for("qwen3-8b", "A800", format=NumberFormat.BF16)
    assert "FP8" not in " ".join(wide.about)


def test_several_servers_are_told_their_ranks(tmp_path: Path) -> None:
    script = write_vllm(planned_for("kimi-k2", "H800"))
    words = run(script, tmp_path, "1", HEAD="10.0.0.9")
    ranks = int(value(words, "--data-parallel-size"))
    local = int(value(words, "--data-parallel-size-local"))
    assert ranks > local == 8
    assert value(words, "--data-parallel-start-rank") == "8"
    assert value(words, "--data-parallel-address") == "10.0.0.9"
    assert words[-1] == "--headless"


def test_the_script_is_words_to_a_shell() -> None:
    script = write_vllm(planned_for("qwen3-8b", "H800"))
    command = script.partition("set -eu\n")[2].replace("\\\n", " ")
    assert shlex.split(command)[:3] == ["exec", "vllm", "serve"]
