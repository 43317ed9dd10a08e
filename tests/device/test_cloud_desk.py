"""What is told of the clouds is what the rules say now, and what would change it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from edgewise.core.endpoint import Health
from edgewise.core.place import Mode
from edgewise.device.cloud_desk import CloudDesk
from edgewise.device.clouds import Cloud
from edgewise.device.clouds_wire import ConsentBody
from edgewise.device.config import Config
from edgewise.device.outbox import FILE as OUTBOX
from edgewise.device.spending import FILE as SPENT
from edgewise.device.spending import Spending
from edgewise.errors import DeviceError, UserError
from edgewise.route.ability import NOT_COUNTED, REFUSED
from edgewise.testing.clock import ManualClock
from tests.each_row import each_row

NEAR = Cloud("step", "https://api.example/v1", "m", "CN", output_price=1.0)
FAR = Cloud("far", "https://far.example/v1", "m", "US")


def desk_of(folder: Path, *clouds: Cloud, region: str = "CN") -> CloudDesk:
    config = Config(region=region, cloud=clouds, mode=Mode.PREFER_DEVICE)  # type: ignore[arg-type]
    return CloudDesk(folder, config, ManualClock())


def test_without_a_cloud_there_is_nothing_to_tell_but_how_it_stands(tmp_path: Path):
    told = desk_of(tmp_path).told()
    assert (told.mode, told.online, told.waiting, told.clouds) == (Mode.PREFER_DEVICE, True, 0, [])


def test_a_consent_is_all_that_a_cloud_of_the_region_lacks(tmp_path: Path):
    desk = desk_of(tmp_path, NEAR)
    (row,) = desk.told().clouds
    assert row.state == "ready"
    assert [words.en for words in row.lacking] == [
        "nobody agreed to giving it to this cloud: edgewise consent grant step"
    ]
    given = desk.grant(ConsentBody("step"))
    (row,) = desk.told().clouds
    assert (row.lacking, row.consents) == ([], [given.id])
    assert not desk.revoke(given.id).in_force
    assert desk.told().clouds[0].consents == []


@each_row(
    ("region", "cloud", "mode", "told"),
    [
        ("CN", NEAR, Mode.DEVICE_ONLY, ["edgewise mode", "consent grant step"]),
        ("", NEAR, Mode.ASK, ["`region`", "consent grant step"]),
        ("CN", FAR, Mode.ASK, ["`crossing`", "`assessment`", "grant far", "--crossing"]),
    ],
)
def test_what_keeps_everything_from_a_cloud_is_told_with_its_remedy(
    tmp_path: Path, region: str, cloud: Cloud, mode: Mode, told: list[str]
):
    desk = desk_of(tmp_path, cloud, region=region)
    desk.choose(mode)
    lacking = desk.told().clouds[0].lacking
    assert len(lacking) == len(told), lacking
    for words, part in zip(lacking, told, strict=True):
        assert part in words.en
        assert words.zh != words.en


def test_a_cloud_that_refused_the_key_or_the_model_is_told_also_once_its_rest_is_over(
    tmp_path: Path,
):
    desk = desk_of(tmp_path, NEAR)
    spending = Spending(tmp_path, desk.clock)
    for is_open, state in ((True, "resting"), (False, "ready")):
        health = (Health("step", open=is_open, why=REFUSED),)
        desk.reach = SimpleNamespace(health=health, spending=spending)  # type: ignore[assignment]
        (row,) = desk.told().clouds
        assert row.state == state
        assert row.why is not None
        assert "refused the key or the model" in row.why.en


def test_in_a_tunnel_every_cloud_is_away_also_after_a_new_start(tmp_path: Path):
    desk_of(tmp_path, NEAR).connect(online=False)
    told = desk_of(tmp_path, NEAR).told()
    assert (told.online, told.clouds[0].state) == (False, "away")
    assert told.clouds[0].why is not None
    assert told.clouds[0].why.en == "there is no network"
    desk_of(tmp_path, NEAR).connect(online=True)
    assert desk_of(tmp_path, NEAR).told().clouds[0].state == "ready"


def test_a_cloud_whose_key_is_not_there_is_away_and_the_key_is_named(tmp_path: Path):
    (row,) = desk_of(tmp_path, Cloud("s", "https://x/v1", "m", "CN", key_file="k")).told().clouds
    assert row.state == "away"
    assert row.why is not None
    assert str(tmp_path / "k") in row.why.en


def test_what_was_spent_today_is_told_and_a_cloud_too_dear_is_away(tmp_path: Path):
    desk = desk_of(tmp_path, NEAR)
    Spending(tmp_path, desk.clock).add(1.0, 500, turn="t1")
    told = desk.told()
    assert (told.today.money, told.today.bytes, told.today.turns) == (1.0, 500, 1)
    assert (told.today.money_limit, told.clouds[0].state) == (1.0, "away")
    (tmp_path / SPENT).write_bytes(b"{")
    lost = desk.told().today
    assert (lost.money, lost.bytes) == (lost.money_limit, lost.bytes_limit)


@pytest.mark.parametrize("runs", [False, True])
def test_where_what_clouds_cost_can_not_be_written_every_cloud_is_away(tmp_path: Path, runs: bool):
    desk = desk_of(tmp_path, NEAR)
    (tmp_path / "spending.new").mkdir()  # nothing can be written in its place
    if runs:
        spending = Spending(tmp_path, desk.clock)
        spending.add(0.001, 1)
        desk.reach = SimpleNamespace(health=(), spending=spending)  # type: ignore[assignment]
    (row,) = desk.told().clouds
    assert (row.state, row.why) == ("away", NOT_COUNTED)


def test_a_damaged_store_of_consents_is_said_and_none_is_in_force(tmp_path: Path):
    desk = desk_of(tmp_path, NEAR)
    desk.grant(ConsentBody("step"))
    (tmp_path / "consents.sqlite").write_bytes(b"no database" * 100)
    assert desk.told().clouds[0].consents == []
    with pytest.raises(DeviceError, match="damaged"):
        desk.consents()


def test_a_cloud_that_there_is_not_gets_no_consent(tmp_path: Path):
    with pytest.raises(UserError, match="'stp'"):
        desk_of(tmp_path, NEAR).grant(ConsentBody("stp"))


def test_an_outbox_that_can_not_be_read_is_no_reason_to_tell_nothing(tmp_path: Path):
    (tmp_path / OUTBOX).write_bytes(b"?")
    assert desk_of(tmp_path).told().waiting == 0
