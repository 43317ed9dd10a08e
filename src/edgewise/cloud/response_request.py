"""What may be sent to `POST /v1/responses`, as values: every field there is, and no other.

Not declared and so refused by name: tools other than functions, `conversation`, `prompt`,
`context_management`, `moderation`, files as input. `include` holds only what is there anyway
(images of the input), what cannot occur (results of tools that are refused), log probabilities,
and `reasoning.encrypted_content`: the reasoning is given in plain in the item's `content` and is
read back from there, so nothing is encrypted. `max_tool_calls` counts built-in calls, of which
there are none. Source: openai-openapi f85dbe2, CreateResponse; Open Responses 2026-04-24.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-zA-Z0-9_-]+$")]
CallId = Annotated[str, Meta(min_length=1, max_length=128)]
Status = Literal["in_progress", "completed", "incomplete"]


class Sent(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A value of a request."""


class InputText(Sent, frozen=True, tag="input_text"):
    """A text given to the model."""

    text: str


class InputImage(Sent, frozen=True, tag="input_image"):
    """An image by its address or as a data address."""

    image_url: str
    detail: Literal["low", "high", "auto", "original"] | None = None


class AudioData(Sent, frozen=True):
    """Sound as base64."""

    data: str
    format: Literal["wav", "mp3"]


class InputAudio(Sent, frozen=True, tag="input_audio"):
    """A piece of sound."""

    input_audio: AudioData


class OutputText(Sent, frozen=True, tag="output_text"):
    """A text of the model. Annotations and log probabilities are not given back to it."""

    text: str
    annotations: list[Any] | None = None
    logprobs: list[Any] | None = None


class Refusal(Sent, frozen=True, tag="refusal"):
    """The model's words where it refused."""

    refusal: str


class PlainText(Sent, frozen=True, tag="text"):
    """A text, by the chat completions' name for it."""

    text: str


Content = InputText | InputImage | InputAudio | OutputText | Refusal | PlainText


class Message(Sent, frozen=True, tag="message"):
    """A message of one role; `type` may be left out."""

    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[Content]
    id: str | None = None
    status: Status | None = None
    phase: str | None = None


class FunctionCall(Sent, frozen=True, tag="function_call"):
    """A call the model made."""

    call_id: CallId
    name: Name
    arguments: str
    id: str | None = None
    status: Status | None = None


class FunctionCallOutput(Sent, frozen=True, tag="function_call_output"):
    """What a call returned."""

    call_id: CallId
    output: str | list[InputText | InputImage]
    id: str | None = None
    status: Status | None = None


class SummaryText(Sent, frozen=True, tag="summary_text"):
    """A summary of reasoning."""

    text: str


class ReasoningText(Sent, frozen=True, tag="reasoning_text"):
    """Reasoning."""

    text: str


class ReasoningItem(Sent, frozen=True, tag="reasoning"):
    """Reasoning of an earlier turn."""

    summary: list[SummaryText] = []
    content: list[ReasoningText] | None = None
    encrypted_content: str | None = None
    id: str | None = None
    status: Status | None = None


class ItemReference(Sent, frozen=True, tag="item_reference"):
    """An item that this server answered with and kept."""

    id: str


Item = Message | FunctionCall | FunctionCallOutput | ReasoningItem | ItemReference


class FunctionTool(Sent, frozen=True, tag="function"):
    """A function of the caller's."""

    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class FunctionChoice(Sent, frozen=True, tag="function"):
    """One function, by name."""

    name: str


class AllowedTools(Sent, frozen=True, tag="allowed_tools"):
    """Some of the tools."""

    tools: Annotated[list[FunctionChoice], Meta(min_length=1, max_length=128)]
    mode: Literal["none", "auto", "required"] = "auto"


ToolChoice = Literal["none", "auto", "required"] | FunctionChoice | AllowedTools


class TextFormat(Sent, frozen=True, tag="text"):
    """Free text."""


class JsonObjectFormat(Sent, frozen=True, tag="json_object"):
    """Any JSON object."""


class JsonSchemaFormat(Sent, frozen=True, tag="json_schema"):
    """JSON after a schema."""

    name: Name
    schema: dict[str, Any]
    description: str | None = None
    strict: bool | None = None


class TextSettings(Sent, frozen=True):
    """How the text comes."""

    format: TextFormat | JsonObjectFormat | JsonSchemaFormat | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class Reasoning(Sent, frozen=True):
    """How much to think. `summary` "auto" is the best there is: the reasoning itself."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: Literal["auto"] | None = None


class StreamOptions(Sent, frozen=True):
    """Nothing is padded."""

    include_obfuscation: Literal[False] | None = None


Included = Literal[
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
]
Metadata = Annotated[
    dict[Annotated[str, Meta(max_length=64)], Annotated[str, Meta(max_length=512)]],
    Meta(max_length=16),
]
Penalty = Annotated[float, Meta(ge=-2, le=2)]


class ResponseRequest(Sent, frozen=True):
    """The body."""

    model: Annotated[str, Meta(min_length=1)]
    input: str | list[Item] = []
    instructions: str | None = None
    previous_response_id: str | None = None
    tools: list[FunctionTool] = []
    tool_choice: ToolChoice = "auto"
    parallel_tool_calls: bool = True
    text: TextSettings = TextSettings()
    reasoning: Reasoning | None = None
    max_output_tokens: Annotated[int, Meta(ge=1)] | None = None
    max_tool_calls: Annotated[int, Meta(ge=1)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    top_logprobs: Annotated[int, Meta(ge=0, le=20)] | None = None
    include: list[Included] = []
    metadata: Metadata = {}
    truncation: Literal["disabled"] = "disabled"
    service_tier: Literal["auto", "default"] = "auto"
    store: bool = True
    background: bool = False
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    user: str | None = None


REMEDIES = {
    "tools[].type": "only tools of type 'function' run here; offer others as functions of yours",
    "tool_choice.type": "only 'function' and 'allowed_tools' can be chosen",
    "tool_choice.tools[].type": "only functions can be allowed",
    "input[].content[].type": "texts, images and sound are read; put a file's text in input_text",
    "input[].content[].file_id": "send the image itself in image_url",
    "input[].content[].image_url": "give an https or data address of the image",
    "input[].type": "items are message, function_call, function_call_output, reasoning and"
    " item_reference",
    "conversation": "use previous_response_id",
    "truncation": "shorten the input yourself",
    "reasoning.summary": "the reasoning comes in full",
}
