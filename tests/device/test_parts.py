"""The doctor tells a car that does not answer and a damaged store, and repairs neither."""

import asyncio
import socket
from pathlib import Path

import pytest

from edgewise.core.finding import State, is_fit
from edgewise.core.words import Language, Words
from edgewise.device.config import Config, SensesConfig
from edgewise.device.parts import (
    check_databroker,
    check_screen,
    check_senses,
    check_stores,
    check_wyoming,
    examine_parts,
)
from edgewise.device.phone.repair import open_stores
from edgewise.device.screen.screen_config import ScreenConfig
from edgewise.device.wyoming_config import SatelliteConfig, WyomingConfig
from edgewise.hosting.lacking import LIBRARIES
from edgewise.testing.clock import ManualClock
from tests.device.conftest import Served
from tests.device.phone.test_repair import damaged
from tests.device.screen.test_connected import fake_adb

pytestmark = pytest.mark.rule(44)


def test_a_databroker_is_found_or_missing_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        address = f"127.0.0.1:{door.getsockname()[1]}"
        assert check_databroker(address).state is State.OK
    gone = check_databroker(address)
    assert gone.state is State.MISSING
    assert gone.remedy is not None
    assert address in gone.found.zh


@pytest.mark.parametrize("address", ["", "nowhere", "127.0.0.1:x", "127.0.0.1:99999"])
def test_an_address_that_is_none_is_missing_too(address: str) -> None:
    assert check_databroker(address).state is State.MISSING


def test_a_damaged_store_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "stores.sqlite"
    assert check_stores(path).state is State.OK
    content = asyncio.run(damaged(path))
    assert check_stores(path).state is State.BROKEN
    assert path.read_bytes() == content


def test_what_was_set_aside_is_told_until_its_owner_deletes_it(tmp_path: Path) -> None:
    path = tmp_path / "stores.sqlite"
    asyncio.run(damaged(path))
    open_stores(path, ManualClock())[0].close()
    found = {f.name: f for f in examine_parts(tmp_path, Config())}
    assert found["stores"].state is State.OK
    assert "damaged-" in found["damaged stores"].found.en
    assert is_fit(found.values())


def test_only_a_car_behind_a_databroker_needs_one(tmp_path: Path) -> None:
    real = Config(vehicle="kuksa", kuksa_address="127.0.0.1:9")
    assert "databroker" not in {f.name for f in examine_parts(tmp_path, Config())}
    assert "databroker" in {f.name for f in examine_parts(tmp_path, real)}


async def test_the_state_says_what_is_away_and_nothing_when_all_is_there(served: Served) -> None:
    state = await served.client.get("/v1/agent/state")
    assert "device.away" not in state.json()
    served.agent.car.away = Words("the car is gone", "车不在")  # type: ignore[attr-defined]
    state = await served.client.get("/v1/agent/state")
    told = state.json()["device.away"]
    assert told == {"Vehicle": {"en": "the car is gone", "zh": "车不在"}}


def test_a_sense_that_lacks_something_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    off = SensesConfig(hear="", speak="", see="")
    assert check_senses(off) == ()
    monkeypatch.setitem(LIBRARIES, "hear", ("no_such_library",))
    found = check_senses(SensesConfig(speak="", see=""))
    assert found[0].state is State.MISSING
    assert found[0].remedy == Words("pip install 'edgewise[hear]'", "pip install 'edgewise[hear]'")
    assert is_fit(found)


def test_a_voice_that_nobody_has_is_told_with_those_there_are() -> None:
    found = check_senses(SensesConfig(hear="", see="", voices={Language.ENGLISH: "nobody"}))
    (told,) = [finding for finding in found if finding.name == "voice"]
    assert told.remedy is not None
    assert "af_heart" in told.remedy.en


def test_a_voice_of_another_language_is_told_with_those_of_the_language() -> None:
    voices = {Language.CHINESE: "af_heart", Language.ENGLISH: "bf_emma"}
    found = check_senses(SensesConfig(hear="", see="", voices=voices))
    (told,) = [finding for finding in found if finding.name == "voice"]
    assert told.remedy is not None
    assert "zf_xiaobei" in told.remedy.en
    assert "af_heart" not in told.remedy.en


def test_a_recogniser_without_its_files_is_told_with_where_they_are(tmp_path: Path) -> None:
    config = SensesConfig(hear="whisper-small", speak="", see="")
    found = [one for one in check_senses(config, tmp_path) if "whisper-small" in one.found.en]
    assert [(one.name, one.state) for one in found] == [("sense hear", State.MISSING)]
    assert found[0].remedy is not None
    assert "Systran/faster-whisper-small" in found[0].remedy.en


def test_a_language_model_that_is_not_here_is_told_with_how_to_fetch_it(tmp_path: Path) -> None:
    for name, remedy in (
        ("qwen3-1.7b", "edgewise models fetch qwen3-1.7b"),
        ("nope", "qwen3-1.7b"),
    ):
        found = {one.name: one for one in examine_parts(tmp_path, Config(chat_model=name))}
        told = found[name]
        assert told.state is not State.OK
        assert told.remedy is not None
        assert remedy in told.remedy.en


def test_wyoming_is_looked_at_only_where_it_is_set(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        there = SatelliteConfig(f"tcp://127.0.0.1:{port}")
        taken = WyomingConfig(listen=f"127.0.0.1:{port}", satellite=(there,))
        found = check_wyoming(taken, tmp_path)
        assert [(f.name, f.state) for f in found] == [
            ("wyoming", State.BROKEN),
            ("satellite", State.OK),
        ]
    gone = check_wyoming(taken, tmp_path)
    assert [f.state for f in gone] == [State.OK, State.MISSING]
    assert gone[1].remedy is not None
    assert "config.toml" in gone[1].remedy.zh
    assert is_fit((*found, *gone))
    assert check_wyoming(WyomingConfig(), tmp_path) == ()


def test_a_screen_is_there_or_told_with_what_to_install_and_none_is_as_good() -> None:
    assert check_screen(ScreenConfig()) == ()
    for backend in ("chromium", "adb"):
        (gone,) = check_screen(ScreenConfig(backend, program="no-such-program"))
        assert (gone.state, gone.optional) == (State.MISSING, True)
        assert gone.remedy == Words(*[f"apt-get install {backend}"] * 2)
    (there,) = check_screen(ScreenConfig("chromium", program="sh"))
    assert there.state is State.OK


def test_a_phone_that_is_away_and_a_window_without_a_display_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    phone = ScreenConfig("adb", program=fake_adb(tmp_path, ""))
    window = ScreenConfig("chromium", headless=False, program="sh")
    for config, told in ((phone, "no phone"), (window, "no display")):
        (found,) = check_screen(config)
        assert (found.state, found.optional) == (State.MISSING, True)
        assert found.remedy is not None
        assert told in found.found.en
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert check_screen(window)[0].state is State.OK
    there = ScreenConfig("adb", program=fake_adb(tmp_path, "a1\\tdevice\\n"))
    assert check_screen(there)[0].state is State.OK
