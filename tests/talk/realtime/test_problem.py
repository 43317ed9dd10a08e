"""A problem names the field, the value and what to do."""

from edgewise.talk.realtime.problem import bad_value, not_here


def test_a_bad_value_and_what_is_not_done_here_have_codes_of_their_own():
    bad, missing = bad_value("a.b", "too long"), not_here("a.c", "not here")
    assert (bad.code, bad.param, str(bad)) == ("invalid_value", "a.b", "a.b: too long")
    assert (missing.code, missing.kind) == ("unsupported_value", "invalid_request_error")
