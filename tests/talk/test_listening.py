"""Sound that is not committed, and where in it somebody speaks."""

from edgewise.talk.listening import Listening
from edgewise.talk.settings import TurnEnd, Turns
from edgewise.talk.turn_taking import Started
from tests.talk.fakes import Frames, quiet, speech

BYTES_PER_MS = 32


def listening(end: TurnEnd = TurnEnd.SENSE) -> Listening:
    return Listening(Frames(), Turns(end=end))


def test_sound_of_any_length_is_the_same_sound():
    whole, pieces = listening(), listening()
    sound = quiet(640) + speech(320)
    decisions = whole.feed(sound)
    found = [d for i in range(0, len(sound), 98) for d in pieces.feed(sound[i : i + 98])]
    assert found == decisions
    assert isinstance(found[0], Started)


def test_quiet_is_forgotten_except_what_pads_the_next_speech():
    ears = listening()
    for _ in range(100):
        ears.feed(quiet(1000))
        ears.forget()
    assert ears.length_s < 0.5
    (started,) = ears.feed(speech(96))
    assert isinstance(started, Started)
    ears.forget()
    sound = ears.sound(started.begin_ms)
    assert sound.data.endswith(speech(96))
    assert sound.length_s >= 0.39


def test_all_sound_of_a_client_that_commits_is_kept():
    ears = listening(TurnEnd.CLIENT)
    assert ears.feed(quiet(1000) + speech(1000)) == []
    ears.forget()
    assert ears.take().length_s > 1.9
    assert ears.length_s == 0


def test_it_is_full_after_two_minutes():
    ears = listening(TurnEnd.CLIENT)
    ears.feed(quiet(119_000))
    assert not ears.is_full
    ears.feed(quiet(2_000))
    assert ears.is_full


def test_how_long_speech_was_counts_no_silence():
    ears = listening()
    ears.feed(quiet(96) + speech(128) + quiet(192))
    assert ears.voiced_until_ms == 96 + 128


def test_cleared_sound_is_no_part_of_what_is_taken_later():
    ears = listening(TurnEnd.CLIENT)
    ears.feed(speech(320, 1))
    ears.clear()
    ears.feed(speech(320, 2))
    assert ears.take().data == speech(320, 2)
