"""The files API by the official SDK over a real server."""

import asyncio
import random
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from edgewise.cloud.budget import Period, ScopeKind
from edgewise.cloud.budget_table import create_budget
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.keys import Scope, make_key
from edgewise.cloud.projects import create_project, register_device
from tests.cloud.running import Running, config_over, running_cloud, serving
from tests.cloud.waiting import until

pytestmark = pytest.mark.slow


def sdk(running: Running, key: str = "") -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        base_url=f"{running.address}/v1", api_key=key or running.key, max_retries=0
    )


def new_project_key(running: Running) -> str:
    made = running.cloud.first_start
    assert made is not None
    with running.cloud.database.begin() as connection:
        organisation = made.organisation.id
        project = create_project(connection, organisation, "other", now_s=1.0)
        return make_key(connection, organisation, project.id, "k", now_s=1.0).secret


async def test_a_file_goes_up_is_told_listed_read_and_deleted(tmp_path: Path):
    data = random.Random(1).randbytes(2_000_000)
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        made = await client.files.create(file=("数据.bin", data), purpose="user_data")
        assert (made.bytes, made.filename, made.purpose) == (len(data), "数据.bin", "user_data")
        assert (made.object, made.status, made.expires_at) == ("file", "processed", None)
        assert await client.files.retrieve(made.id) == made
        assert [file.id async for file in client.files.list()] == [made.id]
        assert (await client.files.content(made.id)).content == data
        gone = await client.files.delete(made.id)
        assert (gone.id, gone.deleted, gone.object) == (made.id, True, "file")
        with pytest.raises(openai.NotFoundError):
            await client.files.content(made.id)
        assert list((tmp_path / "files").iterdir()) == []


async def test_a_spent_budget_takes_no_file(tmp_path: Path):
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        cloud, caller = running.cloud, running.cloud.find(running.key)
        assert caller is not None
        owner, project = caller.organisation, caller.project
        with cloud.database.begin() as connection:
            create_budget(
                connection, owner, ScopeKind.PROJECT, project, Period.TOTAL, 10, now_s=1.0
            )
        await until(cloud.budgets.standings)
        await client.files.create(file=b"x", purpose="user_data")
        cloud.budgets.charge(owner, project, caller.key, 10)
        with pytest.raises(openai.APIStatusError, match="is spent") as refused:
            await client.files.create(file=b"x", purpose="user_data")
        assert refused.value.status_code == 402


async def test_the_files_of_a_project_have_no_more_bytes_than_its_quota(tmp_path: Path):
    async with running_cloud(tmp_path, project_files_bytes=10_000) as running:
        async with sdk(running) as client:
            both = [client.files.create(file=bytes(6000), purpose="user_data") for _ in range(2)]
            made = await asyncio.gather(*both, return_exceptions=True)
            (file,) = [one for one in made if isinstance(one, openai.types.FileObject)]
            assert sorted(getattr(one, "status_code", 200) for one in made) == [200, 413]
            with pytest.raises(openai.APIStatusError, match="larger than 4000"):
                await client.files.create(file=bytes(4001), purpose="user_data")
            await client.files.create(file=bytes(4000), purpose="user_data")
            with pytest.raises(openai.APIStatusError, match="have 10000 of 10000 bytes"):
                await client.files.create(file=b"x", purpose="user_data")
            await client.files.delete(file.id)
            await client.files.create(file=b"x", purpose="user_data")
        async with sdk(running, new_project_key(running)) as other:
            await other.files.create(file=bytes(9000), purpose="user_data")


async def test_uploads_leave_a_reserve_on_the_disk(tmp_path: Path):
    async with running_cloud(tmp_path, disk_reserve_bytes=2**60) as running:
        reply = await running.client.post(
            "/v1/files", data={"purpose": "user_data"}, files={"file": b"x"}
        )
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "disk_full")


async def test_lists_are_paged_ordered_and_by_purpose(tmp_path: Path):
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        made = [
            (await client.files.create(file=b"x", purpose="vision" if one else "assistants")).id
            for one in (0, 1, 0, 1, 0)
        ]
        listed = [file.id async for file in client.files.list(limit=2, order="asc")]
        newest = [file.id async for file in client.files.list(limit=2)]
        seen = [file.id async for file in client.files.list(purpose="vision", order="asc")]
        page = await client.files.list(limit=2, order="asc")
    assert listed == made
    assert newest == made[::-1]
    assert seen == made[1::2]
    assert page.has_more is True


@pytest.mark.parametrize("asked", ["limit=0", "limit=x", "limit=10001", "order=up", "after=file_1"])
async def test_a_wrong_question_is_a_400_that_names_it(tmp_path: Path, asked: str):
    async with running_cloud(tmp_path) as running:
        reply = await running.client.get(f"/v1/files?{asked}")
    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == asked.partition("=")[0]


async def test_expiry_is_as_asked_and_30_days_for_batches(tmp_path: Path):
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        after: Any = {"anchor": "created_at", "seconds": 3600}
        asked = await client.files.create(file=b"x", purpose="user_data", expires_after=after)
        usual = await client.files.create(file=b"x", purpose="batch")
        with pytest.raises(openai.BadRequestError, match="3600 to 2592000"):
            await client.files.create(
                file=b"x", purpose="batch", expires_after={"anchor": "created_at", "seconds": 1}
            )
    assert (asked.expires_at or 0) - asked.created_at in (3600, 3601)
    assert (usual.expires_at or 0) - usual.created_at in (30 * 86_400, 30 * 86_400 + 1)


