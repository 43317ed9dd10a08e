import hashlib
from importlib import resources

import numpy as np
import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.think.understanding.command_model import (
    FILES,
    NONE,
    UNEXPOSED,
    CommandModel,
    likely,
    load_command_model,
)
from tests.each_row import each_row


@pytest.fixture(scope="module")
def model() -> CommandModel:
    return load_command_model()


@each_row(
    ("text", "name"),
    [
        ("打开车窗", "window.set"),
        ("it is getting stuffy turn on the ac", "climate.set_power"),
        ("打电话给妈妈", "call.dial"),
        ("play some jazz", "media.play"),
        ("tell me a joke", NONE),
        ("hit the brakes", UNEXPOSED),
    ],
)
def test_the_function_of_a_clause_is_found(model: CommandModel, text: str, name: str):
    assert model.guess(text)[0].name == name


def test_probabilities_fall_and_sum_to_at_most_one(model: CommandModel):
    shares = [guess.confidence for guess in model.guess("open it", count=99)]
    assert shares == sorted(shares, reverse=True)
    assert abs(sum(shares) - 1) < 1e-4


def test_an_empty_text_names_nothing(model: CommandModel):
    assert model.guess("")[0].name == NONE
    assert model.see("").mentions == ()


def test_an_empty_text_costs_no_pass(model: CommandModel, monkeypatch: pytest.MonkeyPatch):
    width = model.see("open the window").scores.shape[1]
    monkeypatch.setattr(model, "_session", None)
    sight = model._look("")  # pyright: ignore[reportPrivateUsage]
    assert (sight.offsets, sight.begins, sight.mentions) == ((), (), ())
    assert sight.scores.shape == (0, width)


def test_a_clause_is_read_within_its_sentence(model: CommandModel):
    whole = "turn the volume down and call my mother"
    assert model.guess("call my mother", whole)[0].name == "call.dial"
    assert model.guess("turn the volume down", whole)[0].name == "media.set_volume"


def test_another_order_begins_where_its_words_begin(model: CommandModel):
    text = "add this song to my workout playlist and book a table for two in boston"
    assert text.index("and book") in model.see(text).begins


def test_times_and_names_are_mentions(model: CommandModel):
    text = "remind me to call susan tomorrow"
    kinds = {text[m.start : m.end]: m.kind for m in model.see(text).mentions}
    assert kinds.get("tomorrow") == "date"


def test_every_built_in_capability_is_a_class(model: CommandModel):
    missing = {c.name for c in builtin_catalogue().capabilities} - set(model.functions)
    assert not missing, "run make train-understand"


def test_words_nobody_knows_are_told_from_words(model: CommandModel):
    assert model.known_share("open the window please") == 1
    assert model.known_share("flibber the wuggle snorp") < 0.5


def test_a_very_long_text_is_read_as_far_as_it_goes(model: CommandModel):
    assert model.guess("open the window " * 200)[0].name == "window.set"


def test_model_and_vocabulary_are_small_and_the_card_is_of_these_files():
    folder = resources.files("edgewise.think.understanding")
    contents = [(folder / name).read_bytes() for name in FILES]
    assert sum(map(len, contents)) <= 30_000_000
    card = (folder / "command_model.md").read_text("utf-8")
    assert all(hashlib.sha256(each).hexdigest() in card for each in contents)


LIGHT, PLAY, NOTE = 0, 1, 2
OF = np.array([PLAY, NOTE], np.int64)
"""Of three functions the public sets know two, each by one label."""


def test_a_sure_function_is_believed_whatever_its_label():
    scores = np.array([[0, 5, 0, -9, 9]], np.float32)
    assert likely(scores, OF, latin=True).argmax() == PLAY


def test_where_no_function_is_sure_the_label_decides_between_those_that_it_knows():
    unsure = np.array([[0, 1.2, 1, -9, 9]], np.float32)
    shares = likely(unsure, OF, latin=True)
    assert shares.argmax() == NOTE
    assert abs(shares.sum() - 1) < 1e-6
    assert likely(unsure, OF, latin=False).argmax() == PLAY


def test_a_label_takes_nothing_from_a_function_that_no_public_set_knows():
    scores = np.array([[2, 1.2, 1, -9, 9]], np.float32)
    assert likely(scores, OF, latin=True).argmax() == LIGHT


def test_chinese_orders_that_were_not_seen_apart_are_read_apart(model: CommandModel):
    within = "打开车窗关闭天窗"
    assert model.guess("打开车窗", within)[0].name == "window.set"
    assert model.guess("关闭天窗", within)[0].name == "roof.set"
