"""How a device's application is served: HTTP/1.1 on loopback, everything bounded."""

from typing import Any

import uvicorn

from edgewise.talk.realtime.socket import MESSAGE_BYTES
from edgewise.web.connection import HEADERS_LIMIT_BYTES, PromptConnection

MOST_CONNECTIONS = 512
"""Further ones are answered 503; all callers together may use about a hundred (`limits.py`)."""


def server_config(
    app: Any, connection: type[PromptConnection] = PromptConnection
) -> uvicorn.Config:
    """HTTP/1.1, and WebSockets for the realtime API. Bodies have their time in `security.py`."""
    return uvicorn.Config(
        app,
        http=connection,
        ws="websockets-sansio",
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,  # sound in base64 gains little and costs each conversation
        log_level="warning",
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=HEADERS_LIMIT_BYTES,
        timeout_graceful_shutdown=2,
    )
