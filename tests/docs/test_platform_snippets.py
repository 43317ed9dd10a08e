"""The examples of the platform's guide run against a platform that is served."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edgewise.cloud.config import load_config
from edgewise.cloud.projects import register_device
from tests.cloud.running import running_cloud

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = ROOT / "docs" / "snippets"


def run(*command: str, **environment: str) -> str:
    """What a command prints; it must end well."""
    done = subprocess.run(
        command,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_settings_are_taken(tmp_path: Path):
    (tmp_path / "cloud.toml").write_text((SNIPPETS / "cloud.toml").read_text("utf-8"), "utf-8")
    config = load_config(tmp_path / "cloud.toml")
    assert [model.name for model in config.model] == ["step-3.7-flash", "qwen3-8b", "step-tts-mini"]


async def test_the_first_request_is_answered_and_counted(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        told = await asyncio.to_thread(
            run,
            sys.executable,
            str(SNIPPETS / "platform_chat.py"),
            EDGEWISE_CLOUD=running.address,
            EDGEWISE_KEY=running.key,
        )
    assert told.startswith("Say hello.")  # the upstream of the tests repeats what it is told
    assert "tokens" in told


@pytest.mark.slow
async def test_a_stream_is_come_back_to(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        told = await asyncio.to_thread(
            run,
            "bash",
            "-c",
            f"cd {tmp_path} && . {SNIPPETS / 'platform_resume.sh'}",
            CLOUD=running.address,
            KEY=running.key,
            MODEL="fake",
        )
    first, _, rest = told.partition("id: 3\n")
    assert "id: 1\n" in first
    assert rest.rstrip().endswith("data: [DONE]")


@pytest.mark.slow
async def test_the_device_performs_what_the_cloud_proposes(tmp_path: Path):
    async with running_cloud(tmp_path) as running:
        made = running.cloud.first_start
        assert made is not None
        owner, project = made.organisation.id, made.project.id
        with running.cloud.database.begin() as connection:
            car = register_device(connection, owner, project, "car", now_s=time.time())
        told = await asyncio.to_thread(
            run,
            sys.executable,
            str(SNIPPETS / "platform_device.py"),
            EDGEWISE_CLOUD=running.address,
            EDGEWISE_DEVICE_KEY=running.make_key(device=car.id),
        )
    assert "proposes climate.set_defrost {'target': 'rear', 'on': True}" in told
    assert "IsRearDefrosterActive" in told  # the upstream of the tests repeats the outcome
    assert told.rstrip().endswith("[answered]")
