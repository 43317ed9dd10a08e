import pytest

from edgewise.testing.upstream.directive import Directive, directive_for
from edgewise.testing.upstream.refusal import Rejected


def test_the_message_wins_over_a_header_and_a_header_over_the_upstreams_own():
    own = Directive(tokens=1, delay_ms=1, first_ms=1)
    headers = [(b"x-test-tokens", b"2"), (b"x-test-delay-ms", b"2.5"), (b"host", b"x")]
    found, text = directive_for(own, headers, 'Say {"test": {"tokens": 3}} hello')
    assert found == Directive(tokens=3, delay_ms=2.5, first_ms=1)
    assert text == "Say  hello"


def test_words_in_a_header_need_no_quotes():
    found, _ = directive_for(Directive(), [(b"x-test-fail-by", b"event")], "")
    assert found.fail_by == "event"


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ([(b"x-test-tokns", b"3")], ""),
        ([(b"x-test-tokens", b"many")], ""),
        ([], '{"test": {"tokens": -1}}'),
        ([], '{"test": {"fail_status": 200}}'),
    ],
)
def test_a_directive_that_does_not_exist_or_fit_is_rejected(
    headers: list[tuple[bytes, bytes]], text: str
):
    with pytest.raises(Rejected, match="test directive"):
        directive_for(Directive(), headers, text)


def test_only_the_first_attempts_fail_when_told_so():
    told = Directive(tokens=4, fail_status=503, hang_after=1, fail_times=2)
    assert told.on_attempt(2) == told
    assert told.on_attempt(3) == Directive(tokens=4, fail_times=2)
    assert Directive(fail_status=503).on_attempt(9).fail_status == 503
