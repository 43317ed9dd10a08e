"""Where commands and questions about the device are understood: on the device, always.

What is said first of every turn. Where the words of an open question are sought is decided when it
is known to be one (`route.py`). Pure.
"""

from collections.abc import Sequence

from edgewise.core.message import Message
from edgewise.core.place import Place, Site
from edgewise.core.words import Words


def place_of(
    message: Message, chat_model: str, chat_languages: Sequence[str], *, has_cloud: bool = False
) -> Place:
    """The place for `message`, with what the device's language model, if any, is good for."""
    own = _open_questions(message, chat_model, chat_languages)
    why = (_COMMANDS, own) if has_cloud else (_RESIDENCY, _COMMANDS, own)
    return Place(Site.DEVICE, chat_model or "rules", why)


def _open_questions(message: Message, model: str, languages: Sequence[str]) -> Words:
    if not model:
        return _NO_MODEL
    if message.language not in languages:
        known = ", ".join(languages)
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
