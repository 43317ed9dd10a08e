"""Where a message is thought about: today on the device, said with its reasons.

Commands and questions about the device's state are always thought about on the device. For open
questions the only model is the device's own, so a language it does not know is refused honestly.
Pure: values in, a `Place` out. Calibrated choice between device and cloud comes with the cloud.
"""

from msgspec import Struct

from edgewise.core.message import Message
from edgewise.core.place import Place, Site


class Options(Struct, frozen=True):
    """What there is to choose from: the device's language model and its languages, by name."""

    chat_model: str = ""
    chat_languages: tuple[str, ...] = ()


def route(message: Message, options: Options) -> Place:
    """The place for `message`, with one line for each stage that was considered."""
    why = [
        "residency: no cloud is configured, so nothing may leave the device",
        "commands and state: understood on the device in every language it speaks",
    ]
    if not options.chat_model:
        why.append("open questions: no language model is installed")
    elif message.language not in options.chat_languages:
        known = ", ".join(options.chat_languages)
        why.append(f"open questions: {options.chat_model} knows {known}, not {message.language}")
    else:
        why.append(f"open questions: {options.chat_model} on the device")
    return Place(Site.DEVICE, options.chat_model or "rules", tuple(why))
