from edgewise.think.understanding.shapes_media import MEDIA_SHAPES


def test_a_song_request_keeps_only_what_names_it():
    assert MEDIA_SHAPES["media.play"](
        {"query": "周杰伦的歌", "kind": "artist"}, "播放周杰伦的歌"
    ) == {
        "query": "周杰伦",
        "kind": "artist",
    }
    assert MEDIA_SHAPES["media.play"]({"query": "music", "kind": "song"}, "play music") == {}


def test_favourites_are_played_without_a_name():
    arguments = {"kind": "favourites", "query": "my favourites"}
    assert MEDIA_SHAPES["media.play"](arguments, "play my favourites") == {"kind": "favourites"}
