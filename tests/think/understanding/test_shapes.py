from edgewise.think.understanding.shapes import SHAPES


def test_a_song_request_keeps_only_what_names_it():
    assert SHAPES["media.play"]({"query": "周杰伦的歌", "kind": "artist"}, "播放周杰伦的歌") == {
        "query": "周杰伦",
        "kind": "artist",
    }
    assert SHAPES["media.play"]({"query": "music", "kind": "song"}, "play music") == {}


def test_a_spoken_number_is_dialled_as_digits():
    assert SHAPES["call.dial"]({"contact": "400 820 1234"}, "") == {"number": "4008201234"}
    assert SHAPES["call.dial"]({"contact": "幺二零"}, "") == {"number": "120"}
    assert SHAPES["call.dial"]({"contact": "mom"}, "call mom") == {"contact": "mom"}


def test_arithmetic_keeps_only_its_expression():
    found = SHAPES["info.compute"]({"expression": "5 plus 7", "value": 5}, "what is 5 plus 7")
    assert found == {"kind": "math", "expression": "5 plus 7"}


def test_heating_a_mirror_does_not_fold_it():
    assert SHAPES["mirror.set"]({"heat": True, "fold": True}, "关闭后视镜加热") == {"heat": True}
