"""What a small Step-3 is trained on: made from seed and step, and never what is held back."""

import random

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra step3)")

import torch

from edgewise.step3.nano import PICO
from edgewise.step3.tokenizer import END, IMAGE_TOKEN_ID, train_tokenizer
from scripts.step3.pictures import COLOURS, SHAPES, UNSEEN, WORDS, draw_shown
from scripts.step3.rows import IGNORED, Batches, Row, held_pictures, rows_of_step, texts_of

COMMANDS = [Row(f"do {n}", f"family.verb{n}", "command") for n in range(9)]


def test_a_step_has_the_same_rows_each_time_and_others_than_the_next():
    first, again = (rows_of_step(COMMANDS, 1, 5, 10, 28) for _ in range(2))
    assert [(r.question, r.answer) for r in first] == [(r.question, r.answer) for r in again]
    assert all(
        a.pixels is None or torch.equal(a.pixels, b.pixels)
        for a, b in zip(first, again, strict=True)
    )
    assert [r.answer for r in rows_of_step(COMMANDS, 1, 6, 10, 28)] != [r.answer for r in first]


def test_pairs_that_are_kept_from_training_are_drawn_for_the_trial_alone():
    rng = random.Random(0)
    named = {draw_shown(rng, 28).answer for _ in range(3000)}
    kept = {draw_shown(rng, 28, unseen=True).answer for _ in range(300)}
    for colour, shape in UNSEEN:
        pair = f" {colour} {shape}"
        assert not any(answer.endswith(pair) for answer in named)
        assert any(answer.endswith(pair) for answer in kept)


def test_every_kind_of_answer_is_asked_for():
    rng = random.Random(0)
    kinds = {draw_shown(rng, 28).kind for _ in range(200)}
    assert kinds == {"colour", "shape", "digit", "word", "all"}
    answers = {draw_shown(rng, 28).answer for _ in range(3000)}
    assert answers >= {*COLOURS, *SHAPES, *WORDS, *map(str, range(10))}


def test_what_is_drawn_is_seen():
    rng = random.Random(0)
    for _ in range(50):
        extremes = draw_shown(rng, 28).picture.getextrema()
        assert any(high - low > 50 for low, high in extremes)


def test_the_loss_is_taken_on_the_answer_alone():
    tokenizer = train_tokenizer(texts_of(COMMANDS), 320)
    row = held_pictures(0, 1, 28)[0]
    batch = Batches(tokenizer, PICO).batch([row, COMMANDS[0]])
    for at, one in enumerate((row, COMMANDS[0])):
        told = batch.targets[at][batch.targets[at] != IGNORED].tolist()
        assert tokenizer.decode(told, skip_special_tokens=False) == one.answer + END
    assert (batch.ids == IMAGE_TOKEN_ID).sum(1).tolist() == [1, 0]
    assert batch.pictures[0].view.shape == (1, 3, 28, 28)


def test_each_target_is_the_token_that_follows():
    tokenizer = train_tokenizer(texts_of(COMMANDS), 320)
    batch = Batches(tokenizer, PICO).batch([COMMANDS[0]])
    ids, targets = batch.ids[0], batch.targets[0]
    where = (targets != IGNORED).nonzero()[:-1, 0]
    assert torch.equal(targets[where], ids[where + 1])
