"""The inside of the eyes' process: one report an order, models only where they are needed."""

import pytest

from edgewise.errors import ModelError, UserError
from edgewise.perceive.eyes_process import EyesHandler
from edgewise.perceive.eyes_wire import Look, Open, encode, pictures
from edgewise.perceive.see import Picture
from tests.perceive.test_picture import file_of, halves


def test_opening_needs_no_model(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    (report,) = EyesHandler(1).answer(encode(Open(file_of(halves(), "PNG"))), bool)
    assert pictures.decode(report).width == 40


def test_a_missing_library_is_told_with_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "rapidocr", None)
    (report,) = EyesHandler(1).answer(encode(Open(file_of(halves(), "PNG"))), bool)
    look = encode(Look(pictures.decode(report)))
    with pytest.raises(ModelError, match=r"edgewise\[see\]") as caught:
        list(EyesHandler(1).answer(look, bool))
    assert caught.value.code == "model_missing"


def test_what_was_never_opened_is_opened_before_it_is_read():
    look = Look(Picture(b"<svg/>", "image/png", 1, 1, ""))
    with pytest.raises((UserError, ModelError)):
        list(EyesHandler(1).answer(encode(look), bool))
