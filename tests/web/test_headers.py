"""The headers of every page shut out what is not ours."""

from edgewise.web.headers import CONTENT_SECURITY_POLICY, HEADERS, TALKING


def test_a_page_loads_from_its_own_origin_only():
    rules = dict(rule.partition(" ")[::2] for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert {value for name, value in rules.items() if name.endswith("-src")} <= {"'self'", "'none'"}


def test_no_page_is_framed_or_guessed():
    names = dict(HEADERS)
    assert names[b"x-content-type-options"] == b"nosniff"
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_only_a_page_that_is_talked_to_may_ask_for_the_microphone():
    policies = [dict(headers)[b"permissions-policy"] for headers in (HEADERS, TALKING)]
    assert policies == [
        b"camera=(), microphone=(), geolocation=()",
        b"camera=(), microphone=(self), geolocation=()",
    ]
    assert {name for name, _ in HEADERS} == {name for name, _ in TALKING}
