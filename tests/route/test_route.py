"""Routing says where a message is thought about, and why."""

from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.place import Site
from edgewise.core.words import Language, Words
from edgewise.route.route import Options, route


def message(language: Language) -> Message:
    return Message("text", language, Label(), Speaker())


def test_without_a_cloud_everything_stays_on_the_device() -> None:
    assert route(message(Language.ENGLISH), Options()).site is Site.DEVICE


def test_a_language_the_model_does_not_know_is_said() -> None:
    place = route(message(Language.CHINESE), Options("SmolLM2", ("en",)))
    assert place.why[-1] == Words(
        "open questions: SmolLM2 knows en, not zh", "开放问题：SmolLM2 只懂 en，不懂 zh"
    )


def test_a_missing_model_is_said() -> None:
    told = route(message(Language.ENGLISH), Options()).why[-1]
    assert isinstance(told, Words)
    assert "no language model" in told.en
    assert "没有安装语言模型" in told.zh


def test_the_same_input_gives_the_same_place() -> None:
    options = Options("SmolLM2", ("en",))
    assert route(message(Language.ENGLISH), options) == route(message(Language.ENGLISH), options)
