"""Where somebody speaks, and where a long sound is cut."""

from itertools import pairwise

from edgewise.perceive.speech_parts import pieces_of, spoken_part


def test_speech_is_taken_with_a_margin_on_both_sides():
    likely = [0.0] * 20 + [0.9] * 10 + [0.0] * 20
    assert spoken_part(likely, margin_frames=5) == (15, 35)
    assert spoken_part(likely, margin_frames=100) == (0, 50)


def test_where_nobody_speaks_there_is_no_part():
    assert spoken_part([], margin_frames=5) is None
    assert spoken_part([0.4] * 100, margin_frames=5) is None
    assert spoken_part([0.9] * 3, margin_frames=5) is None


def test_a_short_sound_is_one_piece():
    assert pieces_of([0.9] * 30, 0, 30, 100) == [(0, 30)]


def test_a_long_one_is_cut_at_the_pause_and_nothing_is_lost():
    likely = [0.9] * 70 + [0.0] * 12 + [0.9] * 100
    pieces = pieces_of(likely, 0, len(likely), 100)
    assert 70 < pieces[0][1] < 82
    assert pieces[0][0] == 0
    assert pieces[-1][1] == len(likely)
    assert all(a[1] == b[0] for a, b in pairwise(pieces))
    assert all(end - begin <= 100 for begin, end in pieces)
