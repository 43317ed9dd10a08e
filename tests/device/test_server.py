"""A device's server takes HTTP and WebSockets on loopback, all of it bounded."""

from edgewise.device.server import MOST_CONNECTIONS, server_config
from edgewise.talk.realtime.socket import MESSAGE_BYTES
from edgewise.web.connection import HEADERS_LIMIT_BYTES, PromptConnection


def test_everything_is_bounded():
    config = server_config(lambda: None)
    assert config.http is PromptConnection
    assert config.ws_max_size == MESSAGE_BYTES
    assert config.limit_concurrency == MOST_CONNECTIONS
    assert config.h11_max_incomplete_event_size == HEADERS_LIMIT_BYTES
