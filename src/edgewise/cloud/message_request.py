"""What may be sent to Anthropic's `POST /v1/messages`, as values: every field, and no other.

`cache_control` asks for what backends do by themselves. Not declared and so refused by name:
documents, tools that Anthropic runs, `container`, `mcp_servers`, `context_management`.
Source: docs.anthropic.com, Messages API, version 2023-06-01.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct


class Sent(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A value of a request."""


class CacheControl(Sent, frozen=True, tag="ephemeral"):
    """A wish to keep the prefix."""

    ttl: str | None = None


class TextBlock(Sent, frozen=True, tag="text"):
    """A text. Citations of earlier answers are not told to the model."""

    text: str
    cache_control: CacheControl | None = None
    citations: list[Any] | None = None


class Base64Source(Sent, frozen=True, tag="base64"):
    """An image in the request."""

    media_type: Literal["image/jpeg", "image/png", "image/gif", "image/webp"]
    data: str


class UrlSource(Sent, frozen=True, tag="url"):
    """An image by its address."""

    url: str


class ImageBlock(Sent, frozen=True, tag="image"):
    """An image."""

    source: Base64Source | UrlSource
    cache_control: CacheControl | None = None


class ToolUseBlock(Sent, frozen=True, tag="tool_use"):
    """A call that the model made."""

    id: Annotated[str, Meta(min_length=1, max_length=128)]
    name: Annotated[str, Meta(min_length=1, max_length=128)]
    input: dict[str, Any]
    cache_control: CacheControl | None = None
    caller: Any = None


class ToolResultBlock(Sent, frozen=True, tag="tool_result"):
    """What a call returned."""

    tool_use_id: str
    content: str | list[TextBlock | ImageBlock] = ""
    is_error: bool | None = None
    cache_control: CacheControl | None = None


class ThinkingBlock(Sent, frozen=True, tag="thinking"):
    """The model's reasoning, given back."""

    thinking: str
    signature: str = ""
    cache_control: CacheControl | None = None


class RedactedThinkingBlock(Sent, frozen=True, tag="redacted_thinking"):
    """Reasoning that only another server can read: it is dropped, as the API allows."""

    data: str
    cache_control: CacheControl | None = None


Block = (
    TextBlock | ImageBlock | ToolUseBlock | ToolResultBlock | ThinkingBlock | RedactedThinkingBlock
)


class Turn(Sent, frozen=True):
    """One message."""

    role: Literal["user", "assistant"]
    content: str | list[Block]


class ToolForm(Sent, frozen=True):
    """A tool of the caller's. `type` is "custom" or left out."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    input_schema: dict[str, Any]
    description: str | None = None
    type: Literal["custom"] | None = None
    strict: bool | None = None
    cache_control: CacheControl | None = None
    eager_input_streaming: bool | None = None


class AutoChoice(Sent, frozen=True, tag="auto"):
    """The model decides."""

    disable_parallel_tool_use: bool = False


class AnyChoice(Sent, frozen=True, tag="any"):
    """Some tool must be called."""

    disable_parallel_tool_use: bool = False


class ToolChoice(Sent, frozen=True, tag="tool"):
    """This tool must be called."""

    name: str
    disable_parallel_tool_use: bool = False


class NoneChoice(Sent, frozen=True, tag="none"):
    """No tool may be called."""


class Thinking(Sent, frozen=True, tag="enabled"):
    """Think, with so many tokens at most."""

    budget_tokens: Annotated[int, Meta(ge=1)]
    display: str | None = None


class AdaptiveThinking(Sent, frozen=True, tag="adaptive"):
    """Think as much as it takes."""

    display: str | None = None


class NoThinking(Sent, frozen=True, tag="disabled"):
    """No thinking is asked for."""


class JsonOutput(Sent, frozen=True, tag="json_schema"):
    """JSON after a schema."""

    schema: dict[str, Any]


class OutputSettings(Sent, frozen=True):
    """How much effort, and in which form."""

    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    format: JsonOutput | None = None


class UserData(Sent, frozen=True):
    """Whom it is for."""

    user_id: str | None = None


class CountRequest(Sent, frozen=True):
    """The body of `POST /v1/messages/count_tokens`."""

    model: Annotated[str, Meta(min_length=1)]
    messages: Annotated[list[Turn], Meta(min_length=1)]
    system: str | list[TextBlock] = ""
    tools: list[ToolForm] = []
    tool_choice: AutoChoice | AnyChoice | ToolChoice | NoneChoice | None = None
    thinking: Thinking | AdaptiveThinking | NoThinking | None = None
    output_config: OutputSettings = OutputSettings()
    cache_control: CacheControl | None = None


class MessageRequest(CountRequest, frozen=True, kw_only=True):
    """The body of `POST /v1/messages`."""

    max_tokens: Annotated[int, Meta(ge=1)]
    stop_sequences: list[str] = []
    temperature: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_k: Annotated[int, Meta(ge=1)] | None = None
    metadata: UserData = UserData()
    service_tier: Literal["auto", "standard_only"] = "auto"
    stream: bool = False


REMEDIES = {
    "messages[].content[].type": "text, image, tool_use, tool_result and thinking are read; put a"
    " document's text in a text block",
    "messages[].content[].content[].type": "a result holds text and images",
    "messages[].content[].source.type": "send the image as base64 or by its url",
    "messages[].role": "the roles are user and assistant; a system prompt goes in 'system'",
    "tools[].type": "only tools of the caller run here: leave 'type' out or give 'custom'",
    "tools[].input_schema": "only tools of the caller run here, each with its schema",
    "max_tokens": "say how many tokens the answer may have",
}
