"""The example of calls in the realtime guide, run as it is against a device with a fake voice."""

import asyncio
import os
import sys
import wave
from pathlib import Path

import pytest

from tests.device.conftest import TOKEN
from tests.device.test_realtime_door import OPENED, served
from tests.docs.commands import ROOT

pytestmark = pytest.mark.slow


async def test_the_answer_is_printed_and_recorded(tmp_path: Path):
    async with served() as device:
        device.opens.scripts = [OPENED]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "docs" / "snippets" / "realtime_call.py"),
            cwd=tmp_path,
            env={**os.environ, "EDGEWISE_REALTIME": device.address, "EDGEWISE_KEY": TOKEN},
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            told, _ = await process.communicate()
    assert process.returncode == 0
    assert told.decode() == "The window is open."
    with wave.open(str(tmp_path / "answer.wav")) as sound:
        assert sound.getnframes() / sound.getframerate() > 0.8
        assert any(sound.readframes(sound.getnframes()))
