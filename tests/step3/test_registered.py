"""transformers loads a Step-3 folder by its Auto classes, and says what does not fit as we do."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")
pytest.importorskip("transformers", reason="transformers is not installed (extra step3)")

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

from edgewise.errors import UserError
from edgewise.step3.answer import Request
from edgewise.step3.checkpoint import SINGLE
from edgewise.step3.config import Step3VLConfig
from edgewise.step3.config_file import config_document, config_from
from edgewise.step3.generate import Generator, generate_plain
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.registered import Step3TextForCausalLM, register
from edgewise.step3.sampling import Sampling
from edgewise.step3.weights import save_model
from scripts.step3.golden import PROMPT, SEED, TINY, seeded_model
from tests.step3.test_config import VISION

torch.set_num_threads(1)
IDS = torch.tensor([PROMPT])


@pytest.fixture(scope="module")
def model() -> Step3ForCausalLM:
    register()
    register()
    return seeded_model(TINY, SEED).requires_grad_(False)


@pytest.fixture
def folder(model: Step3ForCausalLM, tmp_path: Path) -> Path:
    save_model(model, tmp_path / "model")
    return tmp_path / "model"


def test_the_auto_classes_load_a_folder(model: Step3ForCausalLM, folder: Path):
    config = AutoConfig.from_pretrained(folder)
    assert config.model_type == "step3_text"
    assert config_from(config.to_dict()) == TINY
    loaded = AutoModelForCausalLM.from_pretrained(folder)
    assert torch.equal(loaded(IDS).logits, model(IDS))
    assert not loaded.training


def test_type_device_and_path_of_attention_may_be_named(model: Step3ForCausalLM, folder: Path):
    half = AutoModelForCausalLM.from_pretrained(folder, dtype="bfloat16", device_map="cpu")
    assert half.dtype == torch.bfloat16
    plain = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, device_map={"": "cpu"}, attn_implementation="eager"
    )
    torch.testing.assert_close(plain(IDS).logits, model(IDS))


def test_the_text_part_of_a_folder_with_vision_is_loaded(model: Step3ForCausalLM, folder: Path):
    both = Step3VLConfig(
        text_config=TINY,
        vision_config=VISION,
        image_token_id=9,
        understand_projector_stride=2,
        projector_bias=False,
    )
    (folder / "config.json").write_text(json.dumps(config_document(both)))
    assert config_from(AutoConfig.from_pretrained(folder).to_dict()) == both
    loaded = AutoModelForCausalLM.from_pretrained(folder)
    assert loaded.config.model_type == "step3_text"
    assert torch.equal(loaded(IDS).logits, model(IDS))


def test_fp8_weights_are_loaded_by_our_own_reader(model: Step3ForCausalLM, tmp_path: Path):
    save_model(model, tmp_path / "fp8", fp8=True)
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path / "fp8")
    assert 0 < (loaded(IDS).logits - model(IDS)).abs().max() < 0.3


def test_what_transformers_saves_is_loaded_again(
    model: Step3ForCausalLM, folder: Path, tmp_path: Path
):
    AutoModelForCausalLM.from_pretrained(folder).save_pretrained(tmp_path / "again")
    again = AutoModelForCausalLM.from_pretrained(tmp_path / "again")
    assert torch.equal(again(IDS).logits, model(IDS))
    assert json.loads((tmp_path / "again" / "config.json").read_text())["architectures"] == [
        "Step3TextForCausalLM"
    ]


def test_it_generates_the_likeliest_tokens(model: Step3ForCausalLM, folder: Path):
    expected = IDS
    for _ in range(4):
        expected = torch.cat((expected, model(expected)[:, -1:].argmax(-1)), dim=1)
    loaded = AutoModelForCausalLM.from_pretrained(folder)
    found = loaded.generate(IDS, max_new_tokens=4, do_sample=False)
    assert found.tolist() == expected.tolist()


def test_it_generates_the_same_tokens_where_a_cache_is_asked_for(folder: Path):
    found = AutoModelForCausalLM.from_pretrained(folder)
    ids = torch.tensor([[3, 1, 4, 1, 5, 9, 2, 6]])
    plain = found.generate(ids, max_new_tokens=8, do_sample=False)
    assert found.generate(ids, max_new_tokens=8, do_sample=False, use_cache=True).equal(plain)


def test_it_ends_where_the_folder_says(model: Step3ForCausalLM, folder: Path):
    third = generate_plain(model, Request(PROMPT, Sampling(max_tokens=3))).tokens[2]
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": third}))
    loaded = AutoModelForCausalLM.from_pretrained(folder)
    said = loaded.generate(IDS, max_new_tokens=9, do_sample=False)[0, len(PROMPT) :].tolist()
    assert said[-1] == third
    assert len(said) <= 3


def test_a_generator_answers_by_it_with_a_cache(model: Step3ForCausalLM, folder: Path):
    loaded = AutoModelForCausalLM.from_pretrained(folder)
    wanted = Request(PROMPT, Sampling(max_tokens=4))
    found = Generator(loaded, pages=4).run([wanted])
    assert found == [generate_plain(model, wanted)]
    assert [*PROMPT, *found[0].tokens] == loaded.generate(IDS, max_new_tokens=4)[0].tolist()


def test_labels_give_the_loss_of_the_tokens_that_follow(model: Step3ForCausalLM, folder: Path):
    loaded = AutoModelForCausalLM.from_pretrained(folder)
    expected = torch.nn.functional.cross_entropy(model(IDS)[0, :-1], IDS[0, 1:])
    torch.testing.assert_close(loaded(IDS, labels=IDS).loss, expected)


def test_a_missing_tensor_is_refused_and_not_made_up(folder: Path):
    tensors = load_file(folder / SINGLE)
    del tensors["model.norm.weight"]
    save_file(tensors, folder / SINGLE)
    with pytest.raises(UserError, match=r"model\.norm\.weight: missing"):
        AutoModelForCausalLM.from_pretrained(folder)


def test_a_wrong_value_of_the_config_is_named(folder: Path):
    document = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(document | {"moe_top_k": 5}))
    with pytest.raises(UserError, match="moe_top_k is 5"):
        AutoConfig.from_pretrained(folder)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"load_in_8bit": True}, "load_in_8bit"),
        ({"dtype": "float65"}, "float65"),
        ({"device_map": "balanced"}, "balanced"),
    ],
)
def test_an_option_that_is_not_known_is_named(folder: Path, options: dict[str, Any], named: str):
    register()
    with pytest.raises(UserError, match=named):
        Step3TextForCausalLM.from_pretrained(folder, **options)


def test_padded_rows_and_names_of_a_hub_are_refused(folder: Path):
    loaded = AutoModelForCausalLM.from_pretrained(folder)
    with pytest.raises(UserError, match="padding"):
        loaded(IDS, attention_mask=torch.zeros_like(IDS))
    with pytest.raises(UserError, match="no folder"):
        Step3TextForCausalLM.from_pretrained("stepfun-ai/step3")


def test_without_transformers_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    monkeypatch.delitem(sys.modules, "edgewise.step3.registered")
    with pytest.raises(UserError, match=r"needs transformers; .*edgewise\[step3\]") as refused:
        importlib.import_module("edgewise.step3.registered")
    assert refused.value.code == "missing_extra"
