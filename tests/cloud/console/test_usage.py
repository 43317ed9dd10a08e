"""Usage by day, project, key and model, and the ledger as CSV and JSON."""

import asyncio
import csv
import json

import pytest

from tests.cloud.console.visitor import Visitor, stranger_to
from tests.cloud.running import Running

pytestmark = pytest.mark.slow

CHAT = {"model": "fake", "messages": [{"role": "user", "content": "hello"}], "max_tokens": 20}


async def use(running: Running, times: int) -> int:
    """Ask a few times; what it cost."""
    for _ in range(times):
        assert (await running.client.post("/v1/chat/completions", json=CHAT)).status_code == 200
    await running.wait_until_idle()
    return sum(entry.cost_nano for entry in running.cloud.ledger.recent)


async def test_what_was_used_is_there_as_soon_as_it_ended(running: Running, owner: Visitor):
    cost = await use(running, 3)
    shown = await owner.got("/usage?by=key,model")
    [row] = shown["rows"]
    assert (row["requests"], row["model"], row["day"]) == (3, "fake", "")
    assert row["key"].startswith("key_")
    assert row["cost_nano"] == shown["total"]["cost_nano"] == cost > 0
    elsewhere = await owner.got("/usage?since=2020-01-01&until=2020-02-01")
    assert (elsewhere["rows"], elsewhere["total"]["requests"]) == ([], 0)


async def test_the_ledger_is_exported_and_adds_up(running: Running, owner: Visitor):
    cost = await use(running, 2)
    reply = await owner.ask("GET", "/usage/export")
    assert reply.headers["content-disposition"].startswith('attachment; filename="usage-')
    rows = list(csv.DictReader(reply.text.splitlines()))
    assert sum(int(row["cost_nano"]) for row in rows) == cost
    lines = (await owner.ask("GET", "/usage/export?format=json")).text.splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["done", "done"]


async def test_nothing_of_it_is_anothers(running: Running, owner: Visitor):
    await use(running, 1)
    other = stranger_to(running)
    assert (await other.got("/usage"))["rows"] == []
    assert (await other.ask("GET", "/usage/export?format=json")).text == ""
    key = (await owner.got("/usage?by=key"))["rows"][0]["key"]
    assert (await other.got(f"/usage?key={key}"))["rows"] == []


async def test_who_is_not_signed_in_makes_the_platform_write_nothing(
    running: Running, owner: Visitor
):
    await use(running, 1)
    owner.client.headers["Authorization"] = "Bearer wrong"
    async with running.cloud.ledger._flushing, asyncio.timeout(5):  # a flush would wait for it
        assert await owner.refused("GET", "/usage") == (401, "signed_out")
        assert await owner.refused("GET", "/usage/export") == (401, "signed_out")


async def test_a_range_that_does_not_hold_is_refused(owner: Visitor):
    for query in ("since=yesterday", "since=2026-02-01&until=2026-01-01", "by=colour", "what=x"):
        assert (await owner.refused("GET", f"/usage?{query}"))[0] == 400
