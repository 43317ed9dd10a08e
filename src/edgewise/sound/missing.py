"""A library that an extra brings and that is not installed: what to do about it."""

from edgewise.errors import ModelError


def missing_package(error: ImportError, *, what: str, extra: str) -> ModelError:
    """The error to raise where `what` can not be done without the package."""
    return ModelError(
        f"{what} needs {error.name}; install: pip install 'edgewise[{extra}]'",
        code="missing_package",
    )
