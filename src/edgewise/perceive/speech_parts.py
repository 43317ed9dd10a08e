"""Where in a sound somebody speaks, and how it is cut into pieces that a recogniser takes. Pure.

It reads the probabilities of speech of each frame (`voice_activity.py`), so that noise and music
are not given to a model that would find words in them.
"""

from collections.abc import Sequence

SPEECH = 0.5
LEAST_FRAMES = 4
"""Less speech than this (0.13 s) is no word."""


def spoken_part(likely: Sequence[float], *, margin_frames: int) -> tuple[int, int] | None:
    """The first frame and the one behind the last that hold all speech, with a margin; None where
    nobody speaks."""
    speech = [at for at, one in enumerate(likely) if one >= SPEECH]
    if len(speech) < LEAST_FRAMES:
        return None
    return max(0, speech[0] - margin_frames), min(len(likely), speech[-1] + 1 + margin_frames)


def pieces_of(
    likely: Sequence[float], begin: int, end: int, longest_frames: int
) -> list[tuple[int, int]]:
    """The frames from `begin` to `end` in pieces of at most `longest_frames`: each is cut where the
    least is said in its second half."""
    pieces: list[tuple[int, int]] = []
    while end - begin > longest_frames:
        first = begin + longest_frames // 2
        cut = min(range(first, begin + longest_frames), key=lambda at: _near(likely, at))
        pieces.append((begin, cut))
        begin = cut
    return [*pieces, (begin, end)]


def _near(likely: Sequence[float], at: int) -> float:
    return sum(likely[max(0, at - 4) : at + 5])
