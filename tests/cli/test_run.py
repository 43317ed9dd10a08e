"""`edgewise run`: what it says before it serves."""

import socket

from tests.cli.conftest import Edgewise


def test_a_taken_port_is_said_with_the_remedy(edgewise: Edgewise) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = edgewise("run", "--no-open", "--port", port)
    assert ran.code == 1
    assert f"port {port}" in ran.err
    assert "--port 0" in ran.err


def test_a_port_that_no_machine_has_is_said(edgewise: Edgewise) -> None:
    ran = edgewise("run", "--no-open", "--port", "70000")
    assert ran.code == 2
    assert "'--port'" in ran.err
    assert "65535" in ran.err
    assert "Traceback" not in ran.err
