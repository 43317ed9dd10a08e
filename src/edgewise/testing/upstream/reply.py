"""What is said to a request: calls of tools, an instance of a schema, a tool's result, or an echo.

A stand-in for a model's mind, decided by rules that a test can foretell: a tool is asked for when
the user's words hold its name or the words of its name; several such tools are called at once. A
tool that must be called and is not named is the first that was not called since the user spoke. A
JSON object without a schema has the members whose names the user quotes. The model `planner` plans
(planner.py).
"""

import json
import re
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.core.signal import as_list, as_object
from edgewise.testing.upstream.ask import Ask, text_of
from edgewise.testing.upstream.directive import Directive
from edgewise.testing.upstream.instance import instance_of
from edgewise.testing.upstream.planner import MODEL, planned
from edgewise.testing.upstream.words import count_tokens, numbered_words, pieces_of

MESSAGE_TOKENS = 3
PART_TOKENS = 50
"""What a message costs beside its words, and what an image or a sound costs."""


class Call(Struct, frozen=True):
    """One call of a tool. Its name is one token, each fragment of its arguments another."""

    name: str
    fragments: list[str]


class Reply(Struct, frozen=True):
    """What is produced for one choice, token by token, and why it ends."""

    reasoning: list[str]
    words: list[str]
    calls: list[Call]
    finish_reason: str

    @property
    def tokens(self) -> int:
        """All tokens of the reply."""
        return len(self.reasoning) + len(self.words) + sum(1 + len(c.fragments) for c in self.calls)


def reply_to(ask: Ask, directive: Directive) -> Reply:
    """The reply, after `stop` and the limit of tokens."""
    reasoning = numbered_words(directive.reasoning_tokens)
    calls = [] if directive.tokens is not None else _calls(ask, directive)
    if calls:
        return Reply(reasoning, [], calls, "tool_calls")
    if directive.tokens is None:
        words = pieces_of(_text(ask))
    else:
        words = numbered_words(max(directive.tokens - len(reasoning), 0))
    words = _until_stop(words, ask.stop)
    most = ask.most_tokens
    if most is not None and len(reasoning) + len(words) > most:
        return Reply(reasoning[:most], words[: max(most - len(reasoning), 0)], [], "length")
    return Reply(reasoning, words, [], "stop")


def prompt_tokens(ask: Ask) -> int:
    """What the messages and the tools cost to read."""
    tokens = count_tokens(json.dumps(ask.tools)) if ask.tools else 0
    for message in ask.messages:
        content = message.get("content")
        tokens += MESSAGE_TOKENS + count_tokens(text_of(content))
        if isinstance(content, list):
            parts = [as_object(part) for part in as_list(msgspec.to_builtins(content))]
            tokens += PART_TOKENS * sum(part.get("type") != "text" for part in parts)
    return tokens


def _calls(ask: Ask, directive: Directive) -> list[Call]:
    if directive.calls:
        return _scripted(ask, directive)
    return [
        Call(
            tool["name"],
            pieces_of(json.dumps(instance_of(_parameters(tool), ask.text), ensure_ascii=False)),
        )
        for tool in _wanted_tools(ask)
    ]


def _scripted(ask: Ask, directive: Directive) -> list[Call]:
    """The calls of the step that it is now: one for each message with calls since the user."""
    step = 0
    for message in reversed(ask.messages):
        if message["role"] == "user":
            break
        step += bool(message.get("tool_calls"))
    return [
        Call(tool.name, pieces_of(json.dumps(tool.arguments, ensure_ascii=False)))
        for tool in (directive.calls[step] if step < len(directive.calls) else ())
    ]


def _wanted_tools(ask: Ask) -> list[dict[str, Any]]:
    if not ask.tools or ask.tool_choice == "none":
        return []
    if ask.tool_choice == "named":
        return [tool for tool in ask.tools if tool["name"] == ask.named]
    called = _called_since_the_user_spoke(ask.messages)
    left = [tool for tool in ask.tools if tool["name"] not in called]
    asked_for = [tool for tool in left if _is_asked_for(tool["name"], ask.text)]
    if ask.tool_choice == "required":
        asked_for = asked_for or left[:1] or ask.tools[:1]
    elif called:
        return []
    return asked_for if ask.parallel else asked_for[:1]


def _called_since_the_user_spoke(messages: list[dict[str, Any]]) -> set[str]:
    called: set[str] = set()
    for message in reversed(messages):
        if message["role"] == "user":
            break
        for call in as_list(message.get("tool_calls")):
            called.add(str(as_object(as_object(call).get("function")).get("name")))
    return called


def _is_asked_for(name: str, text: str) -> bool:
    said = text.casefold()
    if name.casefold() in said:
        return True
    parts = re.findall(r"[A-Z]?[a-z]{3,}|[A-Z]{3,}", name)
    words = set(re.findall(r"\w+", said))
    return any(part.casefold() in words for part in parts if part.casefold() not in _WEAK)


_WEAK = {"get", "set", "the", "for", "tool", "call", "run", "final", "result"}
"""Words of a tool's name that say nothing of what it is for."""


def _parameters(tool: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object"} | as_object(tool.get("parameters"))


def _text(ask: Ask) -> str:
    if ask.model == MODEL:
        return planned(ask.messages)
    if ask.schema == {}:
        return json.dumps({name: ask.text for name in _quoted(ask.text)}, ensure_ascii=False)
    if ask.schema is not None:
        wanted = {"type": "object"} | ask.schema
        return json.dumps(instance_of(wanted, ask.text), ensure_ascii=False)
    results: list[str] = []
    for message in reversed(ask.messages):
        if message["role"] != "tool":
            break
        results.insert(0, text_of(message.get("content")))
    return "\n".join(results) or ask.text or "ok"


def _quoted(text: str) -> list[str]:
    """The quoted words: the members that were asked for where no schema names them."""
    found = re.findall(r"\"([\w -]+)\"|'([\w -]+)'(?!\w)|`([\w -]+)`", text)
    return list(dict.fromkeys("".join(groups) for groups in found))


def _until_stop(words: list[str], stop: list[str]) -> list[str]:
    text = "".join(words)
    ends = [place for one in stop if (place := text.find(one)) >= 0]
    return pieces_of(text[: min(ends)]) if ends else words
