"""Commands are understood on the device, and what its language model is good for is said."""

from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.place import Site
from edgewise.core.words import Language, Words
from edgewise.route.commands import place_of


def message(language: Language) -> Message:
    return Message("text", language, Label(), Speaker())


def test_commands_stay_on_the_device() -> None:
    assert place_of(message(Language.ENGLISH), "", ()).site is Site.DEVICE


def test_a_language_the_model_does_not_know_is_said() -> None:
    place = place_of(message(Language.CHINESE), "SmolLM2", ("en",))
    assert place.why[-1] == Words(
        "open questions: SmolLM2 knows en, not zh", "开放问题：SmolLM2 只懂 en，不懂 zh"
    )


def test_a_missing_model_is_said() -> None:
    told = place_of(message(Language.ENGLISH), "", ()).why[-1]
    assert isinstance(told, Words)
    assert "no language model" in told.en
    assert "没有安装语言模型" in told.zh


def test_a_device_without_a_cloud_says_that_nothing_may_leave() -> None:
    first = place_of(message(Language.ENGLISH), "", ()).why[0]
    assert isinstance(first, Words)
    assert "nothing may leave" in first.en
    assert first not in place_of(message(Language.ENGLISH), "", (), has_cloud=True).why
