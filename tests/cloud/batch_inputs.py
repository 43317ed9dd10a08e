"""Inputs of batches, and batches made of them over the API."""

import json
from typing import Any

import httpx

CHAT = "/v1/chat/completions"


def chat_line(id: str, said: str = "hi there", **directive: Any) -> dict[str, Any]:
    """A line that asks the upstream to say something, steered by a directive."""
    text = f"{json.dumps({'test': directive})} {said}" if directive else said
    body = {"model": "fake", "messages": [{"role": "user", "content": text}]}
    return {"custom_id": id, "method": "POST", "url": CHAT, "body": body}


def as_input(lines: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


async def make_batch(
    client: httpx.AsyncClient, lines: list[dict[str, Any]], endpoint: str = CHAT, **more: Any
) -> dict[str, Any]:
    """Upload the lines and make a batch of them."""
    form = {"file": ("input.jsonl", as_input(lines))}
    file = await client.post("/v1/files", data={"purpose": "batch"}, files=form)
    body = {"input_file_id": file.json()["id"], "endpoint": endpoint, "completion_window": "24h"}
    made = await client.post("/v1/batches", json={**body, **more})
    assert made.status_code == 200, made.text
    return made.json()


async def batch_of(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    return (await client.get(f"/v1/batches/{id}")).json()


async def results_of(client: httpx.AsyncClient, file: str | None) -> dict[str, Any]:
    """The lines of a result by `custom_id`; a double fails."""
    if file is None:
        return {}
    raw = (await client.get(f"/v1/files/{file}/content")).text
    lines = [json.loads(line) for line in raw.splitlines()]
    found = {line["custom_id"]: line for line in lines}
    assert len(found) == len(lines), "a line is there twice"
    return found
