"""What waits to be answered, by who said it."""

from edgewise.talk.owing import Owed, Owing


def test_what_one_person_said_waits_as_one_request_and_others_by_themselves():
    owing = Owing()
    assert not owing
    for owed in (Owed(("a",), 0), Owed(("b",), 1), Owed(("c",), 0), Owed(("a", "d"), 0)):
        owing.add(owed)
    assert owing
    assert owing.next() == Owed(("a", "c", "d"), 0)
    assert owing.next() == Owed(("b",), 1)
    assert not owing


def test_what_one_said_can_be_dropped_without_the_others():
    owing = Owing()
    owing.add(Owed(("a",), 0))
    owing.add(Owed(("b",), 1))
    owing.drop(0)
    assert owing.next() == Owed(("b",), 1)
    owing.add(Owed(("c",), 2))
    owing.drop()
    assert not owing
