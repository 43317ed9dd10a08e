"""What the voice benchmark makes of what it saw."""

import pytest

from benchmarks.bench_voice import COMMANDS, GOALS, NOISE_PEAK, Seen, Times, results_of, room_noise
from edgewise.core.words import Language
from edgewise.talk.events import Cleared, ReplySound


def test_the_goals_are_judged_by_the_median_and_the_longest():
    times = Times([0.5, 0.6, 2.0], [0.4, 0.5, 0.5], [0.3, 0.4, 0.9], [0.1, 0.2], right=3, said=3)
    met = {result.metric: result.met for result in results_of(Language.ENGLISH, times)}
    assert met["en: end of speech to first sound, p50"] is True
    assert met["en: speech to silence of the answer, longest"] is False
    assert met["en: start of speech to first partial, p50"] is True


def test_nothing_measured_is_no_figure():
    with pytest.raises(ValueError, match="nothing was measured"):
        results_of(Language.CHINESE, Times())


def test_what_came_first_counts():
    seen = Seen([(1.0, Cleared()), (2.0, ReplySound("r", "i", b"", "")), (3.0, Cleared())])
    assert seen.first(ReplySound) == 2.0
    assert seen.first(Cleared, ReplySound) == 1.0


def test_every_command_moves_something_of_the_car_and_two_people_say_them():
    for language in GOALS:
        assert all(command.signal.startswith("Vehicle.") for command in COMMANDS[language])
        assert len({command.voice for command in COMMANDS[language]}) == 2


def test_the_room_is_quiet():
    assert max(room_noise()[1::2]) in (0, 255)
    assert 0 < NOISE_PEAK < 100
