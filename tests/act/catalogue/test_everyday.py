"""Alarms, lists, settings, files, places, sums: what they do with the phone's rows."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.act.catalogue import alarm, app, device, file, info, nav
from edgewise.act.catalogue import list as lists
from edgewise.act.catalogue.calculate import calculate, chinese_number, shown
from edgewise.act.catalogue.rows import EXAMPLE_NOW
from edgewise.act.catalogue.units import convert
from edgewise.core.call import Call, Effect, Impossible, Missing, Resolved
from edgewise.core.label import OriginKind, label_of
from edgewise.core.signal import Snapshot, snapshot_of
from edgewise.device.phone.sample import sample_rows
from tests.each_row import each_row

WALL = datetime.fromisoformat(EXAMPLE_NOW).timestamp()


def world(**more: object) -> Snapshot:
    values = {**sample_rows(WALL), "session.language": "en", **more}
    return snapshot_of(values, wall=WALL)


def asked(capability: str, **arguments: object) -> Call:
    return Call("t1", capability, dict(arguments), label_of(OriginKind.VOICE, "driver"))


def test_a_timer_holds_its_length_and_no_clock():
    found = alarm.manage(asked("alarm.manage", op="set", kind="timer", duration=600), world())
    assert isinstance(found, Resolved)
    assert found.effects == (
        Effect("phone.alarms.t1", {"kind": "timer", "state": "set", "label": "",
                                   "duration_s": 600.0}),
    )  # fmt: skip


def test_a_time_that_has_passed_is_asked_about():
    found = alarm.manage(asked("alarm.manage", op="set", time="2026-11-23T09:00"), world())
    assert isinstance(found, Missing)
    assert found.argument == "time"


def test_a_timer_tells_what_is_left():
    row = {"id": "1", "kind": "timer", "state": "set", "duration_s": 600, "started_at": WALL - 90}
    found = alarm.manage(
        asked("alarm.manage", op="query", kind="timer"), world(**{"phone.alarms": [row]})
    )
    assert isinstance(found, Resolved)
    assert "8 min 30 s left" in found.data["said"]


def test_pausing_a_timer_keeps_what_is_left_of_it():
    row = {"id": "1", "kind": "timer", "state": "set", "duration_s": 600, "started_at": WALL - 90}
    found = alarm.manage(asked("alarm.manage", op="pause"), world(**{"phone.alarms": [row]}))
    assert isinstance(found, Resolved)
    paused = found.effects[0].value
    assert (paused["state"], paused["duration_s"]) == ("paused", 510.0)
    assert "started_at" not in paused


def test_cancelling_one_of_several_asks_and_the_choice_then_names_it():
    found = alarm.manage(asked("alarm.manage", op="cancel", kind="alarm"), world())
    assert isinstance(found, Missing)
    chosen = alarm.manage(
        asked("alarm.manage", op="cancel", kind="alarm", label=found.choices[0]), world()
    )
    assert isinstance(chosen, Resolved)
    assert [effect.value for effect in chosen.effects] == [None]


def test_an_alarm_is_moved_to_another_time_and_keeps_the_rest():
    row = {"id": "a", "kind": "alarm", "state": "set", "label": "", "repeat": "daily",
           "time": "2026-11-24T07:00"}  # fmt: skip
    found = alarm.manage(
        asked("alarm.manage", op="change", kind="alarm", new_time="2026-11-24T08:30"),
        world(**{"phone.alarms": [row]}),
    )
    assert isinstance(found, Resolved)
    (effect,) = found.effects
    assert effect.target == "phone.alarms.a"
    assert effect.value == row | {"time": "2026-11-24T08:30"}


def test_a_timer_is_given_another_length_and_begins_again():
    row = {"id": "a", "kind": "timer", "state": "set", "label": "", "duration_s": 600.0,
           "started_at": 1.0}  # fmt: skip
    found = alarm.manage(
        asked("alarm.manage", op="change", kind="timer", duration=1200),
        world(**{"phone.alarms": [row]}),
    )
    assert isinstance(found, Resolved)
    assert found.effects[0].value["duration_s"] == 1200
    assert "started_at" not in found.effects[0].value


def test_of_several_alarms_the_time_that_it_has_now_says_which_is_moved():
    rows = [{"id": i, "kind": "alarm", "state": "set", "label": "", "repeat": "once",
             "time": f"2026-11-24T0{i}:00"} for i in (7, 8)]  # fmt: skip
    state = world(**{"phone.alarms": rows})
    to = {"op": "change", "kind": "alarm", "new_time": "2026-11-24T09:00"}
    assert isinstance(alarm.manage(asked("alarm.manage", **to), state), Missing)
    found = alarm.manage(asked("alarm.manage", **to, time="2026-11-24T08:00"), state)
    assert isinstance(found, Resolved)
    assert [effect.target for effect in found.effects] == ["phone.alarms.8"]
    none = {"op": "change", "kind": "alarm"}
    missing = alarm.manage(asked("alarm.manage", **none, time="2026-11-24T08:00"), state)
    assert isinstance(missing, Missing)
    assert missing.argument == "new_time"
    past = {"op": "change", "kind": "alarm", "new_time": "2026-11-20T09:00"}
    assert isinstance(
        alarm.manage(asked("alarm.manage", **past), world(**{"phone.alarms": rows[:1]})), Missing
    )


@each_row(
    ("repeat", "after", "expected"),
    [
        ("daily", "2026-11-23T07:00", "2026-11-24T07:00"),
        ("weekdays", "2026-11-27T07:00", "2026-11-30T07:00"),
        ("weekly", "2026-12-20T08:00", "2026-12-21T07:00"),
        ("once", "2026-11-23T07:00", None),
    ],
)
def test_a_repeating_alarm_moves_to_its_next_time(repeat: str, after: str, expected: str | None):
    row = {"time": "2026-11-23T07:00", "repeat": repeat}
    assert alarm.next_ring(row, datetime.fromisoformat(after)) == expected


@each_row(
    ("repeat", "time", "first"),
    [
        # It is Monday, 2026-11-23, 10:00.
        ({"repeat": "weekdays"}, "2026-11-28T06:45", "2026-11-30T06:45"),
        ({"repeat": "weekdays"}, "2026-11-23T06:45", "2026-11-24T06:45"),
        ({"repeat": "weekends"}, "2026-11-23T09:00", "2026-11-28T09:00"),
        (
            {"repeat": "days", "days": ["monday", "thursday"]},
            "2026-11-30T06:10",
            "2026-11-26T06:10",
        ),
        ({"repeat": "days", "days": ["monday"]}, "2026-11-30T18:00", "2026-11-23T18:00"),
        ({"repeat": "daily"}, "2026-11-23T07:00", "2026-11-24T07:00"),
    ],
)
def test_the_first_ring_is_on_one_of_its_days(
    repeat: dict[str, object], time: str, first: str
) -> None:
    now = datetime(2026, 11, 23, 10)
    assert (
        alarm.first_ring(repeat, datetime.fromisoformat(time), now).isoformat("T", "minutes")
        == first
    )


def test_an_alarm_of_several_days_tells_them_and_moves_on_to_the_next():
    found = alarm.manage(
        asked("alarm.manage", op="set", time="2026-11-26T06:10", repeat="days",
              days=["monday", "thursday"]), world()
    )  # fmt: skip
    assert isinstance(found, Resolved)
    row = found.effects[0].value
    assert "every Monday and Thursday" in found.data["said"]
    after = datetime.fromisoformat(row["time"])
    assert datetime.fromisoformat(alarm.next_ring(row, after)).weekday() in (0, 3)


@each_row("words", ["", "the", "list", "the list", "清单", "我的清单", "购物清单"])
def test_the_list_that_is_not_named_is_the_shopping_list(words: str):
    assert lists.list_key(words) == "shopping"


def test_several_items_become_rows_and_what_is_listed_is_not_doubled():
    found = lists.manage(
        asked("list.manage", op="add", list="购物清单", item="面包、牛奶、盐"), world()
    )
    assert isinstance(found, Resolved)
    assert [(e.target, e.value["item"]) for e in found.effects] == [
        ("phone.lists.t1", "面包"),
        ("phone.lists.t1-1", "盐"),
    ]


def test_airplane_mode_turns_the_radios_off_and_says_so_to_the_policy():
    found = device.set_setting(asked("device.set_setting", key="airplane_mode", on=True), world())
    assert isinstance(found, Resolved)
    assert found.facts == ("radio_off",)
    assert {e.target for e in found.effects if e.value is False} >= {"phone.settings.wifi"}


def test_a_switch_is_not_set_to_a_percentage():
    found = device.set_setting(asked("device.set_setting", key="wifi", value=30), world())
    assert isinstance(found, Missing)
    assert found.argument == "on"


@pytest.mark.parametrize("to", ["../secrets", "a/../../b"])
def test_a_file_does_not_leave_its_folders(to: str):
    found = file.change(asked("file.change", op="move", path="report.pdf", to=to), world())
    assert isinstance(found, Missing)


def test_a_taken_path_is_refused():
    found = file.change(
        asked("file.change", op="copy", path="insurance.pdf", to="Documents"), world()
    )
    assert isinstance(found, Impossible)
    assert found.code == "file_exists"


@each_row(
    ("name", "kind"),
    [("方块游戏", "game"), ("Settings", "settings"), ("浏览器", "browser"), ("时钟", "clock")],
)
def test_opening_an_app_tells_the_policy_its_kind(name: str, kind: str):
    found = app.open_app(asked("app.open", name=name), world())
    assert isinstance(found, Resolved)
    (effect,) = found.effects
    assert effect.value["kind"] == kind


ROUTE = {
    "destination": {"id": "p3", "name": "外滩", "latitude": 31.24, "longitude": 121.49},
    "via": [{"id": "p6", "name": "静安寺", "latitude": 31.2236, "longitude": 121.4452}],
    "preference": "fastest",
}


def test_a_route_is_not_edited_when_there_is_none():
    found = nav.edit_route(asked("nav.edit_route", op="add_stop", place="静安寺"), world())
    assert isinstance(found, Impossible)
    assert found.code == "no_route"


def test_removing_the_only_destination_is_told_to_the_policy():
    only = {**ROUTE, "via": []}
    found = nav.edit_route(
        asked("nav.edit_route", op="remove_stop", place="外滩"), world(**{"nav.route": only})
    )
    assert isinstance(found, Resolved)
    assert "nav.only_destination" in found.facts


def test_removing_the_destination_makes_the_last_stop_the_destination():
    found = nav.edit_route(
        asked("nav.edit_route", op="remove_stop", place="the destination"),
        world(**{"nav.route": ROUTE}),
    )
    assert isinstance(found, Resolved)
    assert found.effects[0].value["destination"]["name"] == "静安寺"
    assert found.facts == ("route_active", "nav.edit")


def test_route_figures_are_said_to_be_estimates():
    found = nav.get_route_info(
        asked("nav.get_route_info", kind="time"), world(**{"nav.route": ROUTE})
    )
    assert isinstance(found, Resolved)
    assert "estimate" in found.data["said"]
    assert 5 <= found.data["distance_km"] <= 10


def test_the_nearest_is_taken_and_several_are_asked_about():
    near = nav.set_destination(asked("nav.set_destination", place="最近的充电站"), world())
    assert isinstance(near, Resolved)
    assert near.effects[0].value["destination"]["name"] == "静安快充站"
    several = nav.set_destination(asked("nav.set_destination", place="充电站"), world())
    assert isinstance(several, Missing)
    assert len(several.choices) == 5


def test_the_position_is_the_vehicles_before_the_phones():
    here = {"Vehicle.CurrentLocation.Latitude": 31.1443,
            "Vehicle.CurrentLocation.Longitude": 121.8083}  # fmt: skip
    found = nav.share_location(asked("nav.share_location", recipient="mom"), world(**here))
    assert isinstance(found, Resolved)
    assert found.effects[0].value["body"] == "I am here: 31.144,121.808"


@each_row(
    ("expression", "value"),
    [
        ("12 times 7", "84"), ("0.1 + 0.2", "0.3"), ("what is 2 plus 3 times 4", "14"),
        ("(2+3)*4", "20"), ("15 percent of 80", "12"), ("80的百分之15是多少", "12"),
        ("三百加二十五等于多少", "325"), ("10除以4", "2.5"), ("square root of 144", "12"),
        ("144的平方根", "12"), ("5 squared", "25"), ("2的10次方", "1024"), ("1,000 - 1", "999"),
        ("-3 + 5", "2"), ("1/3", "0.3333333333"), ("2^3^2", "512"),
    ],
)  # fmt: skip
def test_sums_are_exact_in_both_languages(expression: str, value: str):
    assert shown(calculate(expression)) == value


@each_row(
    "expression", ["", "2 +", "__import__('os')", "9" * 301, "9^9999", "2 3", "(1", "0/0", "sqrt"]
)
def test_what_is_no_sum_is_refused_with_words(expression: str):
    with pytest.raises((ValueError, ZeroDivisionError)):
        calculate(expression)
    found = info.compute(asked("info.compute", kind="math", expression=expression), world())
    assert isinstance(found, Impossible | Missing)


@given(st.text(max_size=60))
def test_no_text_breaks_the_calculator(text: str):
    found = info.compute(asked("info.compute", kind="math", expression=text), world())
    assert isinstance(found, Impossible | Missing | Resolved)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_sums_agree_with_python(a: int, b: int):
    assert calculate(f"{a} + ({b}) * 3") == Decimal(a + b * 3)


@each_row(
    ("text", "number"),
    [
        ("二十五", 25),
        ("三千零六", 3006),
        ("十", 10),
        ("两万零三", 20003),
        ("一亿", 10**8),
        ("甲", None),
    ],
)
def test_chinese_numerals_are_read(text: str, number: int | None):
    assert chinese_number(text) == number


@each_row(
    ("value", "unit", "to", "expected"),
    [
        ("10", "miles", "kilometers", "16.09344"), ("100", "fahrenheit", "celsius", "37.7778"),
        ("0", "摄氏度", "华氏度", "32"), ("1", "斤", "克", "500"), ("36", "km/h", "m/s", "10"),
        ("2.5", "bar", "psi", "36.2594"),
    ],
)  # fmt: skip
def test_units_are_converted(value: str, unit: str, to: str, expected: str):
    places = len(expected.partition(".")[2])
    assert shown(convert(Decimal(value), unit, to), places) == expected


def test_unlike_units_are_refused_by_name():
    with pytest.raises(ValueError, match="kg measures mass"):
        convert(Decimal(1), "kg", "m")


def running(number: int, **more: object) -> dict[str, object]:
    return {"id": f"t{number}", "kind": "timer", "state": "set", "label": "", "duration_s": 600.0,
            "started_at": WALL - 60} | more  # fmt: skip


def test_a_timer_is_made_longer_and_still_known_by_the_length_it_was_set_for():
    found = alarm.manage(
        asked("alarm.manage", op="extend", kind="timer", duration=120, length=600),
        world(**{"phone.alarms": [running(1), running(2, duration_s=900.0)]}),
    )
    assert isinstance(found, Resolved)
    row = found.effects[0].value
    assert (row["id"], row["duration_s"], row["length_s"]) == ("t1", 720.0, 600.0)
    assert row["started_at"] == WALL - 60
    again = alarm.manage(
        asked("alarm.manage", op="pause", length=600), world(**{"phone.alarms": [row]})
    )
    assert isinstance(again, Resolved)


def test_a_timer_is_not_made_shorter_than_what_is_left():
    rows = {"phone.alarms": [running(1)]}
    found = alarm.manage(asked("alarm.manage", op="shorten", duration=540), world(**rows))
    assert isinstance(found, Impossible)
    assert found.code == "too_short"
    shorter = alarm.manage(asked("alarm.manage", op="shorten", duration=60), world(**rows))
    assert isinstance(shorter, Resolved)
    assert shorter.effects[0].value["duration_s"] == 540.0


def test_a_timer_is_meant_by_its_room():
    rows = {"phone.alarms": [running(1, area="Attic"), running(2, area="Cellar")]}
    found = alarm.manage(asked("alarm.manage", op="cancel", area="cellar"), world(**rows))
    assert isinstance(found, Resolved)
    assert found.effects == (Effect("phone.alarms.t2", None),)
