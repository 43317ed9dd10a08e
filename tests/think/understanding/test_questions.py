from edgewise.think.understanding.questions import asked_of_list, reading_for


def test_a_question_about_a_thing_becomes_its_reading():
    assert reading_for("window.set", "车窗关了吗") == "vehicle.get_status"
    assert reading_for("climate.set_power", "空调开着吗") == "climate.read"
    assert reading_for("nav.set_destination", "how far is it") == "nav.get_route_info"


def test_what_has_no_reading_stays_open():
    assert reading_for("call.dial", "who called") is None
    assert reading_for("nav.set_destination", "is paris nice") is None


def test_lists_are_only_ever_queried_by_a_question():
    assert asked_of_list({"op": "clear", "list": "x"}) == {"op": "query", "list": "x"}
