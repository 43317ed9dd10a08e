"""A session begins as each dialect has it."""

from edgewise.talk.realtime.ga import GA
from edgewise.talk.realtime.session import BY_HAND, SERVER_VAD
from edgewise.talk.realtime.stepfun import STEPFUN
from edgewise.talk.settings import TurnEnd


def test_openais_sessions_detect_turns_and_stepfuns_do_not():
    assert GA.begins == SERVER_VAD
    assert (SERVER_VAD.end, SERVER_VAD.silence_ms, SERVER_VAD.padding_ms) == (
        TurnEnd.SILENCE,
        500,
        300,
    )
    assert STEPFUN.begins == BY_HAND
    assert not BY_HAND.replies
