"""Turns: begun by speech, looked at in a pause, ended by silence, sense or the client."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.talk.settings import TurnEnd, Turns
from edgewise.talk.turn_taking import (
    FRAME_MS,
    LONGEST_TURN_MS,
    Decision,
    Paused,
    Resumed,
    Started,
    Stopped,
    TurnTaking,
)

SENSE = Turns()
SILENCE = Turns(end=TurnEnd.SILENCE, silence_ms=500)
some_turns = st.builds(
    Turns,
    end=st.sampled_from([TurnEnd.SENSE, TurnEnd.SILENCE]),
    threshold=st.floats(0, 1),
    padding_ms=st.integers(0, 2_000),
    silence_ms=st.integers(0, 2_000),
    longest_ms=st.integers(0, 4_000),
)
"""Stretches of frames alike, so that turns come about."""
some_sound = st.lists(
    st.tuples(st.sampled_from([0.0, 0.02, 0.3, 0.4, 0.6, 1.0]), st.integers(1, 40)), max_size=14
)


def feed(taking: TurnTaking, probability: float, length_ms: int) -> list[Decision]:
    made: list[Decision] = []
    for _ in range(length_ms // FRAME_MS):
        made += taking.feed(probability)
    return made


def test_silence_decides_nothing():
    assert feed(TurnTaking(SENSE), 0.1, 60_000) == []


def test_a_click_is_no_speech():
    taking = TurnTaking(SENSE)
    assert feed(taking, 1, 64) + feed(taking, 0, 64) + feed(taking, 1, 64) == []


def test_speech_starts_after_three_frames_of_it_with_the_padding_before():
    taking = TurnTaking(SENSE)
    feed(taking, 0, 640)
    assert feed(taking, 0.9, 96) == [Started(at_ms=640, begin_ms=340)]
    assert taking.speaking
    assert taking.keep_from_ms == 340


def test_the_padding_reaches_neither_before_the_sound_nor_into_the_turn_before():
    taking = TurnTaking(Turns(end=TurnEnd.SILENCE, padding_ms=500, silence_ms=200))
    assert feed(taking, 1, 96) == [Started(0, 0)]
    stopped = feed(taking, 0, 224)[-1]
    assert isinstance(stopped, Stopped)
    assert stopped.end_ms == 96
    assert feed(taking, 1, 96) == [Started(at_ms=320, begin_ms=96)]


def test_a_pause_asks_whether_the_turn_is_over_and_a_yes_ends_it_at_once():
    taking = TurnTaking(SENSE)
    feed(taking, 1, 960)
    assert feed(taking, 0, 224) == [Paused(1, at_ms=960, asks=True)]
    assert taking.answer(1, finished=0.9) == (Stopped(0, 960, known_ms=1_184, pause=1),)
    assert not taking.speaking


def test_a_no_waits_for_the_longest_silence():
    taking = TurnTaking(SENSE)
    feed(taking, 1, 960)
    feed(taking, 0, 224)
    assert taking.answer(1, finished=0.1) == ()
    assert feed(taking, 0, 1_248) == []
    assert feed(taking, 0, 32) == [Stopped(0, 960, known_ms=960 + 1_504, pause=1)]


def test_who_goes_on_after_a_pause_keeps_the_turn_and_a_late_yes_is_not_heard():
    taking = TurnTaking(SENSE)
    feed(taking, 1, 960)
    feed(taking, 0, 320)
    assert feed(taking, 1, 64) == [Resumed(1)]
    assert taking.answer(1, finished=1) == ()
    assert feed(taking, 0, 224) == [Paused(2, at_ms=1_344, asks=True)]
    assert taking.answer(1, finished=1) == ()
    assert taking.answer(2, finished=1) == (Stopped(0, 1_344, 1_568, 2),)


def test_a_click_within_a_pause_does_not_lengthen_it():
    taking = TurnTaking(SILENCE)
    feed(taking, 1, 960)
    feed(taking, 0, 160)
    feed(taking, 1, 32)
    made = feed(taking, 0, 320)
    assert made == [Paused(1, 960, asks=False), Stopped(0, 960, known_ms=1_472, pause=1)]


def test_silence_is_looked_at_early_though_it_ends_the_turn_later():
    taking = TurnTaking(SILENCE)
    feed(taking, 1, 320)
    assert feed(taking, 0, 224) == [Paused(1, 320, asks=False)]
    assert taking.answer(1, finished=1) == ()
    assert feed(taking, 0, 288) == [Stopped(0, 320, known_ms=832, pause=1)]


def test_speech_that_grows_faint_is_still_speech_and_faint_sound_alone_is_none():
    taking = TurnTaking(SILENCE)
    assert feed(taking, 0.4, 960) == []
    feed(taking, 0.6, 96)
    assert feed(taking, 0.4, 960) == []
    assert isinstance(feed(taking, 0.3, 512)[-1], Stopped)


def test_the_client_alone_ends_turns_where_it_said_so():
    taking = TurnTaking(Turns(end=TurnEnd.CLIENT))
    assert feed(taking, 1, 960) + feed(taking, 0, 9_600) == []
    assert taking.commit() == ()


def test_a_commit_ends_an_open_turn_and_only_that():
    taking = TurnTaking(SENSE)
    assert taking.commit() == ()
    feed(taking, 1, 320)
    assert taking.commit() == (Stopped(0, 320, known_ms=320, pause=0),)
    assert taking.commit() == ()


def test_what_was_cleared_is_no_part_of_the_next_turn():
    taking = TurnTaking(SENSE)
    feed(taking, 1, 320)
    taking.clear()
    assert not taking.speaking
    assert feed(taking, 1, 96) == [Started(at_ms=320, begin_ms=320)]


def test_new_settings_hold_from_the_next_frame():
    taking = TurnTaking(SENSE)
    feed(taking, 1, 320)
    taking.configure(SILENCE)
    assert isinstance(feed(taking, 0, 512)[-1], Stopped)


def test_a_turn_without_end_is_cut_and_loses_no_sound():
    taking = TurnTaking(SENSE)
    made = feed(taking, 1, LONGEST_TURN_MS + 960)
    started, stopped, again = made
    assert isinstance(stopped, Stopped)
    assert isinstance(started, Started)
    assert isinstance(again, Started)
    assert stopped.known_ms - stopped.begin_ms == LONGEST_TURN_MS
    assert again.begin_ms == stopped.end_ms


@settings(max_examples=200, deadline=None)
@given(some_turns, some_sound, st.lists(st.floats(0, 1), max_size=8))
def test_whatever_is_heard_turns_open_and_close_in_order_and_never_overlap(
    turns: Turns, sound: list[tuple[float, int]], answers: list[float]
):
    taking, told = TurnTaking(turns), list(answers)
    open_pause, is_open, ended_ms, kept_ms = 0, False, 0, 0
    for probability in [each for each, frames in sound for _ in range(frames)]:
        made = list(taking.feed(probability))
        if made and isinstance(made[-1], Paused) and told:
            made += taking.answer(made[-1].pause, told.pop())
        for one in made:
            match one:
                case Started(at_ms, begin_ms):
                    assert not is_open
                    assert max(ended_ms, kept_ms) <= begin_ms <= at_ms < taking.now_ms
                    is_open = True
                case Paused(pause, at_ms, _):
                    assert is_open
                    assert not open_pause
                    assert taking.now_ms - at_ms >= min(turns.silence_ms, 200)
                    open_pause = pause
                case Resumed(pause):
                    assert is_open
                    assert pause == open_pause
                    open_pause = 0
                case Stopped(begin_ms, end_ms, known_ms, pause):
                    assert is_open
                    assert begin_ms < end_ms <= known_ms == taking.now_ms
                    assert pause == open_pause
                    is_open, open_pause, ended_ms = False, 0, end_ms
        assert taking.speaking == is_open
        kept_ms = taking.keep_from_ms


@settings(max_examples=100, deadline=None)
@given(some_turns, some_sound)
def test_silence_ends_any_turn_by_the_longest_there_is(
    turns: Turns, sound: list[tuple[float, int]]
):
    if turns.threshold <= 0:
        return
    taking = TurnTaking(turns)
    for probability, frames in sound:
        feed(taking, probability, frames * FRAME_MS)
    feed(taking, 0, max(turns.silence_ms, turns.longest_ms) + 2 * FRAME_MS)
    assert not taking.speaking
