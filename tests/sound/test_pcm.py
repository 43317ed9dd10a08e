"""Samples and how long they last."""

from edgewise.sound.pcm import Pcm, interleaved, silence


def test_length_follows_from_samples_and_rate():
    sound = Pcm(bytes(48_000), 24_000)
    assert (sound.samples, sound.length_s) == (24_000, 1.0)


def test_a_cut_keeps_whole_samples_within_what_is_there():
    sound = Pcm(bytes(range(8)), 4)
    assert sound.cut(0.25, 0.75).data == bytes(range(2, 6))
    assert sound.cut(-1, 99) == sound
    assert sound.cut(0.5).data == bytes(range(4, 8))


def test_silence_lasts_as_long_as_asked():
    assert silence(0.5, 8_000) == Pcm(bytes(8_000), 8_000)


def test_sounds_in_turn_are_as_long_as_the_longest():
    one, other = Pcm(b"a1a2a3"), Pcm(b"b1b2")
    assert interleaved([one, other]) == b"a1b1a2b2a3\0\0"
    assert interleaved([one]) == one.data
