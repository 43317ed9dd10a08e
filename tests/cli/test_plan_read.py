"""A model by name, by config.json, by GGUF file; and files that are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from edgewise.cli.plan_probe import probe_model, write_probe
from edgewise.cli.plan_read import read_model
from edgewise.errors import ModelError, UserError
from edgewise.plan.arch import Gqa
from edgewise.plan.number_format import NumberFormat
from edgewise.plan.weights import parameters
from edgewise.think.models import find_embedded
from tests.plan.paper import MODELS

LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": 100,
}
PROBE = probe_model(2, Gqa(heads=4, kv_heads=2, head_dim=64), 256, 512)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny GGUF file, written by the library."""
    pytest.importorskip("gguf")
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_probe(path, PROBE, NumberFormat.Q4_K)
    return path


def test_a_model_of_the_list_is_found_by_name():
    read = read_model("Qwen/Qwen3-0.6B")
    assert read.architecture == MODELS["qwen3-0.6b"]
    assert (read.source, read.weights) == (MODELS["qwen3-0.6b"].source, None)


def test_a_config_is_read_from_its_folder_or_by_its_path(tmp_path: Path):
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(LLAMA))
    for given in (folder, str(folder), folder / "config.json"):
        read = read_model(given)
        assert (read.architecture.name, read.architecture.hidden) == ("my-model", 32)


def test_a_gguf_file_tells_its_sizes_and_exact_bytes(file: Path):
    read = read_model(file)
    assert read.architecture.groups == PROBE.groups
    assert parameters(read.architecture) == parameters(PROBE)
    assert read.weights is not None
    assert read.weights.part_formats["dense"] == {"q4_k": 2 * 3 * 512 * 256 // 256 * 144}
    assert read.weights.part_formats["embedding"] == {"q8_0": 512 * 256 // 32 * 34}
    assert read.weights.total_bytes < file.stat().st_size < read.weights.total_bytes + 50_000


def test_the_embedded_models_file_has_the_models_parameters(tmp_path: Path):
    pytest.importorskip("gguf")
    try:
        path = find_embedded(tmp_path)
    except ModelError:
        pytest.skip("the embedded language model is not installed")
    read = read_model(path)
    assert parameters(read.architecture) == parameters(MODELS["smollm2-135m"])
    assert read.weights is not None
    assert read.weights.part_bytes["projections"] == 16588800
    assert read.weights.part_formats["dense"] == {"q4_1": 3 * 16588800}
    assert read.weights.part_formats["embedding"] == {"q8_0": 30081024}


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.5, 0.999])
def test_a_file_that_is_cut_short_is_refused(file: Path, tmp_path: Path, share: float):
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])
    with pytest.raises(UserError, match=r"cut\.gguf is cut short|no GGUF file"):
        read_model(cut)


def test_a_header_that_promises_too_much_is_refused(file: Path, tmp_path: Path):
    good = file.read_bytes()
    for at, said in ((4, "is of GGUF version"), (8, "is damaged"), (16, "is damaged")):
        bad = tmp_path / "bad.gguf"
        bad.write_bytes(good[:at] + b"\xff\xff\xff\x7f" + good[at + 4 :])
        with pytest.raises(UserError, match=said):
            read_model(bad)


def test_a_number_of_parts_that_is_none_is_refused(tmp_path: Path):
    gguf: Any = pytest.importorskip("gguf")
    writer = gguf.GGUFWriter(tmp_path / "odd.gguf", "llama")
    writer.add_string("split.count", "two")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    with pytest.raises(UserError, match=r"split\.count is 'two'"):
        read_model(tmp_path / "odd.gguf")


def test_a_list_that_is_longer_than_the_file_is_refused_at_once(file: Path, tmp_path: Path):
    good = file.read_bytes()
    at = good.index(b"tokenizer.ggml.token_type") + len(b"tokenizer.ggml.token_type")
    length = at + 4 + 4  # after the kinds of the value and of its entries
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(good[:length] + (2**60).to_bytes(8, "little") + good[length + 8 :])
    with pytest.raises(UserError, match="cut short or damaged"):
        read_model(bad)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("wrong.gguf", b"PK\x03\x04", "it is no GGUF file"),
        ("wrong.json", b"{", "is no JSON"),
        ("wrong.json", b"\xff\xfe", "is no JSON"),
        ("wrong.json", b"[]", "no mapping"),
        ("wrong.json", b"[" * 100_000 + b"]" * 100_000, "is no JSON: .*recursion"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes, said: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=said) as refused:
        read_model(tmp_path / name)
    assert refused.value.code == "bad_architecture"


def test_a_file_that_does_not_let_itself_be_read_is_said():
    path = Path("/proc/self/mem")
    if not path.is_file():
        pytest.skip("a file whose first bytes cannot be read is Linux's")
    with pytest.raises(UserError, match=r"/proc/self/mem cannot be read: Input/output error"):
        read_model(path)


def test_what_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(UserError, match=r"away\.gguf is not there"):
        read_model(tmp_path / "away.gguf")
    with pytest.raises(UserError, match=r"config\.json is not there"):
        read_model(tmp_path)
    with pytest.raises(UserError, match="no model is called step-4"):
        read_model("step-4")
