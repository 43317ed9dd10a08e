"""The examples of the platform's guide run against a platform that is served."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from edgewise.cli.cloud_database import opened_database
from edgewise.cloud.caller import Endpoint
from edgewise.cloud.config import Route, built_in, load_config
from edgewise.cloud.directory import Directory
from edgewise.cloud.projects import register_device
from edgewise.step3.config import PUBLISHED
from edgewise.step3.config_file import config_document
from tests.cli.test_cloud import platform
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


def test_the_settings_to_try_things_keep_the_small_model(tmp_path: Path):
    (tmp_path / "cloud.toml").write_text((SNIPPETS / "cloud_try.toml").read_text("utf-8"), "utf-8")
    config, own = load_config(tmp_path / "cloud.toml"), built_in()
    assert set(own.backend) <= set(config.backend)
    assert set(own.model) <= set(config.model)


def test_a_folder_of_step3_is_a_model(tmp_path: Path):
    text = (SNIPPETS / "cloud_step3.toml").read_text("utf-8")
    (tmp_path / "config.json").write_bytes(msgspec.json.encode(config_document(PUBLISHED)))
    file = tmp_path / "cloud.toml"
    file.write_text(text.replace("~/models/step3-nano", str(tmp_path)), "utf-8")
    assert [model.context_tokens for model in load_config(file).model] == [PUBLISHED.context]


async def test_a_text_is_said_and_embedded_without_a_real_upstream(tmp_path: Path):
    tried = load_config(SNIPPETS / "cloud_try.toml")
    names = [model.name for model in tried.model if model.routes[0].backend == "try"]
    models = tuple(
        msgspec.structs.replace(model, routes=(Route("up", model="fake"),))
        for model in tried.model
        if model.name in names
    )
    async with running_cloud(tmp_path, model=models) as running:
        told = await asyncio.to_thread(
            run,
            "bash",
            "-c",
            f"cd {tmp_path} && {sys.executable} {SNIPPETS / 'platform_speech.py'}",
            EDGEWISE_CLOUD=running.address,
            EDGEWISE_KEY=running.key,
        )
    assert (tmp_path / "said.wav").read_bytes().startswith(b"RIFF")
    assert "numbers" in told


def test_the_credential_of_the_guide_may_think_on_a_default_install(tmp_path: Path):
    platform(tmp_path)
    command = f'edgewise() {{ {sys.executable} -m edgewise.cli "$@" --folder {tmp_path}; }}'
    told = run("bash", "-c", f"{command}; . {SNIPPETS / 'platform_device.sh'}")
    with opened_database(tmp_path) as database:
        caller = Directory(database).find(told.split()[0], time.time())
    assert caller is not None
    assert caller.may(Endpoint.AGENT)
    caller.check_model(load_config(tmp_path / "cloud.toml").agent_model)


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
