"""A chat model of the platform as the mind of a conversation: items in, words and calls out.

Each answer is a completion by the gateway: admitted, metered under the endpoint `realtime`, settled
however it ends; closing it stops the upstream. The client's functions go along as tools. It runs
none, and hears and speaks nothing.
"""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from msgspec import Struct

from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.chunk import ChunkReader
from edgewise.cloud.ports import Completer
from edgewise.cloud.refusal import Refused
from edgewise.core.part import ImagePart
from edgewise.errors import UserError
from edgewise.talk.events import Who
from edgewise.talk.item import Item
from edgewise.talk.mind import Answer, Ask, Counted, Question, Say
from edgewise.talk.realtime.pictures import Pictures

SPOKEN = (
    "What you write is spoken aloud to the person: answer briefly, in whole sentences and in the"
    " language the person speaks, without lists, tables or markup."
)
MOST_ITEMS = 200
"""Of a conversation that a model is shown, the newest."""
NO_RESULT = "There is no result of this call yet."
NO_PICTURE = "[a picture that is no longer kept]"


class PlatformMind:
    """Implements `Mind`. `ask` gives the caller anew for each answer, and raises Refused when its
    key is in force no more."""

    def __init__(
        self, gateway: Completer, ask: Callable[[], Caller], model: str, pictures: Pictures
    ) -> None:
        self._gateway = gateway
        self._ask = ask
        self._model = model
        self._pictures = pictures

    async def is_urgent(self, text: str) -> bool:
        """See `Mind`: nothing here moves anything, so no word is."""
        del text
        return False

    async def answer(self, question: Question) -> AsyncGenerator[Answer, None]:
        """See `Mind`. Raises UserError for what the platform or its upstream refuses."""
        try:
            body = body_of(self._model, question, self._pictures)
            chunks: Any = self._gateway.stream(self._ask(), body, endpoint=Endpoint.REALTIME)
            reading = _Reading()
            async with aclosing(chunks):
                async for chunk in chunks:
                    for answer in reading.read(chunk):
                        yield answer
            for answer in reading.rest():
                yield answer
        except Refused as refused:
            code = refused.problem.code or "refused"
            raise UserError(refused.problem.message, code=code) from refused


class _Call(Struct):
    """A call as its pieces come."""

    id: str = ""
    name: str = ""
    arguments: str = ""


class _Reading:
    """Makes answers of a stream's chunks; calls are told when they are whole."""

    def __init__(self) -> None:
        self._reader = ChunkReader()
        self._calls: dict[int, _Call] = {}
        self._usage: Mapping[str, Any] = {}
        self._is_cut = False

    def read(self, chunk: dict[str, Any]) -> Iterator[Answer]:
        """What a chunk adds."""
        added = self._reader.read(chunk)
        if text := added.text or added.refusal:
            yield Say(text)
        for piece in added.calls:
            call = self._calls.setdefault(piece.call, _Call())
            call.id, call.name = call.id or piece.id, call.name or piece.name
            call.arguments += piece.arguments
        self._usage = added.usage or self._usage
        self._is_cut = self._is_cut or added.finish == "length"

    def rest(self) -> Iterator[Answer]:
        """What is known at the end."""
        for _, call in sorted(self._calls.items()):
            yield Ask(call.id, call.name, call.arguments or "{}")
        told = (self._usage.get("prompt_tokens"), self._usage.get("completion_tokens"))
        yield Counted(told[0] or 0, told[1] or 0, is_cut=self._is_cut)


def body_of(model: str, question: Question, pictures: Pictures) -> dict[str, Any]:
    """The body of the completion that answers a question."""
    system = [question.instructions] if question.instructions else []
    if question.by_sound:
        system.append(SPOKEN)
    messages: list[dict[str, Any]] = []
    if system:
        messages.append({"role": "system", "content": "\n\n".join(system)})
    messages += messages_of(list(question.items)[-MOST_ITEMS:], pictures)
    body: dict[str, Any] = {"model": model, "messages": messages}
    if question.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters or {"type": "object", "properties": {}},
                },
            }
            for tool in question.tools
        ]
        body["tool_choice"] = _choice(question.tool_choice)
    if question.most_tokens is not None:
        body["max_tokens"] = question.most_tokens
    if question.temperature is not None:
        body["temperature"] = question.temperature
    return body


def _choice(given: str) -> Any:
    if given in ("auto", "none", "required"):
        return given
    return {"type": "function", "function": {"name": given}}


def messages_of(items: Sequence[Item], pictures: Pictures) -> list[dict[str, Any]]:
    """Items as messages of a chat. A call is followed by its result, wherever that came: chat has
    no other order; a result without a call is told as words."""
    results = {item.call: item.output for item in items if item.call and item.output is not None}
    called = {item.call for item in items if item.call and item.output is None}
    messages: list[dict[str, Any]] = []
    for item in items:
        if item.call and item.output is None:
            messages += _call_and_result(item, results.get(item.call))
        elif item.output is not None:
            if item.call not in called:
                said = f"[the result of a call that is not shown: {item.output}]"
                messages.append({"role": "user", "content": said})
        elif item.text or item.parts:
            messages.append(_message(item, pictures))
    return messages


def _call_and_result(item: Item, result: str | None) -> Iterator[dict[str, Any]]:
    function = {"name": item.name, "arguments": item.arguments or "{}"}
    call = {"id": item.call, "type": "function", "function": function}
    yield {"role": "assistant", "content": None, "tool_calls": [call]}
    yield {"role": "tool", "tool_call_id": item.call, "content": result or NO_RESULT}


_ROLES = {Who.PERSON: "user", Who.AGENT: "assistant", Who.SYSTEM: "system"}


def _message(item: Item, pictures: Pictures) -> dict[str, Any]:
    role = _ROLES[item.who]
    shown = [part for part in item.parts if isinstance(part, ImagePart)]
    if not shown:
        return {"role": role, "content": item.text}
    content: list[dict[str, Any]] = []
    if item.text:
        content.append({"type": "text", "text": item.text})
    for part in shown:
        if address := pictures.address_of(part):
            content.append({"type": "image_url", "image_url": {"url": address}})
        else:
            content.append({"type": "text", "text": NO_PICTURE})
    return {"role": role, "content": content}
