import pytest

from edgewise.think.understanding.home_media import read_control, read_play
from edgewise.think.understanding.home_names import cut
from edgewise.think.understanding.normalise import normalise
from tests.think.understanding.at_home import HOME, IN_DINING_ROOM


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("skip this track on the speaker", {"action": "next", "player": "Speaker"}),
        ("next song", {"action": "next", "area": "Dining Room"}),
        ("go back to the previous track", {"action": "previous", "area": "Dining Room"}),
        ("pause the music in the bathroom", {"action": "pause", "area": "Bathroom"}),
        ("speaker resume", {"action": "play", "player": "Speaker"}),
        ("继续 speaker", {"action": "play", "player": "Speaker"}),
        ("浴室 跳到下一首歌", {"action": "next", "area": "浴室"}),
        ("pause the washing machine", None),
        ("pause the speaker when the phone rings", None),
    ],
)
def test_players_are_told_what_to_do(text: str, arguments: dict[str, str] | None):
    assert read_control(cut(normalise(text).plain, IN_DINING_ROOM), IN_DINING_ROOM) == arguments


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("play Blue Train on the speaker", {"query": "Blue Train", "player": "Speaker"}),
        ("play the album Blue Train", {"query": "Blue Train", "kind": "album"}),
        ("play the Dark Water tv show in the bathroom",
         {"query": "Dark Water", "kind": "tv_show", "area": "Bathroom"}),
        ("play Songs in the Key of Life", {"query": "Songs in the Key of Life"}),
        ("play some music", None),
        ("play", None),
    ],
)  # fmt: skip
def test_what_to_play_stays_as_it_was_written(text: str, arguments: dict[str, str] | None):
    assert read_play(normalise(text), HOME) == arguments
