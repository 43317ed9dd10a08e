"""The routes of the Responses API: create, stream, background, fetch, replay, cancel, delete.

What the client asked to store is kept by project with its input, and `previous_response_id` puts
the turns before it in front of the new one. A client that leaves stops the upstream, except in the
background. It knows no backend: `Completer` answers. Source: openai-openapi f85dbe2, /responses.
"""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from edgewise.cloud.answers import answer, common_headers, refusal
from edgewise.cloud.caller import Caller, Endpoint
from edgewise.cloud.deadline import HEADER, until_of
from edgewise.cloud.doors import Left, while_client_stays
from edgewise.cloud.event_stream import EventStream
from edgewise.cloud.ports import Completer, Doors
from edgewise.cloud.refusal import Refused, bad_request
from edgewise.cloud.response_keeper import Keeping, ResponseKeeper
from edgewise.cloud.response_request import Item, ItemReference, ResponseRequest
from edgewise.cloud.response_runs import Run, Runs
from edgewise.cloud.response_store import Kept, ResponseStore, TooLarge
from edgewise.cloud.response_stream import ResponseStream, response_of
from edgewise.cloud.responses_in import chat_body, items_of, read_items, read_request
from edgewise.cloud.responses_out import keepable, new_response

BODY_BYTES = 32 * 1024 * 1024
LONGEST_CHAIN = 500
CHAIN_BYTES = 32 * 1024 * 1024
"""Of all turns of a chain together, as JSON: no more is read than a request itself may hold."""

Handler = Callable[[Request], Awaitable[Response]]


