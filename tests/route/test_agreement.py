"""Two answers agree or not where that can be told for certain; else likeness says little."""

import pytest

from edgewise.route.agreement import agreement, is_certain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paris.", "paris"),
        ("3 + 4 = 7 eggs\n#### 7", "That is 3 + 4 = 7 eggs."),
        ("\\boxed{D}\n\nBecause of it.", "The answer is \\boxed{D}. It is so."),
        ("42", "The answer is 42."),
    ],
)
def test_the_same_result_is_full_agreement(one: str, other: str) -> None:
    assert agreement(one, other, 0.2) == agreement(other, one, 0.2) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 + 4 = 7 eggs\n#### 7", "That is 3 + 5 = 8 eggs."),
        ("\\boxed{A}", "The answer is \\boxed{C}."),
        ("Yes, it does.", "No."),
        ("是的", "不是，它不会。"),
        ("", "Something."),
    ],
)
def test_another_result_is_none_however_like_the_texts(one: str, other: str) -> None:
    assert agreement(one, other, 0.95) == agreement(other, one, 0.95) == 0.0


@pytest.mark.parametrize("likeness", [-0.2, 0.0, 0.5, 1.0, 1.2])
def test_likeness_alone_is_never_certain(likeness: float) -> None:
    long = "It was built in 1889 for a fair, and people have liked it ever since, as you may know."
    found = agreement(long, "A tower in Paris that Gustave Eiffel's company built.", likeness)
    assert 0.0 < found < 1.0
    assert not is_certain(found)
    assert is_certain(0.0)
    assert is_certain(1.0)
