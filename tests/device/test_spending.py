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


def test_what_can_not_be_kept_is_told(tmp_path: Path):
    spending = Spending(tmp_path / "nowhere", ManualClock())
    with pytest.raises(DeviceError, match=r"spending\.json"):
        spending.add(0.1, 1)


def test_what_one_turn_sends_at_several_times_counts_as_one_turn(tmp_path: Path):
    spending = Spending(tmp_path, ManualClock())
    for turn in ("t1", "t2", "t1"):
        spending.add(0.1, 1, turn=turn)
    assert spending.today().turns == 2
