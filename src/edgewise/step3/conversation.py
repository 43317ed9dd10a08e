"""A conversation with a Step-3 folder: messages and pictures in, answers out as they come.

It joins what the other files hold: tokenizer and template, the tokens of pictures, the model, and
the generator that answers many at once.
"""

import dataclasses
import io
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from edgewise.errors import UserError
from edgewise.step3.answer import Request
from edgewise.step3.cache import PAGE_TOKENS
from edgewise.step3.config import Step3VLConfig, text_part
from edgewise.step3.config_file import read_config
from edgewise.step3.generate import Generator
from edgewise.step3.image_tokens import ImageTokenIds, Layout, expand, read_ids
from edgewise.step3.pictures import (
    ImagePatcher,
    PicturePixels,
    in_rgb,
    prepare,
    to_pixels,
)
from edgewise.step3.sampling import Sampling
from edgewise.step3.tokenizer import ChatTemplate, read_tokenizer
from edgewise.step3.weights import load_model, open_checkpoint

GENERATION = "generation_config.json"
CROPPED_PX = 728
"""Width of the view whose pictures also come in crops: the published size. Smaller ones see the
whole alone."""
LONGEST_PX = ImagePatcher().longest_px
"""Of a picture that is seen as a whole alone; those that are cut end there as well."""
CACHE_BYTES = 1 << 30
"""Of keys and values of all answers under way."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
_BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, AttributeError, LookupError, OverflowError),
    *(EOFError, struct.error, zlib.error, Image.DecompressionBombError),
)
"""What Pillow raises for bytes that are no picture, or not all of one, or whose notes (EXIF) are
damaged."""


class _Said(msgspec.Struct):
    """What is read of generation_config.json."""

    eos_token_id: int | list[int] | None = None


_said = msgspec.json.Decoder(_Said)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one token added to the answer, which may be nothing yet; `tokens` were written so far,
    behind `prompt_tokens`. `finish` in the last: `stop`, or `length` where its tokens are used
    up."""

    text: str
    prompt_tokens: int
    tokens: int
    finish: str = ""


