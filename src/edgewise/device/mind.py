"""What thinks on this device, put together from the parts that are installed."""

from collections.abc import Sequence

from edgewise.core.capability import Capability
from edgewise.errors import ModelError
from edgewise.think.chat import ChatModel
from edgewise.think.think import Thinking
from edgewise.think.understand import Understander, load_understander


def load_thinking(capabilities: Sequence[Capability], *, chat: bool = True) -> Thinking:
    """Thinking over `capabilities`; a missing part is left out, never fatal (rule 44)."""
    understander: Understander | None = None
    missing = ""
    try:
        understander = load_understander(capabilities)
    except ModelError as error:
        missing = str(error)
    return Thinking(understander, _chat_model() if chat else None, missing)


def _chat_model() -> ChatModel | None:
    from edgewise.think.llama import LlamaModel
    from edgewise.think.models import find_embedded

    try:
        model = find_embedded()
    except ModelError:
        return None
    return None if model is None else LlamaModel(model)
