"""What the stores add to a row themselves."""

from edgewise.device.phone.collections import stamp


def test_the_time_of_first_writing_is_kept_when_a_row_changes():
    assert stamp("phone.lists", {"item": "x"}, {"at": 5.0}, 9.0)["at"] == 5.0


def test_a_paused_timer_has_not_started():
    row = stamp("phone.alarms", {"duration_s": 60, "state": "paused"}, None, 9.0)
    assert "started_at" not in row


def test_a_timer_that_goes_on_starts_now():
    before = {"duration_s": 60, "state": "paused", "at": 1.0}
    row = stamp("phone.alarms", {"duration_s": 60, "state": "set"}, before, 9.0)
    assert (row["at"], row["started_at"]) == (1.0, 9.0)


def test_a_message_that_came_in_is_not_sent():
    assert "status" not in stamp("phone.messages", {"direction": "in"}, None, 9.0)
