"""Only this process answers its own probe."""

from edgewise.cloud.xiaozhi.probe import Probe


def test_another_process_answers_otherwise():
    one, other = Probe(), Probe()
    assert one.answer("word") == one.answer("word")
    assert len({one.answer("word"), other.answer("word"), one.answer("other")}) == 3


def test_the_probes_token_is_its_own():
    probe = Probe()
    assert probe.is_token(probe.token)
    assert not probe.is_token(Probe().token)
    assert not probe.is_token("")
