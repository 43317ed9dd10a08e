"""What crosses the API about clouds is described where it is checked, and refuses what is wrong."""

import msgspec
import pytest

from edgewise.device import clouds_wire
from edgewise.device.wire import schemas


def test_every_body_and_reply_stands_in_the_document():
    _, components = schemas()
    for shape in ("ModeBody", "NetworkBody", "ConsentBody", "Clouds", "ConsentRows", "LeftOfTurn"):
        assert shape in components


@pytest.mark.parametrize(
    "body", [b"{}", b'{"mode":"cloud"}', b'{"mode":"ask","for":1}', b'{"mode":null}', b"[]"]
)
def test_a_mode_that_there_is_not_is_refused(body: bytes):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=clouds_wire.ModeBody)


def test_a_consent_is_the_least_unless_more_is_said():
    least = msgspec.json.decode(b'{"cloud":"step"}', type=clouds_wire.ConsentBody)
    assert (least.purpose, least.sensitive, least.crossing) == ("assist", False, False)
