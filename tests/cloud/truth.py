"""Random requests to a platform, and what its ledger must say of them afterwards.

A plan is one request: how it is asked, how the upstream behaves, and when the client leaves. `ask`
carries it out over a bare socket, so that leaving is closing and nothing else. `compare` holds the
ledger's rows beside what the upstreams say they produced.
"""

import asyncio
import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct

LIMIT_S = 20.0
MODELS = ("exact", "late", "pair")
MOST_INPUT = 80
"""Tokens that our estimate of a plan's message can come to."""
INPUT, OUTPUT = "1.35", "8.1"
NANO_INPUT, NANO_OUTPUT = 1350, 8100
_TOKEN = re.compile(rb'"delta":\{"(?:content":"[^"]|reasoning_content)')
_ID = re.compile(rb"x-request-id: (\S+)")


class Plan(Struct, frozen=True):
    """One request. The client leaves after so many tokens, or so many seconds, or never."""

    model: str
    stream: bool
    choices: int
    directive: dict[str, Any]
    leave_after_tokens: int | None = None
    leave_after_s: float | None = None

    @property
    def body(self) -> bytes:
        said = json.dumps({"test": self.directive}) + " please"
        asked: dict[str, Any] = {
            "model": self.model,
            "stream": self.stream,
            "n": self.choices,
            "max_tokens": max(1, self.directive.get("tokens", 1)),
            "messages": [{"role": "user", "content": said}],
        }
        return json.dumps(asked).encode()


class Told(Struct, frozen=True):
    """What a client saw: the request's id if it came that far, and the tokens that reached it."""

    id: str
    status: int
    tokens: int


def random_plan(source: random.Random) -> Plan:
    directive: dict[str, Any] = {"tokens": source.choice((1, 2, 7, 20, 40))}
    directive["delay_ms"] = source.choice((0, 0, 0.5, 2))
    if source.random() < 0.3:
        directive["first_ms"] = source.choice((5, 30, 80))
    if source.random() < 0.2:
        directive["reasoning_tokens"] = 3
    match source.randrange(10):
        case 0:
            directive["fail_status"] = source.choice((400, 429, 500, 503))
        case 1:
            directive["fail_after"] = source.randrange(12)
            directive["fail_by"] = source.choice(("cut", "event"))
        case 2:
            directive["hang_after"] = source.randrange(8)
        case 3:
            directive["report_usage"] = False
        case _:
            pass
    leaves = source.randrange(5)
    return Plan(
        source.choice(MODELS),
        source.random() < 0.7,
        source.choice((1, 1, 1, 2)),
        directive,
        source.randrange(1, 15) if leaves == 0 else None,
        source.choice((0, 0.001, 0.005, 0.02, 0.06)) if leaves == 1 else None,
    )


def settings_over(exact: str, late: str, broken: str, database: str = "") -> str:
    """A `cloud.toml` with three models: one whose upstream tells its usage with each event, one
    whose does at the end, and one over a backend that refuses all and one that answers."""
    said = [f'database = "{database}"']
    for name, url, usage in (
        ("exact", exact, "continuous"),
        ("late", late, "final"),
        ("broken", broken, "continuous"),
    ):
        said.append(f'[[backend]]\nname = "{name}"\nurl = "{url}/v1"\nusage = "{usage}"')
        said.append("first_byte_s = 1.0\nidle_s = 1.0")
    for name, backends in (("exact", "e"), ("late", "l"), ("pair", "eb")):
        said.append(f'[[model]]\nname = "{name}"')
        for backend in ("exact", "late", "broken"):
            if backend[0] in backends:
                said.append(f'[[model.routes]]\nbackend = "{backend}"\nmodel = "fake"')
        said.append(f'[[price]]\nmodel = "{name}"\nsince = 2020-01-01')
        said.append(f'input = "{INPUT}"\noutput = "{OUTPUT}"')
    return "\n".join(said) + "\n"


async def ask(address: str, key: str, plan: Plan) -> Told:
    """Carry out a plan. The connection ends with it."""
    host, _, port = address.removeprefix("http://").partition(":")
    said = bytearray()
    try:
        reader, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return Told("", 0, 0)
    try:
        async with asyncio.timeout(LIMIT_S):
            with suppress(ConnectionError):
                writer.write(_request(host, key, plan.body))
                await _read(reader, plan, said)
    finally:
        writer.transport.abort() if len(said) % 2 else writer.close()
    found = _ID.search(said)
    status = int(said[9:12]) if said.startswith(b"HTTP/1.1 ") else 0
    return Told(found[1].decode() if found else "", status, len(_TOKEN.findall(said)))


def _request(host: str, key: str, body: bytes) -> bytes:
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    )
    return head.encode() + b"\r\n" + body


async def _read(reader: asyncio.StreamReader, plan: Plan, said: bytearray) -> None:
    """Read to the end, or until it is time to leave."""

    async def to_the_end() -> None:
        while data := await reader.read(65536):
            said.extend(data)
            wanted = plan.leave_after_tokens
            if wanted is not None and len(_TOKEN.findall(said)) >= wanted:
                return

    with suppress(TimeoutError):
        await asyncio.wait_for(to_the_end(), plan.leave_after_s)


def compare(
    rows: Sequence[Mapping[str, Any]],
    produced: Iterable[Mapping[str, Mapping[str, Any]]],
    told: Sequence[Told] = (),
) -> None:
    """Every request that reached an upstream is in the ledger once, at what was produced for it;
    one that a crash cut off at no more than that, and at no less than what its client received.
    Output is exact. The upstreams count input from a reply's begin on: one that was cut before is
    billed an estimate of it."""
    truth: dict[str, list[int]] = {}
    for upstream in produced:
        for id, record in upstream.items():
            sums = truth.setdefault(id, [0, 0])
            sums[0] += record["input_tokens"]
            sums[1] += record["output_tokens"]
    received = {one.id: one.tokens for one in told if one.id}
    assert len({row["id"] for row in rows}) == len(rows)
    assert set(truth) <= {row["id"] for row in rows}, "a request is not in the ledger"
    for row in rows:
        fresh, out = truth.get(row["id"], (0, 0))
        billed = (row["input_tokens"], row["output_tokens"])
        ends = f"{row['id']} {row['model']} {row['outcome']}"
        if row["outcome"] == "crashed":
            assert received.get(row["id"], 0) <= billed[1] <= out, ends
        else:
            assert billed[1] == out, f"{ends}: billed {billed[1]} output tokens, produced {out}"
        if not row["estimated"]:
            assert billed[0] == fresh, f"{ends}: billed {billed[0]} input tokens, produced {fresh}"
        cut = row["outcome"] == "disconnected" and row["estimated"] and not out
        bound = MOST_INPUT if cut else 0  # cut before it began: the likely input of a short text
        assert fresh or billed[0] <= bound, f"{ends}: billed input that nobody read"
        assert row["cost_nano"] == billed[0] * NANO_INPUT + billed[1] * NANO_OUTPUT, ends
