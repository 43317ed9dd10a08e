"""What thinks for a device, put together from the parts that are installed."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from edgewise.core.capability import Capability
from edgewise.errors import EdgewiseError, ModelError
from edgewise.think.chat import ChatModel
from edgewise.think.models import catalogue
from edgewise.think.think import Thinking
from edgewise.think.understand import Understander, load_understander

_log = logging.getLogger("edgewise.hosting")


def load_thinking(
    capabilities: Sequence[Capability], chat_model: str = "", models_folder: Path | None = None
) -> Thinking:
    """Thinking over `capabilities`; a missing part is left out, never fatal (rule 44).

    `chat_model` is a name of `edgewise models`; its process starts with the first open question.
    """
    understander: Understander | None = None
    missing = ""
    try:
        understander = load_understander(capabilities)
    except ModelError as error:
        missing = str(error)
        _log.warning("understanding is not available: %s", error)
    chat = _chat_model(chat_model, models_folder) if chat_model and models_folder else None
    return Thinking(understander, chat, missing, capabilities, reads=_reads(chat_model))


def _reads(name: str) -> bool:
    """Whether the model can be given a text to read: none that is more often wrong than right."""
    return not any(one.only_sure for one in catalogue() if one.name == name)


def _chat_model(name: str, folder: Path) -> ChatModel | None:
    from edgewise.think.llama import LlamaModel
    from edgewise.think.models import settings

    try:
        # an answer is checked by how sure the model was before it stands where a cloud's could
        return LlamaModel(replace(settings(name, folder), tells_surety=True))
    except EdgewiseError as error:
        _log.warning("no language model: %s", error)
        return None
