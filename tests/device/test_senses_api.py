"""The person's page is told what the device hears and speaks with, and how to get the rest."""

from pathlib import Path

import httpx
import pytest

from edgewise.device.api import create_app
from edgewise.device.config import SensesConfig
from edgewise.device.doorkeeper import Doorkeeper
from edgewise.device.senses_api import NO_SENSES, told
from edgewise.hosting.lacking import LIBRARIES
from tests.device.conftest import PROGRAM_TOKEN, TOKEN
from tests.device.fake_agent import FakeAgent


def asked_by(token: str, config: SensesConfig) -> httpx.AsyncClient:
    app = create_app(FakeAgent(), doorkeeper=Doorkeeper(TOKEN, PROGRAM_TOKEN), senses=config)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://127.0.0.1",
        headers={"Authorization": f"Bearer {token}"},
    )


def test_what_is_switched_off_is_not_there_and_lacks_nothing():
    assert told(NO_SENSES) == told(NO_SENSES).__class__(False, False, False, False, ())


async def test_what_is_missing_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(LIBRARIES, "hear", ("no_such_library",))
    async with asked_by(TOKEN, SensesConfig(speak="", see="")) as client:
        reply = (await client.get("/v1/senses")).json()
    assert reply["hears"] is reply["speaks"] is reply["sees"] is False
    first = reply["lacks"][0]
    assert first["sense"] == "hear"
    assert first["remedy"] == "pip install 'edgewise[hear]'"
    assert "no_such_library" in first["found"]["en"]
    assert "缺少库" in first["found"]["zh"]


def test_a_recogniser_without_its_files_does_not_hear(tmp_path: Path):
    found = told(SensesConfig(hear="whisper-small", speak="", see=""), tmp_path)
    assert not found.hears
    assert "Systran/faster-whisper-small" in found.lacks[-1].remedy


async def test_it_is_no_programs_matter():
    async with asked_by(PROGRAM_TOKEN, NO_SENSES) as client:
        assert (await client.get("/v1/senses")).status_code == 403
