"""Files that a person asked a command to write."""

from pathlib import Path

from edgewise.errors import UserError


def write_file(path: Path, content: str | bytes) -> None:
    """Writes bytes, or a text in UTF-8. Raises UserError that says why they cannot be written."""
    try:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name a file that can be written") from error
