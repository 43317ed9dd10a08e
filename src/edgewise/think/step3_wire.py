"""What the platform says to the process of a Step-3 model and hears from it, as the bodies of the
engine's frames."""

from typing import Any

import msgspec
from msgspec import Struct


class Ask(Struct, frozen=True):
    """Write an answer. `messages` are as in OpenAI's API; a part `{"type": "image"}` stands for
    the next of `pictures`, which are files."""

    messages: list[dict[str, Any]]
    pictures: list[bytes]
    most_tokens: int
    temperature: float
    top_p: float
    seed: int | None = None


class Wrote(Struct, frozen=True):
    """What one token added, and all counted so far. `finish` is in the last: `stop`, `length`."""

    text: str
    prompt_tokens: int
    tokens: int
    finish: str = ""


encode = msgspec.msgpack.Encoder().encode
asks = msgspec.msgpack.Decoder(Ask)
wrotes = msgspec.msgpack.Decoder(Wrote)
