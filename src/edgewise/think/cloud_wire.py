"""What is asked of a cloud's model and what comes back, in the chat completions API of OpenAI.

Text is given on as it comes; a call of a tool only once it is whole, and each once. Clouds differ:
some send index 0 for every call, some no id, some no usage. It does no I/O.
Source: openai-openapi f85dbe2, CreateChatCompletionRequest and ...StreamResponse.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from edgewise.core.endpoint import Endpoint
from edgewise.core.signal import JsonValue, as_list, as_object
from edgewise.errors import LinkError
from edgewise.think.chat import ChatTurn, Role

DONE = b"[DONE]"
TEXT_CHARACTERS = 1_000_000
MOST_CALLS = 64
BYTES_A_TOKEN = 3
"""Of UTF-8, where a cloud does not count: English has about 4 a token, Chinese 3 a character."""


class CloudTool(Struct, frozen=True):
    """A tool that the model may ask for. `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: dict[str, Any]


class CloudCall(Struct, frozen=True):
    """A call of a tool, whole. `arguments` are what the model wrote: an object, not yet checked
    against any schema."""

    id: str
    name: str
    arguments: dict[str, JsonValue]


class Called(Struct, frozen=True):
    """A line of the conversation in which the model asked for calls."""

    calls: tuple[CloudCall, ...]
    text: str = ""


class Returned(Struct, frozen=True):
    """A line that answers one call."""

    call: str
    text: str


class Pictured(Struct, frozen=True):
    """A line of the user's with pictures, each as its media type and bytes."""

    text: str
    pictures: tuple[tuple[str, bytes], ...]


CloudTurn = ChatTurn | Called | Returned | Pictured


class CloudText(Struct, frozen=True):
    """Some text, to be shown after what came before."""

    text: str


class Spent(Struct, frozen=True):
    """What an answer cost, in tokens and in units of the endpoint's currency. It is an estimate
    unless `exact`: the cloud did not tell, or not yet."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    exact: bool = False


class CloudDone(Struct, frozen=True):
    """The answer is whole. `finish` is the cloud's word: stop, length, tool_calls, ..."""

    finish: str
    spent: Spent


class CloudCut(Struct, frozen=True):
    """The answer ends here against its will and can not be resumed.

    `received` is all text that was given on, `calls` the ids of the calls that were: whoever goes
    on from here marks the seam, and makes none of them again. `code` is that of a LinkError.
    """

    received: str
    calls: tuple[str, ...]
    code: str
    spent: Spent


CloudPiece = CloudText | CloudCall | CloudDone | CloudCut


def body_of(
    endpoint: Endpoint,
    system: str,
    turns: Sequence[CloudTurn],
    tools: Sequence[CloudTool],
    max_tokens: int,
) -> bytes:
    """The body of the request; it holds nothing but these."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
    messages += [_message(turn) for turn in turns]
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": messages,
        "max_tokens": max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if tools:
        body["tools"] = [
            {"type": "function", "function": msgspec.to_builtins(tool)} for tool in tools
        ]
    return msgspec.json.encode(body)


def _message(turn: CloudTurn) -> dict[str, Any]:
    match turn:
        case ChatTurn(Role.USER, text):
            return {"role": "user", "content": text}
        case ChatTurn(_, text):
            return {"role": "assistant", "content": text}
        case Pictured(text, pictures):
            shown = [
                {"type": "image_url", "image_url": {"url": _data_url(kind, data)}}
                for kind, data in pictures
            ]
            return {"role": "user", "content": [{"type": "text", "text": text}, *shown]}
        case Called(calls, text):
            told = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {
                        "name": call.name,
                        "arguments": msgspec.json.encode(call.arguments).decode(),
                    },
                }
                for call in calls
            ]
            return {"role": "assistant", "content": text or None, "tool_calls": told}
        case Returned(call, text):
            return {"role": "tool", "tool_call_id": call, "content": text}


def _data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode('ascii')}"


class Completion:
    """Reads the events of one answer in their order."""

    def __init__(self, endpoint: Endpoint, asked_bytes: int) -> None:
        self.finish = ""
        self.is_ended = False
        self.given: list[str] = []  # ids of the calls that were given out
        self._endpoint = endpoint
        self._asked_bytes = asked_bytes
        self._text: list[str] = []
        self._characters = 0
        self._output_bytes = 0
        self._usage: tuple[int, int] | None = None
        self._calls: list[_Call] = []
        self._at: dict[int, _Call] = {}

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._text)

    @property
    def has_begun(self) -> bool:
        """Whether anything was given out that can not be taken back."""
        return bool(self._text or self.given)

    @property
    def spent(self) -> Spent:
        """What it cost so far."""
        read, wrote = self._usage or (
            -(-self._asked_bytes // BYTES_A_TOKEN),
            -(-self._output_bytes // BYTES_A_TOKEN),
        )
        price = self._endpoint.input_price * read + self._endpoint.output_price * wrote
        return Spent(read, wrote, price / 1e6, exact=self._usage is not None)

    def feed(self, data: bytes) -> list[CloudText | CloudCall]:
        """What an event adds. Raises LinkError (`cloud_broken`) for one that is no chunk, for a
        failure that the cloud tells, and for an answer that is too long."""
        if data == DONE:
            self.is_ended = True
            return []
        chunk = _decoded(data)
        if "error" in chunk:
            raise _broken("ended the answer with an error")
        self._count(as_object(chunk.get("usage")))
        choice = as_object(next(iter(as_list(chunk.get("choices"))), None))
        delta = as_object(choice.get("delta"))
        pieces: list[CloudText | CloudCall] = []
        self._output_bytes += len(_words(delta.get("reasoning_content")).encode())
        if text := _words(delta.get("content")):
            self._output_bytes += len(text.encode())
            self._add(len(text))
            self._text.append(text)
            pieces.append(CloudText(text))
        for fragment in as_list(delta.get("tool_calls")):
            self._take(as_object(fragment))
        if finish := _words(choice.get("finish_reason")):
            self.finish = finish
            pieces += self._whole_calls()
        return pieces

    def _add(self, characters: int) -> None:
        self._characters += characters
        if self._characters > TEXT_CHARACTERS or len(self._calls) > MOST_CALLS:
            raise _broken(f"sent more than {TEXT_CHARACTERS} characters or {MOST_CALLS} calls")

    def _count(self, usage: dict[str, JsonValue]) -> None:
        read, wrote = usage.get("prompt_tokens"), usage.get("completion_tokens")
        if _is_count(read) and _is_count(wrote):
            self._usage = int(str(read)), int(str(wrote))

    def _take(self, fragment: dict[str, JsonValue]) -> None:
        function = as_object(fragment.get("function"))
        id, name = _words(fragment.get("id")), _words(function.get("name"))
        arguments = _words(function.get("arguments"))
        index = fragment.get("index")
        number = index if isinstance(index, int) else max(self._at, default=0)
        call = self._at.get(number)
        if call is None or (id and name and call.id and id != call.id):
            call = self._at[number] = _Call()
            self._calls.append(call)
        call.id, call.name = call.id or id, call.name or name
        call.arguments.append(arguments)
        self._output_bytes += len(name.encode()) + len(arguments.encode())
        self._add(len(arguments))

    def _whole_calls(self) -> list[CloudCall]:
        """The calls, once the cloud has said that it is through; none of an answer cut short."""
        calls, self._calls, self._at = self._calls, [], {}
        if self.finish in ("length", "content_filter"):
            return []
        whole: list[CloudCall] = []
        for number, call in enumerate(calls):
            id = call.id or f"call-{len(self.given) + number}"
            arguments = _object("".join(call.arguments) or "{}")
            if arguments is None or not call.name:
                raise _broken("sent a call that is none")
            if id not in self.given and all(id != other.id for other in whole):
                whole.append(CloudCall(id, call.name, arguments))
        self.given += [call.id for call in whole]
        return whole


@dataclass(slots=True)
class _Call:
    """A call whose fragments come in."""

    id: str
    name: str
    arguments: list[str]

    def __init__(self) -> None:
        self.id, self.name, self.arguments = "", "", []


def _decoded(data: bytes) -> dict[str, JsonValue]:
    decoded = _object(data)
    if decoded is None:
        raise _broken("sent an event that is no JSON object")
    return decoded


def _object(data: bytes | str) -> dict[str, JsonValue] | None:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _is_count(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**40


def _words(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _broken(what: str) -> LinkError:
    """Nothing of what the cloud said goes into it: a cloud may say back what it was asked."""
    return LinkError(f"the cloud {what}", code="cloud_broken")
