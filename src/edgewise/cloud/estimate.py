"""How many tokens a chat completion's input has, before a backend counted them: two figures.

`at_most` is a bound: no byte-level tokenizer makes more tokens of a text than it has UTF-8 bytes;
a template adds at most 16 a message and a tool, and a preamble where there are tools; an image
costs the model's `image_tokens`. Sound is bounded by its base64. `likely` is for people: four
letters of ASCII a token and 0.75 a character of other scripts, which is within a third for English
and Chinese prose, and worse for code or rare scripts. Neither is a count.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

TOKENS_A_MESSAGE = 16
TOKENS_OF_TOOLS = 256
LIKELY_A_MESSAGE = 4
ASCII_A_TOKEN = 4
TOKENS_A_WIDE_CHARACTER = 0.75


class Estimate(Struct, frozen=True):
    """Tokens of an input."""

    likely: int
    at_most: int


def estimate(body: Mapping[str, Any], image_tokens: int) -> Estimate:
    """The tokens that `messages` and `tools` of a chat completion's body have."""
    texts: list[str] = []
    images = 0
    messages: Sequence[Mapping[str, Any]] = body.get("messages") or ()
    for message in messages:
        images += _gather(message.get("content"), texts)
        for name in ("reasoning_content", "tool_calls"):
            if message.get(name):
                texts.append(_written(message[name]))
    tools: Sequence[Any] = body.get("tools") or ()
    texts += [_written(tool) for tool in tools]
    if body.get("response_format"):
        texts.append(_written(body["response_format"]))
    entries = len(messages) + len(tools)
    preamble = TOKENS_OF_TOOLS if tools else 0
    shown = images * image_tokens
    return Estimate(
        likely=sum(map(_likely, texts)) + LIKELY_A_MESSAGE * entries + preamble // 2 + shown,
        at_most=sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
        + TOKENS_A_MESSAGE * entries
        + preamble
        + shown,
    )


def _gather(content: Any, texts: list[str]) -> int:
    """Adds the texts of a message's content; how many images it has."""
    if isinstance(content, str):
        texts.append(content)
        return 0
    images = 0
    parts: Sequence[Mapping[str, Any]] = content or ()
    for part in parts:
        if part["type"] == "image_url":
            images += 1
        else:
            texts.append(part["text"] if part["type"] == "text" else _written(part))
    return images


def _likely(text: str) -> int:
    plain = sum(character < "\x80" for character in text)
    return round(plain / ASCII_A_TOKEN + (len(text) - plain) * TOKENS_A_WIDE_CHARACTER)


def _written(value: Any) -> str:
    return msgspec.json.encode(value).decode()
