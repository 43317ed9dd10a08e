"""A missing package is told by the extra that brings it."""

import pytest

from edgewise.cli.extras import named_extra
from edgewise.errors import UserError


def test_a_missing_package_is_said_with_the_extra_to_install() -> None:
    with pytest.raises(UserError, match=r"uvicornx.*edgewise\[default\]"), named_extra():
        raise ModuleNotFoundError("No module named 'uvicornx'", name="uvicornx")
