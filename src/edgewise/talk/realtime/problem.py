"""What of a client's event can not be done; it becomes an `error` event, the connection stays."""


class Problem(Exception):
    """One refused event: `code` for programs, a message that names value, limit and remedy, and
    `param`, the path of the field; `cause` is the client's own id of it.
    Source: openai-openapi f85dbe2, `RealtimeServerEventError`."""

    def __init__(
        self,
        code: str,
        message: str,
        param: str | None = None,
        *,
        kind: str = "invalid_request_error",
        cause: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.param = param
        self.kind = kind
        self.cause = cause


def bad_value(param: str, said: str) -> Problem:
    """A field has a value that can not be."""
    return Problem("invalid_value", f"{param}: {said}", param)


def not_here(param: str, said: str) -> Problem:
    """A field of the API that means something this service does not do."""
    return Problem("unsupported_value", f"{param}: {said}", param)
