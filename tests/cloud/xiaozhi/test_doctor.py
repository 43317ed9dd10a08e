"""The doctor tells what voice devices lack, whether their address leads here, and how many there
are; and nothing where none are let in."""

import asyncio
from pathlib import Path

import pytest

from edgewise.cloud.config import Config, XiaozhiConfig, built_in
from edgewise.cloud.keys import revoke_key
from edgewise.cloud.xiaozhi import doctor
from edgewise.cloud.xiaozhi.probe import Probe
from edgewise.core.finding import State
from edgewise.errors import ModelError
from edgewise.hosting.lacking import LIBRARIES
from tests.cloud.conftest import NOW
from tests.cloud.running import running_cloud
from tests.cloud.xiaozhi.house import House

ENABLED = XiaozhiConfig(enabled=True)


def test_nothing_is_told_where_no_voice_devices_are_let_in(tmp_path: Path):
    assert doctor.examine_voice(Config(), tmp_path, "", runs=True) == ()


def test_the_devices_are_counted_and_those_that_were_revoked(house: House, database_url: str):

    def told() -> str:
        [finding] = doctor.count_devices(database_url)
        return finding.found.en

    assert told() == "0 known"
    held, _ = house.bound()
    assert told() == "1 known"
    with house.database.begin() as connection:
        revoke_key(connection, house.organisation, held.key, now_s=NOW)
    assert told() == "1 known, 1 of them revoked"


def test_devices_that_can_not_be_read_are_left_out(tmp_path: Path):
    assert not [*doctor.count_devices("")]
    assert not [*doctor.count_devices(f"sqlite:///{tmp_path / 'none.db'}")]


@pytest.mark.parametrize(
    ("code", "remedy"), [("missing_library", "libopus0"), ("missing_package", "edgewise[cloud]")]
)
def test_without_opus_the_remedy_is_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, code: str, remedy: str
):
    def missing() -> None:
        raise ModelError("not there", code=code)

    monkeypatch.setattr(doctor, "check_opus", missing)
    finding = doctor.find_opus()
    assert (finding.state, finding.optional) == (State.MISSING, True)
    assert finding.remedy is not None
    assert remedy in finding.remedy.en


def test_ears_and_a_voice_are_looked_for_among_the_models_and_then_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
):
    without = [*doctor.check_senses(Config())]
    assert [one.state for one in without] == [State.MISSING] * 2
    assert ["transcription" in one.found.en for one in without] == [True, False]
    monkeypatch.setitem(LIBRARIES, "hear", ("no_such_library",))
    monkeypatch.setitem(LIBRARIES, "speak", ())
    hear, _ = doctor.check_senses(built_in())
    assert hear.remedy is not None
    assert hear.remedy.en == "pip install 'edgewise[hear]'"


def test_what_is_lacking_is_told_in_one_line_where_devices_are_let_in():
    assert doctor.told_lacking(Config()) == ""
    line = doctor.told_lacking(Config(xiaozhi=ENABLED))
    assert "transcription" in line
    assert "speech" in line
    assert "\n" not in line


def test_an_address_can_not_be_told_while_the_platform_does_not_run():
    finding = doctor.check_address(Config(public_url="https://edge.example"), None)
    assert (finding.state, finding.optional) == (State.MISSING, True)
    assert "does not run" in finding.found.en


def test_a_trial_on_one_machine_is_a_note_that_names_where_the_platform_listens():
    here = doctor.check_address(Config(), Probe(host="127.0.0.1", port=18875))
    assert (here.state, here.remedy) == (State.OK, None)
    assert "http://127.0.0.1:18875: for a trial" in here.found.en


def test_an_address_that_leads_elsewhere_is_a_fault_that_knows_the_port_of_the_running_one():
    config = Config(public_url="http://127.0.0.1:9", port=8475)
    wrong = doctor.check_address(config, Probe(host="127.0.0.1", port=18875))
    assert (wrong.state, wrong.optional) == (State.BROKEN, False)
    assert wrong.remedy is not None
    assert "listens at port 18875" in wrong.remedy.en


def test_without_an_address_devices_are_told_theirs():
    listening = doctor.check_address(Config(), Probe(host="0.0.0.0", port=1))
    assert listening.state is State.OK
    assert doctor.check_address(Config(host="0.0.0.0"), Probe()).state is State.OK


async def test_a_running_platform_is_known_by_its_probe_and_another_is_not(tmp_path: Path):
    async with running_cloud(tmp_path, xiaozhi=ENABLED) as running:
        config = Config(public_url=running.address, xiaozhi=ENABLED)

        async def remedy_for(probe: Probe | None) -> str:
            finding = await asyncio.to_thread(doctor.check_address, config, probe)
            assert finding.remedy is not None
            return finding.remedy.en

        assert "leads to this machine alone" in await remedy_for(Probe.of(tmp_path))
        assert "Another server answers" in await remedy_for(Probe())
