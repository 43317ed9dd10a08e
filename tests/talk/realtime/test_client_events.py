"""A message is an event of a known name, or an error that says which there are."""

import json

import pytest

from edgewise.talk.realtime.client_events import BY_NAME, read_event
from edgewise.talk.realtime.problem import Problem


def test_an_event_is_read_with_the_clients_id():
    kind, given, cause = read_event('{"type": "response.cancel", "event_id": "e1"}')
    assert (kind, cause) == ("response.cancel", "e1")
    assert BY_NAME[kind](given)


def test_an_unknown_name_is_answered_by_those_there_are_and_by_its_id():
    with pytest.raises(Problem) as refused:
        read_event('{"type": "response.pause", "event_id": "e1"}')
    assert (refused.value.code, refused.value.cause) == ("unknown_event", "e1")
    assert "response.cancel" in str(refused.value)


def test_an_id_that_is_too_long_is_refused():
    kind, given, cause = read_event(json.dumps({"type": "response.cancel", "event_id": "x" * 600}))
    assert len(cause) == 512
    with pytest.raises(Problem) as refused:
        BY_NAME[kind](given)
    assert refused.value.param == "event_id"
