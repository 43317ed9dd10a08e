"""The headers of every page shut out what is not ours."""

from edgewise.web.headers import CONTENT_SECURITY_POLICY, HEADERS


def test_a_page_loads_from_its_own_origin_only():
    rules = dict(rule.partition(" ")[::2] for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert {value for name, value in rules.items() if name.endswith("-src")} <= {"'self'", "'none'"}


def test_no_page_is_framed_or_guessed():
    names = dict(HEADERS)
    assert names[b"x-content-type-options"] == b"nosniff"
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
