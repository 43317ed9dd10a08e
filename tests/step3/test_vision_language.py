"""The whole model: tensors named as published, and pictures read where the prompt has them."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.errors import UserError
from edgewise.step3.layout import count_parameters, tensor_shapes
from edgewise.step3.vision import Step3Vision
from edgewise.step3.vision_language import Step3VL
from edgewise.step3.weights import load_model, save_model
from tests.step3.small import SEEING, picture, seeing_model, small_model, with_pictures
from tests.step3.test_config import STEP3

torch.set_num_threads(1)

PICTURES = [picture(1), picture(2, columns=2, rows=1)]
PROMPT = torch.tensor([with_pictures([11, 9, 12, 13, 9, 14], PICTURES)])


def test_its_tensors_are_named_and_shaped_as_those_of_a_checkpoint():
    found = {name: tuple(w.shape) for name, w in seeing_model(1).state_dict().items()}
    assert found == tensor_shapes(SEEING)


def test_the_published_size_has_text_and_eyes_as_published():
    with torch.device("meta"):
        model = Step3VL(STEP3)
    assert {n: tuple(w.shape) for n, w in model.state_dict().items()} == tensor_shapes(STEP3)
    assert sum(w.numel() for w in model.parameters()) == count_parameters(STEP3)
    assert round(count_parameters(STEP3) / 1e9) == 321


def test_what_the_eyes_see_stands_at_the_image_tokens_in_order():
    model = seeing_model(1)
    eyes = Step3Vision(SEEING)
    eyes.load_state_dict(
        {name: w for name, w in model.state_dict().items() if name.startswith("vi")}
    )
    seen = torch.cat([eyes.features(one.crops, one.view) for one in PICTURES])
    found = model.embed(PROMPT, PICTURES)
    assert torch.equal(found[PROMPT == 9], seen)
    assert torch.equal(found[PROMPT != 9], model.model.embed_tokens(PROMPT[PROMPT != 9]))
    assert len(seen) == model.image_tokens(PICTURES) == 4 + 2 * 1 + 4
    assert torch.equal(model(PROMPT, PICTURES), model.lm_head(model.model(found)))


def test_another_picture_changes_what_follows_it_and_nothing_before():
    model = seeing_model(1)
    one, other = (
        model(PROMPT, [PICTURES[0], second])[0] for second in (PICTURES[1], picture(3, 2, 1))
    )
    second = PROMPT[0].tolist().index(13) + 1
    torch.testing.assert_close(one[:second], other[:second])
    assert not torch.allclose(one[-1], other[-1], atol=1e-3)


def test_without_pictures_it_is_the_text_model():
    model, ids = seeing_model(1), torch.arange(10, 30)[None]
    text = small_model(2)
    text.load_state_dict(model.state_dict(), strict=False)
    assert torch.equal(model(ids), text(ids))


def test_the_plain_path_gives_what_the_fast_one_gives():
    fast, plain = seeing_model(1), seeing_model(1, plain=True)
    torch.testing.assert_close(fast(PROMPT, PICTURES), plain(PROMPT, PICTURES), atol=1e-5, rtol=0)


def test_as_many_image_tokens_as_features_or_a_refusal():
    with pytest.raises(UserError, match="the prompt has 10 image tokens") as refused:
        seeing_model(1)(PROMPT, PICTURES[:1])
    assert refused.value.code == "bad_picture"


@pytest.mark.parametrize("shard_bytes", [2**30, 1000], ids=["one file", "many"])
def test_a_folder_is_loaded_with_vision_or_without(tmp_path: Path, shard_bytes: int):
    model = seeing_model(1)
    save_model(model, tmp_path / "model", shard_bytes=shard_bytes)
    whole, text = load_model(tmp_path / "model", vision=True), load_model(tmp_path / "model")
    assert isinstance(whole, Step3VL)
    assert whole.config == SEEING
    assert torch.equal(whole(PROMPT, PICTURES), model(PROMPT, PICTURES))
    assert not isinstance(text, Step3VL)
    assert torch.equal(text(PROMPT), small_model_of(model)(PROMPT))


def small_model_of(model: Step3VL) -> torch.nn.Module:
    text = small_model(2)
    text.load_state_dict(model.state_dict(), strict=False)
    return text


def test_a_smaller_type_is_that_of_the_eyes_too_and_fp8_spares_them(tmp_path: Path):
    model = seeing_model(1)
    save_model(model, tmp_path / "model", fp8=True)
    whole = load_model(tmp_path / "model", vision=True, dtype=torch.bfloat16)
    assert {w.dtype for w in whole.parameters()} == {torch.bfloat16}
    exact = load_model(tmp_path / "model", vision=True, dtype=torch.float32).state_dict()
    kept = {name for name, w in model.state_dict().items() if torch.equal(w, exact[name])}
    assert {name for name in exact if name.startswith("vi")} <= kept
    assert "model.layers.0.mlp.up_proj.weight" not in kept


def test_a_folder_whose_vision_lacks_a_tensor_gives_its_text_only(tmp_path: Path):
    model = seeing_model(1)
    del model.vit_downsampler.bias
    model.vit_downsampler.register_parameter("bias", None)
    save_model(model, tmp_path / "model")
    load_model(tmp_path / "model")
    with pytest.raises(UserError, match=r"vit_downsampler\.bias: missing"):
        load_model(tmp_path / "model", vision=True)


def test_a_folder_without_vision_is_refused_where_it_is_asked_for(tmp_path: Path):
    save_model(small_model(1), tmp_path / "model")
    with pytest.raises(UserError, match="has no vision; load it without"):
        load_model(tmp_path / "model", vision=True)


def test_learning_reaches_eyes_and_text():
    model = seeing_model(1).requires_grad_()
    model(PROMPT, PICTURES).square().sum().backward()
    still = [name for name, w in model.named_parameters() if w.grad is None or not w.grad.any()]
    assert still == []
