"""Where a picture stands in the prompt: its tokens, and its features put in their places.

A prompt names each picture by one image token. Before the model reads it, that one becomes

    <patch_start> 81 x <im_patch> <patch_end>      a crop; behind the last of each row but the
    <patch_newline>                                lowest there is a newline
    <im_start> 169 x <im_patch> <im_end>           the view of the whole, after all crops

and the embeddings at the image tokens give way to the features from the eyes, in the same order.
It knows neither tokenizer nor model: ids and vectors in, ids and vectors out. Source: the
published processor as vLLM (`step3_vl.py`) runs it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from edgewise.errors import UserError

_NAMES = {
    "image": "<im_patch>",
    "crop_start": "<patch_start>",
    "crop_end": "<patch_end>",
    "row_end": "<patch_newline>",
    "view_start": "<im_start>",
    "view_end": "<im_end>",
}


@dataclass(frozen=True, slots=True)
class ImageTokenIds:
    """The ids of the six tokens that pictures are made of."""

    image: int
    """128001 in Step-3, the config's `image_token_id`."""
    crop_start: int
    crop_end: int
    row_end: int
    view_start: int
    view_end: int


def read_ids(vocabulary: Mapping[str, int], image_token_id: int) -> ImageTokenIds:
    """The six ids, by their names in a tokenizer's vocabulary. Raises UserError for a name that is
    missing, or where the config's `image_token_id` is another token (`bad_model_config`)."""
    missing = [name for name in _NAMES.values() if name not in vocabulary]
    if missing:
        raise UserError(
            f"the tokenizer has no {', '.join(missing)}; take the one beside the checkpoint",
            code="bad_model_config",
        )
    ids = ImageTokenIds(**{field: vocabulary[name] for field, name in _NAMES.items()})
    if ids.image != image_token_id:
        raise UserError(
            f"config.json, image_token_id: it is {image_token_id}, the tokenizer has {ids.image}"
            " for <im_patch>; take both from one checkpoint",
            code="bad_model_config",
        )
    return ids


@dataclass(frozen=True, slots=True)
class Layout:
    """One picture's tokens: how many crops across and down, and what each part holds."""

    columns: int
    rows: int
    crop_tokens: int = 81
    view_tokens: int = 169

    @property
    def features(self) -> int:
        """How many vectors the eyes give for it."""
        return self.columns * self.rows * self.crop_tokens + self.view_tokens

    @property
    def length(self) -> int:
        """How many tokens of the prompt it takes."""
        newlines = max(self.rows - 1, 0)
        return self.columns * self.rows * (self.crop_tokens + 2) + newlines + self.view_tokens + 2

    def token_ids(self, ids: ImageTokenIds) -> list[int]:
        """The picture as it stands in the prompt."""
        crop = [ids.crop_start, *[ids.image] * self.crop_tokens, ids.crop_end]
        row = crop * self.columns
        crops = [*row, ids.row_end] * (self.rows - 1) + row if self.rows else []
        return [*crops, ids.view_start, *[ids.image] * self.view_tokens, ids.view_end]


def expand(prompt: Sequence[int], pictures: Sequence[Layout], ids: ImageTokenIds) -> list[int]:
    """The prompt with its k-th image token replaced by all tokens of the k-th picture.

    Raises UserError (`bad_picture`) unless there are as many of the one as of the other."""
    named = sum(token == ids.image for token in prompt)
    if named != len(pictures):
        raise UserError(
            f"the prompt names {named} pictures and {len(pictures)} are given; write one"
            f" {_NAMES['image']} for each",
            code="bad_picture",
        )
    expanded: list[int] = []
    following = iter(pictures)
    for token in prompt:
        expanded += next(following).token_ids(ids) if token == ids.image else [token]
    return expanded


def place(tokens: Tensor, embeddings: Tensor, features: Tensor, image_token_id: int) -> Tensor:
    """The embeddings (..., T, D) of `tokens` (..., T), those at image tokens replaced by the
    features (N, D) in order; a new tensor, through which gradients reach both.

    Raises UserError (`bad_picture`) unless there are N image tokens, and vectors as wide."""
    at_image = tokens == image_token_id  # (..., T)
    count = int(at_image.sum())
    if features.ndim != 2 or features.shape[0] != count:
        raise UserError(
            f"the prompt has {count} image tokens and the pictures give features of shape"
            f" {tuple(features.shape)}; expand the prompt by the layouts of the same pictures",
            code="bad_picture",
        )
    if features.shape[1] != embeddings.shape[-1]:
        raise UserError(
            f"the pictures' features are {features.shape[1]} wide, the text's embeddings"
            f" {embeddings.shape[-1]}; take eyes and text model from one checkpoint",
            code="bad_picture",
        )
    return embeddings.masked_scatter(at_image.unsqueeze(-1), features.to(embeddings))
