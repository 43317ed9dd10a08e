"""A question about pictures: the device may have read enough, a cloud must see."""

from edgewise.core.place import Way
from edgewise.route.ability import cloud_lacks, device_lacks
from edgewise.route.pictures import PURPOSE, about_pictures
from edgewise.route.policy import DEFAULT
from edgewise.route.ways import way_to
from tests.route.questions import NEAR, question


def test_it_is_for_a_purpose_of_its_own_and_does_not_wait():
    asked = about_pictures(question(), 900)
    assert (asked.purpose, asked.score, asked.queueable) == (PURPOSE, None, False)
    assert asked.need.input_tokens == question().need.input_tokens + 900


def test_the_device_can_answer_from_what_it_read_and_a_blind_cloud_can_not():
    asked = about_pictures(question(), 900)
    assert device_lacks(asked) is None
    assert cloud_lacks(asked, NEAR) is not None


def test_the_whole_turn_goes_and_no_plan_is_made():
    assert way_to(NEAR, about_pictures(question(), 900), DEFAULT) is Way.CLOUD
