"""Only this process answers its own probe."""

import stat
from pathlib import Path

from edgewise.cloud.xiaozhi.probe import FILE, Probe


def test_another_process_answers_otherwise():
    one, other = Probe(), Probe()
    assert one.answer("word") == one.answer("word")
    assert len({one.answer("word"), other.answer("word"), one.answer("other")}) == 3


def test_the_probes_token_is_its_own():
    probe = Probe()
    assert probe.is_token(probe.token)
    assert not probe.is_token(Probe().token)
    assert not probe.is_token("")


def test_another_process_of_the_folder_knows_the_one_that_began_last(tmp_path: Path):
    assert Probe.of(tmp_path) is None
    before, running = Probe.begun(tmp_path), Probe.begun(tmp_path)
    beside = Probe.of(tmp_path)
    assert beside is not None
    assert beside.answer("word") == running.answer("word") != before.answer("word")
    assert running.is_token(beside.token)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_where_the_running_one_listens_is_kept_for_others(tmp_path: Path):
    for host, port in (("127.0.0.1", 18875), ("::", 1)):
        Probe.begun(tmp_path, host, port)
        beside = Probe.of(tmp_path)
        assert beside is not None
        assert (beside.host, beside.port) == (host, port)
    (tmp_path / FILE).write_bytes(bytes(32))
    of_before = Probe.of(tmp_path)
    assert of_before is not None
    assert (of_before.host, of_before.port) == ("", 0)


def test_no_word_is_answered_with_the_token():
    probe = Probe()
    assert not probe.token.endswith(probe.answer("token"))
