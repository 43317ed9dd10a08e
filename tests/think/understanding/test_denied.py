from edgewise.act.catalogue import builtin_catalogue
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.denied import is_denied
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import normalise
from tests.each_row import each_row

KNOWN = Known(builtin_catalogue().capabilities)


def denied(name: str, text: str) -> bool:
    KNOWN.warm()
    clause = normalise(text)
    return is_denied(KNOWN, name, strip_courtesy(clause), clause, clause)


@each_row(
    ("name", "text"),
    [
        ("trunk.set", "don't open the trunk"),
        ("roof.set", "keep the sunroof closed"),
        ("climate.set_power", "别把空调关了"),
        ("window.set", "you don't need to close the windows"),
        ("call.dial", "please do not call anyone"),
        ("seat.set_massage", "spare me the seat massage"),
        ("nav.edit_route", "no more stops please"),
        ("nav.edit_route", "别加途经点"),
        ("climate.set_power", "先不着急开空调"),
        ("window.set", "不希望你打开车窗"),
        ("trunk.set", "under no circumstances open the trunk"),
        ("window.set", "请勿打开车窗"),
        ("window.set", "打开车窗绝对不行"),
    ],
)
def test_an_order_to_leave_a_thing_as_it_is_is_denied(name: str, text: str):
    assert denied(name, text)


@each_row(
    ("name", "text"),
    [
        ("trunk.set", "open the trunk"),
        ("seat.set_heat_vent", "座椅不用加热了"),
        ("message.send", "tell mom don't wait for me"),
        ("media.play", "play don't stop me now"),
        ("nav.edit_route", "不要走高速"),
        ("device.set_setting", "打开勿扰模式"),
    ],
)
def test_words_of_denial_that_end_something_or_are_told_or_sung_deny_nothing(name: str, text: str):
    assert not denied(name, text)
