"""Embeddings that follow from the text alone: the same text, the same vector of length 1."""

import base64
import hashlib
import math
import struct
from typing import Any

from edgewise.core.signal import as_list
from edgewise.testing.upstream.refusal import Rejected
from edgewise.testing.upstream.words import count_tokens

DIMENSIONS = 16
KNOWN = frozenset({"model", "input", "encoding_format", "dimensions", "user"})


def embed(body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The reply, and how many tokens were read. Raises Rejected (400)."""
    for name in body:
        if name not in KNOWN:
            raise Rejected(400, f"Unrecognized request argument supplied: {name}", name)
    inputs = _inputs(body.get("input"))
    size = body.get("dimensions")
    size = DIMENSIONS if size is None else size
    if not isinstance(size, int) or not 1 <= size <= 4096:
        raise Rejected(400, f"'dimensions' is {size!r}; a number from 1 to 4096", "dimensions")
    form = body.get("encoding_format") or "float"
    if form not in ("float", "base64"):
        raise Rejected(400, f"'encoding_format' is {form!r}; float or base64", "encoding_format")
    tokens = sum(len(one) if isinstance(one, list) else count_tokens(one) for one in inputs)
    data: list[dict[str, Any]] = []
    for index, one in enumerate(inputs):
        numbers = vector_of(str(one), size)
        packed = base64.b64encode(struct.pack(f"<{size}f", *numbers)).decode()
        told = packed if form == "base64" else numbers
        data.append({"object": "embedding", "index": index, "embedding": told})
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": body.get("model"), "usage": usage}, tokens


def vector_of(text: str, size: int) -> list[float]:
    """`size` numbers whose squares add up to 1."""
    raw = hashlib.shake_256(text.encode()).digest(size * 2)
    numbers = [(number - 32_767.5) / 32_768 for number in struct.unpack(f"<{size}H", raw)]
    length = math.sqrt(sum(number * number for number in numbers))
    return [number / length for number in numbers]


def _inputs(given: Any) -> list[str | list[Any]]:
    """One text, several, one list of token numbers, or several of those."""
    several = as_list(given)
    if isinstance(given, str) or (several and all(isinstance(one, int) for one in several)):
        several = [given]
    inputs: list[str | list[Any]] = []
    for one in several:
        inputs.append(one if isinstance(one, str) else as_list(one))
    if not inputs or not all(inputs):
        raise Rejected(400, "'input' must be text, or a list of texts, none empty", "input")
    return inputs
