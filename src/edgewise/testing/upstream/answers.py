"""Answers from a file: a scripted cloud for questions whose right answers are known.

    {"asked": "What is the capital of Peru?", "answer": "Lima.", "first_ms": 420, "delay_ms": 18}

One such line a question. It is no model and does not look like one: a question that the file does
not hold is refused, so that nothing is measured that nobody wrote. Which answers are wrong, and how
long each takes, is the file's affair; who makes it says how (benchmarks/pair_cloud.py).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.refusal import Rejected


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to `asked`, the last user message word for word. Times as in a `Directive`."""

    asked: str
    answer: Annotated[str, Meta(min_length=1)]
    first_ms: Annotated[float, Meta(ge=0)] = 0.0
    delay_ms: Annotated[float, Meta(ge=0)] = 0.0


def load_answers(path: Path) -> dict[str, Answer]:
    """The answers of a file by what is asked. Raises ValueError that names the line at fault."""
    found: dict[str, Answer] = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            answer = msgspec.json.decode(line, type=Answer)
        except msgspec.DecodeError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
        if answer.asked in found:
            raise ValueError(f"{path}, line {number}: {answer.asked!r} is answered twice")
        found[answer.asked] = answer
    return found


def answered(
    answers: Mapping[str, Answer], asked: str, directive: Directive
) -> tuple[str, Directive]:
    """The text that answers, and the request's directive with that answer's times where the request
    gave none. Raises Rejected (400) for a question that is not there."""
    found = answers.get(asked)
    if found is None:
        raise Rejected(400, "the file of answers does not hold this question", "messages")
    return found.answer, msgspec.structs.replace(
        directive,
        first_ms=directive.first_ms or found.first_ms,
        delay_ms=directive.delay_ms or found.delay_ms,
    )
