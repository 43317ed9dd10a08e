"""The compliance cases of the Open Responses specification, restated: the suite is not packaged.

The first seven ask what its `compliance-test` asks (by its ids) and check what it checks: the
response's schema, its status and items, and the schema of each event of a stream. The rest hold
what the specification says of a stream beside that.
"""

import json
from typing import Any
from urllib.request import Request, urlopen

from jsonschema import Draft202012Validator

from judges.cases import BASE_URL, KEY, MODEL, case, main
from judges.open_responses_shapes import EVENTS, RESPONSE

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather at a place now",
    "parameters": {
        "type": "object",
        "properties": {"location": {"type": "string", "description": "A city, with its state"}},
        "required": ["location"],
    },
}


def message(role: str, content: Any) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": content}


def post(body: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    data = json.dumps({"model": MODEL, **body}).encode()
    return urlopen(Request(f"{BASE_URL}/responses", data, headers), timeout=20)


def whole(*items: Any, **more: Any) -> dict[str, Any]:
    """A response that fits the schema."""
    with post({"input": list(items), **more, "stream": False}) as reply:
        response = json.load(reply)
    fits(RESPONSE, response, "response")
    assert response["output"], "the response has no output"
    return response


def streamed(*items: Any, **more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The events of a stream, each of which fits its schema, and the response they end in."""
    events: list[dict[str, Any]] = []
    final: dict[str, Any] = {}
    with post({"input": list(items), **more, "stream": True}) as reply:
        assert reply.headers.get_content_type() == "text/event-stream"
        for block in reply.read().decode().strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if fields["data"] == "[DONE]":
                continue
            event = json.loads(fields["data"])
            assert fields.get("event") == event["type"], block[:200]
            assert event["type"] in EVENTS, f"an event of no known type: {event['type']}"
            fits(EVENTS[event["type"]], event, event["type"])
            events.append(event)
            final = event.get("response", final)
    assert events, "no events came"
    fits(RESPONSE, final, "final response")
    return events, final


def fits(schema: dict[str, Any], value: Any, what: str) -> None:
    errors = list(Draft202012Validator(schema).iter_errors(value))
    said = "; ".join(
        f"{'.'.join(map(str, e.absolute_path))}: {e.message[:160]}" for e in errors[:3]
    )
    assert not errors, f"{what}: {said}"


def completed(response: dict[str, Any]) -> None:
    assert response["status"] == "completed", response["status"]


@case("basic-response")
def basic() -> None:
    completed(whole(message("user", "Say hello in exactly 3 words.")))


@case("streaming-response")
def streaming() -> None:
    completed(streamed(message("user", "Count from 1 to 5."))[1])


@case("system-prompt")
def system_prompt() -> None:
    system = message("system", "You are a pirate. Always answer as one.")
    completed(whole(system, message("user", "Say hello.")))


@case("tool-calling")
def tool_calling() -> None:
    asked = message("user", "What's the weather like in San Francisco?")
    made = whole(asked, tools=[WEATHER])
    assert any(item["type"] == "function_call" for item in made["output"]), made["output"]


@case("tool-calling-streaming")
def tool_calling_streaming() -> None:
    asked = message("user", "What's the weather like in San Francisco?")
    events, _ = streamed(asked, tools=[WEATHER])
    kinds = [(event["type"], (event.get("item") or {}).get("type")) for event in events]
    assert ("response.output_item.added", "function_call") in kinds
    assert ("response.function_call_arguments.delta", None) in kinds
    assert ("response.function_call_arguments.done", None) in kinds
    assert ("response.output_item.done", "function_call") in kinds


@case("image-input")
def image_input() -> None:
    text = {"type": "input_text", "text": "What is in this picture?"}
    completed(whole(message("user", [text, {"type": "input_image", "image_url": PIXEL}])))


@case("multi-turn")
def multi_turn() -> None:
    made = whole(
        message("user", "My name is Alice."),
        message("assistant", "Hello Alice, how can I help?"),
        message("user", "What is my name?"),
    )
    completed(made)


@case("stream: numbered from 0, created first, a final state last")
def order() -> None:
    events, final = streamed(message("user", "one two three"))
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert events[0]["type"] == "response.created"
    assert events[-1]["type"] == f"response.{final['status']}"


@case("stream: deltas join to the text that is done, and to the final response")
def joined() -> None:
    events, final = streamed(message("user", "one two three"))
    deltas = [e["delta"] for e in events if e["type"] == "response.output_text.delta"]
    (done,) = [e["text"] for e in events if e["type"] == "response.output_text.done"]
    assert "".join(deltas) == done == final["output"][0]["content"][0]["text"]


@case("stream: items and parts are opened, then closed, under one id")
def opened() -> None:
    events, _ = streamed(message("user", "one two"))
    kinds = [event["type"].removeprefix("response.") for event in events[2:-1]]
    assert kinds == [
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
    ], kinds
    ids = {event.get("item_id") or event["item"]["id"] for event in events[2:-1]}
    assert len(ids) == 1, ids


@case("a limit ends in incomplete, with its reason")
def incomplete() -> None:
    made = whole(message("user", "one two three four"), max_output_tokens=2)
    assert made["status"] == "incomplete"
    assert made["incomplete_details"]["reason"] == "max_output_tokens"


@case("what was asked for is told back")
def told_back() -> None:
    made = whole(
        message("user", "hello"),
        temperature=0.5,
        metadata={"a": "b"},
        tools=[WEATHER],
        tool_choice="none",
        instructions="Be short.",
    )
    assert made["temperature"] == 0.5
    assert made["metadata"] == {"a": "b"}
    assert made["tool_choice"] == "none"
    assert made["instructions"] == "Be short."
    assert made["tools"][0]["name"] == "get_weather"


if __name__ == "__main__":
    main()
