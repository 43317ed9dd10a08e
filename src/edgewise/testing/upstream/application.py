"""The upstream as an ASGI application: which path answers how, and who may ask."""

from collections import deque
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct
from starlette.types import Receive, Scope, Send

from edgewise.testing.upstream import audio, chat, fixed
from edgewise.testing.upstream.answers import Answer, answered
from edgewise.testing.upstream.ask import read_ask
from edgewise.testing.upstream.connection import JSON, Client
from edgewise.testing.upstream.directive import Directive, directive_for
from edgewise.testing.upstream.embedding import embed
from edgewise.testing.upstream.produced import Produced, Record
from edgewise.testing.upstream.refusal import Rejected
from edgewise.testing.upstream.reply import prompt_tokens

SEEN = 1000
HEARING = "/v1/audio/transcriptions"
GENERATING = ("/v1/chat/completions", "/v1/embeddings", "/v1/audio/speech", HEARING)


class Seen(Struct, frozen=True):
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Upstream:
    """One upstream. `produced` is the truth, `seen` holds the last requests as they came.

    `directive` holds for each request that says nothing else and may be set at any time; one with
    a `fail_status` fails the health checks too. With `key`, requests without it get a 401. With
    `answers` chats are answered from them alone (answers.py). `fixed`
    answers all chats with one encoded reply, paced by its model's name (fixed.py), and
    keeps totals alone.
    """

    def __init__(
        self,
        *,
        models: tuple[str, ...] = ("fake",),
        key: str = "",
        directive: Directive | None = None,
        fixed: bool = False,
        answers: Mapping[str, Answer] | None = None,
    ) -> None:
        self.models = models
        self.directive = directive or Directive()
        self.produced = Produced(keep_requests=not fixed)
        self.seen: deque[Seen] = deque(maxlen=SEEN)
        self.address = ""
        self._key = key
        self._fixed = fixed
        self._answers = answers

    @property
    def url(self) -> str:
        """The base of the API, while it is served: `http://127.0.0.1:PORT/v1`."""
        return f"{self.address}/v1"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await _read(receive)
        client = Client(scope, receive, send)
        if self._fixed and scope["path"] == "/v1/chat/completions":
            record = self.produced.begin("fixed")
            outcome = await fixed.answer(body, client, self.produced, record)
            self.produced.finish(record, outcome)
            client.release()
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self.seen.append(Seen(scope["path"], headers, body))
        try:
            await self._answer(scope, headers, body, client)
        except Rejected as rejected:
            await _reply(client, rejected.status, rejected.body)
        finally:
            client.release()

    async def _answer(
        self, scope: Scope, headers: dict[str, str], body: bytes, client: Client
    ) -> None:
        method, path = scope["method"], scope["path"]
        if (method, path) == ("GET", "/produced"):
            await _reply(client, 200, self.produced.told())
            return
        if method == "GET" and self.directive.fail_status:
            raise Rejected(self.directive.fail_status, "told to fail")
        if (method, path) == ("GET", "/health"):
            await _reply(client, 200, {"status": "ok"})
            return
        if self._key and headers.get("authorization") != f"Bearer {self._key}":
            raise Rejected(401, "Incorrect API key provided.", None, "invalid_api_key")
        if method == "GET" and path.startswith("/v1/models"):
            await _reply(client, 200, self._models(path))
        elif method == "POST" and path in GENERATING:
            await self._generate(scope, headers.get("x-request-id", ""), body, client)
        else:
            raise Rejected(404, f"there is no {method} {path}")

    def _models(self, path: str) -> dict[str, Any]:
        told = [
            {"id": name, "object": "model", "created": chat.CREATED, "owned_by": "edgewise"}
            for name in self.models
        ]
        if path == "/v1/models":
            return {"object": "list", "data": told}
        self._check_model(path.removeprefix("/v1/models/"))
        return next(model for model in told if path.endswith(f"/{model['id']}"))

    def _check_model(self, name: object) -> None:
        if name not in self.models:
            raise Rejected(404, f"The model {name!r} does not exist.", "model", "model_not_found")

    async def _generate(self, scope: Scope, request_id: str, body: bytes, client: Client) -> None:
        record = self.produced.begin(request_id)
        outcome = "left"
        try:
            outcome = await self._produce(scope, request_id, body, client, record)
        except Rejected:
            outcome = "refused"
            raise
        finally:
            self.produced.finish(record, outcome)

    async def _produce(
        self, scope: Scope, request_id: str, body: bytes, client: Client, record: Record
    ) -> str:
        hears = scope["path"] == HEARING
        asked = await audio.read_form(scope, body) if hears else _decode(body)
        self._check_model(asked.get("model"))
        ask = read_ask(asked) if scope["path"] == "/v1/chat/completions" else None
        said = asked.get("prompt" if hears else "input", "")
        text = str(said) if ask is None else ask.text
        directive, text = directive_for(self.directive, scope["headers"], text)
        if self._answers is not None and ask is not None:
            text, directive = answered(self._answers, text, directive)
        directive = directive.on_attempt(record.attempts)
        if directive.hang_after == 0:
            await client.wait(None)
        if directive.first_ms:
            await client.wait(directive.first_ms / 1000)
        if client.is_gone:
            return "left"
        if directive.fail_status:
            raise Rejected(directive.fail_status, "told to fail", None, "told_to_fail")
        if scope["path"].startswith("/v1/audio/"):
            job = audio.Job(asked, directive, self.produced, record)
            return await (audio.hear if hears else audio.speak)(job, client)
        if ask is None:
            reply, tokens = embed(asked)
            self.produced.add_input(record, tokens)
            return "finished" if await _reply(client, 200, reply) else "left"
        ask = msgspec.structs.replace(ask, text=text)
        read = prompt_tokens(ask)
        job = chat.Job(ask, directive, request_id, self.produced, record, read)
        return await (chat.stream if ask.stream else chat.complete)(job, client)


async def _reply(client: Client, status: int, body: dict[str, Any]) -> bool:
    data = msgspec.json.encode(body)
    headers = [JSON, (b"content-length", str(len(data)).encode())]
    if status in (429, 503):
        headers.append((b"retry-after", b"1"))
    await client.start(status, *headers)
    return await client.write(data, last=True)


def _decode(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Rejected(400, f"the body is not a JSON object: {error}") from error


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
