"""A device's server takes HTTP on loopback and nothing else."""

from edgewise.device.server import MOST_CONNECTIONS, server_config
from edgewise.web.connection import HEADERS_LIMIT_BYTES, PromptConnection


def test_everything_is_bounded_and_no_socket_is_upgraded():
    config = server_config(lambda: None)
    assert config.http is PromptConnection
    assert config.ws == "none"
    assert config.limit_concurrency == MOST_CONNECTIONS
    assert config.h11_max_incomplete_event_size == HEADERS_LIMIT_BYTES
