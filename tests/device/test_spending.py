"""What clouds cost in a day is added up, ends with the day, and is no free pass when it is lost."""

from pathlib import Path

import pytest

from edgewise.device.spending import FILE, Spending
from edgewise.errors import DeviceError
from edgewise.testing.clock import ManualClock

DAY_S = 86_400.0


def test_what_is_spent_is_kept_and_ends_with_the_day(tmp_path: Path):
    clock = ManualClock()
    Spending(tmp_path, clock).add(0.25, 1_000)
    again = Spending(tmp_path, clock)
    again.add(0.5, 500)
    assert (again.today().left_money(1.0), again.today().left_bytes(2_000)) == (0.25, 500)
    assert (again.today().left_money(0.5), again.today().left_bytes(100)) == (0.0, 0)
    clock.advance(DAY_S)
    assert (again.today().left_money(1.0), again.today().left_bytes(2_000)) == (1.0, 2_000)


def test_a_clock_set_back_does_not_begin_the_day_anew(tmp_path: Path):
    clock = ManualClock()
    clock.advance(3 * DAY_S)
    Spending(tmp_path, clock).add(0.9, 0)
    assert Spending(tmp_path, ManualClock()).today().left_money(1.0) == pytest.approx(0.1)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"day": 5}', b"\xff"])
def test_a_damaged_account_lets_nothing_be_spent(tmp_path: Path, damage: bytes):
    (tmp_path / FILE).write_bytes(damage)
    spending = Spending(tmp_path, ManualClock())
    spending.add(0.1, 1)
    assert (spending.today().left_money(1.0), spending.today().left_bytes(10**9)) == (0.0, 0)


def test_what_could_not_be_counted_is_told_before_anything_leaves(tmp_path: Path):
    spending = Spending(tmp_path / "nowhere", ManualClock())
    with pytest.raises(DeviceError, match=r"spending\.json"):
        spending.check()
    assert spending.today().is_lost


@pytest.mark.parametrize("damage", [b"", b"\xff"])
def test_on_a_damaged_account_nothing_may_leave(tmp_path: Path, damage: bytes):
    (tmp_path / FILE).write_bytes(damage)
    with pytest.raises(DeviceError, match=r"spending\.json"):
        Spending(tmp_path, ManualClock()).check()
    assert (tmp_path / FILE).read_bytes() == damage


def test_what_the_disk_does_not_take_leaves_nothing_to_spend_until_it_is_written(tmp_path: Path):
    clock = ManualClock()
    spending = Spending(tmp_path, clock)
    spending.add(0.25, 1_000, turn="t1")
    (tmp_path / "spending.new").mkdir()  # nothing can be written in its place
    spending.add(0.25, 100, turn="t2")
    spending.add(0.125, 10, turn="t2")
    assert spending.today().is_lost
    assert (spending.today().left_money(9.0), spending.today().left_bytes(10**9)) == (0.0, 0)
    (tmp_path / "spending.new").rmdir()
    spent = spending.today()
    assert (spent.money, spent.size_bytes, spent.turns) == (0.625, 1_110, 2)
    assert Spending(tmp_path, clock).today() == spent


def test_what_was_not_written_ends_with_its_day_once_the_disk_is_mended(tmp_path: Path):
    clock = ManualClock()
    spending = Spending(tmp_path, clock)
    (tmp_path / "spending.new").mkdir()
    spending.add(0.25, 1_000)
    clock.advance(DAY_S)
    assert spending.today().is_lost
    (tmp_path / "spending.new").rmdir()
    assert (spending.today().money, spending.today().is_lost) == (0.0, False)


def test_what_one_turn_sends_at_several_times_counts_as_one_turn(tmp_path: Path):
    spending = Spending(tmp_path, ManualClock())
    for turn in ("t1", "t2", "t1"):
        spending.add(0.1, 1, turn=turn)
    assert spending.today().turns == 2
