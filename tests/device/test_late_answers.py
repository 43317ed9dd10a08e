"""What came of a question lies sealed, is told once, and goes when it is dropped or was read."""

from pathlib import Path

from edgewise.device.late_answers import FILE, KEPT_S, LateAnswers, Outcome, Talk
from edgewise.testing.clock import ManualClock

TALK = Talk("t1", "s", question="CANARY asked", answer="CANARY said")


def outcome(key: str = "t1") -> Outcome:
    return Outcome(key, "step", "answered", 1.0, 2.0)


def test_words_lie_sealed_and_come_back(tmp_path: Path):
    answers = LateAnswers(tmp_path, ManualClock())
    assert answers.all() == ()
    assert answers.add(outcome(), TALK)
    assert answers.talk("t1") == TALK
    assert b"CANARY" not in (tmp_path / FILE).read_bytes()
    assert LateAnswers(tmp_path, ManualClock()).talk("t1") == TALK


def test_the_first_of_a_key_stays(tmp_path: Path):
    answers = LateAnswers(tmp_path, ManualClock())
    assert answers.add(outcome(), TALK)
    assert not answers.add(outcome(), Talk(answer="another"))
    assert answers.talk("t1") == TALK
    assert len(answers.all()) == 1


def test_each_is_told_once_by_whoever_comes_first(tmp_path: Path):
    answers, others = LateAnswers(tmp_path, ManualClock()), LateAnswers(tmp_path, ManualClock())
    answers.add(outcome(), TALK)
    assert [answers.tell("t1"), others.tell("t1"), answers.tell("t2")] == [True, False, False]
    assert [others.read("t1"), answers.read("t1")] == [True, False]


def test_what_was_read_is_forgotten_after_a_week_and_what_was_not_is_not(tmp_path: Path):
    clock = ManualClock()
    answers = LateAnswers(tmp_path, clock)
    answers.add(outcome("t1"), TALK)
    answers.add(outcome("t2"), TALK)
    answers.read("t1")
    clock.advance(KEPT_S - 1)
    assert len(answers.all()) == 2
    clock.advance(1)
    answers.all()
    assert [one.key for one in answers.all()] == ["t2"]


def test_what_is_removed_leaves_no_trace(tmp_path: Path):
    answers = LateAnswers(tmp_path, ManualClock())
    answers.add(outcome("t1"), TALK)
    answers.add(outcome("t2"), TALK)
    assert (answers.remove("t1"), answers.remove("t1"), answers.remove()) == (1, 0, 1)
    assert b"step" not in (tmp_path / FILE).read_bytes()


def test_another_key_opens_nothing(tmp_path: Path):
    answers = LateAnswers(tmp_path, ManualClock())
    answers.add(outcome(), TALK)
    (tmp_path / "outbox.key").unlink()
    assert LateAnswers(tmp_path, ManualClock()).talk("t1") is None
