"""Of an adviser's words nothing is told that could stand beside a question or be a claim."""

from edgewise.cloud.xiaozhi.advice import Advice
from edgewise.core.words import Language


def advice(**more: bool) -> Advice:
    return Advice(Language.ENGLISH, "why is the sky blue", **more)


def test_an_answer_is_told_a_sentence_at_a_time():
    words = advice()
    assert (
        words.feed("Blue light is scattered most. And").strip() == "Blue light is scattered most."
    )
    assert (words.feed(" so on.") + words.finish()).strip() == "And so on."


def test_words_before_a_call_are_dropped_with_it():
    words = advice()
    assert words.feed("Sure, let me turn it on. ") == ""
    assert words.called()
    assert words.finish() == ""


def test_once_words_are_out_nothing_may_be_called():
    words = advice()
    assert words.feed("Blue light is scattered most. ")
    assert not words.called()


def test_behind_a_call_what_it_claims_to_have_done_is_left_out():
    words = advice()
    assert words.called()
    assert words.feed("I turned on the lamp. Good night.") == ""
    assert words.finish() == "Good night."


def test_in_a_turn_that_asks_it_says_nothing():
    words = advice()
    words.called()
    words.asked = True
    words.feed("Just say yes, it is only music.")
    assert words.finish() == ""


def test_a_claim_without_a_call_is_told_to_be_none():
    words = advice()
    words.feed("I have turned on the lamp.")
    assert "changed nothing" in words.finish()


def test_where_only_calls_are_wanted_words_alone_are_not_told():
    words = advice(only_calls=True)
    assert words.feed("Blue light is scattered most. ") == ""
    assert words.finish() == ""
    assert words.called()
