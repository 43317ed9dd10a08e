"""A picture's tokens stand in their order, and its features come to stand at them."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from edgewise.errors import UserError
from edgewise.step3.image_tokens import ImageTokenIds, Layout, expand, place, read_ids
from edgewise.step3.pictures import ImagePatcher, prepare
from edgewise.step3.vision import Step3Vision
from tests.step3.small import both

torch.set_num_threads(1)

IDS = ImageTokenIds(image=9, crop_start=1, crop_end=2, row_end=3, view_start=4, view_end=5)
VOCABULARY = {
    "<im_patch>": 128001,
    "<patch_start>": 128010,
    "<patch_end>": 128011,
    "<patch_newline>": 128012,
    "<im_start>": 128013,
    "<im_end>": 128014,
}


# --- the layout


def test_crops_stand_row_by_row_with_newlines_between_rows_then_the_view():
    layout = Layout(columns=2, rows=2, crop_tokens=2, view_tokens=3)
    crop, view = [1, 9, 9, 2], [4, 9, 9, 9, 5]
    assert layout.token_ids(IDS) == [*crop, *crop, 3, *crop, *crop, *view]


def test_one_row_has_no_newline_and_a_column_has_one_after_each_crop_but_the_last():
    assert Layout(2, 1, 1, 1).token_ids(IDS) == [1, 9, 2, 1, 9, 2, 4, 9, 5]
    assert Layout(1, 3, 1, 1).token_ids(IDS) == [1, 9, 2, 3, 1, 9, 2, 3, 1, 9, 2, 4, 9, 5]


def test_without_crops_there_is_the_view_alone():
    assert Layout(0, 0).token_ids(IDS) == [4, *[9] * 169, 5]


@pytest.mark.parametrize(
    ("size", "tokens"),
    [
        ((728, 728), 169 + 2),
        ((600, 300), 2 * (81 + 2) + 169 + 2),
        ((300, 600), 2 * (81 + 2) + 169 + 2 + 1),
        ((1200, 800), 6 * (81 + 2) + 169 + 2 + 1),
        ((4032, 3024), 30 * (81 + 2) + 169 + 2 + 4),
        ((6000, 6000), 36 * (81 + 2) + 169 + 2 + 5),
    ],
    ids=str,
)
def test_a_picture_of_that_size_takes_as_many_tokens_in_step3(size: tuple[int, int], tokens: int):
    cut = ImagePatcher().cut(*size)
    layout = Layout(cut.columns, cut.rows)
    assert layout.length == len(layout.token_ids(IDS)) == tokens


@given(columns=st.integers(1, 8), rows=st.integers(1, 8), crop=st.integers(1, 9))
def test_what_a_layout_says_of_itself_is_what_it_writes(columns: int, rows: int, crop: int):
    layout = Layout(columns, rows, crop, 13)
    tokens = layout.token_ids(IDS)
    assert len(tokens) == layout.length == columns * rows * (crop + 2) + rows - 1 + 13 + 2
    assert tokens.count(IDS.image) == layout.features == columns * rows * crop + 13
    assert tokens.count(IDS.crop_start) == tokens.count(IDS.crop_end) == columns * rows
    assert tokens[-15:] == [IDS.view_start, *[IDS.image] * 13, IDS.view_end]


# --- the ids


def test_the_ids_are_those_of_the_tokenizers_names():
    ids = read_ids(VOCABULARY, 128001)
    assert (ids.image, ids.crop_start, ids.crop_end) == (128001, 128010, 128011)
    assert (ids.row_end, ids.view_start, ids.view_end) == (128012, 128013, 128014)


@pytest.mark.parametrize("name", VOCABULARY)
def test_a_tokenizer_without_one_of_the_names_is_refused_by_the_name(name: str):
    rest = {key: value for key, value in VOCABULARY.items() if key != name}
    with pytest.raises(UserError, match=f"the tokenizer has no {name}; take the one") as refused:
        read_ids(rest, 128001)
    assert refused.value.code == "bad_model_config"


def test_a_config_that_means_another_token_than_the_tokenizer_is_refused():
    with pytest.raises(UserError, match="image_token_id: it is 7, the tokenizer has 128001"):
        read_ids(VOCABULARY, 7)


# --- the prompt


def test_each_image_token_of_a_prompt_becomes_the_tokens_of_its_picture():
    first, second = Layout(1, 1, 1, 1), Layout(0, 0, 1, 2)
    expanded = expand([50, 9, 51, 9, 52], [first, second], IDS)
    assert expanded == [50, *first.token_ids(IDS), 51, *second.token_ids(IDS), 52]


def test_a_prompt_without_pictures_stays_as_it_is():
    assert expand([50, 51], [], IDS) == [50, 51]


@pytest.mark.parametrize(("prompt", "pictures"), [([50], 1), ([9], 0), ([9, 50, 9], 1), ([9], 2)])
def test_a_prompt_that_names_more_or_fewer_pictures_than_are_given_is_refused(
    prompt: list[int], pictures: int
):
    told = f"names {prompt.count(9)} pictures and {pictures} are given; write one <im_patch>"
    with pytest.raises(UserError, match=told) as refused:
        expand(prompt, [Layout(0, 0)] * pictures, IDS)
    assert refused.value.code == "bad_picture"


# --- the features


def test_features_take_the_places_of_the_image_tokens_in_order_and_nothing_else_changes():
    tokens = torch.tensor([[50, 9, 9, 51], [9, 52, 53, 9]])
    embeddings = torch.zeros(2, 4, 3)
    features = torch.arange(1, 13).float().view(4, 3)
    placed = place(tokens, embeddings, features, IDS.image)
    assert torch.equal(placed[tokens == 9], features)
    assert not placed[tokens != 9].any()
    assert not embeddings.any()


def test_features_in_full_precision_are_placed_among_embeddings_in_half():
    placed = place(torch.tensor([9]), torch.zeros(1, 2).bfloat16(), torch.ones(1, 2), 9)
    assert placed.dtype == torch.bfloat16
    assert placed.tolist() == [[1, 1]]


def test_a_prompt_without_image_tokens_keeps_its_embeddings():
    embeddings = torch.ones(3, 2)
    assert torch.equal(place(torch.tensor([1, 2, 3]), embeddings, torch.zeros(0, 2), 9), embeddings)


def test_learning_reaches_the_features_and_the_embeddings_that_stay():
    embeddings = torch.zeros(3, 2, requires_grad=True)
    features = torch.zeros(1, 2, requires_grad=True)
    place(torch.tensor([5, 9, 6]), embeddings, features, 9).sum().backward()
    assert embeddings.grad is not None
    assert embeddings.grad.tolist() == [[1, 1], [0, 0], [1, 1]]
    assert features.grad is not None
    assert features.grad.tolist() == [[1, 1]]


@pytest.mark.parametrize("shape", [(1, 4), (3, 4), (0, 4), (2, 2, 4), (8,)], ids=str)
def test_as_many_features_as_image_tokens_or_a_refusal_with_both_counts(shape: tuple[int, ...]):
    told = r"the prompt has 2 image tokens and the pictures give features of shape \("
    with pytest.raises(UserError, match=told) as refused:
        place(torch.tensor([9, 5, 9]), torch.zeros(3, 4), torch.zeros(shape), 9)
    assert refused.value.code == "bad_picture"


def test_features_of_another_width_than_the_text_models_are_refused():
    with pytest.raises(UserError, match="features are 3 wide, the text's embeddings 4"):
        place(torch.tensor([9]), torch.zeros(1, 4), torch.zeros(1, 3), 9)


def test_a_picture_goes_from_its_pixels_to_its_places_in_the_prompt():
    sizes: dict[str, Any] = {
        "hidden_size": 8,
        "intermediate_size": 8,
        "output_hidden_size": 4,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": 28,
        "patch_size": 2,
        "understand_projector_stride": 2,
        "projector_bias": False,
        "text_hidden_size": 6,
    }
    config, patcher = both(**sizes), ImagePatcher(28, 12, 72, 4)
    pixels = prepare(Image.new("RGB", (36, 24), "green"), patcher)
    layout = Layout(
        pixels.columns,
        pixels.rows,
        config.tokens(patcher.crop_px),
        config.tokens(patcher.view_px),
    )
    tokens = torch.tensor(expand([50, IDS.image, 51], [layout], IDS))
    with torch.no_grad():
        features = Step3Vision(config).features(pixels.crops, pixels.view)
        placed = place(tokens, torch.zeros(len(tokens), 6), features, IDS.image)
    assert len(tokens) == layout.length + 2
    assert torch.equal(placed[tokens == IDS.image], features)
