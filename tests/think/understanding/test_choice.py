from edgewise.think.understanding.choice import begins_choice, offers_choice
from tests.each_row import each_row


@each_row(
    "text",
    ["open the window or the sunroof", "开窗还是开空调好", "开窗还是不开窗", "打开主驾车窗还是关上",
     "close the trunk or leave it open"],
)  # fmt: skip
def test_two_deeds_or_things_offered_are_a_choice(text: str):
    assert offers_choice(text)


@each_row(
    "text",
    ["set the fan to 3 or 4", "open the window or at least crack it", "车窗还是关上吧",
     "turn on the ac or something", "打开车窗", "lock the doors or else"],
)  # fmt: skip
def test_two_values_and_afterthoughts_are_none(text: str):
    assert not offers_choice(text)


def test_a_choice_may_be_said_after_a_pause():
    assert begins_choice("or the sunroof")
    assert begins_choice("还是开空调好")
    assert not begins_choice("还是关上吧")
