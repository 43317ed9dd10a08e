import pytest

from edgewise.cloud.conversation import Conversation
from edgewise.cloud.refusal import Refused

IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}


def test_system_texts_at_the_start_become_one_message():
    told = Conversation()
    told.system("a")
    told.system("b")
    told.user("hi")
    told.system("c")
    assert [(message["role"], message["content"]) for message in told.messages()] == [
        ("system", "a\n\nb"),
        ("user", "hi"),
        ("system", "c"),
    ]


def test_a_turn_holds_its_text_and_all_its_calls_and_results_follow_in_the_calls_order():
    told = Conversation()
    told.user("weather?")
    told.assistant("Looking.")
    told.call("c1", "f", '{"a":1}', place="p1")
    told.call("c2", "f", "", place="p2")
    told.result("c2", "two", place="r2")
    told.result("c1", "one", place="r1")
    told.assistant("Done.")
    messages = told.messages()
    assert [message["role"] for message in messages] == [
        "user",
        "assistant",
        "tool",
        "tool",
        "assistant",
    ]
    assert messages[1]["content"] == "Looking."
    assert [made["function"]["arguments"] for made in messages[1]["tool_calls"]] == [
        '{"a":1}',
        "{}",
    ]
    assert [message["content"] for message in messages[2:4]] == ["one", "two"]


def test_two_answers_in_a_row_stay_two_messages():
    told = Conversation()
    told.assistant("a")
    told.assistant("b")
    assert [message["content"] for message in told.messages()] == ["a", "b"]


def test_reasoning_is_given_back_only_after_the_last_word_of_the_user():
    told = Conversation()
    told.user("one")
    told.think("old")
    told.assistant("1")
    told.user("two")
    told.think("new")
    told.call("c", "f", "{}", place="p")
    told.result("c", "r", place="p")
    messages = told.messages()
    assert "reasoning_content" not in messages[1]
    assert messages[3]["reasoning_content"] == "new"


def test_images_of_a_result_follow_in_a_message_of_the_user():
    told = Conversation()
    told.call("c", "look", "{}", place="p")
    told.result("c", "", images=(IMAGE,), place="p")
    assert told.messages()[1:] == [
        {"role": "tool", "tool_call_id": "c", "content": "(its images follow)"},
        {"role": "user", "content": [{"type": "text", "text": "Images of the call c:"}, IMAGE]},
    ]


@pytest.mark.parametrize("arguments", ["{", "[]", '"a"', "nothing"])
def test_arguments_that_are_no_object_are_refused_by_their_place(arguments: str):
    with pytest.raises(Refused) as caught:
        Conversation().call("c", "f", arguments, place="input[3]")
    assert caught.value.status == 400
    assert caught.value.problem.param == "input[3].arguments"


def test_malformed_arguments_that_the_server_kept_do_not_wedge_the_conversation():
    told = Conversation()
    told.call("c", "f", '{"a', place="p", ours=True)
    told.result("c", "bad arguments", place="p")
    (made,) = told.messages()[0]["tool_calls"]
    assert made["function"]["arguments"] == '{"malformed_arguments":"{\\"a"}'


def test_calls_and_results_must_match_one_to_one():
    told = Conversation()
    with pytest.raises(Refused, match=r"a: no call 'x' comes before it"):
        told.result("x", "r", place="a")
    told.call("x", "f", "{}", place="b")
    with pytest.raises(Refused, match=r"b: the call 'x' has no result"):
        told.messages()
    with pytest.raises(Refused, match=r"c: the call 'x' is there twice"):
        told.call("x", "f", "{}", place="c")
    told.result("x", "r", place="d")
    with pytest.raises(Refused, match=r"e: the call 'x' has two results"):
        told.result("x", "r", place="e")
