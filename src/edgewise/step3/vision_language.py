"""The whole of Step-3: the text model with eyes, which reads pictures where a prompt has them.

    x = embed(ids), and at the image tokens what the eyes see
    scores = the text model's of x

Its modules stand at the top, under the checkpoint's names: model, lm_head, vision_model, vit_*.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from edgewise.step3.config import Step3VLConfig
from edgewise.step3.image_tokens import place
from edgewise.step3.model import Step3ForCausalLM
from edgewise.step3.pictures import PicturePixels
from edgewise.step3.vision import Step3Vision


class Step3VL(Step3ForCausalLM):
    """Text and vision. Prompts hold the tokens of their pictures (`image_tokens.expand`)."""

    def __init__(self, config: Step3VLConfig, *, plain: bool = False) -> None:
        super().__init__(config.text_config, plain=plain)
        self.config = self.whole = config
        eyes = Step3Vision(config)
        for name, part in eyes.named_children():
            self.add_module(name, part)
        self._eyes = (eyes,)  # no module of its own: its parts are named above

    def forward(self, ids: Tensor, pictures: Sequence[PicturePixels] = ()) -> Tensor:
        """ids (B, T) -> logits (B, T, V). Pictures are in the order of the rows and within them.

        Raises UserError unless there are as many image tokens as the pictures have features."""
        return self.lm_head(self.model(self.embed(ids, pictures)))

    def embed(self, ids: Tensor, pictures: Sequence[PicturePixels]) -> Tensor:
        """(..., T) -> (..., T, h): vectors of tokens, and at image tokens those of the pictures."""
        vectors = self.model.embed_tokens(ids)
        seen = [self._eyes[0].features(one.crops, one.view) for one in pictures]
        features = torch.cat(seen) if seen else vectors.new_empty(0, vectors.shape[-1])
        return place(ids, vectors, features, self.whole.image_token_id)

    def see(self, pixels: Tensor) -> Tensor:
        """(B, 3, side, side) -> (B, N, h): what the eyes alone make of pictures."""
        return self._eyes[0](pixels)

    def image_tokens(self, pictures: Sequence[PicturePixels]) -> int:
        """How many image tokens a prompt has for these pictures. Raises UserError (`bad_picture`)
        for one that can not be seen."""
        return sum(
            len(one) * self.whole.tokens(one.shape[-1])
            for picture in pictures
            for one in (picture.crops, picture.view)
            if len(one)
        )
