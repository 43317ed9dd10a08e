"""Questions about the car: known values are told, unknown ones are said to be unknown."""

from edgewise.act.catalogue.vehicle import TOPIC_CHOICES
from edgewise.act.catalogue.vehicle_status import TOPICS
from edgewise.core.call import Impossible
from tests.each_row import each_row


def ask(meaning, topic, changes=None, **arguments):
    language = arguments.pop("language", "en")
    return meaning(
        "vehicle.get_status", {"topics": [topic], **arguments}, changes, language=language
    ).data


def test_every_topic_that_can_be_asked_is_known():
    assert {choice.value for choice in TOPIC_CHOICES} == set(TOPICS)


@each_row("topic", sorted(TOPICS))
def test_a_question_changes_nothing(meaning, topic):
    resolved = meaning("vehicle.get_status", {"topics": [topic]})
    assert resolved.effects == ()
    assert resolved.data["said"]


@each_row("topic", sorted(TOPICS))
def test_without_a_reading_nothing_is_guessed(meaning, car, topic):
    nothing = dict.fromkeys(car)
    said = ask(meaning, topic, nothing)["said"].casefold()
    assert "unknown" in said or "not every" in said
    said = ask(meaning, topic, nothing, language="zh")["said"]
    assert "未知" in said


def test_range_and_battery(meaning):
    assert ask(meaning, "range")["said"] == "The remaining range is 374 km."
    assert ask(meaning, "battery", language="zh")["said"] == "电量78%。"


def test_an_old_speed_is_unknown(car):
    from edgewise.act.catalogue.vehicle_status import speed
    from edgewise.core.signal import Reading, Snapshot

    fresh = Snapshot({"Vehicle.Speed": Reading(50.0, 99.5)}, 100.0, 0.0)
    assert speed(fresh, ())[0] == {"speed_km_h": 50.0}
    stale = Snapshot({"Vehicle.Speed": Reading(50.0, 98.0)}, 100.0, 0.0)
    assert speed(stale, ())[0] == {"speed_km_h": None}


def test_one_window_is_told_alone(meaning):
    place = "Vehicle.Cabin.Door.Row1.DriverSide.Window.Position"
    told = ask(meaning, "windows", {place: 30}, zone="driver", language="zh")
    assert told["said"] == "主驾车窗开了30%。"
    assert ask(meaning, "windows")["said"] == "All windows are closed."


def test_doors_that_differ_are_told_one_by_one(meaning):
    lock = "Vehicle.Cabin.Door.Row1.DriverSide.IsLocked"
    told = ask(meaning, "locks", {lock: True})
    assert told["said"].startswith("Driver door locked, front passenger door unlocked")
    assert ask(meaning, "locks", language="zh")["said"] == "车门都没有锁。"


def test_a_low_tyre_is_named(meaning):
    tyre = "Vehicle.Chassis.Axle.Row2.Wheel.Left.Tire.IsPressureLow"
    assert ask(meaning, "tyres", {tyre: True}, language="zh")["said"] == "左后轮胎胎压偏低。"
    assert ask(meaning, "tyres")["said"] == "Tyre pressures are fine, 250 kPa."


def test_lights_that_are_on_are_named(meaning):
    told = ask(meaning, "lights", {"Vehicle.Body.Lights.Fog.Rear.IsOn": True})
    assert "rear fog light" in told["said"]
    assert told["lights"]["fog_rear"] is True
    assert told["lights"]["low_beam"] is False


def test_several_topics_are_told_in_order(meaning):
    told = meaning("vehicle.get_status", {"topics": ["battery", "range"]}, language="zh").data
    assert told["said"] == "电量78%。剩余续航374公里。"


def test_explaining_without_a_manual_is_declined(meaning):
    declined = meaning("vehicle.explain", {"topic": "tyres"})
    assert isinstance(declined, Impossible)
    assert declined.code == "unavailable"
