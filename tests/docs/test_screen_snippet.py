"""The examples of the screens' guide: settings are taken, a GUI model's loop runs as it is."""

import asyncio
import os
import sys
from pathlib import Path

from fastapi import FastAPI

from edgewise.act.screen import Element, Role
from edgewise.device.api import create_app
from edgewise.device.config import load_config
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.screen.driver import ScreenDriver
from edgewise.testing.clock import ManualClock
from edgewise.testing.screen import Page, ScriptedScreen
from tests.device.conftest import PROGRAM_TOKEN, TOKEN, listen
from tests.device.fake_agent import FakeAgent
from tests.docs.commands import ROOT

SNIPPETS = ROOT / "docs" / "snippets"
LINES = ["<THINK>x</THINK>\naction:CLICK\tpoint:500,250", "action:COMPLETE\treturn:it is open"]


def test_the_settings_are_taken(tmp_path: Path):
    text = (SNIPPETS / "config_screen.toml").read_text("utf-8")
    (tmp_path / "config.toml").write_text(text, "utf-8")
    screen = load_config(tmp_path).screen
    assert screen.backend == "chromium"
    assert screen.is_headless
    assert {"Weather", "地图"} <= set(screen.apps)


async def test_a_gui_models_lines_are_handed_to_the_device_until_it_is_done():
    agent, asked = FakeAgent(), list[dict[str, object]]()
    page = Page("Library", "Hours", (Element("Hours", (100, 200, 900, 300), Role.BUTTON),))
    screen = ScreenDriver(ScriptedScreen({"one": page}, "one", headless=True), ManualClock())
    device = create_app(agent, doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN), screen=screen)
    model = FastAPI()

    @model.post("/v1/chat/completions")
    async def complete(body: dict[str, object]) -> object:  # pyright: ignore[reportUnusedFunction]
        asked.append(body)
        return {"choices": [{"message": {"content": LINES[len(asked) - 1]}}]}

    async with listen(device) as address, listen(model) as model_address:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(SNIPPETS / "screen_model.py"), "find", "the", "hours"),
            env={
                **os.environ,
                "EDGEWISE_DEVICE": address,
                "EDGEWISE_TOKEN": TOKEN,
                "GUI_MODEL": f"{model_address}/v1",
            },
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(30):
            told, _ = await process.communicate()
    assert process.returncode == 0
    assert "COMPLETE" in told.decode()
    assert len(asked) == 2
    assert "find the hours" in str(asked[0])
    assert "data:image/png;base64," in str(asked[0])
    assert "CLICK" in str(asked[1])
    ((_, arguments, _, _),) = agent.calls
    assert len(str(arguments.pop("seen"))) == 64, "it says on which look it was decided"
    assert arguments == {"action": "tap", "point": "500,250"}
