"""What comes onto a screen: only what is known to be harmless at the wheel is taken for it."""

from typing import Any

import pytest

from edgewise.act.exposure import classes_of
from tests.each_row import each_row
from tests.safety.situation import GEAR, IDLING, MOVING, PARKED, facts_of, judge, snapshot

MEDIA = "Vehicle.Cabin.Infotainment.Media."
SCREEN = "phone.screen"


def shown(kind: object, *states: dict[str, Any]) -> str:
    return judge(facts_of([(SCREEN, {"app": "x", "kind": kind})], snapshot(*states)))


@pytest.mark.rule(14, 15, 16)
@each_row(
    ("kind", "moving", "idling"),
    [
        ("audio", "allow", "allow"),
        ("map", "allow", "allow"),
        ("clock", "allow", "allow"),
        ("weather", "allow", "allow"),
        ("settings", "deny R15-typing-moving", "allow"),
        ("phone", "deny R15-typing-moving", "allow"),
        ("tool", "deny R15-typing-moving", "allow"),
        ("chat", "deny R16-text-moving", "allow"),
        ("mail", "deny R16-text-moving", "allow"),
        ("browser", "deny R14-video-driving", "deny R14-video-driving"),
        ("video", "deny R14-video-driving", "deny R14-video-driving"),
        ("camera", "deny R14-video-driving", "deny R14-video-driving"),
        ("game", "deny R14-video-driving", "deny R14-video-driving"),
    ],
)
def test_an_app_is_opened_at_the_wheel_as_its_kind_allows(kind: str, moving: str, idling: str):
    assert shown(kind, MOVING) == moving
    assert shown(kind, IDLING) == idling
    assert shown(kind, PARKED) == "allow"


@pytest.mark.rule(14, 15)
@each_row(
    "kind", ["视频", "videos", "keyboard", "Movie", "tv", "", None, 7, ["audio"], {"audio": 1}]
)
def test_an_app_of_an_unknown_kind_may_be_anything(kind: object):
    assert shown(kind, MOVING).startswith("deny")
    classes = classes_of(SCREEN, {"app": "x", "kind": kind}, None)
    assert {"video", "screen.setup"} <= set(classes)


@pytest.mark.rule(14, 15)
@each_row("value", ["YouTube", True, ["x"], {"app": "x", "kind": "map", "url": "y"}])
def test_a_screen_that_is_no_row_of_an_app_may_be_anything(value: object):
    assert {"video", "screen.setup"} <= set(classes_of(SCREEN, value, None))


@pytest.mark.rule(20)
def test_no_app_comes_up_over_the_rear_image():
    assert shown("map", IDLING, {GEAR: -1}) == "deny R20-rear-image"
    assert shown("map", {GEAR: None}) == "deny R20-rear-image"
    closed = facts_of([(SCREEN, None)], snapshot(IDLING, {GEAR: -1}))
    assert judge(closed) == "allow"


@pytest.mark.rule(14)
@each_row(
    ("uri", "video"),
    [
        ("http://x/a.mp4?x", True),
        ("https://x/a.MP4#t=3", True),
        ("https://youtube.com/watch?v=1", True),
        ("https://x/watch?f=a.mp3", True),
        ("VIDEO", True),
        ("TV", True),
        ("rtmp://live/tv", True),
        ("rtsp://x/song.mp3", True),
        ("bilibili://av1", True),
        ("content://media/video/12", True),
        ("library:t1/../film", True),
        ("video:3", True),
        ("file:///x.MKV", True),
        (7, True),
        ({"uri": "library:t1"}, True),
        ("https://x/song.mp3?x=1", False),
        ("https://x/song.mp3", False),
        ("file:///music/song.FLAC", False),
        ("library:t1", False),
        ("", False),
    ],
)
def test_an_address_is_video_unless_it_is_clearly_sound(uri: object, video: bool):
    assert ("video" in classes_of(MEDIA + "SelectedURI", uri, None)) is video
    if not isinstance(uri, dict):
        assert ("video" in classes_of("phone.player.current", uri, None)) is video
        assert ("video" in classes_of("phone.player.current", {"uri": uri}, None)) is video


@pytest.mark.rule(14)
@each_row(
    ("value", "video"),
    [
        ({"kind": "video"}, True),
        ({"kind": "clip", "uri": "library:t1"}, True),
        ({"kind": "song", "uri": "library:t1", "stream": "x"}, True),
        ({"kind": "song", "uri": "bilibili://av1"}, True),
        ({"kind": "song", "uri": "library:t1", "state": "playing"}, False),
        ({"state": "paused"}, False),
    ],
)
def test_a_row_of_the_player_is_video_unless_it_is_clearly_sound(value: object, video: bool):
    assert ("video" in classes_of("phone.player.current", value, None)) is video


@pytest.mark.rule(14)
@each_row(
    ("source", "video"),
    [("FM", False), ("BLUETOOTH", False), ("TV", True), ("DVD", True), ("HDMI", True), (1, True)],
)
def test_a_source_is_video_unless_it_is_known_for_sound(source: object, video: bool):
    assert ("video" in classes_of(MEDIA + "Played.Source", source, None)) is video


def test_play_pause_and_volume_show_nothing():
    for name, value in (("Action", "PLAY"), ("Volume", 30), ("Played.PlaybackRate", 1.0)):
        assert classes_of(MEDIA + name, value, None) == ("media.set",)
    assert "unclassified" in classes_of(MEDIA + "Action", "MIRROR_PHONE", None)


@pytest.mark.rule(14)
@each_row(
    ("now", "end"),
    [
        ({MEDIA + "SelectedURI": "https://films.example/1.mp4"}, "deny R14-video-driving"),
        ({MEDIA + "SelectedURI": "library:t1"}, "allow"),
        ({MEDIA + "SelectedURI": "", MEDIA + "Played.Source": "TV"}, "deny R14-video-driving"),
        ({MEDIA + "SelectedURI": "", MEDIA + "Played.Source": "FM"}, "allow"),
    ],
)
def test_what_was_chosen_while_parked_goes_on_at_the_wheel_only_if_it_is_sound(
    now: dict[str, Any], end: str
):
    play = [(MEDIA + "Action", "PLAY")]
    assert judge(facts_of(play, snapshot(now, MOVING))) == end
    assert judge(facts_of(play, snapshot(now, PARKED))) == "allow"
    assert judge(facts_of([(MEDIA + "Action", "STOP")], snapshot(now, MOVING))) == "allow"
