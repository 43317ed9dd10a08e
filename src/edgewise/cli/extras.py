"""Packages that a command needs and that are not installed: what to do about it."""

from collections.abc import Generator
from contextlib import contextmanager

from edgewise.errors import UserError


@contextmanager
def named_extra() -> Generator[None, None, None]:
    """Turn a missing package of the device's doors into a UserError that says what to install."""
    try:
        yield
    except ImportError as error:
        raise UserError(
            f"{error.name} is not installed; run `make run`, or install edgewise[default]",
            code="missing_extra",
        ) from error
