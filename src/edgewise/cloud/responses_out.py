"""The Response object: a new one after its request, its token counts, and what failed.

Every field that the schema requires is there: null where unset, the API's default where a number
is demanded. Source: openai-openapi f85dbe2, Response; Open Responses, ResponseResource.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from edgewise.cloud.refusal import Refused
from edgewise.cloud.response_request import Item, Message, ReasoningItem, ResponseRequest

_KIND = {"message": "msg", "function_call": "fc", "function_call_output": "fco", "reasoning": "rs"}


def new_response(request: ResponseRequest, *, id: str, created_at: int) -> dict[str, Any]:
    """The object before the first token, `in_progress`, or `queued` in the background."""
    return {
        "id": id,
        "object": "response",
        "created_at": created_at,
        "completed_at": None,
        "status": "queued" if request.background else "in_progress",
        "incomplete_details": None,
        "error": None,
        "model": request.model,
        "previous_response_id": request.previous_response_id,
        "instructions": request.instructions,
        "output": [],
        "usage": None,
        **_settings(request),
    }


def _settings(request: ResponseRequest) -> dict[str, Any]:
    """What was asked for, as the object repeats it."""
    reasoning = request.reasoning
    return {
        "tools": [
            {
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
                "strict": tool.strict,
            }
            for tool in request.tools
        ],
        "tool_choice": msgspec.to_builtins(request.tool_choice),
        "parallel_tool_calls": request.parallel_tool_calls,
        "text": _text(request),
        "reasoning": {
            "effort": reasoning.effort if reasoning else None,
            "summary": reasoning.summary if reasoning else None,
        },
        "truncation": request.truncation,
        "temperature": 1.0 if request.temperature is None else request.temperature,
        "top_p": 1.0 if request.top_p is None else request.top_p,
        "presence_penalty": request.presence_penalty or 0,
        "frequency_penalty": request.frequency_penalty or 0,
        "top_logprobs": request.top_logprobs or 0,
        "max_output_tokens": request.max_output_tokens,
        "max_tool_calls": request.max_tool_calls,
        "store": request.store,
        "background": request.background,
        "service_tier": "default",
        "metadata": dict(request.metadata),
        "safety_identifier": request.safety_identifier,
        "prompt_cache_key": request.prompt_cache_key,
        "user": request.user,
    }


def _text(request: ResponseRequest) -> dict[str, Any]:
    """The settings of the text, whole."""
    form: dict[str, Any] = msgspec.to_builtins(request.text.format) or {"type": "text"}
    if form["type"] == "json_schema":
        form = {"description": None, "strict": None, **form}
    verbosity = request.text.verbosity
    return {"format": form} | ({"verbosity": verbosity} if verbosity else {})


def usage_of(usage: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The token counts of a chat completion in the Responses' words."""
    if not usage:
        return None
    into = usage.get("prompt_tokens") or 0
    out = usage.get("completion_tokens") or 0
    prompt: Mapping[str, Any] = usage.get("prompt_tokens_details") or {}
    completion: Mapping[str, Any] = usage.get("completion_tokens_details") or {}
    return {
        "input_tokens": into,
        "input_tokens_details": {
            "cached_tokens": prompt.get("cached_tokens") or 0,
            "cache_write_tokens": prompt.get("cache_write_tokens") or 0,
        },
        "output_tokens": out,
        "output_tokens_details": {"reasoning_tokens": completion.get("reasoning_tokens") or 0},
        "total_tokens": into + out,
    }


def error_of(refused: Refused) -> dict[str, str]:
    """Why a response failed, by the codes that the API has."""
    code = "server_error"
    if refused.status == 429:
        code = "rate_limit_exceeded"
    elif refused.status < 500:
        code = "invalid_prompt"
    return {"code": code, "message": refused.problem.message}


def keepable(items: Sequence[Item], response_id: str) -> list[dict[str, Any]]:
    """The input as it is kept and listed: with ids, and contents as parts."""
    serial = response_id.removeprefix("resp_")
    kept: list[dict[str, Any]] = []
    for index, item in enumerate(items):
        shown: dict[str, Any] = msgspec.to_builtins(item)
        given = shown.get("id")
        shown["id"] = given or f"{_KIND.get(shown['type'], 'item')}_{serial}_in{index}"
        if isinstance(item, ReasoningItem):
            shown.setdefault("summary", [])
        else:
            shown.setdefault("status", "completed")
        if isinstance(item, Message):
            shown["content"] = _parts(item)
        kept.append(shown)
    return kept


def _parts(message: Message) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = (
        [{"type": "input_text", "text": message.content}]
        if isinstance(message.content, str)
        else msgspec.to_builtins(message.content)
    )
    for part in parts:
        if part["type"] in {"text", "input_text", "output_text"}:
            part["type"] = "output_text" if message.role == "assistant" else "input_text"
        if part["type"] == "output_text":
            part.setdefault("annotations", [])
        if part["type"] == "input_image":
            part.setdefault("detail", "auto")
    return parts
