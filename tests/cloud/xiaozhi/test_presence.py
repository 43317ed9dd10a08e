"""Who is connected, as the console shows it."""

from edgewise.cloud.xiaozhi.presence import Live, Presence


def test_a_device_is_there_until_it_leaves():
    presence = Presence()
    leave = presence.enter("dev", Live(1.0))
    assert presence.of("dev") == Live(1.0)
    assert len(presence) == 1
    leave()
    leave()
    assert presence.of("dev") is None
    assert len(presence) == 0


def test_a_connection_that_ends_late_takes_nothing_from_the_one_that_followed():
    presence = Presence()
    leave_first = presence.enter("dev", Live(1.0))
    leave_second = presence.enter("dev", Live(2.0))
    leave_first()
    shown = presence.of("dev")
    assert shown is not None
    assert shown.since == 2.0
    leave_second()
    assert presence.of("dev") is None
