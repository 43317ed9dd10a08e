"""Which addresses are of this machine alone."""

import pytest

from edgewise.web.loopback import is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost", "LocalHost"])
def test_this_machine_alone_reaches_them(host: str):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.10", "edge.example", "localhost.a", "", "127.0.0.1:80"],
)
def test_others_reach_what_is_none_of_them(host: str):
    assert not is_loopback(host)
