"""What a chat completion request must be, before anything is spent on it.

The body is read twice by msgspec: as a typed value for the checks, and as a map of raw members, so
that what we do not know reaches the upstream byte for byte. A fault is a 400 that names the field;
one malformed tool call in the history names its message, and the conversation is not wedged.
Source: openai-openapi f85dbe2, `CreateChatCompletionRequest`.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from edgewise.cloud.config import BackendConfig, ModelConfig, ToolChoice
from edgewise.cloud.media import Part, Placed, check_kind, images_in, most_tokens
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.usage import NOTHING, Usage

Role = Literal["system", "developer", "user", "assistant", "tool", "function"]
SEARCH, SEARCH_OPTIONS = "web_search", "web_search_options"
"""A tool that an upstream runs itself (StepFun), and OpenAI's member for the same."""
MOST_PARTS = 10_000
"""Of all messages together: each is looked at before the request is admitted."""
ToolName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.\-]{1,128}$")]


class FunctionCall(Struct, frozen=True):
    name: ToolName
    arguments: str


class ToolCall(Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1)]
    function: FunctionCall | None = None
    type: str = "function"


class ChatMessage(Struct, frozen=True):
    role: Role
    content: str | list[Part] | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = None


class FunctionTool(Struct, frozen=True):
    name: ToolName | None = None
    parameters: dict[str, Any] | None = None
    description: str | None = None


class Tool(Struct, frozen=True):
    type: str
    function: FunctionTool | None = None


class NamedTool(Struct, frozen=True):
    name: str


class NamedChoice(Struct, frozen=True):
    type: str
    function: NamedTool | None = None


class JsonSchema(Struct, frozen=True):
    name: str
    schema: dict[str, Any] | None = None


class ResponseFormat(Struct, frozen=True):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None


class StreamOptions(Struct, frozen=True):
    include_usage: bool = False
    continuous_usage_stats: bool = False


