"""Texts about the same lie near each other, a slip of the finger hardly moves one."""

import io

import numpy as np
import pytest

from edgewise.errors import ModelError
from edgewise.think.sentence_vector import Known, load_known, load_sentence_vectors


def likeness(one: str, other: str) -> float:
    vectors = load_sentence_vectors()
    a, b = vectors(one), vectors(other)
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def test_the_same_subject_is_nearer_than_another() -> None:
    asked = "Play some jazz music in the living room"
    assert likeness(asked, "put on a song by that band") > likeness(asked, "what is 7 times 9")
    assert likeness("播放一首歌", "放点音乐") > likeness("播放一首歌", "七乘九等于多少")


def test_a_word_with_a_slip_is_read_as_meant() -> None:
    right = "which planet has the strongest magnetic field"
    for slip in ("palnet", "plannet", "plaet"):
        assert likeness(right, right.replace("planet", slip)) == pytest.approx(1.0)


def test_a_text_without_words_lies_nowhere() -> None:
    assert not load_sentence_vectors()("  \n").any()


def test_the_nearest_are_named_in_order() -> None:
    known = Known(np.eye(3, dtype=np.float32), np.array([1, 0, 0.5], np.float32), "abc")
    outcome, near, ids = known.nearest([0.9, 0.1, 0.2], 2)
    assert (outcome, ids) == (0.75, ("a", "c"))
    assert near == pytest.approx(0.9 / np.sqrt(0.86))
    assert known.nearest([1, 0, 0], 9)[0] == 0.5


def test_a_file_that_holds_nothing_known_is_refused() -> None:
    with pytest.raises(ModelError, match="eval route --scorer"):
        load_known(io.BytesIO(b"nothing"))
