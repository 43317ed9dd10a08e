"""Schemathesis over the platform's own /openapi.json: whatever fits it or does not, no 5xx.

A case is an operation, with requests that fit its schema or with requests that do not. What the
upstream would be told to fail by is not among the words that are made, so every 5xx is a fault. Two
things are laid into the description, so that requests come further than the door: the key is always
sent, and a model has one of the names that there are.
"""

import json
import os
from typing import Any
from urllib.request import urlopen

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from judges.cases import ADDRESS, EMBEDDING_MODEL, KEY, MODEL, Skipped, case, main

EXAMPLES = int(os.environ.get("JUDGE_EXAMPLES", "40"))
REQUEST_S = 20.0


class ServerError(AssertionError):
    """A reply of 500 or above."""


def judge(operation: Any, mode: GenerationMode) -> None:
    """Send requests to an operation. Raises ServerError for the first that fails the server."""
    checked = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @checked
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        reply = case.call(
            base_url=ADDRESS, headers={"Authorization": f"Bearer {KEY}"}, timeout=REQUEST_S
        )
        if reply.status_code >= 500:
            sent = case.as_curl_command()
            raise ServerError(f"{reply.status_code} {reply.text[:120]} to {sent[:240]}")

    try:
        ask()
    except Unsatisfiable as error:
        raise Skipped("the operation takes nothing that could be wrong") from error


def prepared(part: Any) -> Any:
    """The description without its keys, and with the models' names."""
    if isinstance(part, list):
        return [prepared(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {
        name: prepared(one)
        for name, one in part.items()
        if name not in ("security", "securitySchemes")
    }
    properties = made.get("properties")
    if isinstance(properties, dict) and "model" in properties:
        properties["model"] = {"enum": [MODEL, EMBEDDING_MODEL]}
    return made


def main_() -> None:
    with urlopen(f"{ADDRESS}/openapi.json", timeout=REQUEST_S) as reply:
        schema = schemathesis.openapi.from_dict(prepared(json.load(reply)))
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            name = f"{operation.label}, {mode.value}"
            case(name)(lambda operation=operation, mode=mode: judge(operation, mode))
    main()


if __name__ == "__main__":
    main_()