class ChatFields(Struct, frozen=True):
    """The members that are checked; others are passed on unread."""

    model: Annotated[str, Meta(min_length=1, max_length=256)]
    messages: Annotated[list[ChatMessage], Meta(min_length=1, max_length=4096)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    tools: Annotated[list[Tool], Meta(max_length=512)] | None = None
    tool_choice: str | NamedChoice | None = None
    response_format: ResponseFormat | None = None
    max_tokens: Annotated[int, Meta(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Meta(ge=1)] | None = None
    n: Annotated[int, Meta(ge=1, le=16)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    parallel_tool_calls: bool | None = None
    stop: str | list[str] | UnsetType | None = UNSET


class Asked(Struct, frozen=True):
    """A checked request: its fields, its raw members, its media, and how many tokens the rest of
    its input can and will take. How long its sound is, `hearing.py` fills in."""

    fields: ChatFields
    members: dict[str, Raw]
    choice: ToolChoice
    most_text: int
    likely_input: int
    media: tuple[Placed, ...] = ()
    sound_ms: int = 0

    @property
    def stream(self) -> bool:
        return bool(self.fields.stream)

    @property
    def named(self) -> str:
        """The tool that `tool_choice` names, or empty."""
        given = self.fields.tool_choice
        if self.choice is not ToolChoice.NAMED or not isinstance(given, NamedChoice):
            return ""
        return given.function.name if given.function is not None else ""

    @property
    def include_usage(self) -> bool:
        """Whether the client wants the counts at the stream's end."""
        return self.fields.stream_options is not None and self.fields.stream_options.include_usage

    @property
    def continuous_usage(self) -> bool:
        """Whether the client wants the counts so far with each event, as vLLM gives them."""
        options = self.fields.stream_options
        return options is not None and options.continuous_usage_stats

    def most(self, model: ModelConfig) -> Usage:
        """A bound on what it uses: no input is longer than what the model holds."""
        shown = most_tokens(self.media, model.image_tokens, model.context_tokens)
        most_input = min(self.most_text + shown, model.context_tokens)
        return msgspec.structs.replace(
            self.sent,
            input_tokens=most_input,
            output_tokens=self.most_output(model),
            searches=model.most_searches if self.searches else 0,
        )

    @property
    def sent(self) -> Usage:
        """What is counted of the request itself, once an upstream answers it."""
        if not self.media:
            return NOTHING
        return Usage(images=images_in(self.media), audio_input_ms=self.sound_ms)

    @property
    def searches(self) -> bool:
        """Whether it lets the upstream search the web: how often, the upstream says."""
        if bytes(self.members.get(SEARCH_OPTIONS, b"null")) != b"null":
            return True
        return any(tool.type == SEARCH for tool in self.fields.tools or ())

    def most_output(self, model: ModelConfig) -> int:
        """Tokens that all answers together may have."""
        asked = self.fields.max_completion_tokens or self.fields.max_tokens
        return min(asked or model.output_tokens, model.output_tokens) * (self.fields.n or 1)


_decoder = msgspec.json.Decoder(ChatFields)
_members = msgspec.json.Decoder(dict[str, Raw])


def read_chat(raw: bytes) -> Asked:
    """The request in a body. Raises Refused (400) that names the field."""
    fields = decode(raw, _decoder)
    choice = _choice_of(fields)
    media = tuple(_check_messages(fields.messages))
    text_bytes = max(0, len(raw) - sum(one.part.size_bytes for one in media))
    return Asked(fields, _members.decode(raw), choice, text_bytes, text_bytes // 4 + 1, media)


def decode(raw: bytes, decoder: Any) -> Any:
    """Decode a body. Raises Refused (400) with the path of the field that does not fit."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at ")
        param = place.partition("$")[2].rstrip("`").lstrip(".") or None
        if param is None and "missing required field" in said:
            param = said.rpartition("field `")[2].rstrip("`")
        raise bad_request(f"{param}: {said}" if param else said, param) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise bad_request(
            f"the body is not JSON: {error}; send one JSON object", code="invalid_json"
        ) from error


def check_for(asked: Asked, model: ModelConfig, backend: BackendConfig) -> None:
    """Raises Refused (400) for what the backend would ignore or the model can not hold."""
    if asked.fields.tools and asked.choice not in backend.tool_choice:
        obeyed = ", ".join(backend.tool_choice) or "none"
        raise bad_request(
            f"tool_choice: {asked.choice.value!r} is not obeyed by the model {model.name!r}"
            f" (obeyed: {obeyed}); change tool_choice or the model",
            "tool_choice",
            "unsupported_value",
        )
    if asked.likely_input > model.context_tokens:
        raise bad_request(
            f"messages: about {asked.likely_input} tokens; {model.name!r} holds"
            f" {model.context_tokens}; send fewer or shorter messages",
            "messages",
            "context_length_exceeded",
        )


def upstream_body(
    asked: Asked, model: ModelConfig, backend_model: str, *, stream: bool, continuous: bool
) -> bytes:
    """The body for the backend: its name of the model, a bound on the output, and usage asked."""
    members = dict(asked.members)
    members["model"] = Raw(msgspec.json.encode(backend_model))
    asked_tokens = asked.fields.max_completion_tokens or asked.fields.max_tokens
    bound = Raw(b"%d" % min(asked_tokens or model.output_tokens, model.output_tokens))
    if asked.fields.max_completion_tokens:
        members["max_completion_tokens"] = bound
    if asked.fields.max_tokens or not asked.fields.max_completion_tokens:
        members["max_tokens"] = bound  # both, where both were given: a backend may know one alone
    if stream:
        members["stream"] = Raw(b"true")
        members["stream_options"] = _CONTINUOUS if continuous else _FINAL
    else:
        members.pop("stream_options", None)
        members.pop("stream", None)
    return msgspec.json.encode(members)


_FINAL = Raw(b'{"include_usage":true}')
_CONTINUOUS = Raw(b'{"include_usage":true,"continuous_usage_stats":true}')
_WORDS = {"auto": ToolChoice.AUTO, "none": ToolChoice.NONE, "required": ToolChoice.REQUIRED}


def _choice_of(fields: ChatFields) -> ToolChoice:
    """The form of `tool_choice`. Raises Refused for one that fits no tool."""
    names = _check_tools(fields.tools or ())
    given = fields.tool_choice
    if given is None:
        return ToolChoice.AUTO if fields.tools else ToolChoice.NONE
    if isinstance(given, NamedChoice):
        name = given.function.name if given.function is not None else ""
        if name not in names:
            raise bad_request(
                f"tool_choice: there is no tool {name!r} in tools", "tool_choice.function.name"
            )
        return ToolChoice.NAMED
    if given not in _WORDS:
        raise bad_request(
            f"tool_choice: {given!r}; send 'auto', 'none', 'required' or a named function",
            "tool_choice",
        )
    if given == "required" and not names:
        raise bad_request("tool_choice: 'required' without tools", "tool_choice")
    return _WORDS[given]


def _check_tools(tools: Sequence[Tool]) -> set[str]:
    names: set[str] = set()
    for index, tool in enumerate(tools):
        if tool.type == SEARCH:
            continue
        if tool.type != "function" or tool.function is None:
            raise bad_request(
                f"tools[{index}].type: {tool.type!r}; send 'function' or {SEARCH!r}",
                f"tools[{index}].type",
                "unsupported_value",
            )
        if tool.function.name is None:
            raise bad_request(
                f"tools[{index}].function.name: it is missing", f"tools[{index}].function.name"
            )
        if tool.function.name in names:
            raise bad_request(
                f"tools[{index}].function.name: {tool.function.name!r} is given twice",
                f"tools[{index}].function.name",
            )
        names.add(tool.function.name)
    return names


def _check_messages(messages: Sequence[ChatMessage]) -> list[Placed]:
    """Checks what a type can not say; the parts that are not text."""
    called: set[str] = set()
    media: list[Placed] = []
    parts = 0
    for index, message in enumerate(messages):
        if message.tool_calls:
            _check_calls(index, message.tool_calls)
            called.update(call.id for call in message.tool_calls)
        if message.role == "tool":
            _check_result(index, message, called)
        elif message.content is None and not message.tool_calls and message.role != "assistant":
            raise bad_request(
                f"messages[{index}].content: it is missing", f"messages[{index}].content"
            )
        if isinstance(message.content, list):
            parts += len(message.content)
            if parts > MOST_PARTS:
                said = f"messages: more than {MOST_PARTS} parts; join those that are text"
                raise bad_request(said, "messages")
            media += _media_of(index, message.content)
    return media


def _media_of(index: int, parts: Sequence[Part]) -> Iterator[Placed]:
    for number, part in enumerate(parts):
        if part.type != "text" or part.addresses:
            place = f"messages[{index}].content[{number}]"
            check_kind(part, place)
            if part.addresses:
                yield Placed(place, part)


def _check_calls(index: int, calls: Sequence[ToolCall]) -> None:
    for number, call in enumerate(calls):
        place = f"messages[{index}].tool_calls[{number}]"
        if call.function is None:
            if call.type == "function":
                raise bad_request(f"{place}.function: it is missing", f"{place}.function")
            continue
        try:
            given = msgspec.json.decode(call.function.arguments or "{}")
        except (msgspec.DecodeError, RecursionError) as error:
            raise bad_request(
                f"{place}.function.arguments: not JSON ({error}); mend or drop that call",
                f"{place}.function.arguments",
                "invalid_tool_call",
            ) from error
        if not isinstance(given, dict):
            raise bad_request(
                f"{place}.function.arguments: JSON, but not an object; mend or drop that call",
                f"{place}.function.arguments",
                "invalid_tool_call",
            )


def _check_result(index: int, message: ChatMessage, called: set[str]) -> None:
    if message.tool_call_id not in called:
        raise bad_request(
            f"messages[{index}].tool_call_id: {message.tool_call_id!r} answers no tool call of an"
            " earlier message",
            f"messages[{index}].tool_call_id",
            "invalid_tool_call",
        )


def too_large(limit_bytes: int) -> Refused:
    """A body over the limit."""
    return Refused(
        413,
        "request_too_large",
        f"the body is larger than {limit_bytes} bytes; send files through /v1/files",
    )
