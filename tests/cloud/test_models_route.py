"""The list of models is what the key may use; another is as unknown as none."""

from pathlib import Path

from edgewise.cloud.config import ModelConfig, Route
from edgewise.cloud.keys import Scope
from tests.cloud.running import running_cloud

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
