"""Door locks, all or named."""

from edgewise.core.call import Missing


def lock(place: str) -> str:
    return f"Vehicle.Cabin.Door.{place}.IsLocked"


def test_locking_without_a_name_locks_every_door_or_none(meaning):
    resolved = meaning("door.lock", {"locked": True})
    assert len(resolved.effects) == 4
    assert {effect.value for effect in resolved.effects} == {True}
    assert resolved.atomic


def test_unlocking_a_named_door_unlocks_that_door_only(writes):
    place = lock("Row1.PassengerSide")
    changes = {lock("Row1.DriverSide"): True, place: True}
    assert writes("door.lock", {"locked": False, "doors": ["passenger"]}, changes) == {place: False}


def test_locking_never_means_unlocking(meaning):
    for locked in (True, False):
        every = {
            lock(f"Row{r}.{s}Side"): not locked for r in (1, 2) for s in ("Driver", "Passenger")
        }
        resolved = meaning("door.lock", {"locked": locked}, every)
        assert {effect.value for effect in resolved.effects} == {locked}
        assert resolved.data["state"] == ("locked" if locked else "unlocked")


def test_whether_to_lock_is_asked_and_never_guessed(meaning):
    assert isinstance(meaning("door.lock", {"doors": ["driver"]}), Missing)
