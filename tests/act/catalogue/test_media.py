"""Music: found by name, controlled by the car's player, volumes by stream."""

from edgewise.core.call import Impossible, Missing
from edgewise.core.label import OriginKind
from tests.each_row import each_row

MEDIA = "Vehicle.Cabin.Infotainment.Media"
LIBRARY = {
    "phone.library": [
        {"id": "1", "title": "夜曲", "artist": "周杰伦", "album": "十一月的萧邦", "kind": "song",
         "uri": "library:1", "playlists": ["自驾"]},
        {"id": "2", "title": "Hello", "artist": "Adele", "album": "25", "genre": "soul",
         "kind": "song", "uri": "library:2", "liked": True},
        {"id": "3", "title": "Up", "kind": "video", "uri": "video:3"},
    ]
}  # fmt: skip


@each_row(
    ("arguments", "uri"),
    [
        ({"query": "夜曲"}, "library:1"),
        ({"query": "hello", "kind": "song"}, "library:2"),
        ({"query": "Adele", "kind": "artist"}, "library:2"),
        ({"query": "Hello by Adele"}, "library:2"),
        ({"query": "周杰伦的夜曲"}, "library:1"),
        ({"query": "自驾", "kind": "playlist"}, "library:1"),
        ({"kind": "favourites"}, "library:2"),
    ],
)
def test_music_is_found_by_what_was_said(writes, arguments, uri):
    assert writes("media.play", arguments, LIBRARY) == {
        f"{MEDIA}.SelectedURI": uri,
        f"{MEDIA}.Action": "PLAY",
    }


def test_what_is_not_in_the_library_is_not_played(meaning):
    refused = meaning("media.play", {"query": "Nobody"}, LIBRARY)
    assert isinstance(refused, Impossible)
    assert refused.code == "not_found"


def test_a_title_carries_the_label_of_media(meaning):
    resolved = meaning("media.play", {"query": "夜曲"}, LIBRARY)
    assert [origin.kind for origin in resolved.label.origins] == [OriginKind.MEDIA]


def test_a_video_is_told_to_the_policy(meaning):
    assert meaning("media.play", {"query": "Up", "kind": "video"}, LIBRARY).facts == ("video",)
    film = {"query": "Up", "kind": "feature_film"}
    assert meaning("media.play", film, LIBRARY).facts == ("video",)
    assert meaning("media.play", {"query": "Up"}, LIBRARY).facts == ("video",)
    assert meaning("media.play", {"query": "夜曲"}, LIBRARY).facts == ()


def test_radio_and_sources(writes):
    assert writes("media.play", {"kind": "radio"}) == {
        f"{MEDIA}.Played.Source": "FM",
        f"{MEDIA}.Action": "PLAY",
    }
    assert writes("media.play", {"source": "usb"})[f"{MEDIA}.Played.Source"] == "USB"
    chosen = {f"{MEDIA}.SelectedURI": "library:1"}
    assert writes("media.play", {}, chosen) == {f"{MEDIA}.Action": "PLAY"}


def test_some_music_is_a_liked_song_when_nothing_was_chosen(writes, meaning):
    assert writes("media.play", {}, LIBRARY)[f"{MEDIA}.SelectedURI"] == "library:2"
    for capability, arguments in (("media.play", {}), ("media.control", {"action": "play"})):
        refused = meaning(capability, arguments)
        assert isinstance(refused, Impossible)
        assert refused.code == "nothing_to_play"


def test_a_genre_is_found_in_the_other_language(writes):
    arguments = {"query": "灵魂乐", "kind": "genre"}
    assert writes("media.play", arguments, LIBRARY)[f"{MEDIA}.SelectedURI"] == "library:2"


def test_one_seat_cannot_have_its_own_sound(meaning):
    assert isinstance(meaning("media.play", {"zone": "rear"}), Impossible)


def test_a_skip_is_sent_again_although_the_last_one_was_the_same(writes):
    changes = {f"{MEDIA}.Action": "SKIP_FORWARD"}
    assert writes("media.control", {"action": "next"}, changes) == changes
    assert writes("media.control", {"action": "pause"}, changes) == {f"{MEDIA}.Action": "STOP"}


def test_what_the_player_lacks_is_said(meaning, writes):
    path = "Vehicle.Edgewise.Media.Repeat"
    assert writes("media.control", {"action": "repeat_one"}, {path: "OFF"}) == {path: "ONE"}
    assert isinstance(meaning("media.control", {"action": "seek"}), Missing)


def test_volumes_by_stream(writes, meaning):
    volume = f"{MEDIA}.Volume"
    assert writes("media.set_volume", {"level": 50}) == {volume: 50}
    assert writes("media.set_volume", {"delta": -10}) == {volume: 20}
    assert writes("media.set_volume", {"level": "max"}) == {volume: 100}
    assert writes("media.set_volume", {"stream": "navigation", "level": 10}) == {
        "Vehicle.Cabin.Infotainment.Navigation.Volume": 10
    }
    assert isinstance(meaning("media.set_volume", {"level": 10, "mute": True}), Impossible)
    assert isinstance(meaning("media.set_volume", {"level": 101}), Impossible)


def test_muting_keeps_the_volume_where_the_car_can_mute(writes):
    muted = "Vehicle.Edgewise.Media.IsMuted"
    assert writes("media.set_volume", {"mute": True}, {muted: False}) == {muted: True}
    assert writes("media.set_volume", {"delta": 10}, {muted: True}) == {
        f"{MEDIA}.Volume": 40,
        muted: False,
    }


def test_what_is_playing_is_told_or_unknown(meaning):
    playing = {f"{MEDIA}.Played.URI": "library:1", **LIBRARY}
    told = meaning("media.get_info", {}, playing, language="zh")
    assert "夜曲" in told.data["said"]
    assert told.label is not None
    assert "未知" in meaning("media.get_info", {}, language="zh").data["said"]


def test_liking_the_song_that_plays(writes, meaning):
    playing = {f"{MEDIA}.Played.URI": "library:1", **LIBRARY}
    effects = writes("media.library_edit", {"op": "like"}, playing)
    assert effects["phone.library.1"]["liked"] is True
    assert effects["phone.library.1"]["title"] == "夜曲"
    assert meaning("media.library_edit", {"op": "like", "item": "Hello"}, LIBRARY).effects == ()
    assert isinstance(meaning("media.library_edit", {"op": "like"}, LIBRARY), Impossible)


def test_playlists(writes, meaning):
    arguments = {"op": "add", "item": "Hello", "list": "party"}
    added = writes("media.library_edit", arguments, LIBRARY)
    assert added["phone.library.2"]["playlists"] == ["party"]
    arguments = {"op": "remove", "item": "夜曲", "list": "自驾"}
    assert writes("media.library_edit", arguments, LIBRARY)["phone.library.1"]["playlists"] == []
    assert isinstance(
        meaning("media.library_edit", {"op": "add", "item": "Hello"}, LIBRARY), Missing
    )


def test_a_player_of_a_home_is_not_the_device_itself(meaning):
    for name, arguments in (
        ("media.play", {"query": "Hello", "player": "Speaker"}),
        ("media.control", {"action": "pause", "area": "Attic"}),
        ("media.set_volume", {"level": 10, "area": "Attic"}),
    ):
        refused = meaning(name, arguments, LIBRARY)
        assert isinstance(refused, Impossible)
        assert refused.code == "no_player"
