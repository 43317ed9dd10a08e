"""A frame is what a reader of server-sent events takes apart again."""

from edgewise.web.frame import frame


def test_a_frame_has_its_id_and_name_before_its_data():
    assert frame(b'{"a":1}', event="turn", id="7") == b'id: 7\nevent: turn\ndata: {"a":1}\n\n'


def test_a_frame_without_name_is_data_alone():
    assert frame(b"{}") == b"data: {}\n\n"
