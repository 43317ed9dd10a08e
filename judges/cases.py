"""What a judge is made of: named cases, each told in one line of JSON as it ends.

Runs in the judges' own environments, so it knows the standard library alone, and nothing of
Edgewise. A line is `{"case", "outcome", "reason"}` with the outcome passed, failed or skipped.
"""

import asyncio
import inspect
import json
import os
import re
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

Function = Callable[[], Awaitable[None] | None]

ADDRESS = os.environ.get("JUDGE_ADDRESS", "")
"""Of the platform, without `/v1`."""
BASE_URL = f"{ADDRESS}/v1"
KEY = os.environ.get("JUDGE_KEY", "")
NARROW_KEY = os.environ.get("JUDGE_NARROW_KEY", "")
"""A key that may ask once a minute."""
MODEL = "fake"
EMBEDDING_MODEL = "fake-embedding"
CASE_S = 30.0
REASON_CHARACTERS = 400

_cases: list[tuple[str, Function]] = []


class Skipped(Exception):
    """A case that does not apply here; its text says why."""


def case(name: str) -> Callable[[Function], Function]:
    """Marks a function, plain or async, as a case; it fails by any exception."""

    def mark(function: Function) -> Function:
        _cases.append((name, function))
        return function

    return mark


def tell(name: str, outcome: str, reason: str = "") -> None:
    """Print how a case ended."""
    told = {"case": name, "outcome": outcome, "reason": short(reason)}
    print(json.dumps(told, ensure_ascii=False), flush=True)


def main() -> None:
    """Run every case in the order in which they stand, whatever the ones before did."""
    failed = False
    for name, function in _cases:
        try:
            made = function()
            if inspect.isawaitable(made):
                asyncio.run(_bounded(made))
        except Skipped as skipped:
            tell(name, "skipped", str(skipped))
        except Exception as error:  # noqa: BLE001 - whatever a client raises is its verdict
            failed = True
            traceback.print_exc(file=sys.stderr)
            tell(name, "failed", f"{type(error).__name__}: {str(error) or _line_of(error)}")
        else:
            tell(name, "passed")
    sys.exit(1 if failed else 0)


def short(text: str) -> str:
    """A reason as one line without this machine's paths and ports."""
    text = re.sub(r"(?<![\w:/.])(?:/[\w.+@-]+){2,}/(?=[\w.-]+)", "", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", text)
    return " ".join(text.split())[:REASON_CHARACTERS]


async def _bounded(work: Awaitable[Any]) -> None:
    await asyncio.wait_for(work, CASE_S)


def _line_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    mine = [frame for frame in frames if "judges" in frame.filename and frame.line]
    return mine[-1].line or "" if mine else ""
