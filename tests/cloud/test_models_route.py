"""The list of models is what the key may use; another is as unknown as none."""

from pathlib import Path

from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import ModelConfig, ModelKind, Route
from edgewise.cloud.keys import Scope
from edgewise.cloud.projects import register_device
from tests.cloud.running import Running, running_cloud

TWO = (ModelConfig("fake", (Route("up"),)), ModelConfig("org/other:v1", (Route("up"),)))


async def test_a_key_sees_the_models_of_its_scope(tmp_path: Path):
    async with running_cloud(tmp_path, model=TWO) as running:
        listed = (await running.client.get("/v1/models")).json()
        assert [model["id"] for model in listed["data"]] == ["fake", "org/other:v1"]
        async with running.stranger(running.make_key(Scope(models=("fake",)))) as limited:
            listed = (await limited.get("/v1/models")).json()
            assert [model["id"] for model in listed["data"]] == ["fake"]
            assert (await limited.get("/v1/models/fake")).json()["object"] == "model"
            refused = await limited.get("/v1/models/org/other:v1")
            assert refused.json()["error"]["code"] == "model_not_found"
            assert refused.status_code == 404
        assert (await running.client.get("/v1/models/org/other:v1")).status_code == 200


async def test_a_device_sees_the_models_that_it_may_use_alone(tmp_path: Path):
    said = ModelConfig("said", (Route("up"),), kind=ModelKind.SPEECH)
    async with running_cloud(tmp_path, model=(*TWO, said)) as running:
        device = device_of(running)

        async def seen(*endpoints: Endpoint) -> list[str]:
            key = running.make_key(Scope(endpoints=endpoints), device=device)
            async with running.stranger(key) as client:
                listed = (await client.get("/v1/models")).json()["data"]
                for name in {"fake", "said"} - {model["id"] for model in listed}:
                    assert (await client.get(f"/v1/models/{name}")).status_code == 404
            return [model["id"] for model in listed]

        assert await seen() == ["fake"], "the one that thinks for devices"
        assert await seen(Endpoint.MODELS, Endpoint.SPEECH) == ["said"]
        assert await seen(Endpoint.MODELS, Endpoint.CHAT) == ["fake", "org/other:v1"]


def device_of(running: Running) -> str:
    made = running.cloud.first_start
    assert made is not None
    with running.cloud.database.begin() as connection:
        owner, project = made.organisation.id, made.project.id
        return register_device(connection, owner, project, "car", now_s=1.0).id
