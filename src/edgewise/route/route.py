"""Where a message is thought about: today on the device, said with its reasons.

Commands and questions about the device's state are always thought about on the device. For open
questions the only model is the device's own, so a language it does not know is refused honestly.
Pure: values in, a `Place` out. Calibrated choice between device and cloud comes with the cloud.
"""

from msgspec import Struct

from edgewise.core.message import Message
from edgewise.core.place import Place, Site
from edgewise.core.words import Words


class Options(Struct, frozen=True):
    """What there is to choose from: the device's language model and its languages, by name."""

    chat_model: str = ""
    chat_languages: tuple[str, ...] = ()


def route(message: Message, options: Options) -> Place:
    """The place for `message`, with one line for each stage that was considered."""
    return Place(
        Site.DEVICE,
        options.chat_model or "rules",
        (_RESIDENCY, _COMMANDS, _open_questions(message, options)),
    )


def _open_questions(message: Message, options: Options) -> Words:
    model = options.chat_model
    if not model:
        return _NO_MODEL
    if message.language not in options.chat_languages:
        known = ", ".join(options.chat_languages)
        return Words(
            f"open questions: {model} knows {known}, not {message.language}",
            f"开放问题：{model} 只懂 {known}，不懂 {message.language}",
        )
    return Words(f"open questions: {model} on the device", f"开放问题：由设备上的 {model} 回答")


_RESIDENCY = Words(
    "residency: no cloud is configured, so nothing may leave the device",
    "数据驻留：没有配置云端，任何内容都不得离开设备",
)
_COMMANDS = Words(
    "commands and state: understood on the device in every language it speaks",
    "指令与状态：设备会说的语言都在设备上理解",
)
_NO_MODEL = Words("open questions: no language model is installed", "开放问题：没有安装语言模型")