class Conversation:
    """A folder ready to answer `most_at_once` at once. Raises UserError for one that cannot be
    read, or whose cache does not fit."""

    def __init__(self, folder: Path, *, device: str = "cpu", most_at_once: int = 64) -> None:
        self.config = read_config(folder)
        self.tokenizer = read_tokenizer(folder)
        self.template = ChatTemplate.of(folder)
        self.ends = _ends(folder, self.tokenizer.token_to_id)
        self.device = torch.device(device)
        self._names: ImageTokenIds | None = None
        if sees := isinstance(self.config, Step3VLConfig):
            self._names = read_ids(self.tokenizer.get_vocab(), self.config.image_token_id)
        dtype = torch.float32 if self.device.type == "cpu" else None
        model = load_model(folder, dtype=dtype, device=device, vision=sees)
        self.model = model.eval().requires_grad_(False)
        self.generator = Generator(
            self.model,
            pages=self._pages(most_at_once),
            most_at_once=most_at_once,
            decode=self._decoded,
        )
        special = self.tokenizer.get_added_tokens_decoder().values()
        self._special = sorted((one.content for one in special), key=len, reverse=True)

    def request(
        self,
        messages: Sequence[Mapping[str, Any]],
        pictures: Sequence[bytes],
        sampling: Sampling,
    ) -> Request:
        """What the generator is asked. `messages` are as in OpenAI's API, their pictures as parts
        `{"type": "image"}`, whose files are `pictures` in order.

        Raises UserError (`prompt_too_long`, `bad_picture`, `bad_message`)."""
        ids, seen = self.prompt(messages, pictures)
        cache = self.generator.cache
        asked = len(ids)
        context = min(text_part(self.config).context, cache.pages * cache.page_tokens)
        if asked >= context:
            raise UserError(
                f"the conversation has {asked} tokens, the model holds {context}; send less",
                code="prompt_too_long",
            )
        most = min(sampling.max_tokens, context - asked)
        wanted = dataclasses.replace(sampling, max_tokens=most, stop_ids=self.ends)
        return Request(ids, wanted, seen)

    def answer(
        self,
        messages: Sequence[Mapping[str, Any]],
        pictures: Sequence[bytes],
        sampling: Sampling,
    ) -> Iterator[Piece]:
        """One answer in pieces, one a token. Raises as `request`, at once."""
        desk = Desk(self)
        desk.add(0, messages, pictures, sampling)
        return _all_of(desk)

    def prompt(
        self, messages: Sequence[Mapping[str, Any]], pictures: Sequence[bytes]
    ) -> tuple[list[int], list[PicturePixels]]:
        """The conversation as tokens, those of its pictures among them, and the pictures' pixels.
        Raises UserError."""
        written = self.template.render([self._harmless(message) for message in messages])
        ids: list[int] = self.tokenizer.encode(written, add_special_tokens=False).ids
        if not isinstance(self.config, Step3VLConfig) or self._names is None:
            if pictures:
                raise UserError("this model has no eyes; send text alone", code="bad_picture")
            return ids, []
        looked = [look(self.config, one) for one in pictures]
        on_device = [
            PicturePixels(p.crops.to(self.device), p.view.to(self.device), p.columns, p.rows)
            for _, p in looked
        ]
        return expand(ids, [layout for layout, _ in looked], self._names), on_device

    def _decoded(self, ids: Sequence[int]) -> str:
        return self.tokenizer.decode(list(ids), skip_special_tokens=True)

    def _pages(self, most_at_once: int) -> int:
        """As many as all answers at their longest fill, within CACHE_BYTES."""
        config = text_part(self.config)
        each = 2 * config.num_hidden_layers * config.head_dim * self.model.lm_head.weight.itemsize
        wanted = most_at_once * -(-config.context // PAGE_TOKENS)
        return max(1, min(wanted, CACHE_BYTES // (each * PAGE_TOKENS)))

    def _harmless(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """The message with what it says in words: no special token comes out of a text."""
        content = message["content"]
        if isinstance(content, str):
            return {**message, "content": self._broken(content)}
        parts = [
            {**part, "text": self._broken(part["text"])} if part["type"] == "text" else part
            for part in content
        ]
        return {**message, "content": parts}

    def _broken(self, text: str) -> str:
        for name in self._special:
            text = text.replace(name, f"{name[0]} {name[1:]}")
        return text


def check_whole(folder: Path) -> None:
    """Raises UserError where a folder lacks something that answering takes, or its weights' files
    are not what its config says; loads nothing."""
    config = read_config(folder)
    tokenizer = read_tokenizer(folder)
    ChatTemplate.of(folder)
    _ends(folder, tokenizer.token_to_id)
    if sees := isinstance(config, Step3VLConfig):
        read_ids(tokenizer.get_vocab(), config.image_token_id)
    open_checkpoint(folder, config, vision=sees)


@dataclass(slots=True)
class _Asked:
    """Who asked for an answer, how long the prompt is, and how many tokens are written."""

    number: int
    prompt_tokens: int
    tokens: int = 0


class Desk:
    """The answers under way of a conversation, under the numbers of who asks. For one thread."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._generator = conversation.generator
        self._asked: dict[int, _Asked] = {}
        """By the generator's numbers."""

    @property
    def busy(self) -> bool:
        return bool(self._asked)

    def add(
        self,
        number: int,
        messages: Sequence[Mapping[str, Any]],
        pictures: Sequence[bytes],
        sampling: Sampling,
    ) -> None:
        """Begin an answer under that number. Raises as `Conversation.request`."""
        request = self._conversation.request(messages, pictures, sampling)
        self._asked[self._generator.add(request)] = _Asked(number, len(request.prompt))

    def cancel(self, number: int) -> None:
        """Forget an answer; one that has ended already does no harm."""
        for inner in [inner for inner, asked in self._asked.items() if asked.number == number]:
            self._generator.cancel(inner)
            del self._asked[inner]

    def step(self) -> Iterator[tuple[int, Piece]]:
        """One pass of the model, and what it gave to each."""
        for given in self._generator.step():
            asked = self._asked[given.request]
            asked.tokens += 1
            if given.finish:
                del self._asked[given.request]
            piece = Piece(given.text, asked.prompt_tokens, asked.tokens, given.finish or "")
            yield asked.number, piece


def _all_of(desk: Desk) -> Iterator[Piece]:
    try:
        while desk.busy:
            yield from (piece for _, piece in desk.step())
    finally:
        desk.cancel(0)


def look(config: Step3VLConfig, data: bytes) -> tuple[Layout, PicturePixels]:
    """A picture's place in a prompt, and its pixels. Raises UserError (`bad_picture`)."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        ImagePatcher().cut(*picture.size)  # refuses what is too large before it is decoded
        picture = ImageOps.exif_transpose(picture)
    except _BROKEN as error:
        said = "it is none" if isinstance(error, UnidentifiedImageError) else error
        raise UserError(
            f"the picture can not be opened ({said}); send one of: {', '.join(FORMATS)}",
            code="bad_picture",
        ) from error
    size_px = config.vision_config.image_size
    if size_px == CROPPED_PX:
        seen = prepare(picture)
        crop_tokens = config.tokens(ImagePatcher().crop_px)
        return Layout(seen.columns, seen.rows, crop_tokens, view_tokens(config)), seen
    whole = in_rgb(picture)
    whole.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.BILINEAR)  # pixels are fp32 then
    seen = only_view(to_pixels(whole, size_px))
    return Layout(0, 0, view_tokens=view_tokens(config)), seen


def only_view(view: Tensor) -> PicturePixels:
    """Pixels (P, 3, side, side) of pictures that are seen as a whole alone."""
    return PicturePixels(view.new_empty(0, 3, *view.shape[2:]), view, 0, 0)


def view_tokens(config: Step3VLConfig) -> int:
    """How many tokens the view of the whole becomes."""
    return config.tokens(config.vision_config.image_size)


def _ends(folder: Path, id_of: Callable[[str], int | None]) -> tuple[int, ...]:
    """The tokens that end an answer, as generation_config.json says them."""
    path = folder / GENERATION
    try:
        said = _said.decode(path.read_bytes() if path.is_file() else b"{}").eos_token_id
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(f"{path} cannot be read: {error}", code="bad_model_config") from error
    ends = {said} if isinstance(said, int) else set(said or ())
    ends |= {token for name in ("<|end|>", "<|EOT|>") if (token := id_of(name)) is not None}
    if not ends:
        raise UserError(
            f"{path} names no eos_token_id: no answer would end", code="bad_model_config"
        )
    return tuple(sorted(ends))
