"""Thinking is put together from what is there; a missing part is told and never fatal."""

import logging
from pathlib import Path

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.core.words import Language
from edgewise.hosting.mind import load_thinking

CONTEXT = Context(Language.ENGLISH, label=label_of(OriginKind.TYPED), turn="t")


def test_words_become_calls_of_the_given_capabilities() -> None:
    thinking = load_thinking(builtin_catalogue().capabilities)
    (call,) = thinking.understand("open the driver's window", CONTEXT).calls
    assert call.capability == "window.set"
    assert (thinking.chat_name, thinking.chat_languages) == ("", ())


def test_the_model_s_name_and_languages_are_known_before_it_is_asked(tmp_path: Path) -> None:
    thinking = load_thinking((), "smollm2-135m", tmp_path)
    assert thinking.chat_name == "smollm2-135m"
    assert thinking.chat_languages == (Language.ENGLISH,)


@pytest.mark.parametrize("name", ["gpt-9", "qwen3-0.6b"])
def test_an_unknown_or_absent_model_is_left_out_and_logged(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "edgewise.device"):
        thinking = load_thinking((), name, tmp_path)
    assert thinking.chat_name == ""
    assert name in caplog.text
    assert thinking.understand("stop", CONTEXT).fixed == "stop"


async def test_a_model_that_is_more_often_wrong_than_right_is_given_nothing_to_read(
    tmp_path: Path,
) -> None:
    thinking = load_thinking((), "smollm2-135m", tmp_path)
    read = await thinking.read("The rent is 5.", "what is the rent", Language.ENGLISH, deadline_s=9)
    assert read == ""
    assert thinking.chat_name == "smollm2-135m"
