"""The grammar of a Responses stream: what must come before what. Fails with the event at fault.

Also reads the stream: the output that its events alone tell.
"""

from typing import Any

from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

ANY_EVENT = TypeAdapter(ResponseStreamEvent)
ENDS = {"response.completed", "response.incomplete", "response.failed"}
SPOKEN = {"output_text": "text", "refusal": "refusal", "reasoning_text": "text"}


def check(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Checks the events of a whole stream; the output items as the events alone told them."""
    for event in events:
        assert ANY_EVENT.validate_python(event).type == event["type"]
    numbers = [event["sequence_number"] for event in events]
    assert numbers == list(range(len(events)))
    assert events[0]["type"] == "response.created"
    assert events[1]["type"] in {"response.in_progress", "response.queued"}
    assert [event["type"] for event in events if event["type"] in ENDS] == [events[-1]["type"]]
    items: list[dict[str, Any]] = []
    done: list[dict[str, Any] | None] = []
    parts: list[list[str]] = []  # of each item: what is told of its open part
    for event in events[2:-1]:
        _step(event, items, done, parts)
    assert None not in done, "an item was never done"
    assert events[-1]["response"]["output"] == done
    return [item for item in done if item is not None]


def _step(
    event: dict[str, Any],
    items: list[dict[str, Any]],
    done: list[dict[str, Any] | None],
    parts: list[list[str]],
) -> None:
    kind = event["type"].removeprefix("response.")
    if kind in {"in_progress", "queued"}:
        return
    at = event["output_index"]
    if kind == "output_item.added":
        assert at == len(items), event
        assert event["item"]["status"] == "in_progress"
        items.append(dict(event["item"]))
        done.append(None)
        parts.append([])
        return
    assert at < len(items), f"before its item was added: {event}"
    assert done[at] is None, f"after its item was done: {event}"
    item = items[at]
    if kind == "output_item.done":
        assert event["item"]["id"] == item["id"]
        assert event["item"]["type"] == item["type"]
        assert not item.get("open"), f"its part is open: {event}"
        done[at] = event["item"]
        return
    assert event["item_id"] == item["id"], event
    name, _, step = kind.rpartition(".")
    if name == "function_call_arguments":
        if step == "delta":
            parts[at].append(event["delta"])
        else:
            assert event["arguments"] == "".join(parts[at])
        return
    _step_part(event, item, name, step, parts[at])


def _step_part(
    event: dict[str, Any], item: dict[str, Any], name: str, step: str, told: list[str]
) -> None:
    count = item.setdefault("parts", 0)
    assert event["content_index"] == count, event
    if (name, step) == ("content_part", "added"):
        assert not item.get("open"), event
        item["open"] = event["part"]["type"]
        told.clear()
    elif (name, step) == ("content_part", "done"):
        assert event["part"][SPOKEN[item["open"]]] == "".join(told)
        item["open"], item["parts"] = None, count + 1
    else:
        assert item["open"] == name, event
        if step == "delta":
            told.append(event["delta"])
        else:
            assert event[SPOKEN[name]] == "".join(told)
