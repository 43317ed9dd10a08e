"""SGLang's command with the planned sizes."""

import shlex

from edgewise.cli.plan_deployment import Planned
from edgewise.cli.plan_sglang import write_sglang
from tests.cli.test_plan_deployment import planned_for


def words_of(planned: Planned) -> list[str]:
    command = write_sglang(planned).partition("set -eu\n")[2].replace("\\\n", " ")
    return shlex.split(command)


def value(words: list[str], flag: str) -> str:
    return words[words.index(flag) + 1]


def test_tensor_parallelism_is_over_all_cards_and_attention_is_copied_within() -> None:
    planned = planned_for("step-3", "H800")
    words = words_of(planned)
    assert words[1:4] == ["python3", "-m", "sglang.launch_server"]
    assert value(words, "--model-path") == "stepfun-ai/step3"
    assert value(words, "--tp-size") == value(words, "--ep-size") == "8"
    assert value(words, "--dp-size") == "8"
    assert "--enable-dp-attention" in words
    assert value(words, "--context-length") == "8192"
    assert value(words, "--max-running-requests") == str(planned.serving.batch)
    assert value(words, "--kv-cache-dtype") == "fp8_e4m3"


def test_a_dense_model_spreads_no_experts() -> None:
    words = words_of(planned_for("qwen3-8b", "H800"))
    assert value(words, "--tp-size") == "1"
    assert not {"--ep-size", "--dp-size", "--enable-dp-attention"} & set(words)
    assert value(words, "--kv-cache-dtype") == "auto"


def test_several_servers_find_the_first() -> None:
    words = words_of(planned_for("kimi-k2", "H800"))
    assert int(value(words, "--nnodes")) > 1
    assert value(words, "--node-rank") == "$1"
    assert value(words, "--dist-init-addr") == "$HEAD:50000"


def test_the_top_names_the_version_and_what_is_not_written() -> None:
    script = write_sglang(planned_for("step-3", "H20", "H800"))
    assert "SGLang 0.5.23" in script
    assert "Not written:" in script
