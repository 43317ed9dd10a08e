"""A player's own account of itself, read without trusting a single type in it."""

from typing import Any

from edgewise.device.desktop.player import LONGEST_TEXT, row_of
from tests.each_row import each_row


def test_a_player_is_a_row():
    properties = {
        "PlaybackStatus": "Playing",
        "Volume": 0.305,
        "CanGoPrevious": False,
        "Metadata": {"xesam:title": "Rain", "xesam:artist": ["A", "B"], "xesam:album": "Sky"},
    }
    assert row_of("vlc", properties) == {
        "id": "vlc",
        "status": "playing",
        "volume": 30,
        "title": "Rain",
        "artist": "A, B",
        "album": "Sky",
        "video": False,
        "cannot": ["previous"],
    }


@each_row("volume", ["loud", float("nan"), float("inf"), True, None, [0.5]])
def test_a_volume_that_is_no_number_is_unknown_and_can_not_be_set(volume: Any):
    row = row_of("x", {"Volume": volume})
    assert row["volume"] is None
    assert row["cannot"] == ["volume"]


@each_row("wrong", [None, 7, "text", ["a", 1], {"a": 1}])
def test_values_of_a_wrong_type_are_empty_and_never_an_error(wrong: Any):
    keys = ("xesam:title", "xesam:artist", "xesam:album", "xesam:url")
    row_of("x", {"PlaybackStatus": wrong, "Metadata": wrong, "CanPlay": wrong})
    row = row_of("x", {"Metadata": dict.fromkeys(keys, wrong)})
    assert all(isinstance(row[key], str) for key in ("title", "artist", "album"))


def test_an_unheard_of_state_is_unknown():
    assert row_of("x", {"PlaybackStatus": "Unlock"})["status"] is None


def test_long_titles_are_cut():
    row = row_of("x", {"Metadata": {"xesam:title": "a" * 9999, "xesam:artist": ["b" * 9999]}})
    assert (len(row["title"]), len(row["artist"])) == (LONGEST_TEXT, LONGEST_TEXT)


def test_a_film_is_known_by_its_address():
    assert row_of("x", {"Metadata": {"xesam:url": "file:///a/B.MKV"}})["video"] is True
    assert row_of("x", {"Metadata": {"xesam:url": "file:///a/b.flac"}})["video"] is False


def test_what_can_not_be_controlled_can_do_nothing():
    row = row_of("x", {"CanControl": False, "Volume": 1.0})
    assert row["cannot"] == ["play", "pause", "next", "previous", "stop", "volume"]
