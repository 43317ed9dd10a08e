"""The examples of the satellites' guide: the settings are taken, the client runs as it is."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from edgewise.device.config import load_config
from tests.docs.commands import ROOT
from tests.talk.wyoming_scene import served

SNIPPETS = ROOT / "docs" / "snippets"


def test_the_settings_are_taken(tmp_path: Path):
    text = (SNIPPETS / "config_wyoming.toml").read_text("utf-8")
    (tmp_path / "config.toml").write_text(text, "utf-8")
    wyoming = load_config(tmp_path).wyoming
    assert wyoming.is_on
    assert wyoming.satellite[0].zone == "driver"


@pytest.mark.slow
async def test_a_sentence_is_said_and_written_down():
    async with served("Open the window.") as house:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(SNIPPETS / "wyoming_say.py"),
            env={**os.environ, "EDGEWISE_WYOMING": f"127.0.0.1:{house.server.port}"},
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(30):
            told, _ = await process.communicate()
    assert told.decode().splitlines() == ["0.8 s of speech", "Open the window."]
