"""An order on "it" is about the one thing that the remark before it names."""

from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.perceive.perceive import language_of
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.pronoun import with_thing
from tests.each_row import each_row
from tests.safety.test_four_ways import thinking


@each_row(
    ("remark", "order", "said"),
    [
        ("my finger is stuck in the window", "open it", "open the window"),
        ("the rear left window is open", "please shut it", "shut the rear left window"),
        ("副驾的窗户没关", "把它关上", "把关上副驾窗户"),
        ("后备箱没关", "关上它", "关上后备箱"),
        ("窗户开着呢", "关上吧", "关上窗户"),
    ],
)
def test_the_thing_of_the_remark_takes_the_place_of_the_pronoun(
    remark: str, order: str, said: str
) -> None:
    assert with_thing(normalise(order), remark).plain == said


@each_row(
    ("remark", "order"),
    [
        ("", "open it"),
        ("the window and the trunk are open", "close it"),
        ("what a day", "open it"),
        ("the window is open", "close the trunk"),
        ("everything except the window", "open it"),
        ("除了副驾的车窗", "打开"),
    ],
)
def test_where_no_one_thing_is_named_the_order_stays_as_it_is(remark: str, order: str) -> None:
    clause = normalise(order)
    assert with_thing(clause, remark) is clause


def test_the_heater_after_a_word_of_the_seat_is_the_seats() -> None:
    order = normalise("turn the heater off")
    assert with_thing(order, "my seat is boiling").plain == "turn the seat heating off"
    assert with_thing(order, "it is boiling in here") is order


@each_row(
    ("text", "opened"),
    [("my finger is stuck in the window, open it", "window.set"),
     ("手被车窗夹住了，快打开", "window.set")],
)  # fmt: skip
def test_who_is_caught_is_freed(text: str, opened: str) -> None:
    context = Context(language_of(text), label=label_of(OriginKind.TYPED), turn="t")
    calls = thinking().understand(text, context).calls
    assert [call.capability for call in calls] == ["dialog.control", opened]
    assert calls[0].arguments == {"action": "stop"}
    assert calls[1].arguments == {"percent": 100}
