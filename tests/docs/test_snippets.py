"""Every example in a document is a file of docs/snippets; here each one is run."""

import asyncio
import importlib.util
import json
import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from docs.snippets import broken_car, kuksa_loopback, own_device, own_rule
from docs.snippets.led_driver import LedDriver
from edgewise.act.policy import builtin_policy
from edgewise.agent.agent import Agent
from edgewise.cli import make_app
from edgewise.cloud.config import built_in
from edgewise.core.call import Allow, Effect
from edgewise.core.event import Answered, Event
from edgewise.core.message import Request
from edgewise.core.part import TextPart
from edgewise.core.place import Mode
from edgewise.device.config import Config, load_config
from edgewise.device.route_policy import load_route_policy
from edgewise.device.runtime import start_device
from edgewise.device.vehicle.simulated import SimulatedVehicle
from edgewise.errors import DeviceError
from tests.docs.commands import ROOT, blocks_of, documents

SNIPPETS = ROOT / "docs" / "snippets"
LIMIT_S = 60


def test_documents_quote_the_snippets_literally():
    for document in documents():
        for block in blocks_of(document.read_text("utf-8")):
            if block.snippet:
                assert block.text == (SNIPPETS / block.snippet).read_text("utf-8"), (
                    f"{document.name}: {block.snippet}; run scripts/docs.py"
                )


def test_no_code_in_a_document_is_without_a_snippet():
    loose = [
        f"{document.name}: {block.language}: {block.text[:40]!r}"
        for document in documents()
        for block in blocks_of(document.read_text("utf-8"))
        if not block.snippet and block.language not in ("sh", "text")
    ]
    assert loose == []
    curls = [b for d in documents() for b in blocks_of(d.read_text("utf-8")) if "curl" in b.text]
    assert all(block.snippet for block in curls)


def test_every_snippet_is_used():
    told = "".join(document.read_text("utf-8") for document in documents())
    files = [path.name for path in SNIPPETS.iterdir() if path.is_file()]
    assert [name for name in files if name not in told] == []


