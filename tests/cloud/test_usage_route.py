"""A project's keys read what the project used, and nothing of another."""

import csv
import json
import time
from pathlib import Path

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.keys import Scope, make_key
from edgewise.cloud.projects import create_project
from tests.cloud.running import Running, running_cloud

CHAT = {"model": "fake", "messages": [{"role": "user", "content": "hello"}], "max_tokens": 20}


async def use(running: Running) -> None:
    assert (await running.client.post("/v1/chat/completions", json=CHAT)).status_code == 200
    await running.wait_until_idle()


def key_of_another_project(running: Running) -> str:
    made = running.cloud.first_start
    assert made is not None
    with running.cloud.database.begin() as connection:
        ids = (
            made.organisation.id,
            create_project(connection, made.organisation.id, "Other", now_s=time.time()).id,
        )
        return make_key(connection, *ids, "other", now_s=time.time()).secret


async def test_a_project_reads_its_usage_and_its_ledger(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        await use(running)
        key = running.make_key(Scope(endpoints=(Endpoint.USAGE,)))
        async with running.stranger(key) as reader:
            told = (await reader.get("/v1/usage?by=day,model")).json()
            [row] = told["rows"]
            assert (row["model"], row["requests"]) == ("fake", 1)
            assert told["total"]["usage"]["output_tokens"] > 0
            rows = csv.DictReader((await reader.get("/v1/usage/export")).text.splitlines())
            assert [row["outcome"] for row in rows] == ["done"]
            lines = (await reader.get("/v1/usage/export?format=json")).text.splitlines()
            assert [json.loads(line)["model"] for line in lines] == ["fake"]


async def test_another_project_of_the_organisation_reads_nothing_of_it(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        await use(running)
        async with running.stranger(key_of_another_project(running)) as other:
            assert (await other.get("/v1/usage")).json()["rows"] == []
            assert (await other.get("/v1/usage/export?format=json")).text == ""


async def test_a_key_of_another_scope_and_a_wrong_range_are_refused(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        key = running.make_key(Scope(endpoints=(Endpoint.CHAT,)))
        async with running.stranger(key) as chatting, running.stranger() as nobody:
            for path in ("/v1/usage", "/v1/usage/export"):
                assert (await chatting.get(path)).status_code == 403
                assert (await nobody.get(path)).status_code == 401
                assert (await running.client.get(f"{path}?since=soon")).status_code == 400
                assert (await running.client.get(f"{path}?project=x")).status_code == 400


async def test_what_was_settled_before_is_in_it_at_once(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        key = running.make_key(Scope(endpoints=(Endpoint.USAGE,)))
        async with running.stranger(key) as reader:
            for count in range(1, 4):
                await running.client.post("/v1/chat/completions", json=CHAT)
                assert (await reader.get("/v1/usage")).json()["total"]["requests"] == count
                lines = (await reader.get("/v1/usage/export?format=json")).text.splitlines()
                assert len(lines) == count
