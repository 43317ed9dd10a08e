from edgewise.think.understanding.shapes_told import event_shape, message_shape, moves
from tests.each_row import each_row


@each_row(
    ("text", "moved"),
    [
        ("move the meeting to 4", True), ("could you reschedule the standup", True),
        ("把会议改到四点", True),
        ("schedule a shift change at 3", False), ("add an event change of guard", False),
    ],
)  # fmt: skip
def test_an_event_is_moved_by_the_verb_of_the_clause(text: str, moved: bool):
    assert moves(text) is moved


def test_by_how_much_an_event_is_moved_is_not_how_long_it_lasts():
    given: dict[str, object] = {"event": "review", "duration": 3600}
    assert event_shape(dict(given), "push the review back by an hour") == {"event": "review"}
    assert event_shape(dict(given), "add a review of an hour") == given


@each_row(
    ("recipient", "text", "found"),
    [
        ("mom on WhatsApp", "text mom on whatsapp hi", {"recipient": "mom", "app": "whatsapp"}),
        ("Bob", "text bob on signal that i am late", {"recipient": "Bob", "app": "signal"}),
        ("Bob", "text bob on signal hill that i am late", {"recipient": "Bob"}),
        ("妈妈用微信", "给妈妈用微信发消息", {"recipient": "妈妈", "app": "wechat"}),
    ],
)  # fmt: skip
def test_an_app_is_no_part_of_who_shall_read_a_message(
    recipient: str, text: str, found: dict[str, object]
):
    assert message_shape({"recipient": recipient}, text) == found