def test_the_transcript_is_what_the_command_line_says(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    answers = (SNIPPETS / "transcript.txt").read_text("utf-8").split("$ edgewise ")[1:]
    for answer in answers:
        command, _, said = answer.partition("\n")
        result = CliRunner().invoke(make_app(), shlex.split(command))
        assert result.stdout == said, f"edgewise {command}"


def test_the_planners_transcript_is_what_the_command_line_says(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "80")
    answers = (SNIPPETS / "plan_transcript.txt").read_text("utf-8").split("$ edgewise ")[1:]
    for answer in answers:
        command, _, said = answer.partition("\n")
        result = CliRunner().invoke(make_app(), shlex.split(command))
        assert result.stdout == said, f"edgewise {command}"


def test_the_chips_of_ones_own_are_taken_with_their_price(home: Path):
    path = str(SNIPPETS / "plan_chips.toml")
    arguments = ["plan", "qwen3-4b", "--chip", "Box,H20", "--chips", path, "--json"]
    (model,) = json.loads(CliRunner().invoke(make_app(), arguments).stdout)["models"]
    assert [chip["chip"] for chip in model["chips"]] == ["Box", "H20"]
    assert model["chips"][1]["price_usd_per_hour"] == 1.1
    assert [device["chip"] for device in model["devices"]] == ["Box"] * 3


def test_the_settings_are_all_keys_with_their_defaults(home: Path):
    text = (SNIPPETS / "config.toml").read_text("utf-8")
    assert set(tomllib.loads(text)) == set(Config.__struct_fields__)
    (home / "config.toml").write_text(text, "utf-8")
    assert load_config(home) == Config()


def test_the_state_of_a_moving_car_is_one_the_car_takes():
    state = json.loads((SNIPPETS / "moving.json").read_text("utf-8"))
    taken = SimulatedVehicle.from_state(state).export_state()
    assert {path: taken[path] for path in state} == state
    assert taken["Vehicle.Speed"] > 0


def test_the_settings_for_kuksa_are_taken(home: Path):
    text = (SNIPPETS / "config_kuksa.toml").read_text("utf-8")
    (home / "config.toml").write_text(text, "utf-8")
    assert load_config(home).vehicle == "kuksa"


def test_the_settings_for_clouds_are_taken_and_let_nothing_out_by_themselves(home: Path):
    text = (SNIPPETS / "config_cloud.toml").read_text("utf-8")
    (home / "config.toml").write_text(text, "utf-8")
    config = load_config(home)
    assert [cloud.name for cloud in config.cloud] == ["home", "step"]
    assert config.mode is Mode.DEVICE_ONLY
    assert config.cloud[0].model in [model.name for model in built_in().model]


def test_the_share_for_the_cloud_is_taken_as_the_routing_policy(home: Path):
    (home / "route_policy.json").write_bytes((SNIPPETS / "route_share.json").read_bytes())
    assert load_route_policy(home).cloud_share == 0.3


SAID_TO_THE_CUP_HOLDER: list[tuple[str, dict[str, object]]] = [
    ("warm the cup holder", {"mode": "warm", "zone": "driver", "minutes": 20}),
    (
        "cool the passenger's cup holder for ten minutes",
        {"mode": "cool", "zone": "passenger", "minutes": 10},
    ),
    ("给副驾杯架制冷", {"mode": "cool", "zone": "passenger", "minutes": 20}),
    ("关掉杯架", {"mode": "off", "zone": "driver", "minutes": 20}),
]


async def test_an_installed_package_is_understood_judged_and_run(
    home: Path, installed: ModuleType, subtests: pytest.Subtests
):
    device = await start_device(home)
    try:
        assert device.notices == []
        for said, arguments in SAID_TO_THE_CUP_HOLDER:
            with subtests.test(said=said):
                events = await _ask(device.agent, said, session=said)
                tags = [(event.__struct_config__.tag, event) for event in events]
                started = [event.effects for tag, event in tags if tag == "call_started"]
                assert started == [(Effect("plugin.cup_holder.set", arguments),)]
                assert isinstance(events[-1], Answered)
                assert events[-1].text in ("The cup holder is set.", "杯架已设置。")
    finally:
        await device.close()


async def test_the_cup_holders_in_the_back_can_not_warm(home: Path, installed: ModuleType):
    device = await start_device(home)
    try:
        events = await _ask(device.agent, "warm the cup holder in the back")
    finally:
        await device.close()
    assert isinstance(events[-1], Answered)
    assert "only the front cup holders can warm" in events[-1].text


@pytest.mark.slow
async def test_a_tool_of_an_mcp_server_is_understood_by_its_name(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(ROOT)
    text = (SNIPPETS / "config_mcp.toml").read_text("utf-8")
    (home / "config.toml").write_text('chat_model = ""\n' + text, "utf-8")
    device = await start_device(home)
    try:
        assert device.notices == []
        names = {capability.name for capability in device.agent.catalogue.capabilities}
        assert {"mcp.tide.high_water", "mcp.tide.set_tide_alarm"} <= names
        asked = await _ask(device.agent, "high water tide")
        answered = await _ask(device.agent, "tide high water port dover")
    finally:
        await device.close()
    assert isinstance(asked[-1], Answered)
    assert asked[-1].text == "Dover or qingdao?"
    assert isinstance(answered[-1], Answered)
    assert "11:20" in answered[-1].text


def test_the_rule_of_ones_own_holds_and_nothing_else_held_it():
    own_rule.test_added_functions_wait_until_the_car_is_parked()
    assert own_rule.decision_at(30.0, 127, builtin_policy()) == Allow()


async def test_the_led_driver_sets_what_was_said_and_undoes_it(leds: Path, tmp_path: Path):
    agent = own_device.make_agent(leds, tmp_path / "trail")
    lamp = leds / "porch" / "brightness"
    try:
        for said, level in (
            ("set the porch light to 40 percent", 102),
            ("undo", 0),
            ("把门廊灯调到百分之六十", 153),
            ("set the porch light to 140 percent", 153),
        ):
            events = await _ask(agent, said)
            assert isinstance(events[-1], Answered)
            assert int(lamp.read_text()) == level, said
    finally:
        await agent.close()


@pytest.mark.parametrize(
    ("target", "value", "code"),
    [
        ("home.light.cellar", 10, "unknown_target"),
        ("home.light.porch", "bright", "wrong_type"),
        ("home.light.porch", 101, "out_of_range"),
    ],
)
async def test_the_led_driver_writes_all_or_nothing(
    target: str, value: object, code: str, leds: Path
):
    driver = LedDriver(leds)
    with pytest.raises(DeviceError) as refused:
        await driver.write([Effect("home.light.porch", 50), Effect(target, value)])
    assert refused.value.code == code
    assert (leds / "porch" / "brightness").read_text() == "0\n"


async def test_the_simulated_car_can_be_moved_over_grpc():
    async with asyncio.timeout(LIMIT_S):
        assert await kuksa_loopback.switch_a_light_over_grpc()


@pytest.mark.slow
async def test_a_jammed_window_is_told_as_a_failure(home: Path):
    end = await broken_car.open_a_jammed_window(home)
    assert "did not work" in end.text
    assert broken_car.WINDOW not in end.changed


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A device's folder without a language model."""
    (tmp_path / "config.toml").write_text('chat_model = ""\n', "utf-8")
    monkeypatch.setenv("EDGEWISE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def installed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModuleType]:
    """The cup holder's package as an installer leaves it: its module and its entry point."""
    site = tmp_path_factory.mktemp("site")
    project = tomllib.loads((SNIPPETS / "plugin_package.toml").read_text("utf-8"))["project"]
    points = project["entry-points"]["edgewise.capabilities"]
    about = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    lines = [f"{name} = {value}" for name, value in points.items()]
    (about / "entry_points.txt").write_text("[edgewise.capabilities]\n" + "\n".join(lines) + "\n")
    (site / "cup_holder.py").write_bytes((SNIPPETS / "cup_holder.py").read_bytes())
    monkeypatch.syspath_prepend(site)
    spec = importlib.util.find_spec("cup_holder")
    assert spec is not None
    yield importlib.import_module("cup_holder")
    del sys.modules["cup_holder"]


@pytest.fixture
def leds(tmp_path: Path) -> Path:
    """A folder laid out as the kernel's LED class, with one lamp."""
    lamp = tmp_path / "leds" / "porch"
    lamp.mkdir(parents=True)
    (lamp / "brightness").write_text("0\n")
    (lamp / "max_brightness").write_text("255\n")
    return lamp.parent


async def _ask(agent: Agent, said: str, session: str = "default") -> list[Event]:
    return [event async for event in agent.run(Request((TextPart(said),), session))]
