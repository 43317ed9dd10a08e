"""Every reply has the shape and the headers of the API, also when nothing fits the request."""

from pathlib import Path

import pytest
from starlette.exceptions import HTTPException

from edgewise.cloud.app import refused_for
from edgewise.errors import DeviceError, LinkError, UserError
from tests.cloud.running import running_cloud, serving

LIMITS = {
    f"x-ratelimit-{what}-{of}"
    for what in ("limit", "remaining", "reset")
    for of in ("requests", "tokens")
}


async def test_all_replies_to_a_key_have_the_limits_and_an_id(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        say = {"model": "fake", "messages": [{"role": "user", "content": "hi"}]}
        replies = [
            await running.client.get("/v1/models"),
            await running.client.post("/v1/chat/completions", json=say),
            await running.client.post("/v1/chat/completions", json=say | {"stream": True}),
            await running.client.post("/v1/responses", json={"model": "fake", "input": "hi"}),
            await running.client.post("/v1/chat/completions", json={"model": "none"}),
        ]
        for reply in replies:
            assert set(reply.headers) >= LIMITS | {"openai-processing-ms"}, reply.request.url
        assert all(reply.headers["x-request-id"] for reply in replies[:4])


async def test_routes_that_are_not_there_are_told_in_the_same_shape(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        missing = await running.client.get("/v1/nothing")
        wrong = await running.client.get("/v1/chat/completions")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "no_such_route")
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")


def metrics_token(folder: Path) -> dict[str, str]:
    return {"Authorization": f"Bearer {(folder / 'metrics-token').read_text().strip()}"}


async def test_metrics_are_for_who_has_the_token_of_the_folder(tmp_path: Path):
    async with running_cloud(tmp_path) as running, running.stranger() as nobody:
        proxied = {"Host": "127.0.0.1:8475"}  # as a bare proxy_pass sends it, with nothing more
        told = metrics_token(tmp_path)
        assert (tmp_path / "metrics-token").stat().st_mode & 0o777 == 0o600
        for wrong in ({}, proxied, {"Authorization": "Bearer x"}, {"Authorization": "Bearer é"}):
            sent = {name: value.encode() for name, value in wrong.items()}
            assert (await nobody.get("/metrics", headers=sent)).status_code == 401
        assert (await running.client.get("/metrics")).status_code == 401  # no tenant's key either
        assert (await nobody.get("/metrics", headers=told)).status_code == 200
    async with serving(tmp_path, running.cloud.config):  # a restart keeps it
        assert metrics_token(tmp_path) == told


async def test_health_needs_no_key_and_metrics_hold_what_was_used(tmp_path: Path):
    async with running_cloud(tmp_path) as running, running.stranger() as nobody:
        assert (await nobody.get("/health")).json()["database"] == "ok"
        say = {"model": "fake", "messages": [{"role": "user", "content": "hi"}]}
        await running.client.post("/v1/chat/completions", json=say)
        told = (await nobody.get("/metrics", headers=metrics_token(tmp_path))).text
        assert "gen_ai_client_token_usage" in told
        assert 'gen_ai_request_model="fake"' in told


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UserError("no"), 400),
        (UserError("no", code="not_found"), 404),
        (UserError("no", code="conflict"), 409),
        (LinkError("gone"), 503),
        (DeviceError("broken"), 500),
        (HTTPException(404), 404),
        (HTTPException(405), 405),
        (ValueError("a fault"), 500),
    ],
)
def test_an_error_is_told_by_who_must_act(error: Exception, status: int):
    assert refused_for(error).status == status


def test_a_fault_of_ours_is_not_told_in_its_own_words():
    assert "secret" not in str(refused_for(ValueError("secret")))
