"""What the upstream does not accept, as the OpenAI error body tells it."""

from typing import Any


class Rejected(Exception):
    """A request that is answered with an error; `param` is the path of the field at fault."""

    def __init__(self, status: int, message: str, param: str | None = None, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(status, message, param, code or None)


def error_body(status: int, message: str, param: str | None, code: str | None) -> dict[str, Any]:
    """`{"error": {message, type, param, code}}`, all four present."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    if status == 429:
        kind = "rate_limit_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
