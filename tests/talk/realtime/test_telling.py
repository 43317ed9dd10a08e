"""Speech, what was heard of it, and items, as a client is told of them."""

from edgewise.core.words import Language
from edgewise.talk.events import (
    Hearing,
    ItemAdded,
    ItemDeleted,
    NotTranscribed,
    Overheard,
    SpeechStarted,
    SpeechStopped,
    Transcribed,
    Who,
)
from edgewise.talk.item import Item
from tests.talk.realtime.wire import Wire, types

WANTED = {"input": {"transcription": {"model": "any"}}}
HEARD = "conversation.item.input_audio_transcription"


def test_speech_begins_and_ends_with_its_times():
    started, stopped = Wire().happen(SpeechStarted("i", 320), SpeechStopped("i", 1800))
    assert (started["audio_start_ms"], stopped["audio_end_ms"]) == (320, 1800)


def test_partial_words_are_told_once_two_looks_agree_and_the_rest_at_the_end():
    wire = Wire()
    wire.update(type="realtime", audio=WANTED)
    told = wire.happen(
        Hearing("i", "open the"),
        Hearing("i", "open the window"),
        Hearing("i", "open the windows please"),
        Transcribed("i", "open the windows, please", Language.ENGLISH, 0.9, 1.5),
    )
    assert types(told) == [f"{HEARD}.delta"] * 2 + [f"{HEARD}.completed"]
    assert "".join(event.get("delta", "") for event in told) == "open the windows, please"
    assert told[-1]["transcript"] == "open the windows, please"
    assert told[-1]["usage"] == {"type": "duration", "seconds": 1.5}


def test_what_was_heard_is_told_to_who_asks_for_it_and_always_in_stepfuns_words():
    heard = Transcribed("i", "hi", Language.ENGLISH, 0.9, 0.5)
    assert Wire().happen(heard) == []
    assert types(Wire(beta=True).happen(heard))[-1] == f"{HEARD}.completed"


def test_sound_that_could_not_be_read_says_why():
    wire = Wire()
    wire.update(type="realtime", audio=WANTED)
    (failed,) = wire.happen(NotTranscribed("i", "model_missing", "install it"))
    assert failed["error"]["code"] == "model_missing"


def test_what_was_not_said_to_the_agent_is_thrown_away():
    assert types(Wire().happen(Overheard("i", "no_wake_word"))) == ["input_audio_buffer.cleared"]


def test_items_are_told_as_they_are_and_one_that_is_gone_is_not():
    wire = Wire()
    wire.talk.items = (Item("i", Who.PERSON, "hi"),)
    added, done = wire.happen(ItemAdded("i", "h"))
    assert added["item"] == done["item"]
    assert added["previous_item_id"] == "h"
    assert wire.happen(ItemAdded("gone", "")) == []
    (deleted,) = wire.happen(ItemDeleted("i"))
    assert deleted["item_id"] == "i"
