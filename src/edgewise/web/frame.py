"""Frames of server-sent events. Source: HTML Living Standard, section 9.2."""

KEEP_ALIVE = b": keep-alive\n\n"
EVENT_STREAM_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


def frame(data: bytes, *, event: str = "", id: str = "") -> bytes:
    """One event of the stream; `data` is JSON, so it has no line break."""
    head = (f"id: {id}\n" if id else "") + (f"event: {event}\n" if event else "")
    return head.encode() + b"data: " + data + b"\n\n"
