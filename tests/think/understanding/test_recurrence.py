from edgewise.think.understanding.recurrence import repeat_of
from tests.each_row import each_row


@each_row(
    ("text", "wanted"),
    [
        ("wake me at quarter to seven on weekdays", ("weekdays", [])),
        ("工作日早上七点叫我起床", ("weekdays", [])),
        ("周一到周五七点", ("weekdays", [])),
        ("wake me every monday and thursday at 6:10", ("days", ["monday", "thursday"])),
        ("wake me on tuesdays at 7", ("days", ["tuesday"])),
        ("每周一和周四早上六点十分叫我", ("days", ["monday", "thursday"])),
        ("每周一三五七点叫我", ("days", ["monday", "wednesday", "friday"])),
        ("每个周末早上九点叫我", ("weekends", [])),
        ("wake me every weekend at 9 am", ("weekends", [])),
        ("wake me every day at 7", ("daily", [])),
        ("每天早上七点叫我", ("daily", [])),
        ("remind me weekly", ("weekly", [])),
        ("wake me on monday at 7", ("", [])),
        ("下周一七点叫我", ("", [])),
    ],
)
def test_how_often_and_on_which_days_is_read(text: str, wanted: tuple[str, list[str]]):
    assert repeat_of(text) == wanted
