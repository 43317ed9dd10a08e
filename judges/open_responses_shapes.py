"""The shapes of the Open Responses specification that its compliance cases check, as JSON schemas.

Restated from its published schemas (openresponses, revision 2026-04-24), not copied: names and
kinds of the members that must be there. Members that are not named here may be there too.
"""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}


def record(**members: Schema) -> Schema:
    """An object that has all of `members`."""
    return {"type": "object", "properties": members, "required": list(members)}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def some(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def named(kind: str, **members: Schema) -> Schema:
    """An object whose `type` is `kind`."""
    return record(type={"const": kind}, **members)


STATUS: Schema = {"enum": ["in_progress", "completed", "incomplete"]}
OUTPUT_TEXT = named(
    "output_text", text=TEXT, annotations=some(record(type=TEXT)), logprobs=some({})
)
PART: Schema = {
    "oneOf": [
        OUTPUT_TEXT,
        named("input_text", text=TEXT),
        named("text", text=TEXT),
        named("summary_text", text=TEXT),
        named("reasoning_text", text=TEXT),
        named("refusal", refusal=TEXT),
        named("input_image", image_url=maybe(TEXT), detail={"enum": ["low", "high", "auto"]}),
    ]
}
ROLE: Schema = {"enum": ["user", "assistant", "system", "developer"]}
ITEM: Schema = {
    "oneOf": [
        named("message", id=TEXT, status=STATUS, role=ROLE, content=some(PART)),
        named("function_call", id=TEXT, call_id=TEXT, name=TEXT, arguments=TEXT, status=STATUS),
        named("function_call_output", id=TEXT, call_id=TEXT, output={}, status=STATUS),
        named("reasoning", id=TEXT, summary=some(PART)),
    ]
}
TOOL = named(
    "function",
    name=TEXT,
    description=maybe(TEXT),
    parameters=maybe({"type": "object"}),
    strict=maybe(FLAG),
)
CHOICE: Schema = {
    "anyOf": [
        {"enum": ["none", "auto", "required"]},
        named("function", name=TEXT),
        named("allowed_tools", tools=some({}), mode=TEXT),
    ]
}
USAGE = record(
    input_tokens=WHOLE,
    output_tokens=WHOLE,
    total_tokens=WHOLE,
    input_tokens_details=record(cached_tokens=WHOLE),
    output_tokens_details=record(reasoning_tokens=WHOLE),
)
RESPONSE = record(
    id=TEXT,
    object={"const": "response"},
    created_at=WHOLE,
    completed_at=maybe(WHOLE),
    status=TEXT,
    incomplete_details=maybe(record(reason=TEXT)),
    model=TEXT,
    previous_response_id=maybe(TEXT),
    instructions=maybe({"anyOf": [TEXT, some({})]}),
    output=some(ITEM),
    error=maybe(record(code=TEXT, message=TEXT)),
    tools=some(TOOL),
    tool_choice=CHOICE,
    truncation={"enum": ["auto", "disabled"]},
    parallel_tool_calls=FLAG,
    text=record(format=record(type={"enum": ["text", "json_object", "json_schema"]})),
    top_p=NUMBER,
    presence_penalty=NUMBER,
    frequency_penalty=NUMBER,
    top_logprobs=WHOLE,
    temperature=NUMBER,
    reasoning=maybe({"type": "object"}),
    usage=maybe(USAGE),
    max_output_tokens=maybe(WHOLE),
    max_tool_calls=maybe(WHOLE),
    store=FLAG,
    background=FLAG,
    service_tier=TEXT,
    metadata={},
    safety_identifier=maybe(TEXT),
    prompt_cache_key=maybe(TEXT),
)


def _event(**members: Schema) -> Schema:
    return record(type=TEXT, sequence_number=WHOLE, **members)


_AT: Schema = {"item_id": TEXT, "output_index": WHOLE}
_IN_PART: Schema = {**_AT, "content_index": WHOLE}
_IN_SUMMARY: Schema = {**_AT, "summary_index": WHOLE}
_SNAPSHOT = _event(response=RESPONSE)
_ITEM = _event(output_index=WHOLE, item=maybe(ITEM))
EVENTS: dict[str, Schema] = {
    **{
        f"response.{state}": _SNAPSHOT
        for state in ("created", "queued", "in_progress", "completed", "failed", "incomplete")
    },
    "response.output_item.added": _ITEM,
    "response.output_item.done": _ITEM,
    "response.content_part.added": _event(**_IN_PART, part=PART),
    "response.content_part.done": _event(**_IN_PART, part=PART),
    "response.output_text.delta": _event(**_IN_PART, delta=TEXT, logprobs=some({})),
    "response.output_text.done": _event(**_IN_PART, text=TEXT, logprobs=some({})),
    "response.refusal.delta": _event(**_IN_PART, delta=TEXT),
    "response.refusal.done": _event(**_IN_PART, refusal=TEXT),
    "response.function_call_arguments.delta": _event(**_AT, delta=TEXT),
    "response.function_call_arguments.done": _event(**_AT, arguments=TEXT),
    "response.reasoning.delta": _event(**_IN_PART, delta=TEXT),
    "response.reasoning.done": _event(**_IN_PART, text=TEXT),
    "response.reasoning_summary_part.added": _event(**_IN_SUMMARY, part=PART),
    "response.reasoning_summary_part.done": _event(**_IN_SUMMARY, part=PART),
    "response.reasoning_summary_text.delta": _event(**_IN_SUMMARY, delta=TEXT),
    "response.reasoning_summary_text.done": _event(**_IN_SUMMARY, text=TEXT),
    "error": _event(error={"type": "object"}),
}
"""Every event that a stream may have, by its type."""
