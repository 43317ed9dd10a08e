"""Files that a person asked a command to write."""

from pathlib import Path

from edgewise.errors import UserError


def write_file(path: Path, text: str) -> None:
    """Writes a text in UTF-8. Raises UserError that says why it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name a file that can be written") from error
