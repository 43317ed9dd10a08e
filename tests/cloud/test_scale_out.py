"""The scale-out backend behind the platform: runs where one is served, which needs a GPU.

Without one, `make judges JUDGE=ray-serve` puts a real Ray Serve behind it, over a small model.

serve run deploy/ray-serve-vllm.yaml
EDGEWISE_SCALE_OUT=http://127.0.0.1:8000/v1 pytest -m scale_out tests/cloud
"""

import os
from pathlib import Path

import httpx
import msgspec
import pytest

from edgewise.cli.cloud import fresh_key
from edgewise.cloud.config import BackendConfig, Config, ModelConfig, Route, UsageReport
from tests.cloud.running import serving

ADDRESS = os.environ.get("EDGEWISE_SCALE_OUT", "")
MODEL = os.environ.get("EDGEWISE_SCALE_OUT_MODEL", "qwen3-8b")
FILE = Path(__file__).resolve().parents[2] / "deploy" / "ray-serve-vllm.yaml"


def test_the_deployment_serves_the_model_that_the_guide_names():
    text = FILE.read_text("utf-8")
    assert "model_id: qwen3-8b" in text
    assert "ray.serve.llm:build_openai_app" in text


@pytest.mark.scale_out
@pytest.mark.skipif(not ADDRESS, reason="no scale-out backend is served: set EDGEWISE_SCALE_OUT")
async def test_a_stream_of_the_scale_out_backend_is_counted_to_the_token(tmp_path: Path):
    config = Config(
        backend=(BackendConfig("ray", ADDRESS, usage=UsageReport.CONTINUOUS),),
        model=(ModelConfig(MODEL, (Route("ray"),)),),
    )
    async with serving(tmp_path, config) as (address, cloud):
        key = fresh_key(cloud.database)
        cloud.directory.refresh()
        body = {
            "model": MODEL,
            "stream": True,
            "max_tokens": 40,
            "stream_options": {"include_usage": True},
            "messages": [{"role": "user", "content": "Count to ten."}],
        }
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=120) as client:
            text = (await client.post("/v1/chat/completions", json=body)).text
        last = text.split("\n\n")[-3].removeprefix("data: ")
        told = msgspec.json.decode(last)["usage"]
        entry = cloud.ledger.recent[-1]
        assert entry.usage.output_tokens == told["completion_tokens"] > 0
        assert not entry.estimated
