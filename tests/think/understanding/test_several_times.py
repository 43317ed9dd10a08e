from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.several_times import times_apart
from tests.each_row import each_row
from tests.think.understanding.test_guards import understood


@each_row(
    ("text", "clauses"),
    [
        ("七点半和八点各定一个闹钟", ["七点半定一个闹钟", "八点定一个闹钟"]),
        ("明天早上七点、八点叫我", ["明天早上七点叫我", "明天早上八点叫我"]),
        ("set alarms for 7:30 and 8 am", ["set alarms for 7:30 am", "set alarms for 8 am"]),
        (
            "set an alarm for seven thirty and another one for eight",
            ["set an alarm for seven thirty", "set an alarm for eight"],
        ),
        ("set an alarm from 7 to 8", []),
        ("set an alarm for 7 and text mom", []),
        ("meet lisa at 7 and 8", []),
    ],
)
def test_each_time_makes_an_alarm_of_its_own(text: str, clauses: list[str]):
    assert [clause.plain for clause in times_apart(normalise(text))] == clauses


def test_two_alarms_in_one_sentence_are_both_set():
    calls = understood("wake me at 6 and 6:30 am tomorrow").calls
    assert [call.arguments["time"] for call in calls] == ["2026-11-24T06:00", "2026-11-24T06:30"]