class Responses:
    """The routes and what they share."""

    def __init__(
        self,
        completer: Completer,
        store: ResponseStore,
        doors: Doors,
        *,
        body_limit_bytes: int = BODY_BYTES,
        chain_bytes: int = CHAIN_BYTES,
        runs: Runs | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._completer = completer
        self._store = ResponseKeeper(store)
        self._doors = doors
        self._body_limit_bytes = body_limit_bytes
        self._chain_bytes = chain_bytes
        self._runs = runs or Runs()
        self._now_s = now_s

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        one = "/v1/responses/{id}"
        return [
            Route("/v1/responses", _told(self.create), methods=["POST"]),
            Route(one, _told(self.fetch), methods=["GET"]),
            Route(one, _told(self.delete), methods=["DELETE"]),
            Route(f"{one}/cancel", _told(self.cancel), methods=["POST"]),
            Route(f"{one}/input_items", _told(self.list_input), methods=["GET"]),
        ]

    async def close(self) -> None:
        """Stops what runs in the background; to be called when the server ends."""
        await self._runs.close()
        await self._store.close()

    async def create(self, request: Request) -> Response:
        """`POST /v1/responses`. A deadline holds for who waits for the answer, not for what goes on
        in the background."""
        caller = self._caller(request)
        self._completer.check_at_once(caller)
        until = until_of(request.headers.get(HEADER, ""))
        asked = read_request(await self._doors.read_json(request, self._body_limit_bytes))
        earlier = await self._chain(caller, asked.previous_response_id)
        items = [await self._resolved(caller, item) for item in items_of(asked)]
        body = chat_body(asked, items, earlier)
        id = f"resp_{secrets.token_hex(16)}"
        response = new_response(asked, id=id, created_at=int(self._now_s()))
        kept = keepable(items, id)
        if asked.background or asked.stream:
            run = self._run(caller, asked, response, kept)
            if asked.background:
                return await self._in_background(request, caller, run, body, asked.stream)
            return await self._streamed(request, caller, run, body, until)
        with while_client_stays(request.scope, request.receive):
            whole = await self._completer.complete(
                caller, body, endpoint=Endpoint.RESPONSES, until=until
            )
        done = response_of(response, whole, self._now_s)
        headers: dict[str, str] = {}
        if asked.store:  # it is billed: whatever becomes of keeping, it is given
            keeping = await self._keep(caller, done, kept)
            headers["x-edgewise-stored"] = keeping
            done["store"] = keeping is not Keeping.NOT
        return answer(request, done, headers=headers)

    async def fetch(self, request: Request) -> Response:
        """`GET /v1/responses/{id}`; with `stream=true` its events after `starting_after`."""
        caller = self._caller(request)
        id = request.path_params["id"]
        run = self._runs.find(caller.project, id)
        if request.query_params.get("stream", "").lower() in {"true", "1"}:
            return await self._replayed(request, caller, run)
        if run is not None:
            return answer(request, run.stream.response)
        kept = await self._kept(caller, id)
        return answer(request, self._runs.settled(kept["response"]))

    async def delete(self, request: Request) -> Response:
        """`DELETE /v1/responses/{id}`: stopped and gone."""
        caller = self._caller(request)
        id = request.path_params["id"]
        if (run := self._runs.find(caller.project, id)) is not None:
            run.is_deleted = True
            await self._runs.stop(run)
            self._runs.drop(run)
        if not await self._store.delete(caller.project, id) and run is None:
            raise _unknown(id)
        return answer(request, {"id": id, "object": "response", "deleted": True})

    async def cancel(self, request: Request) -> Response:
        """`POST /v1/responses/{id}/cancel`, of the background; what has ended stays as it is."""
        caller = self._caller(request)
        id = request.path_params["id"]
        run = self._runs.find(caller.project, id)
        if run is None:
            response = self._runs.settled((await self._kept(caller, id))["response"])
        else:
            response = run.stream.response
        if not response["background"]:
            raise bad_request("only a response in the background can be cancelled", "id")
        if run is not None:
            await self._runs.stop(run)
            response = run.stream.response
        return answer(request, response)

    async def list_input(self, request: Request) -> Response:
        """`GET /v1/responses/{id}/input_items`, newest first unless `order=asc`."""
        caller = self._caller(request)
        kept = await self._kept(caller, request.path_params["id"])
        return answer(request, _page(kept["input"], request.query_params))

    def _caller(self, request: Request) -> Caller:
        caller = self._doors.caller_of(request)
        caller.check_endpoint(Endpoint.RESPONSES)
        return caller

    def _run(
        self,
        caller: Caller,
        asked: ResponseRequest,
        response: dict[str, Any],
        input_items: list[dict[str, Any]],
    ) -> Run:
        async def keep(ended: dict[str, Any]) -> None:
            keeping = Keeping.KEPT
            if asked.store:
                keeping = await self._keep(caller, ended, input_items)
            if keeping is Keeping.NOT and ended["status"] == "queued":  # nothing is billed yet
                raise Refused(503, "database_away", "the response cannot be kept now; try again")

        return Run(caller.project, ResponseStream(response, self._now_s), keep, self._runs.tape())

    async def _keep(
        self, caller: Caller, response: dict[str, Any], input_items: list[dict[str, Any]]
    ) -> Keeping:
        kept = {"response": response, "input": input_items}
        return await self._store.put(caller.project, caller.key, str(response["id"]), kept)

    async def _streamed(
        self,
        request: Request,
        caller: Caller,
        run: Run,
        body: dict[str, Any],
        until: float | None,
    ) -> Response:
        chunks = self._completer.stream(caller, body, endpoint=Endpoint.RESPONSES, until=until)
        frames = run.frames(chunks)
        with while_client_stays(request.scope, request.receive):
            first = await anext(frames)
        if run.stream.response["store"]:
            self._runs.add(run)
        return EventStream(first, frames, headers=common_headers(request))

    async def _in_background(
        self, request: Request, caller: Caller, run: Run, body: dict[str, Any], streamed: bool
    ) -> Response:
        self._runs.check_room(run.project)
        run.begin()
        await run.keep_now()
        chunks = self._completer.stream(
            caller, body, endpoint=Endpoint.RESPONSES, is_stream=streamed
        )
        self._runs.start(run, chunks)
        if not streamed:
            return answer(request, run.stream.response)
        frames = run.replay(-1)
        return EventStream(await anext(frames), frames, headers=common_headers(request))

    async def _replayed(self, request: Request, caller: Caller, run: Run | None) -> Response:
        if run is None:
            await self._kept(caller, request.path_params["id"])
            raise bad_request(
                "stream: the events of this response are not kept (any more); fetch it without",
                "stream",
            )
        after = request.query_params.get("starting_after") or request.headers.get("last-event-id")
        try:
            number = -1 if after is None else int(after)
        except ValueError:
            raise bad_request(
                f"starting_after: it is {str(after)[:40]!r}; give a whole number", "starting_after"
            ) from None
        run.tape.check(number)
        frames = run.replay(max(number, -1))
        return EventStream(await anext(frames), frames, headers=common_headers(request))

    async def _kept(self, caller: Caller, id: str) -> Kept:
        kept = await self._store.get(caller.project, id)
        if kept is None:
            raise _unknown(id)
        return kept

    async def _chain(self, caller: Caller, id: str | None) -> list[Item]:
        """The kept turns up to `id`, the oldest first."""
        turns: list[list[dict[str, Any]]] = []
        left_bytes = self._chain_bytes
        while id is not None:
            if len(turns) >= LONGEST_CHAIN:
                raise bad_request(
                    f"previous_response_id: the chain is longer than {LONGEST_CHAIN} responses;"
                    " start a new one with a summary",
                    "previous_response_id",
                )
            try:
                kept = await self._store.get(caller.project, id, max(left_bytes, 1))
            except TooLarge:
                raise _too_long_chain(id, self._chain_bytes) from None
            if kept is None or self._runs.settled(kept["response"])["status"] == "failed":
                raise _no_previous(id, kept is not None)
            left_bytes -= len(msgspec.json.encode(kept))
            turns.append([*kept["input"], *filter(_is_whole, kept["response"]["output"])])
            id = kept["response"]["previous_response_id"]
        return read_items([item for turn in reversed(turns) for item in turn])

    async def _resolved(self, caller: Caller, item: Item) -> Item:
        """A reference becomes the item: its id names the response that it is from."""
        if not isinstance(item, ItemReference):
            return item
        serial = item.id.split("_")[1] if item.id.count("_") == 2 else ""
        kept = await self._store.get(caller.project, f"resp_{serial}") if serial else None
        if kept is not None:
            for held in [*kept["input"], *kept["response"]["output"]]:
                if held["id"] == item.id:
                    return read_items([held])[0]
        return item  # refused by its place when it is translated


def _told(handler: Handler) -> Handler:
    """The handler, its refusals told as errors of the OpenAI API."""

    async def tell(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            return refusal(request, refused)
        except Left:
            return Response(status_code=499)  # nobody reads it

    return tell


def _is_whole(item: dict[str, Any]) -> bool:
    """A call that was cut off is not told to the model again: it has no result."""
    return item["type"] != "function_call" or item["status"] == "completed"


def _page(items: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    order, after = query.get("order", "desc"), query.get("after")
    if order not in {"asc", "desc"}:
        raise bad_request(f"order: it is {order[:20]!r}; give asc or desc", "order")
    limit = query.get("limit", "20")
    if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit[:4]) <= 100:
        raise bad_request(f"limit: it is {limit[:20]!r}; give 1 to 100", "limit")
    listed = items if order == "asc" else items[::-1]
    if after is not None:
        ids = [item["id"] for item in listed]
        if after not in ids:
            raise bad_request(f"after: there is no item {after[:80]!r}", "after")
        listed = listed[ids.index(after) + 1 :]
    page = listed[: int(limit)]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
        "has_more": len(listed) > len(page),
    }


def _unknown(id: str) -> Refused:
    return Refused(
        404,
        "response_not_found",
        f"there is no response {id[:80]!r} in this project; it was not stored, or was deleted",
        param="id",
    )


def _too_long_chain(id: str, most_bytes: int) -> Refused:
    return bad_request(
        f"previous_response_id: with the response {id[:80]!r} the earlier turns are longer than"
        f" {most_bytes} bytes; start a new chain with a summary",
        "previous_response_id",
    )


def _no_previous(id: str, failed: bool) -> Refused:
    why = "has failed, or is not done" if failed else "is not kept in this project"
    return Refused(
        400,
        "previous_response_not_found",
        f"previous_response_id: the response {id[:80]!r} {why}; send the turns as input",
        param="previous_response_id",
    )