@pytest.mark.parametrize(
    ("fields", "param"),
    [({}, "purpose"), ({"purpose": "mischief"}, "purpose"), ({"purpose": "batch", "x": "1"}, "x")],
)
async def test_a_form_with_wrong_fields_leaves_nothing(
    tmp_path: Path, fields: dict[str, str], param: str
):
    async with running_cloud(tmp_path) as running:
        reply = await running.client.post("/v1/files", data=fields, files={"file": b"x"})
        assert reply.status_code == 400
        assert reply.json()["error"]["param"] == param
        assert list((tmp_path / "files").iterdir()) == []


async def test_a_gigabyte_is_refused_by_its_length_and_the_connection_ends(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        host, _, port = running.address.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n"
            b"Authorization: Bearer " + running.key.encode() + b"\r\n\r\n"
        )
        async with asyncio.timeout(10):
            told = await reader.read()
        writer.close()
    assert told.startswith(b"HTTP/1.1 413")
    assert b"file_too_large" in told


async def test_a_connection_that_breaks_leaves_no_file_and_no_bytes(tmp_path: Path):
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        host, _, port = running.address.removeprefix("http://").partition(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n"
            b"Authorization: Bearer " + running.key.encode() + b"\r\n\r\n"
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            + bytes(100_000)
        )
        await writer.drain()
        folder = tmp_path / "files"
        await until(lambda: any(folder.iterdir()))
        writer.transport.abort()
        await until(lambda: not any(folder.iterdir()))
        assert (await client.files.list()).data == []


async def test_what_is_stored_stays_over_a_restart(tmp_path: Path):
    async with running_cloud(tmp_path) as running, sdk(running) as client:
        made = await client.files.create(file=("a.txt", b"kept"), purpose="user_data")
        key = running.key
        upstream = running.upstream
    async with (
        serving(tmp_path, config_over(upstream.address)) as (address, cloud),
        sdk(Running(address, cloud, upstream), key) as client,
    ):
        assert (await client.files.content(made.id)).content == b"kept"


async def test_a_content_is_never_a_page_of_ours(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        form = {"file": ('x"\r\nEvil: 1.html', b"<script>", "text/html")}
        made = await running.client.post("/v1/files", data={"purpose": "user_data"}, files=form)
        reply = await running.client.get(f"/v1/files/{made.json()['id']}/content")
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "evil" not in reply.headers


async def test_a_key_without_the_scope_and_a_device_open_nothing(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        made = running.cloud.first_start
        assert made is not None
        with running.cloud.database.begin() as connection:
            device = register_device(
                connection, made.organisation.id, made.project.id, "car", now_s=1.0
            )
        for key, status in (
            (running.make_key(Scope(endpoints=(Endpoint.CHAT,))), 403),
            (running.make_key(device=device.id), 403),
            ("sk-ew-wrong", 401),
            ("", 401),
        ):
            async with running.stranger(key) as client:
                for reply in await asyncio.gather(
                    client.get("/v1/files"),
                    client.post("/v1/files", files={"file": b"x"}),
                    client.get("/v1/batches"),
                    client.post("/v1/batches", json={}),
                ):
                    assert reply.status_code == status


@pytest.mark.parametrize("seed", range(3))
async def test_random_acts_of_projects_see_only_their_own(tmp_path: Path, seed: int):
    chance = random.Random(seed)
    async with running_cloud(tmp_path) as running:
        keys = [new_project_key(running) for _ in range(3)]
        clients = [running.stranger(key) for key in keys]
        own: list[dict[str, bytes]] = [{} for _ in keys]
        for _ in range(60):
            who, whose = chance.randrange(3), chance.randrange(3)
            held = own[whose]
            id = chance.choice(list(held)) if held else "file_" + "0" * 24
            await _act(chance, clients[who], own[who], id)
        for client in clients:
            await client.aclose()


async def _act(
    chance: random.Random, client: httpx.AsyncClient, own: dict[str, bytes], id: str
) -> None:
    match chance.choice(["upload", "get", "content", "delete", "list", "after", "batch"]):
        case "upload":
            data = chance.randbytes(chance.randrange(100))
            made = await client.post("/v1/files", data={"purpose": "batch"}, files={"file": data})
            own[made.json()["id"]] = data
        case "get":
            reply = await client.get(f"/v1/files/{id}")
            assert (reply.status_code == 200) is (id in own)
        case "content":
            reply = await client.get(f"/v1/files/{id}/content")
            assert reply.content == own[id] if id in own else reply.status_code == 404
        case "delete":
            reply = await client.delete(f"/v1/files/{id}")
            assert (reply.status_code == 200) is (id in own)
            own.pop(id, None)
        case "after":
            reply = await client.get("/v1/files", params={"after": id})
            assert (reply.status_code == 200) is (id in own)
        case "batch":
            body = {
                "input_file_id": id,
                "endpoint": "/v1/chat/completions",
                "completion_window": "24h",
            }
            reply = await client.post("/v1/batches", json=body)
            assert (reply.status_code == 200) is (id in own)
        case _:
            reply = await client.get("/v1/files")
            listed = {file["id"] for file in reply.json()["data"] if file["purpose"] == "batch"}
            assert listed == set(own)
