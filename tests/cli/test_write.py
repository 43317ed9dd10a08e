"""A file that cannot be written is said in one clear error."""

from pathlib import Path

import pytest

from edgewise.cli.write import write_file
from edgewise.errors import UserError


def test_a_text_is_written(tmp_path: Path) -> None:
    write_file(tmp_path / "page.md", "你好")
    assert (tmp_path / "page.md").read_text("utf-8") == "你好"


def test_where_nothing_can_be_written_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="name a file that can be written"):
        write_file(tmp_path / "no" / "folder", "text")
