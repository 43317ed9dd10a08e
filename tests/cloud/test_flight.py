"""What a request has used outlives the process, in whole and at every instant."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.cloud.flight import SLOT_BYTES, Facts, Flights
from edgewise.cloud.usage import Usage
from edgewise.errors import DeviceError


def facts(id: str = "req_1", **more: str) -> Facts:
    return Facts(id, 1.5, "org", "proj", "key", "", "chat", "fake", **more)


def left(file: Path) -> dict[str, tuple[Facts, Usage]]:
    """What another process finds in the file."""
    flights = Flights(file, 8)
    found = {one.id: (one, usage) for _, one, usage in flights.left_behind()}
    flights.close()
    return found


def test_what_was_counted_is_found_by_the_next_process(tmp_path: Path):
    flights = Flights(tmp_path / "f", 8)
    slot = flights.enter(facts())
    assert slot is not None
    flights.count(slot, Usage(12, 3, 2**40, 5))
    assert left(tmp_path / "f") == {"req_1": (facts(), Usage(12, 3, 2**40, 5))}


COUNTERS = st.builds(Usage, *[st.integers(0, 2**64 - 1)] * 4)
NAMES = st.text(st.characters(codec="utf-8"), max_size=30)


@given(st.lists(st.tuples(st.sampled_from("eucl"), st.integers(0, 9), COUNTERS, NAMES)))
@settings(deadline=None, max_examples=40)
def test_any_order_of_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, steps):
    file = tmp_path_factory.mktemp("flights") / "f"
    flights = Flights(file, 8)
    held: dict[int, tuple[Facts, Usage]] = {}
    for number, (what, which, usage, name) in enumerate(steps):
        slot = list(held)[which % len(held)] if held else None
        if what == "e":
            new = facts(f"req_{number}")
            taken = flights.enter(new)
            assert (taken is None) == (len(held) == 8)
            if taken is not None:
                held[taken] = (new, Usage())
        elif slot is not None and what == "u":
            new = facts(held[slot][0].id, backend=name, backend_model=name)
            flights.update(slot, new)
            held[slot] = (new, held[slot][1])
        elif slot is not None and what == "c":
            flights.count(slot, usage)
            held[slot] = (held[slot][0], usage)
        elif slot is not None:
            flights.leave(slot)
            del held[slot]
        assert flights.used == len(held)
    flights.close()
    assert left(file) == {one.id: (one, usage) for one, usage in held.values()}


def test_facts_that_change_never_leave_a_slot_without_them(tmp_path: Path):
    flights = Flights(tmp_path / "f", 8)
    slot = flights.enter(facts())
    assert slot is not None
    before = flights._map[:]
    flights.update(slot, facts(backend="up"))
    after = flights._map[:]
    flights.close()
    changed = [at for at in range(len(after)) if before[at] != after[at]]
    mark = slot * SLOT_BYTES
    for written in range(len(changed)):  # each prefix of the writes, the mark being the last
        order = [at for at in changed if at != mark][:written]
        cut = bytearray(before)
        for at in order:
            cut[at] = after[at]
        (tmp_path / "cut").write_bytes(cut)
        assert left(tmp_path / "cut")["req_1"][0] == facts()


def test_facts_too_long_for_a_slot_take_none(tmp_path: Path):
    flights = Flights(tmp_path / "f", 8)
    for _ in range(20):
        with pytest.raises(DeviceError):
            flights.enter(facts(trace="a" * SLOT_BYTES))
    assert flights.used == 0
    assert flights.enter(facts()) is not None


def test_a_slot_that_can_not_be_read_is_freed_and_the_others_are_found(tmp_path: Path):
    flights = Flights(tmp_path / "f", 8)
    first, second = flights.enter(facts("a")), flights.enter(facts("b"))
    assert first is not None
    assert second is not None
    at = first * SLOT_BYTES
    flights._map[at + 40 : at + 60] = b"\xc1" * 20
    flights.close()
    again = Flights(tmp_path / "f", 8)
    assert [one.id for _, one, _ in again.left_behind()] == ["b"]
    assert again.used == 1


def test_the_file_of_another_version_is_not_read(tmp_path: Path):
    (tmp_path / "f").write_bytes(b"edgewise flights 1\n" + bytes(4096))
    with pytest.raises(DeviceError, match="another version"):
        Flights(tmp_path / "f", 8)


FULL = """
import resource, signal, sys
from pathlib import Path
from edgewise.cloud.flight import Flights
from edgewise.errors import DeviceError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    Flights(Path(sys.argv[1]), 8)
except DeviceError as error:
    sys.exit(3)
"""


def test_a_disk_without_room_is_told_at_the_start(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "f")], check=False, timeout=60
    )
    assert done.returncode == 3


def test_the_blocks_of_the_file_are_taken_at_the_start(tmp_path: Path):
    Flights(tmp_path / "f", 100).close()
    state = os.stat(tmp_path / "f")
    assert state.st_blocks * 512 >= state.st_size == 101 * SLOT_BYTES
    assert resource.getpagesize() % 2048 == 0, "a slot lies within one page"
