"""Who is left to choose from: by the rules, by what each can, and now."""

from msgspec.structs import replace

from edgewise.core.endpoint import Health
from edgewise.core.place import Mode, Way
from edgewise.route.choice import best_of, choice_of, device_named, rounded, routing_by
from tests.route.questions import FAR, NEAR, POLICY, YES, YES_FAR, question

THIRD = replace(NEAR, name="third")
TWO = {"endpoints": (THIRD, NEAR), "consents": (YES, replace(YES, recipient="third"))}


def test_each_circle_is_part_of_the_one_before():
    small = replace(NEAR, name="third", languages=("zh",))
    asked = question(
        endpoints=(NEAR, FAR, small),
        consents=(YES, replace(YES, recipient="third")),
        health=(Health("near", open=True),),
    )
    choice = choice_of(asked, POLICY)
    assert [one.name for one in choice.allowed] == ["near", "third"]
    assert [one.name for one in choice.able] == ["near"]
    assert choice.usable == ()
    assert choice.device
    assert choice.forbidden["far"]


def test_in_device_only_and_after_a_no_no_cloud_is_left():
    for changes in ({"mode": Mode.DEVICE_ONLY}, {"declined": True}):
        assert choice_of(question(**changes), POLICY).allowed == ()


def test_a_yes_leaves_only_the_cloud_that_it_named():
    both = question(endpoints=(NEAR, FAR), consents=(YES, YES_FAR), agreed=True)
    choice = choice_of(replace(both, agreed_to="far"), POLICY)
    assert [one.name for one in choice.usable] == ["far"]
    void = choice_of(replace(both, agreed_to="gone"), POLICY)
    assert (void.question.agreed, void.question.agreed_to) == (False, "")


def test_the_cheapest_comes_first_and_the_next_is_the_runner_up():
    slow = (Health("third", p50_s=9.0),)
    choice = choice_of(question(**TWO, health=slow), replace(POLICY, of_second=1.0))
    best = best_of(choice, choice.usable)
    assert best == NEAR
    routing = routing_by(choice, Way.CLOUD, best)
    assert (routing.endpoint, routing.runner_up) == ("near", "third")
    assert best_of(choice, ()) is None


def test_the_device_is_the_runner_up_where_no_other_cloud_is():
    choice = choice_of(question(), POLICY)
    assert device_named(choice) == "device"
    assert routing_by(choice, Way.CLOUD, NEAR).runner_up == "device"
    assert routing_by(choice, Way.DEVICE, None).runner_up == "near"
    alone = choice_of(question(mode=Mode.CLOUD_ONLY), POLICY)
    assert device_named(alone) == ""


def test_numbers_are_compared_as_they_are_recorded():
    assert rounded(0.50004) == rounded(0.5)
    assert rounded(0.5001) > rounded(0.5)
