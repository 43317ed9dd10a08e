"""What a small Step-3 is trained on, as rows of ids and pixels: commands, and pictures.

A command is a sentence of the project's own grammar, its answer the function that it asks for; a
picture is made here (`pictures.py`). Which rows a step sees follows from seed and step alone, so a
training that goes on sees what an uninterrupted one does. Nothing here was written by others.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from edgewise.step3.config import Step3VLConfig
from edgewise.step3.conversation import only_view, view_tokens
from edgewise.step3.image_tokens import Layout, expand, read_ids
from edgewise.step3.pictures import PicturePixels, to_pixels
from edgewise.step3.tokenizer import CHAT, END, PAD, ChatTemplate
from scripts.step3.pictures import (
    ASK_ALL,
    ASK_COLOUR,
    ASK_DIGIT,
    ASK_SHAPE,
    ASK_WORD,
    COLOURS,
    SHAPES,
    WORDS,
    draw_shown,
)
from scripts.understand_sentences import generate

IGNORED = -100
"""Where no loss is taken: everything but the answer."""
HELD_BACK = 20
"""One sentence in so many is never trained on."""
PICTURES = 0.8
"""The share of pictures among the rows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its answer; `kind` is what the answer names. `pixels` (1, 3, side, side) are
    asked about."""

    question: str
    answer: str
    kind: str
    pixels: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows side by side: ids (B, T), padded at the right; `targets` (B, T) hold at t the token that
    follows t, IGNORED where it is of no answer. The views of all rows' pictures are one stack."""

    ids: Tensor
    targets: Tensor
    pictures: tuple[PicturePixels, ...]

    def to(self, device: torch.device) -> "Batch":
        pictures = tuple(only_view(one.view.to(device)) for one in self.pictures)
        return Batch(self.ids.to(device), self.targets.to(device), pictures)


def command_rows(seed: int, per_class: int) -> tuple[list[Row], list[Row]]:
    """English sentences and their functions, to train on and held back; a sentence is on one side
    by its letters, whatever the seed."""
    trained: list[Row] = []
    held: list[Row] = []
    for one in generate(seed, per_class):
        if one.language == "en":
            digest = hashlib.sha256(one.plain.encode()).digest()
            side = held if digest[0] % HELD_BACK == 0 else trained
            side.append(Row(one.text, one.function, "command"))
    return trained, held


def picture_row(rng: random.Random, side_px: int, *, unseen: bool = False) -> Row:
    """A picture and what is asked about it."""
    shown = draw_shown(rng, side_px, unseen=unseen)
    pixels = to_pixels(shown.picture, side_px)
    return Row(shown.question, shown.answer, shown.kind, pixels)


def rows_of_step(
    commands: Sequence[Row], seed: int, step: int, count: int, side_px: int
) -> list[Row]:
    """The rows of one step of training."""
    rng = random.Random(f"{seed} step {step}")
    pictures = round(count * PICTURES) if commands else count
    return [
        *(picture_row(rng, side_px) for _ in range(pictures)),
        *(rng.choice(commands) for _ in range(count - pictures)),
    ]


def held_pictures(seed: int, count: int, side_px: int, *, unseen: bool = False) -> list[Row]:
    """Pictures that no step of training draws."""
    rng = random.Random(f"{seed} held back {unseen}")
    return [picture_row(rng, side_px, unseen=unseen) for _ in range(count)]


def texts_of(commands: Sequence[Row]) -> list[str]:
    """What the tokenizer is trained on."""
    asked = (*ASK_ALL, *ASK_COLOUR, *ASK_DIGIT, *ASK_SHAPE, *ASK_WORD)
    made = [*asked, *COLOURS, *SHAPES, *WORDS, *map(str, range(10))]
    made += [f"a {colour} {shape}" for colour in COLOURS for shape in SHAPES]
    made += [f"the word {word} in {colour}" for colour in COLOURS for word in WORDS]
    return [*(text for row in commands for text in (row.question, row.answer)), *made * 4]


class Batches:
    """Rows to batches, by a tokenizer and a config."""

    def __init__(self, tokenizer: Tokenizer, config: Step3VLConfig) -> None:
        self._tokenizer = tokenizer
        self._template = ChatTemplate(CHAT)
        self._image_ids = read_ids(tokenizer.get_vocab(), config.image_token_id)
        self._layout = Layout(0, 0, view_tokens=view_tokens(config))
        self._pad = tokenizer.token_to_id(PAD)
        self._longest = config.text_config.context

    def batch(self, rows: Sequence[Row]) -> Batch:
        """Rows over the model's context lose their end."""
        coded = [self._coded(row) for row in rows]
        longest = max(len(said) for said, _ in coded) - 1
        ids = torch.full((len(rows), longest), self._pad)
        targets = torch.full((len(rows), longest), IGNORED)
        for at, (said, is_answer) in enumerate(coded):
            both = torch.tensor(said)
            ids[at, : len(both) - 1] = both[:-1]
            told = both.where(torch.tensor(is_answer), IGNORED)
            targets[at, : len(both) - 1] = told[1:]
        views = [row.pixels for row in rows if row.pixels is not None]
        cut = slice(None, self._longest)
        pictures = (only_view(torch.cat(views)),) if views else ()
        return Batch(ids[:, cut], targets[:, cut], pictures)

    def _coded(self, row: Row) -> tuple[list[int], list[bool]]:
        """A conversation's tokens, and which of them are of answers."""
        content: list[dict[str, str]] = [{"type": "text", "text": row.question}]
        if row.pixels is not None:
            content.insert(0, {"type": "image"})
        ids = self._ids(self._template.render([{"role": "user", "content": content}]))
        if row.pixels is not None:
            ids = expand(ids, [self._layout], self._image_ids)
        said = self._ids(row.answer + END)
        return [*ids, *said], [False] * len(ids) + [True] * len(said)

    def _ids(self, text: str) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=False).ids
